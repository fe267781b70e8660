#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/os/file_mapping.h"

namespace faultline::a12 {
namespace {

using nlohmann::json;

constexpr std::uint64_t kRecords = 1'000'000;
constexpr std::uint64_t kRecordBytes = 125;

struct Memory {
  double own = 0;       // growth of the process's memory of no file, in bytes
  double resident = 0;  // of the view, in bytes
};

double OwnMemory() {
  return static_cast<double>(Known(os::ReadProcessMemory().anonymous_bytes, "anonymous memory"));
}

// Reads the whole file ("touches": 0), or maps it and touches that many pages.
const Registration<os::ChildMain> kReader{
    PartnerMain("part-reader", [](const json& request, os::Channel&) -> Answering {
      return [request](const json&) -> json {
        const os::File file =
            os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kRead);
        const auto touches = request.at("touches").get<std::uint64_t>();
        const double before = OwnMemory();
        std::vector<std::byte> all;
        os::View view;
        if (touches == 0) {
          all.resize(file.Size());
          file.ReadExactlyAt(0, all);
        } else {
          view = os::FileMapping::FromFile(file, os::Protection::kReadOnly)
                     .Map({.access = os::ViewAccess::kRead});
          const std::uint64_t pages = (view.size() + os::PageSize() - 1) / os::PageSize();
          for (std::uint64_t i = 0; i < touches; ++i) {
            static_cast<void>(*static_cast<volatile std::byte*>(view.data() + pages * i / touches *
                                                                                  os::PageSize()));
          }
        }
        const double own = OwnMemory() - before;
        return {{"own", own}, {"resident", touches == 0 ? 0.0 : ResidentBytes(view)}};
      };
    })};

Memory Ask(const os::File& file, std::uint64_t touches) {
  EvictOrRefuse(file);
  Partner reader("part-reader", {{"path", file.path().string()}, {"touches", touches}});
  const json answer = reader.Ask({});
  reader.End();
  return {answer.at("own"), answer.at("resident")};
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "records", kRecords * kRecordBytes);
  const double page = static_cast<double>(os::PageSize());
  const std::uint64_t pages = (file.Size() + os::PageSize() - 1) / os::PageSize();
  Evidence evidence;
  evidence.figures["file_bytes"] = static_cast<double>(file.Size());
  evidence.figures["page_bytes"] = page;
  evidence.figures["pages"] = static_cast<double>(pages);
  const Memory read_all = Ask(file, 0);
  evidence.figures["read_all_own_bytes"] = read_all.own;
  Curve read{.label = "read as a whole, own memory", .points = {}};
  Curve mapped{.label = "mapped, resident", .points = {}};
  Curve needed{.label = "touched pages", .points = {}};
  std::uint64_t steps = 0;
  double worst = 0;
  double worst_touches = 0;
  double most_own = 0;
  for (std::uint64_t touches = 1;; touches = std::min(touches * 10, pages)) {
    const Memory memory = Ask(file, touches);
    const auto x = static_cast<double>(touches);
    read.points.push_back({x, read_all.own});
    mapped.points.push_back({x, memory.resident});
    needed.points.push_back({x, x * page});
    evidence.figures[fmt::format("mapped_resident_bytes_of_{}", touches)] = memory.resident;
    most_own = std::max(most_own, memory.own);
    if (memory.resident / (x * page) > worst) {
      worst = memory.resident / (x * page);
      worst_touches = x;
    }
    ++steps;
    if (touches == pages) break;
  }
  evidence.figures["steps"] = static_cast<double>(steps);
  evidence.figures["mapped_own_bytes"] = most_own;
  evidence.figures["most_resident_pages_per_touched_page"] = worst;
  evidence.figures["touched_pages_of_the_most"] = worst_touches;
  evidence.charts.push_back(
      {.name = "memory_by_touches",
       .title = "Memory that it takes to reach some pages of the file",
       .x = {.label = "pages touched", .scale = "log"},
       .y = {.label = "memory", .unit = "bytes", .scale = "log"},
       .reading = fmt::format(
           "Reading the whole file takes {} of the process's own memory whatever is needed of it; "
           "mapped, {} pages were resident for each of {} touched ones at the most.",
           FormatBytes(static_cast<std::uint64_t>(read_all.own)), FormatSignificant(worst),
           FormatCount(static_cast<std::uint64_t>(worst_touches))),
       .curves = {read, mapped, needed}});
  evidence.regime =
      fmt::format("{}, 1,000,000 records of 125 bytes, cold, touched in order, evenly",
                  FileSystemOf(laboratory));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double file = evidence.Figure("file_bytes");
  const double worst = evidence.Figure("most_resident_pages_per_touched_page");
  const std::string deciding = fmt::format(
      "read: {} of its own; mapped: up to {} pages resident for each of {:g} touched",
      FormatBytes(static_cast<std::uint64_t>(std::max(0.0, evidence.Figure("read_all_own_bytes")))),
      FormatSignificant(worst), evidence.Figure("touched_pages_of_the_most"));
  const bool size = file == kRecords * kRecordBytes;
  const bool read_takes_all = evidence.Figure("read_all_own_bytes") >= 0.99 * file;
  const bool mapping_takes_little =
      evidence.Figure("mapped_own_bytes") <= 256 * evidence.Figure("page_bytes") && worst <= 1.1;
  return {size && read_takes_all && mapping_takes_little ? Outcome::kHolds : Outcome::kDoesNotHold,
          deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A12",
    .title = "Reading a file whole needs memory for all of it, mapping only for touched pages",
    .section = "What mapping offers",
    .method = "A file of 1,000,000 records of 125 bytes is read into memory by one process, mapped "
              "and touched at 1, 10, 100 … pages by others. Holds if reading takes its 125,000,000 "
              "bytes, and mapping no more than a tenth above the touched pages.",
    .why = "One fault may enter the neighbouring pages too, when they are in the cache, since that "
           "saves their faults; read-ahead sees to it that they are.",
    .relative_duration = 4,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a12
