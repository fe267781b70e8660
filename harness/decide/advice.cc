#include "harness/decide/advice.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <tuple>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/decide/need.h"
#include "harness/decide/regime.h"

namespace faultline {
namespace {

template <class Value>
std::optional<Estimate> EstimateOf(const document::Trial& trial, Value value) {
  std::vector<double> values;
  for (const document::Repetition* repetition : trial.Usable()) {
    if (const std::optional<double> found = value(*repetition)) values.push_back(*found);
  }
  return EstimateMedian(values);
}

std::optional<double> Real(std::optional<std::uint64_t> count) {
  if (!count) return std::nullopt;
  return static_cast<double>(*count);
}

Contender ContenderOf(const document::Trial& trial, const Need& need) {
  return {
      .strategy = trial.strategy.title,
      .ns = EstimateMedian(trial.RoundsOf(FigureOf(need)).Costs()).value_or(Estimate{}),
      .peak_bytes = EstimateOf(
          trial, [](const document::Repetition& r) { return Real(r.PeakResidentBytes()); }),
      .limited_peak_bytes = EstimateOf(trial,
                                       [](const document::Repetition& r) -> std::optional<double> {
                                         if (!r.memory) return std::nullopt;
                                         return static_cast<double>(r.memory->peak_bytes);
                                       }),
      .written_per_byte =
          EstimateOf(trial, [](const document::Repetition& r) -> std::optional<double> {
            const CounterValue written = r.Total("device_write_bytes");
            if (!written || r.asked.changed_bytes == 0) return std::nullopt;
            return static_cast<double>(*written) / static_cast<double>(r.asked.changed_bytes);
          })};
}

// What the judge says of `strategy` against `other` for the need; inconclusive if it says nothing.
verdict::Comparison Compared(const Regime& regime, const Need& need, const std::string& strategy,
                             const std::string& other) {
  verdict::Comparison unknown;
  unknown.reason = fmt::format("the run doesn't compare {} with {}", strategy, other);
  return regime.judged->Find(FigureOf(need), strategy, other).value_or(unknown);
}

// Whether the strategy, wherever it was measured, promises something else than what is needed.
bool PromisesOther(const std::vector<Regime>& regimes, const std::string& strategy,
                   const Need& need) {
  return std::any_of(regimes.begin(), regimes.end(), [&](const Regime& regime) {
    const document::Trial* trial = regime.Find(strategy);
    return trial != nullptr && !Gives(*trial, need);
  });
}

Answer::Standing StandingOf(verdict::Verdict leader) {
  switch (leader) {
    case verdict::Verdict::kFaster:
      return Answer::Standing::kSlower;
    case verdict::Verdict::kTied:
      return Answer::Standing::kTied;
    case verdict::Verdict::kSlower:
    case verdict::Verdict::kInconclusive:
      break;
  }
  return Answer::Standing::kInconclusive;
}

void CompareWithBaseline(const std::vector<Regime>& regimes, const Regime& regime, Answer& answer) {
  if (answer.baseline.empty()) return;
  const document::Trial* trial = regime.Find(answer.baseline);
  if (trial != nullptr) answer.baseline_rounds = trial->Usable().size();
  const bool ranked = std::any_of(
      answer.ranked.begin(), answer.ranked.end(),
      [&answer](const Contender& contender) { return contender.strategy == answer.baseline; });
  if (!ranked) {
    answer.standing = PromisesOther(regimes, answer.baseline, answer.need)
                          ? Answer::Standing::kOtherPromise
                          : Answer::Standing::kNotMeasured;
    return;
  }
  answer.baseline_figures = ContenderOf(*trial, answer.need);
  if (answer.baseline == answer.best().strategy) {
    answer.standing = Answer::Standing::kLeads;
    return;
  }
  answer.gain = Compared(regime, answer.need, answer.best().strategy, answer.baseline);
  answer.standing = StandingOf(answer.gain->verdict);
}

// What the answer would be in the workload's other regimes, as far as the leader was measured
// there.
std::vector<Elsewhere> LookElsewhere(const std::vector<Regime>& regimes, const Regime& here,
                                     const Need& need, const std::string& best) {
  std::vector<Elsewhere> found;
  for (const Regime& regime : regimes) {
    if (&regime == &here || regime.workload != here.workload) continue;
    const verdict::GroupRanking ranking = RankingFor(regime, need);
    const auto has = [&best](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), best) != names.end();
    };
    if (ranking.order.size() < 2 || !has(ranking.order)) continue;
    Elsewhere elsewhere{.where = RegimeDifference(here.first(), regime.first()),
                        .outcome = Elsewhere::Outcome::kInconclusive,
                        .best = ranking.leader(),
                        .ahead = std::nullopt};
    if (has(ranking.slower)) {
      elsewhere.outcome = Elsewhere::Outcome::kFlips;
      elsewhere.ahead = Compared(regime, need, ranking.leader(), best);
    } else if (best == ranking.leader() ? ranking.order.size() > ranking.inconclusive.size() + 1
                                        : has(ranking.best)) {
      elsewhere.outcome = Elsewhere::Outcome::kHolds;
    }
    found.push_back(std::move(elsewhere));
  }
  return found;
}

