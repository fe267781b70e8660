#include "claims/laboratory.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/os/address_map.h"
#include "harness/os/machine_counters.h"

namespace faultline {
namespace {

constexpr std::uint64_t kIdlePages = 64;

}  // namespace

std::uint64_t Known(const os::Counter& counter, const char* what) {
  if (!counter) throw UnsupportedError(fmt::format("this system doesn't count {}", what));
  return *counter;
}

os::File NewFile(const Laboratory& laboratory, const std::string& name, std::uint64_t bytes) {
  os::File file = os::File::Create(laboratory.directory / name);
  Random random(bytes);
  std::vector<std::uint64_t> block(std::size_t{128} << 10);
  for (std::uint64_t at = 0; at < bytes;) {
    for (std::uint64_t& word : block) word = random.Next();
    const auto part = std::as_bytes(std::span(block))
                          .first(std::min<std::uint64_t>(block.size() * 8, bytes - at));
    file.WriteAt(at, part);
    at += part.size();
  }
  file.SyncAll();
  return file;
}

std::uint64_t DirtyPages(const os::File& file) {
  return Known(os::MeasureResidency(file).dirty_pages, "dirty pages (cachestat, Linux 6.5)");
}

void EvictOrRefuse(const os::File& file) {
  const os::Residency left = os::Evict(file);
  if (left.cached_pages == 0) return;
  throw UnsupportedError(
      fmt::format("{} pages stay in memory after eviction, as on a file system that lives in "
                  "memory; use a directory on a disk",
                  left.cached_pages));
}

void FillPageByPage(const os::File& file) {
  EvictOrRefuse(file);
  os::FillByReading(file, os::PageSize(), /*one_by_one=*/true);
}

void FillByLargeReads(const os::File& file) {
  EvictOrRefuse(file);
  os::FillByReading(file, std::uint64_t{1} << 20, /*one_by_one=*/false);
}

os::File NewSparseFile(const Laboratory& laboratory, const std::string& name,
                       std::uint64_t wished) {
  constexpr std::uint64_t kLeast = std::uint64_t{1} << 30;
  os::File file = os::File::Create(laboratory.directory / name);
  for (std::uint64_t size = wished; size >= kLeast; size /= 2) {
    try {
      file.Resize(size);
      return file;
    } catch (const os::SystemError&) {
      continue;  // too large for it
    }
  }
  throw UnsupportedError("the file system refuses a sparse file of 1 GiB");
}

void StoreToEveryPage(std::span<std::byte> range, std::byte value) {
  for (std::size_t at = 0; at < range.size(); at += os::PageSize()) {
    static_cast<volatile std::byte*>(range.data())[at] = value;
  }
}

void LoadFromEveryPage(std::span<const std::byte> range) {
  for (std::size_t at = 0; at < range.size(); at += os::PageSize()) {
    static_cast<void>(static_cast<const volatile std::byte*>(range.data())[at]);
  }
}

std::uint64_t PagesNotYetWritten(const os::File& file) {
  const os::Residency residency = os::MeasureResidency(file);
  // A page may be changed again while it is on its way.
  return std::min(residency.total_pages,
                  Known(residency.dirty_pages, "dirty pages (cachestat, Linux 6.5)") +
                      residency.writeback_pages.value_or(0));
}

std::uint64_t PagesDirtiedSoFar() {
  const os::ProcessIo io = os::ReadProcessIo();
  const std::uint64_t bytes = Known(io.write_bytes, "what a process has written to storage");
  return (bytes - std::min(bytes, io.cancelled_write_bytes.value_or(0))) / os::PageSize();
}

IdleFile::IdleFile(const Laboratory& laboratory)
    : file_(NewFile(laboratory, "idle", kIdlePages * os::PageSize())) {
  FillPageByPage(file_);
  view_ = os::FileMapping::FromFile(file_, os::Protection::kReadWrite).Map();
  StoreToEveryPage(view_.bytes());
}

void IdleFile::Enter(Evidence& evidence) const {
  evidence.figures["pages_of_an_idle_file"] = static_cast<double>(kIdlePages);
  evidence.figures["unwritten_pages_of_the_idle_file"] =
      static_cast<double>(PagesNotYetWritten(file_));
}

std::string WhoElseWrote(const Evidence& evidence) {
  const double pages = evidence.Figure("pages_of_an_idle_file");
  const double written = pages - evidence.Figure("unwritten_pages_of_the_idle_file");
  if (written <= 0) return "";
  return fmt::format(
      "{:g} of {:g} pages of an idle file were written too: the system or others had everything "
      "written",
      written, pages);
}

double SecondsOf(const std::function<void()>& action) {
  const SteadyClock::time_point start = SteadyClock::now();
  action();
  return SecondsSince(start);
}

std::string RequireDevice(const os::File& file) {
  std::string device = os::DeviceOf(file);
  if (!device.empty()) return device;
  throw UnsupportedError("the file system has no block device; use a directory on a disk");
}

std::uint64_t DeviceBytesWritten(const std::string& device) {
  return Known(os::ReadDeviceTraffic(device).write_bytes, "what is written to the device");
}

std::uint64_t FaultsSoFar() {
  const os::ProcessUsage usage = os::ReadProcessUsage();
  return Known(usage.minor_faults, "page faults") + Known(usage.major_faults, "page faults");
}

std::uint64_t BytesReadSoFar() {
  return Known(os::ReadProcessIo().read_bytes, "what a process reads from storage");
}

double ResidentBytes(const os::View& view) {
  const auto map = os::ReadAddressMap();
  const os::Region* region = os::FindRegion(map, view.data());
  if (region == nullptr) throw Error("a view is missing from the process's address map");
  return static_cast<double>(region->resident_bytes);
}

std::string WhatHappens(const std::string& done, const std::function<void()>& action) {
  try {
    action();
    return done;
  } catch (const Error& error) {
    return fmt::format("refused: {}", error.what());
  }
}

}  // namespace faultline
