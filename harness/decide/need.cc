#include "harness/decide/need.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/trial/cut_off.h"

namespace faultline {
namespace {

bool FlushesItself(const document::Run& run, const std::string& workload) {
  return std::any_of(run.trials.begin(), run.trials.end(),
                     [&workload](const document::Trial& trial) {
                       return trial.workload.spec == workload && trial.workload.needs_durability;
                     });
}

// Whether a usable repetition says that the workload changes something; without any, it does.
bool Changes(const document::Run& run, const std::string& workload) {
  bool known = false;
  for (const document::Trial& trial : run.trials) {
    if (trial.workload.spec != workload) continue;
    for (const document::Repetition* repetition : trial.Usable()) {
      if (repetition->asked.changed_bytes > 0) return true;
      known = true;
    }
  }
  return !known;
}

}  // namespace

std::vector<Need> NeedsOf(const document::Run& run, const std::string& workload) {
  std::vector<Need> needs;
  if (FlushesItself(run, workload)) {
    needs = {{Need::Kind::kOwnFlushes, 0}};
  } else if (!Changes(run, workload)) {
    return {{Need::Kind::kReads, 0}};
  } else {
    needs = {{Need::Kind::kReturned, 0}, {Need::Kind::kFlushedAtEnd, 0}, {Need::Kind::kEvery, 1}};
  }
  for (const document::Trial& trial : run.trials) {
    const Need need{Need::Kind::kEvery, trial.strategy.flush_period.value_or(0)};
    if (trial.workload.spec != workload || need.every == 0) continue;
    if (std::find(needs.begin(), needs.end(), need) == needs.end()) needs.push_back(need);
  }
  std::stable_sort(needs.begin(), needs.end(), [](const Need& first, const Need& second) {
    return first.every < second.every;
  });
  return needs;
}

bool Gives(const document::Trial& trial, const Need& need) {
  if (!trial.stores()) return false;
  switch (need.kind) {
    case Need::Kind::kReads:
      return true;
    case Need::Kind::kOwnFlushes:
    case Need::Kind::kReturned:
    case Need::Kind::kFlushedAtEnd:
      return !trial.strategy.flush_period;
    case Need::Kind::kEvery:
      return trial.strategy.flush_period == need.every;
  }
  return false;
}

std::string FigureOf(const Need& need) {
  const bool accepted = need.kind != Need::Kind::kFlushedAtEnd && need.kind != Need::Kind::kEvery;
  return std::string(accepted ? kAcceptedFigure : kDurableFigure);
}

std::string WhyLeftOut(const document::Trial& trial, const Need& need) {
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
  for (const document::Trial* trial : regime.trials) {
    if (!Gives(*trial, need) || !WhyLeftOut(*trial, need).empty()) continue;
    strategies.push_back(trial->strategy.title);
  }
  return regime.judged->RankingOf(FigureOf(need), strategies);
}

}  // namespace faultline
