#include "harness/decide/need.h"

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/trial/cut_off.h"

namespace faultline {
namespace {

// After how many updates of a session the strategy is durable; 0 for only after a flush, as one
// that doesn't wait for its periodic flushes ("sync") is. Nothing where the document doesn't say.
std::optional<std::uint64_t> FlushPeriod(const LoadedTrial& trial) {
  if (trial.durability != Durability::kPeriodic) return 0;
  const auto sync = trial.effective.find("sync");
  if (sync != trial.effective.end() && sync->second != "on") return 0;
  const auto every = trial.effective.find("every");
  if (every == trial.effective.end()) return std::nullopt;
  std::uint64_t period = 0;
  std::from_chars(every->second.data(), every->second.data() + every->second.size(), period);
  if (period == 0) return std::nullopt;
  return period;
}

bool FlushesItself(const LoadedRun& run, const std::string& workload) {
  return std::any_of(run.trials.begin(), run.trials.end(), [&workload](const LoadedTrial& trial) {
    return trial.workload == workload && trial.own_flushes;
  });
}

// Whether a repetition says that the workload changes something; unknown counts as yes.
bool Changes(const LoadedRun& run, const std::string& workload) {
  bool known = false;
  for (const LoadedTrial& trial : run.trials) {
    if (trial.workload != workload) continue;
    for (const LoadedRepetition* repetition : trial.Usable()) {
      if (!repetition->changed_bytes) continue;
      if (*repetition->changed_bytes > 0) return true;
      known = true;
    }
  }
  return !known;
}

}  // namespace

std::vector<Need> NeedsOf(const LoadedRun& run, const std::string& workload) {
  std::vector<Need> needs;
  if (FlushesItself(run, workload)) {
    needs = {{Need::Kind::kOwnFlushes, 0}};
  } else if (!Changes(run, workload)) {
    return {{Need::Kind::kReads, 0}};
  } else {
    needs = {{Need::Kind::kReturned, 0}, {Need::Kind::kFlushedAtEnd, 0}, {Need::Kind::kEvery, 1}};
  }
  for (const LoadedTrial& trial : run.trials) {
    const Need need{Need::Kind::kEvery, FlushPeriod(trial).value_or(0)};
    if (trial.workload != workload || need.every == 0) continue;
    if (std::find(needs.begin(), needs.end(), need) == needs.end()) needs.push_back(need);
  }
  std::stable_sort(needs.begin(), needs.end(), [](const Need& first, const Need& second) {
    return first.every < second.every;
  });
  return needs;
}

bool Gives(const LoadedTrial& trial, const Need& need) {
  if (!trial.stores()) return false;
  switch (need.kind) {
    case Need::Kind::kReads:
      return true;
    case Need::Kind::kOwnFlushes:
    case Need::Kind::kReturned:
    case Need::Kind::kFlushedAtEnd:
      return FlushPeriod(trial) == 0;
    case Need::Kind::kEvery:
      return FlushPeriod(trial) == need.every;
  }
  return false;
}

std::string FigureOf(const Need& need) {
  const bool accepted = need.kind != Need::Kind::kFlushedAtEnd && need.kind != Need::Kind::kEvery;
  return std::string(accepted ? kAcceptedFigure : kDurableFigure);
}

std::string WhyLeftOut(const LoadedTrial& trial, const Need& need) {
  if (const std::string problem = trial.Problem(); !problem.empty()) return problem;
  if (trial.open_load()) return std::string(kOpenLoadIsNoCost);
  // Without these, the others would be its fast ones.
  if (trial.Count(Status::kCutOff) >= CutOffPolicy::kMostCutOffs)
    return trial.ErrorOf(Status::kCutOff);
  if (!trial.RoundsOf(FigureOf(need)).values().empty()) return {};
  if (trial.Count(Status::kUnsupported) > 0) {
    return "unsupported: " + trial.ErrorOf(Status::kUnsupported);
  }
  return "no usable measurement";
}

verdict::GroupRanking RankingFor(const Regime& regime, const Need& need) {
  std::vector<std::string> strategies;
  for (const LoadedTrial* trial : regime.trials) {
    if (Gives(*trial, need) && WhyLeftOut(*trial, need).empty()) strategies.push_back(trial->title);
  }
  return regime.judged->RankingOf(FigureOf(need), strategies);
}

}  // namespace faultline
