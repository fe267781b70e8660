#include "harness/decide/advice.h"

#include <algorithm>
#include <charconv>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/decide/need.h"
#include "harness/decide/regime.h"

namespace faultline {
namespace {

constexpr const char* kUsualToday = "read-write";

template <class Value>
std::optional<Estimate> EstimateOf(const LoadedTrial& trial, Value value) {
  std::vector<double> values;
  for (const LoadedRepetition* repetition : trial.Good()) {
    if (const std::optional<double> found = value(*repetition)) values.push_back(*found);
  }
  return EstimateMedian(values);
}

std::optional<double> Real(std::optional<std::uint64_t> count) {
  if (!count) return std::nullopt;
  return static_cast<double>(*count);
}

Contender ContenderOf(const LoadedTrial& trial, const Need& need) {
  return {
      .strategy = trial.strategy,
      .ns = EstimateMedian(trial.Values(FigureOf(need))).value_or(Estimate{}),
      .peak_bytes = EstimateOf(trial, [](const LoadedRepetition& r) { return Real(r.peak_bytes); }),
      .limited_peak_bytes =
          EstimateOf(trial, [](const LoadedRepetition& r) { return Real(r.limited_peak_bytes); }),
      .written_per_byte = EstimateOf(trial, [](const LoadedRepetition& r) -> std::optional<double> {
        const auto written = r.counts.find("device_write_bytes");
        if (written == r.counts.end() || r.changed_bytes.value_or(0) <= 0) return {};
        return static_cast<double>(written->second) / *r.changed_bytes;
      })};
}

// `other` held against the best one: better where the best one is faster beyond the noise.
TimeChange AgainstBest(const LoadedTrial& other, const LoadedTrial& best, const Need& need,
                       double allowed) {
  return CompareTimes(other.Values(FigureOf(need)), best.Values(FigureOf(need)), allowed);
}

// other : best, of their times.
std::optional<Estimate> Slowdown(const LoadedTrial& other, const LoadedTrial& best,
                                 const Need& need) {
  return EstimateRatio(other.Values(FigureOf(need)), best.Values(FigureOf(need)));
}

const LoadedTrial* FindStrategy(const std::vector<const LoadedTrial*>& trials,
                                const std::string& strategy) {
  const auto found =
      std::find_if(trials.begin(), trials.end(),
                   [&strategy](const LoadedTrial* trial) { return trial->strategy == strategy; });
  return found == trials.end() ? nullptr : *found;
}

// Whether the strategy, wherever it was measured, promises something else than what is needed.
bool PromisesOther(const std::vector<Regime>& regimes, const std::string& strategy,
                   const Need& need) {
  for (const Regime& regime : regimes) {
    for (const LoadedTrial& trial : regime.trials) {
      if (trial.strategy == strategy && !Gives(trial, need)) return true;
    }
  }
  return false;
}

void HoldAgainstToday(const std::vector<Regime>& regimes,
                      const std::vector<const LoadedTrial*>& judged, const std::string& today,
                      double allowed, Answer& answer) {
  if (today.empty()) return;
  const LoadedTrial* trial = FindStrategy(judged, today);
  if (trial == nullptr) {
    answer.today = PromisesOther(regimes, today, answer.need) ? Answer::Today::kOtherPromise
                                                              : Answer::Today::kNotJudged;
    return;
  }
  answer.today_figures = ContenderOf(*trial, answer.need);
  if (trial == judged.front()) {
    answer.today = Answer::Today::kBest;
    return;
  }
  answer.gain = Slowdown(*trial, *judged.front(), answer.need);
  const Change change = AgainstBest(*trial, *judged.front(), answer.need, allowed).change;
  answer.today = change == Change::kBetter ? Answer::Today::kSlower : Answer::Today::kWithinNoise;
}

// What the answer would be in the workload's other regimes, as far as the best one was measured
// there.
std::vector<Elsewhere> LookElsewhere(const std::vector<Regime>& regimes, const Regime& here,
                                     const Need& need, const std::string& best, double allowed) {
  std::vector<Elsewhere> found;
  for (const Regime& regime : regimes) {
    if (&regime == &here || regime.workload != here.workload) continue;
    const std::vector<const LoadedTrial*> judged = JudgedTrials(regime, need);
    const LoadedTrial* same = FindStrategy(judged, best);
    if (same == nullptr || judged.size() < 2) continue;
    Elsewhere elsewhere{.where = RegimeDifference(here.first(), regime.first()),
                        .flips = false,
                        .best = judged.front()->strategy,
                        .ratio = std::nullopt};
    if (same != judged.front() &&
        AgainstBest(*same, *judged.front(), need, allowed).change == Change::kBetter) {
      elsewhere.flips = true;
      elsewhere.ratio = Slowdown(*same, *judged.front(), need);
    }
    found.push_back(std::move(elsewhere));
  }
  return found;
}

// The regime of the workload that says most about that need: one in which there is something to
// choose from; then the one with most strategies; the first of equal ones.
const Regime& BestMeasured(const std::vector<Regime>& regimes, const std::string& workload,
                           const Need& need) {
  const Regime* chosen = nullptr;
  std::pair<std::size_t, std::ptrdiff_t> most;
  for (const Regime& regime : regimes) {
    if (regime.workload != workload) continue;
    const std::size_t judged = JudgedTrials(regime, need).size();
    const auto giving =
        std::count_if(regime.trials.begin(), regime.trials.end(),
                      [&need](const LoadedTrial& trial) { return Gives(trial, need); });
    const std::pair worth(std::min<std::size_t>(judged, 2), giving);
    if (chosen == nullptr || worth > most) {
      chosen = &regime;
      most = worth;
    }
  }
  return *chosen;
}

Answer AnswerFor(const std::vector<Regime>& regimes, const Regime& regime, const Need& need,
                 const std::string& today, double allowed) {
  Answer answer{.need = need,
                .workload = regime.workload,
                .regime = RegimeText(regime.first()),
                .measured = std::any_of(regime.trials.begin(), regime.trials.end(),
                                        [&need](const LoadedTrial& trial) {
                                          return !trial.repetitions.empty() && Gives(trial, need);
                                        }),
                .unlike_the_first = {},
                .ranked = {},
                .tied = {},
                .runner_up = {},
                .lead = {},
                .today = {},
                .today_figures = {},
                .gain = {},
                .elsewhere = {}};
  const std::vector<const LoadedTrial*> judged = JudgedTrials(regime, need);
  for (const LoadedTrial* trial : judged) {
    answer.ranked.push_back(ContenderOf(*trial, need));
    if (trial == judged.front()) continue;
    if (AgainstBest(*trial, *judged.front(), need, allowed).change != Change::kBetter) {
      answer.tied.push_back(trial->strategy);
    } else if (answer.runner_up.empty()) {
      answer.runner_up = trial->strategy;
      answer.lead = Slowdown(*trial, *judged.front(), need);
    }
  }
  if (!answer.advised()) return answer;
  HoldAgainstToday(regimes, judged, today, allowed, answer);
  answer.elsewhere = LookElsewhere(regimes, regime, need, judged.front()->strategy, allowed);
  return answer;
}

// Whether the few figures of a trial that is left out are all below those of the best one.
bool WouldLead(const LoadedTrial& trial, const Answer& answer) {
  const std::vector<double> values = trial.Values(FigureOf(answer.need));
  return answer.advised() && trial.Problem().empty() && Gives(trial, answer.need) &&
         !values.empty() && *std::max_element(values.begin(), values.end()) < answer.best().ns.low;
}

// Adds what the answer leaves out of its regime.
void AddLeftOut(const Regime& regime, const Answer& answer, WorkloadAdvice& advice) {
  for (const LoadedTrial& trial : regime.trials) {
    std::string why = WhyLeftOut(trial);
    // What stores nothing gives nothing, and is missed only where it was asked to keep flushes.
    const bool asked = Gives(trial, answer.need) || (!trial.stores() && trial.own_flushes);
    if (why.empty() || !asked) continue;
    if (WouldLead(trial, answer)) {
      why += Concat("; what it has is faster than ", answer.best().strategy);
    }
    const bool known =
        std::any_of(advice.left_out.begin(), advice.left_out.end(),
                    [&trial](const auto& entry) { return entry.first == trial.strategy; });
    if (!known) advice.left_out.emplace_back(trial.strategy, why);
  }
}

// Adds what the answer ranks and keeps what the replay discards.
void AddKeepers(const Regime& regime, const Answer& answer, WorkloadAdvice& advice) {
  if (!answer.advised()) return;
  for (const LoadedTrial& trial : regime.trials) {
    // The first pass is set up by Faultline, for all alike.
    const bool discards = trial.replay.contains("discards") ||
                          (trial.replay.contains("setup") && trial.parameters.passes > 1);
    if (!discards) continue;
    const bool ranked = std::any_of(
        answer.ranked.begin(), answer.ranked.end(),
        [&trial](const Contender& contender) { return contender.strategy == trial.strategy; });
    std::vector<std::string>& known = advice.keeps_storage;
    const bool is_known = std::find(known.begin(), known.end(), trial.strategy) != known.end();
    if (ranked && trial.gives_back == false && !is_known) known.push_back(trial.strategy);
  }
}

WorkloadAdvice AdviseOn(const LoadedRun& run, const std::vector<Regime>& regimes,
                        const std::string& workload, const std::string& today) {
  WorkloadAdvice advice{
      .workload = workload, .replay = {}, .answers = {}, .keeps_storage = {}, .left_out = {}};
  for (const LoadedTrial& trial : run.trials) {
    if (trial.workload == workload) advice.replay = trial.replay;
  }
  const Regime* shown = nullptr;
  for (const Need& need : NeedsOf(run, workload)) {
    const Regime& regime = BestMeasured(regimes, workload, need);
    Answer answer = AnswerFor(regimes, regime, need, today, run.noise_factor.value_or(1));
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

std::string MachineText(const LoadedRun& run) {
  std::vector<std::string> parts;
  const auto add = [&](const char* fact, const char* before, const char* after) {
    const auto found = run.environment.find(fact);
    if (found != run.environment.end()) {
      parts.push_back(Concat(before, found->second, after));
    }
  };
  add("processor", "", "");
  add("processors", "", " processors");
  if (const auto memory = run.environment.find("memory_bytes"); memory != run.environment.end()) {
    std::uint64_t bytes = 0;
    const std::string& text = memory->second;
    std::from_chars(text.data(), text.data() + text.size(), bytes);
    if (bytes > 0) parts.push_back(FormatBytes(bytes) + " of memory");
  }
  add("kernel", "", "");
  add("file_system", "", "");
  add("device", "on ", "");
  return Join(parts, ", ");
}

// `wanted` if some trial has it. `what` names it in the error.
std::string CheckedName(const LoadedRun& run, const std::string& wanted, const char* what,
                        std::string LoadedTrial::*member) {
  std::vector<std::string> known;
  for (const LoadedTrial& trial : run.trials) {
    if (trial.*member == wanted) return wanted;
    if (std::find(known.begin(), known.end(), trial.*member) == known.end()) {
      known.push_back(trial.*member);
    }
  }
  const std::string nearest = NearestName(wanted, known);
  throw UsageError(Concat(run.name, " has no ", what, " '", wanted, "'; ",
                          nearest.empty() ? Concat("it has ", Join(known, ", "))
                                          : Concat("did you mean '", nearest, "'?")));
}

std::vector<std::string> WarningsOf(const LoadedRun& run) {
  std::vector<std::string> warnings;
  if (!run.complete) {
    warnings.push_back("the run is incomplete: it was interrupted, or still goes on");
  }
  // Of an A/A pair the second has such an id.
  const bool pair = std::any_of(run.trials.begin(), run.trials.end(),
                                [](const LoadedTrial& trial) { return trial.id.ends_with("#2"); });
  if (!run.noise_factor && pair) {
    warnings.push_back(
        "the noise floor is unknown: the A/A pair has too few undisturbed repetitions; run it "
        "again "
        "when the machine is quieter, or with more --repetitions");
  } else if (!run.noise_factor) {
    warnings.push_back(
        "the noise floor is unknown, for want of an A/A pair: what is faster rests on the "
        "intervals "
        "alone; run with --noise-floor on");
  }
  return warnings;
}

}  // namespace

Advice Advise(const LoadedRun& run, const std::string& today, const std::string& workload) {
  Advice advice{.run = run.name,
                .machine = MachineText(run),
                .today = {},
                .noise_factor = run.noise_factor,
                .warnings = WarningsOf(run),
                .workloads = {},
                .not_measured = NeverVaried(run),
                .today_why = {},
                .not_candidates = {},
                .choices = {}};
  const bool usual = std::any_of(run.trials.begin(), run.trials.end(),
                                 [](const auto& trial) { return trial.strategy == kUsualToday; });
  if (!today.empty()) {
    advice.today = CheckedName(run, today, "strategy", &LoadedTrial::strategy);
  } else if (usual) {
    advice.today = kUsualToday;
  }
  if (!workload.empty()) CheckedName(run, workload, "workload", &LoadedTrial::workload);
  const std::vector<Regime> regimes = RegimesOf(run);
  for (const Regime& regime : regimes) {
    const bool known = std::any_of(
        advice.workloads.begin(), advice.workloads.end(),
        [&regime](const WorkloadAdvice& other) { return other.workload == regime.workload; });
    if (known || (!workload.empty() && regime.workload != workload)) continue;
    advice.workloads.push_back(AdviseOn(run, regimes, regime.workload, advice.today));
  }
  return advice;
}

}  // namespace faultline