// The regime of the workload that says most about that need: one in which something is settled;
// then one in which there is something to choose from; then the one with most strategies; the first
// of equal ones.
const Regime& BestMeasured(const std::vector<Regime>& regimes, const std::string& workload,
                           const Need& need) {
  const Regime* chosen = nullptr;
  std::tuple<bool, bool, std::ptrdiff_t> most;
  for (const Regime& regime : regimes) {
    if (regime.workload != workload) continue;
    const verdict::GroupRanking ranking = RankingFor(regime, need);
    const auto giving =
        std::count_if(regime.trials.begin(), regime.trials.end(),
                      [&need](const document::Trial* trial) { return Gives(*trial, need); });
    const std::tuple worth(ranking.best.size() + ranking.slower.size() > 1,
                           ranking.order.size() > 1, giving);
    if (chosen == nullptr || worth > most) {
      chosen = &regime;
      most = worth;
    }
  }
  return *chosen;
}

// `baseline`: "" for the group's own.
Answer AnswerFor(const std::vector<Regime>& regimes, const Regime& regime, const Need& need,
                 const std::string& baseline) {
  Answer answer;
  answer.need = need;
  answer.workload = regime.workload;
  answer.group = regime.judged->title;
  answer.regime = RegimeText(regime.first());
  answer.measured = std::any_of(regime.trials.begin(), regime.trials.end(),
                                [&need](const document::Trial* trial) {
                                  return !trial->repetitions.empty() && Gives(*trial, need);
                                });
  answer.baseline = baseline.empty() ? regime.judged->baseline : baseline;
  const verdict::GroupRanking ranking = RankingFor(regime, need);
  for (const std::string& name : ranking.order) {
    answer.ranked.push_back(ContenderOf(*regime.Find(name), need));
  }
  if (ranking.order.size() < 2) return answer;
  const std::string& best = ranking.leader();
  answer.tied.assign(ranking.best.begin() + 1, ranking.best.end());
  for (const std::string& name : ranking.inconclusive) {
    answer.inconclusive.emplace_back(name, Compared(regime, need, best, name).reason);
  }
  if (!ranking.slower.empty()) {
    answer.runner_up = ranking.slower.front();
    answer.lead = Compared(regime, need, best, answer.runner_up);
  }
  CompareWithBaseline(regimes, regime, answer);
  if (answer.advised()) answer.elsewhere = LookElsewhere(regimes, regime, need, best);
  return answer;
}

// Adds what the answer leaves out of its regime.
void AddLeftOut(const Regime& regime, const Answer& answer, WorkloadAdvice& advice) {
  for (const document::Trial* trial : regime.trials) {
    const std::string why = WhyLeftOut(*trial, answer.need);
    // What stores nothing gives nothing, and is missed only where it was asked to keep flushes.
    const bool asked =
        Gives(*trial, answer.need) || (!trial->stores() && trial->workload.needs_durability);
    if (why.empty() || !asked) continue;
    const bool known =
        std::any_of(advice.left_out.begin(), advice.left_out.end(),
                    [trial](const auto& entry) { return entry.first == trial->strategy.title; });
    if (!known) advice.left_out.emplace_back(trial->strategy.title, why);
  }
}

// Adds what the answer ranks and keeps what the replay discards.
void AddKeepers(const Regime& regime, const Answer& answer, WorkloadAdvice& advice) {
  if (!answer.advised()) return;
  for (const document::Trial* measured : regime.trials) {
    const document::Trial& trial = *measured;
    const std::string& title = trial.strategy.title;
    // The first pass is set up by Faultline, for all alike.
    const bool discards = trial.replay().contains("discards") ||
                          (trial.replay().contains("setup") && trial.parameters.passes > 1);
    if (!discards) continue;
    const bool ranked =
        std::any_of(answer.ranked.begin(), answer.ranked.end(),
                    [&title](const Contender& contender) { return contender.strategy == title; });
    std::vector<std::string>& known = advice.keeps_storage;
    const bool is_known = std::find(known.begin(), known.end(), title) != known.end();
    if (ranked && trial.strategy.gives_back == false && !is_known) known.push_back(title);
  }
}

