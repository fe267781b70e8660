#include <fmt/format.h>

#include "claims/laboratory.h"
#include "faultline/effect.h"
#include "harness/base/random.h"
#include "harness/os/file_mapping.h"

namespace faultline::a08 {
namespace {

constexpr std::uint64_t kRecords = 1'000'000;
constexpr std::uint64_t kRecordBytes = 125;
constexpr std::uint64_t kVisited = 10'000;
constexpr int kLaterRounds = 3;

struct Counts {
  std::uint64_t faults = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t dirtied_pages = 0;
};

Counts Now() { return {FaultsSoFar(), BytesReadSoFar(), PagesDirtiedSoFar()}; }

// Increments the same records in the same order.
void Visit(const os::View& view) {
  Random random(8);
  for (std::uint64_t i = 0; i < kVisited; ++i) {
    UpdateEffect(view.bytes().subspan(random.Below(kRecords) * kRecordBytes, kRecordBytes));
  }
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kRecords * kRecordBytes);
  EvictOrRefuse(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  Now();  // the counting itself touches code for the first time
  const Counts begin = Now();
  Visit(view);
  const Counts first = Now();
  for (int round = 0; round < kLaterRounds; ++round) Visit(view);
  const Counts later = Now();
  return {.figures = {{"faults_first_round", static_cast<double>(first.faults - begin.faults)},
                      {"bytes_read_first_round",
                       static_cast<double>(first.read_bytes - begin.read_bytes)},
                      {"faults_later_rounds", static_cast<double>(later.faults - first.faults)},
                      {"bytes_read_later_rounds",
                       static_cast<double>(later.read_bytes - first.read_bytes)},
                      {"pages_dirtied_later_rounds",
                       static_cast<double>(later.dirtied_pages - first.dirtied_pages)}},
          .words = {},
          .regime = fmt::format(
              "{}, cold at first, fits in memory, 10,000 of 1,000,000 records, 3 later rounds",
              FileSystemOf(laboratory))};
}

Judgement Judge(const Evidence& evidence) {
  const double faults = evidence.Figure("faults_later_rounds");
  const double bytes = evidence.Figure("bytes_read_later_rounds");
  const auto count = [](double value) { return FormatCount(static_cast<std::uint64_t>(value)); };
  const std::string deciding =
      fmt::format("{} faults and {} B read in later rounds, {} faults in the first", count(faults),
                  count(bytes), count(evidence.Figure("faults_first_round")));
  if (evidence.Figure("faults_first_round") == 0) return {Outcome::kInconclusive, deciding};
  // Only a page that was written meanwhile can become dirty again.
  const double written = evidence.Figure("pages_dirtied_later_rounds");
  if (bytes == 0 && faults > 0 && written > 0) {
    return {Outcome::kInconclusive,
            fmt::format("{}; the system or others had {} pages written", deciding, count(written))};
  }
  return {faults == 0 && bytes == 0 ? Outcome::kHolds : Outcome::kDoesNotHold, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A08",
    .title = "After the first access a record is dealt with in memory: no faults, no disk",
    .section = "What mapping offers",
    .method =
        "Update the same records in several rounds, the file cold before the first. Holds if "
        "the later rounds take no fault and read nothing; inconclusive where pages were written "
        "meanwhile, whose next store is a fault.",
    .why = "The page-table entries stay as long as the system needs neither the memory nor to note "
           "anew that a page it has written back became dirty.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a08
