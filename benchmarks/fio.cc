#include "benchmarks/fio.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "benchmarks/program_run.h"
#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/os/page_cache.h"
#include "harness/os/whole_file.h"

namespace faultline::peers {
namespace {

using nlohmann::json;

constexpr const char* kReport = "fio.json";

json JobReport(const std::filesystem::path& directory) {
  const std::string text = os::ReadText(directory / kReport);
  // fio puts warnings before its report.
  const std::size_t begin = std::min(text.find('{'), text.size());
  return json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end())
      .at("jobs")
      .at(0);
}

}  // namespace

void MakeFioFile(const std::filesystem::path& directory, const std::string& name,
                 const Dataset& dataset) {
  const os::File from = OpenDataFile(dataset.file(), os::FileAccess::kRead);
  const os::File to = os::File::Create(directory / name);
  std::vector<std::byte> block(std::size_t{1} << 20);
  const std::uint64_t size = dataset.geometry().file_size();
  for (std::uint64_t at = 0; at < size; at += block.size()) {
    const std::size_t count = from.ReadAt(at, block);
    to.WriteAt(at, std::span(block).first(count));
  }
  to.SyncData();
  os::Evict(to);
  if (os::MeasureResidency(to).cached_pages != 0) {
    throw UnsupportedError(fmt::format("{} can't leave memory", to.path().string()));
  }
}

double FioNs(const std::filesystem::path& directory, const std::string& name, const FioJob& job) {
  std::vector<std::string> arguments = {
      "fio",
      "--name=peer",
      fmt::format("--filename={}", name),
      "--allow_file_create=0",
      fmt::format("--size={}", job.file_bytes),
      fmt::format("--io_size={}", job.operations * job.block_bytes),
      fmt::format("--bs={}", job.block_bytes),
      fmt::format("--rw=rand{}", job.direction),
      fmt::format("--ioengine={}", job.engine),
      "--norandommap",
      "--invalidate=0",
      "--output-format=json",
      fmt::format("--output={}", kReport)};
  arguments.insert(arguments.end(), job.more.begin(), job.more.end());
  RunToItsEnd(arguments, directory);
  const json figures = JobReport(directory).at(job.direction);
  const auto done = figures.at("total_ios").get<std::uint64_t>();
  if (done != job.operations) {
    throw Error(
        fmt::format("fio did {} operations of {}; its report has changed its meaning, or its "
                    "defaults are overridden",
                    done, job.operations));
  }
  // Written out now, so that the device is not at work while others are timed.
  os::File::Open(directory / name, os::FileAccess::kReadWrite).SyncData();
  return figures.at("runtime").get<double>() * 1e6 / static_cast<double>(done);
}

std::string FioVersion(const std::filesystem::path& directory) {
  return std::string(Trim(RunToItsEnd({"fio", "--version"}, directory).output));
}

}  // namespace faultline::peers
