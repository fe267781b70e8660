#include "harness/decide/decision_documents.h"

#include "harness/base/enum_names.h"
#include "harness/decide/need.h"

namespace faultline {
namespace {

constexpr EnumNames<Need::Kind> kNeedNames{"own flushes", "reads", "returned", "flushed at the end",
                                           "durable every"};
constexpr EnumNames<Answer::Standing> kStandingNames{
    "none", "leads", "tied", "slower", "inconclusive", "other promise", "not measured"};
constexpr EnumNames<Elsewhere::Outcome> kOutcomeNames{"holds", "flips", "inconclusive"};

document::ComparedTime TimeOf(const TrialComparison& trial, const TimeChange& time) {
  return {.figure = time.figure,
          .change = time.comparison.verdict,
          .comparison = document::Grouped(trial.group, {.figure = std::string(time.figure_name),
                                                        .strategy = "after",
                                                        .baseline = "before",
                                                        .comparison = time.comparison}),
          .before_ns = time.before,
          .after_ns = time.after,
          .repetitions_before = time.repetitions_before,
          .repetitions_after = time.repetitions_after};
}

document::ComparedCount ComparedCountOf(const CountChange& count) {
  return {.counter = count.counter,
          .unit = count.unit,
          .before = {count.before.least, count.before.most},
          .after = {count.after.least, count.after.most},
          .change = std::string(kCountChangeNames(count.kind)),
          .verdict = count.verdict,
          .reason = count.reason};
}

document::ComparedTrial TrialOf(const TrialComparison& trial) {
  document::ComparedTrial compared{.id = trial.id,
                                   .differences = trial.differences,
                                   .problem_before = trial.problem_before,
                                   .problem_after = trial.problem_after,
                                   .times = {},
                                   .counts = {}};
  for (const TimeChange& time : trial.times) compared.times.push_back(TimeOf(trial, time));
  for (const CountChange& count : trial.counts) compared.counts.push_back(ComparedCountOf(count));
  return compared;
}

std::vector<document::AdviceReason> ReasonsOf(
    const std::vector<std::pair<std::string, std::string>>& reasons) {
  std::vector<document::AdviceReason> documented;
  for (const auto& [strategy, why] : reasons) documented.push_back({strategy, why});
  return documented;
}

document::AdviceContender DocumentOf(const Contender& contender) {
  return {.strategy = contender.strategy,
          .ns_per_operation = contender.ns,
          .peak_resident_bytes = contender.peak_bytes,
          .limited_peak_bytes = contender.limited_peak_bytes,
          .device_bytes_written_per_byte_changed = contender.written_per_byte};
}

document::AdviceElsewhere DocumentOf(const Elsewhere& elsewhere) {
  return {.where = elsewhere.where,
          .outcome = std::string(kOutcomeNames(elsewhere.outcome)),
          .best = elsewhere.best,
          .ratio = elsewhere.ahead ? elsewhere.ahead->ratio : std::nullopt};
}

document::AdviceAnswer DocumentOf(const Answer& answer) {
  const auto of_best = [&answer](const std::string& other,
                                 const std::optional<verdict::Comparison>& comparison)
      -> std::optional<document::GroupedComparison> {
    if (!comparison) return std::nullopt;
    return document::Grouped(answer.group, {.figure = FigureOf(answer.need),
                                            .strategy = answer.best().strategy,
                                            .baseline = other,
                                            .comparison = *comparison});
  };
  document::AdviceAnswer documented{
      .need = std::string(kNeedNames(answer.need.kind)),
      .every = std::nullopt,
      .group = answer.group,
      .regime = answer.regime,
      .best = answer.advised() ? answer.best().strategy : std::string(),
      .tied = answer.tied,
      .runner_up = answer.runner_up,
      .inconclusive = ReasonsOf(answer.inconclusive),
      .lead = of_best(answer.runner_up, answer.lead),
      .baseline = answer.baseline,
      .baseline_stands = std::string(kStandingNames(answer.standing)),
      .baseline_repetitions = answer.baseline_rounds,
      .gain = of_best(answer.baseline, answer.gain),
      .program = std::nullopt,
      .ranked = {},
      .elsewhere = {}};
  if (answer.need.every != 0) documented.every = answer.need.every;
  if (answer.program) {
    documented.program = document::AdviceProgram{.run_seconds = answer.program->seconds,
                                                 .recorded = answer.program->recorded,
                                                 .io_seconds = answer.program->io_seconds,
                                                 .saved_seconds = answer.program->saved_seconds};
  }
  for (const Contender& contender : answer.ranked) {
    documented.ranked.push_back(DocumentOf(contender));
  }
  for (const Elsewhere& other : answer.elsewhere) {
    documented.elsewhere.push_back(DocumentOf(other));
  }
  return documented;
}

document::AdviceWorkload DocumentOf(const WorkloadAdvice& workload) {
  document::AdviceWorkload documented{.workload = workload.workload,
                                      .answers = {},
                                      .keeps_storage = workload.keeps_storage,
                                      .replay = std::nullopt,
                                      .left_out = ReasonsOf(workload.left_out)};
  if (!workload.replay.empty()) documented.replay = workload.replay;
  for (const Answer& answer : workload.answers) documented.answers.push_back(DocumentOf(answer));
  return documented;
}

}  // namespace

document::RunAdvice DocumentOf(const Advice& advice) {
  document::RunAdvice documented{.run = advice.run,
                                 .machine = advice.machine,
                                 .baseline = advice.baseline,
                                 .baseline_why = advice.baseline_why,
                                 .judged_anew = advice.judged_anew,
                                 .warnings = advice.warnings,
                                 .workloads = {},
                                 .not_candidates = ReasonsOf(advice.not_candidates),
                                 .choices = advice.choices,
                                 .not_tested = advice.not_measured};
  for (const WorkloadAdvice& workload : advice.workloads) {
    documented.workloads.push_back(DocumentOf(workload));
  }
  return documented;
}

document::ComparedRuns DocumentOf(const RunComparison& comparison) {
  document::ComparedRuns documented{
      .before = comparison.before,
      .after = comparison.after,
      .tolerance = comparison.tolerance,
      .count_tolerance = comparison.count_tolerance,
      .got_worse = comparison.GotWorse(),
      .verdicts = {.worse = comparison.Count(verdict::Verdict::kSlower),
                   .better = comparison.Count(verdict::Verdict::kFaster),
                   .tied = comparison.Count(verdict::Verdict::kTied),
                   .inconclusive = comparison.Count(verdict::Verdict::kInconclusive),
                   .failed = comparison.Failed()},
      .differences = comparison.comparability.differences,
      .notes = comparison.comparability.notes,
      .warnings = comparison.warnings,
      .only_before = comparison.only_before,
      .only_after = comparison.only_after,
      .trials = {}};
  for (const TrialComparison& trial : comparison.trials) {
    documented.trials.push_back(TrialOf(trial));
  }
  return documented;
}

}  // namespace faultline