WorkloadAdvice AdviseOn(const document::Run& run, const std::vector<Regime>& regimes,
                        const std::string& workload, const std::string& baseline) {
  WorkloadAdvice advice{
      .workload = workload, .replay = {}, .answers = {}, .keeps_storage = {}, .left_out = {}};
  for (const document::Trial& trial : run.trials) {
    if (trial.workload.spec == workload) advice.replay = trial.replay();
  }
  const Regime* shown = nullptr;
  for (const Need& need : NeedsOf(run, workload)) {
    const Regime& regime = BestMeasured(regimes, workload, need);
    Answer answer = AnswerFor(regimes, regime, need, baseline);
    if (shown == nullptr) {
      shown = &regime;
    } else if (!answer.ranked.empty()) {
      answer.unlike_the_first = RegimeDifference(shown->first(), regime.first());
    }
    AddLeftOut(regime, answer, advice);
    AddKeepers(regime, answer, advice);
    advice.answers.push_back(std::move(answer));
  }
  return advice;
}

std::string MachineText(const document::Run& run) {
  std::vector<std::string> parts;
  const auto add = [&](const char* fact, const char* before, const char* after) {
    const auto found = run.environment.find(fact);
    if (found != run.environment.end() && found->second) {
      parts.push_back(fmt::format("{}{}{}", before, *found->second, after));
    }
  };
  add("processor", "", "");
  add("processors", "", " processors");
  const auto memory = run.environment.find("memory_bytes");
  if (memory != run.environment.end() && memory->second) {
    std::uint64_t bytes = 0;
    const std::string& text = *memory->second;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (bytes > 0) parts.push_back(FormatBytes(bytes) + " of memory");
  }
  add("kernel", "", "");
  add("file_system", "", "");
  add("device", "on ", "");
  return Join(parts, ", ");
}

const std::string& TitleOf(const document::Trial& trial) { return trial.strategy.title; }

const std::string& WorkloadOf(const document::Trial& trial) { return trial.workload.spec; }

// `wanted` if some trial has it. `what` names it in the error.
std::string CheckedName(const document::Run& run, const std::string& wanted, const char* what,
                        const std::string& (*name_of)(const document::Trial&)) {
  std::vector<std::string> known;
  for (const document::Trial& trial : run.trials) {
    const std::string& name = name_of(trial);
    if (name == wanted) return wanted;
    if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
  }
  throw UsageError(fmt::format("{} has no {} '{}'; {}", run.name, what, wanted,
                               Suggestion(wanted, known, "it has " + Join(known, ", "))));
}

// The baseline of all groups, or "" where they have different ones.
std::string CommonBaseline(const document::Run& run) {
  std::string common;
  for (const verdict::JudgedGroup& group : run.groups) {
    if (group.baseline.empty()) continue;
    if (!common.empty() && common != group.baseline) return {};
    common = group.baseline;
  }
  return common;
}

std::vector<std::string> WarningsOf(const document::Run& run) {
  std::vector<std::string> warnings;
  if (!run.complete) {
    warnings.emplace_back("the run is incomplete: it was interrupted, or still goes on");
  }
  const bool with_interference =
      std::any_of(run.groups.begin(), run.groups.end(), [](const verdict::JudgedGroup& group) {
        return std::any_of(group.comparisons.begin(), group.comparisons.end(),
                           [](const auto& one) { return one.comparison.with_interference; });
      });
  if (with_interference) {
    warnings.push_back(
        fmt::format("rounds with interference are compared too, where fewer than {} have none",
                    verdict::kFewestRounds));
  }
  return warnings;
}

}  // namespace

Advice Advise(const document::Run& run, const std::string& baseline, const std::string& workload) {
  Advice advice{.run = run.name,
                .machine = MachineText(run),
                .baseline = baseline.empty() ? CommonBaseline(run)
                                             : CheckedName(run, baseline, "strategy", TitleOf),
                .judged_anew = run.judged_anew,
                .warnings = WarningsOf(run),
                .workloads = {},
                .not_measured = NeverVaried(run),
                .baseline_why = {},
                .not_candidates = {},
                .choices = {}};
  if (!workload.empty()) CheckedName(run, workload, "workload", WorkloadOf);
  const std::vector<Regime> regimes = RegimesOf(run);
  for (const Regime& regime : regimes) {
    const bool known = std::any_of(
        advice.workloads.begin(), advice.workloads.end(),
        [&regime](const WorkloadAdvice& other) { return other.workload == regime.workload; });
    if (known || (!workload.empty() && regime.workload != workload)) continue;
    advice.workloads.push_back(AdviseOn(run, regimes, regime.workload, baseline));
  }
  return advice;
}

}  // namespace faultline
