#include <fmt/format.h>

#include "claims/comparison.h"
#include "claims/laboratory.h"

namespace faultline::a06 {
namespace {

constexpr double kImmense = 10;

std::uint64_t RecordsOf(const Laboratory& laboratory) {
  return laboratory.Count<std::uint64_t>(kDefaultRecords, 200'000);
}

// One way of filling the cache: figures "gain_paged…" (until the last update returned) and
// "gain_of_later_passes_paged".
void Enter(const Laboratory& laboratory, const std::string& fill, CacheState state,
           std::uint64_t updates, Evidence& evidence) {
  const auto trial = [&](const std::string& strategy) {
    TrialSpec spec = TrialIn(laboratory, strategy, "random-update");
    spec.records = RecordsOf(laboratory);
    spec.operations = updates;
    spec.cache = state;
    return spec;
  };
  const Dataset dataset = DatasetFor(trial("mmap-view"));
  const auto arm = [&](const std::string& strategy) {
    return TrialArm(strategy, trial(strategy), dataset, [](const Measurement& measurement) {
      Cost cost = AcceptedNs(measurement);
      cost.parts["later_passes"] = SteadyNs(measurement).value;
      return cost;
    });
  };
  const Comparison comparison(laboratory, {arm("mmap-view"), arm("read-write")}, 8);
  comparison.Enter(
      {{"gain_" + fill, "read-write", "mmap-view"},
       {"gain_of_later_passes_" + fill, "read-write/later_passes", "mmap-view/later_passes"}},
      evidence);
  comparison.EnterCosts(fill + "_", "ns", evidence);
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  const auto updates = laboratory.Count<std::uint64_t>(200'000, 30'000);
  Enter(laboratory, "paged", CacheState::kPaged, updates, evidence);
  Enter(laboratory, "streamed", CacheState::kStreamed, updates, evidence);
  evidence.figures["updates_a_pass"] = static_cast<double>(updates);
  evidence.figures["passes"] = 2;
  evidence.regime = fmt::format(
      "{}, {} records of 125 bytes in memory, two passes of {} random updates, written lazily, one "
      "thread",
      FileSystemOf(laboratory), FormatCount(RecordsOf(laboratory)), FormatCount(updates));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  using verdict::Reached;
  const Reached paged = AtLeast(evidence, "gain_paged", kImmense);
  const Reached streamed = AtLeast(evidence, "gain_streamed", kImmense);
  const std::string deciding =
      fmt::format("calls/mapped time: {} (cache filled by pages); {} (by large reads)",
                  RatioText(evidence, "gain_paged"), RatioText(evidence, "gain_streamed"));
  if (paged == Reached::kYes && streamed == Reached::kYes) return {Outcome::kHolds, deciding};
  if (paged == Reached::kNo || streamed == Reached::kNo) return {Outcome::kDoesNotHold, deciding};
  return {Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A06",
    .title = "Updating the records of a flat file gains immensely from mapping",
    .section = "What mapping offers",
    .method =
        "Random read-modify-writes of 1,000,000 records (200,000 in a quick run) by positioned "
        "calls and through a "
        "view of the whole file, written lazily, in rounds; time until the last update returned. "
        "Holds if mapping is at least 10 times as fast both in a cache filled page by page and "
        "in one filled by large reads.",
    .why = "An update by calls pays two entries into the kernel and a copy each way; how long a "
           "small write takes depends on the size of the unit in which the cache holds the file.",
    .relative_duration = 120,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a06
