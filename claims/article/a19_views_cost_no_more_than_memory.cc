#include <fmt/format.h>

#include "claims/comparison.h"
#include "claims/laboratory.h"
#include "harness/os/address_map.h"
#include "harness/os/anonymous_memory.h"
#include "harness/os/system_info.h"

namespace faultline::a19 {
namespace {

constexpr std::uint64_t kBytes = std::uint64_t{64} << 20;
constexpr int kTimes = 64;  // in one repetition
constexpr double kOverhead = 1.1;

void LoadOne(const std::byte* memory) {
  static_cast<void>(*static_cast<const volatile std::byte*>(memory));
}

double PageTables() {
  return static_cast<double>(Known(os::ReadProcessMemory().page_table_bytes, "page tables"));
}

// Page tables and address ranges that one range takes, untouched and touched.
void EnterCounts(const std::string& what, std::byte* memory, double tables_before,
                 double areas_before, Evidence& evidence) {
  evidence.figures[what + "_areas"] =
      static_cast<double>(os::ReadAddressMap().size()) - areas_before;
  evidence.figures[what + "_page_table_bytes_mapped"] = PageTables() - tables_before;
  StoreToEveryPage({memory, kBytes});
  evidence.figures[what + "_page_table_bytes_touched"] = PageTables() - tables_before;
}

// Of one repetition.
Cost NsOf(const std::function<void()>& action) {
  const Cost seconds = Timed([&] {
    for (int i = 0; i < kTimes; ++i) action();
  });
  return {seconds.value * 1e9 / kTimes, seconds.interference};
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kBytes);
  // As its writer left it: in memory.
  const auto object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  Evidence evidence;
  const auto areas = [] { return static_cast<double>(os::ReadAddressMap().size()); };
  PageTables();
  {
    const double before = PageTables();
    const double areas_before = areas();
    const os::AnonymousMemory memory(kBytes);
    EnterCounts("memory", memory.data(), before, areas_before, evidence);
  }
  {
    const double before = PageTables();
    const double areas_before = areas();
    const os::View view = object.Map();
    EnterCounts("view", view.data(), before, areas_before, evidence);
  }
  const Comparison comparison(
      laboratory,
      {{"memory", [] { return NsOf([] { LoadOne(os::AnonymousMemory(kBytes).data()); }); }},
       {"view", [&] { return NsOf([&] { LoadOne(object.Map().data()); }); }}},
      21);
  comparison.Enter({{"map_and_unmap_time_ratio", "view", "memory"}}, evidence);
  comparison.EnterCosts("map_load_unmap_", "ns", evidence);
  evidence.figures["page_bytes"] = static_cast<double>(os::PageSize());
  const std::uint64_t pages = kBytes / os::PageSize();
  evidence.figures["pages"] = static_cast<double>(pages);
  const auto huge = os::MachineFacts()["transparent_huge_pages"].value_or("unknown");
  evidence.regime =
      fmt::format("{}, {}, against private memory of no file, transparent huge pages: {}",
                  FileSystemOf(laboratory), FormatSize(kBytes), huge);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double view = evidence.Figure("view_page_table_bytes_touched");
  const double memory = evidence.Figure("memory_page_table_bytes_touched");
  const double pages = evidence.Figure("pages");
  const double page = evidence.Figure("page_bytes");
  const std::string deciding = fmt::format(
      "{} B of page tables a touched page, memory {} B; time to map, load and unmap: {}",
      FormatSignificant(view / pages), FormatSignificant(memory / pages),
      RatioText(evidence, "map_and_unmap_time_ratio"));
  const verdict::Reached time = AtMost(evidence, "map_and_unmap_time_ratio", kOverhead);
  if (view > kOverhead * memory + 2 * page || evidence.Figure("view_areas") > 1 ||
      evidence.Figure("view_page_table_bytes_mapped") >
          evidence.Figure("memory_page_table_bytes_mapped") + 2 * page ||
      time == verdict::Reached::kNo) {
    return {Outcome::kDoesNotHold, deciding};
  }
  return {time == verdict::Reached::kYes ? Outcome::kHolds : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A19",
    .title = "Views cost no overhead beyond ordinary virtual memory",
    .section = "How memory is backed",
    .method = "64 MiB of a file in memory as a view, and of private memory of no file: page "
              "tables before and after touching every page, address ranges, and the time to map, "
              "load one byte and unmap. Holds if a view takes no more than a tenth more of each.",
    .why = "Both are a range and entries in page tables. Private memory may come in huge pages, "
           "and a fault in a file has to look its page up and make ready for a store.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a19
