#include "harness/report/run_document.h"

#include <algorithm>
#include <set>

#include "harness/os/whole_file.h"
#include "harness/plugin/plugin.h"
#include "harness/report/stages.h"

namespace faultline {
namespace {

std::optional<document::Cache> CacheOf(const std::optional<CacheReport>& cache) {
  if (!cache) return std::nullopt;
  const PreparedCache& before = cache->before;
  return document::Cache{
      .state = before.state,
      .proved = before.proved,
      .why_not = before.why_not,
      .cached_pages_before = before.residency.cached_pages,
      .cached_pages_after = cache->after ? std::optional(cache->after->cached_pages) : std::nullopt,
      .total_pages = before.residency.total_pages,
      .source = std::string(before.residency.source)};
}

std::optional<document::Memory> MemoryOf(const std::optional<MemoryReport>& memory) {
  if (!memory) return std::nullopt;
  const os::LimitedMemory& usage = memory->usage;
  return document::Memory{.limit_bytes = usage.limit_bytes,
                          .peak_bytes = usage.peak_bytes,
                          .anonymous_bytes = usage.anonymous_bytes,
                          .file_bytes = usage.file_bytes,
                          .limit_hits = usage.limit_hits,
                          .kills = usage.kills,
                          .mechanism = memory->mechanism};
}

std::optional<document::Latency> LatencyOf(const std::optional<LatencyReport>& latency) {
  if (!latency) return std::nullopt;
  const Histogram& histogram = latency->histogram;
  document::Latency found{.samples = histogram.samples(),
                          .timer_ns = latency->timer_ns,
                          .p50 = histogram.Percentile(0.5),
                          .p90 = histogram.Percentile(0.9),
                          .p99 = histogram.Percentile(0.99),
                          .p999 = histogram.Percentile(0.999),
                          .max = histogram.maximum(),
                          .bins = {}};
  for (const Histogram::Bin& bin : histogram.NonEmptyBins()) {
    found.bins.push_back({bin.lower, bin.upper, bin.count});
  }
  return found;
}

std::optional<document::OpenLoop> OpenLoopOf(const std::optional<OpenLoopReport>& load) {
  if (!load) return std::nullopt;
  document::OpenLoop found{.late_operations = load->late_operations,
                           .due_together = load->due_together,
                           .intended_operations_per_second = load->intended_rate,
                           .achieved_operations_per_second = load->achieved_rate,
                           .rate_kept = load->RateKept(),
                           .harness_late_ns = std::nullopt};
  const Histogram& late = load->harness_late;
  if (late.samples() > 0) {
    found.harness_late_ns = document::HarnessLate{.samples = late.samples(),
                                                  .p50 = late.Percentile(0.5),
                                                  .p99 = late.Percentile(0.99),
                                                  .max = late.maximum()};
  }
  return found;
}

document::Repetition RepetitionOf(const Measurement& measurement, std::uint64_t round,
                                  std::uint64_t order) {
  return {.round = round,
          .order = order,
          .status = measurement.status,
          .error = measurement.error,
          .verified = measurement.verified,
          .operations = measurement.operations,
          .asked = {.read_bytes = measurement.asked_read_bytes,
                    .changed_bytes = measurement.asked_changed_bytes},
          .accepted_ns = measurement.NsPerOperation(),
          .durable_ns = measurement.DurableNsPerOperation(),
          .steady_ns = measurement.SteadyNsPerOperation(),
          .phases = measurement.phases,
          .cache = CacheOf(measurement.cache),
          .memory = MemoryOf(measurement.memory),
          .latency = LatencyOf(measurement.latency),
          .open_loop = OpenLoopOf(measurement.open_load),
          .series = measurement.series,
          .timeline = measurement.timeline,
          .stages = FindStages(measurement.timeline)};
}

document::Strategy StrategyOf(const TrialSpec& spec) {
  const StrategyInfo& info = spec.strategy.info();
  const Plugin* plugin = PluginOf(info.name);
  return {.name = info.name,
          .spec = spec.strategy.text(),
          .title = StrategyTitle(spec),
          .durability = info.durability,
          .flush_period = spec.strategy.FlushPeriod(),
          .calls = info.calls,
          .copies = info.copies,
          .discards = info.discards,
          .gives_back = info.capabilities.gives_back,
          .plugin = plugin == nullptr ? std::string() : plugin->file,
          .effective = {}};
}

document::Workload WorkloadOf(const TrialSpec& spec) {
  return {.name = spec.workload.info().name,
          .spec = spec.workload.text(),
          .needs_durability = spec.workload->NeedsDurability(),
          .facts = spec.workload->Facts()};
}

// Without repetitions.
document::Trial TrialOf(const TrialSpec& spec) {
  return {.id = spec.Id(),
          .section = spec.section,
          .group = TrialTitle(spec),
          .net_of_waiting = spec.net_of_waiting,
          .strategy = StrategyOf(spec),
          .workload = WorkloadOf(spec),
          .parameters = document::ParametersOf(spec),
          .repetitions = {},
          .summary = {}};
}

// The groups of the trials, each with one clock for what is compared.
std::vector<TrialGroup> ShareClocks(std::vector<TrialSpec>& trials) {
  std::vector<TrialGroup> groups = GroupsOf(trials);
  for (const TrialGroup& group : groups) {
    std::vector<TrialSpec*> members;
    for (const std::size_t trial : group.trials) members.push_back(&trials[trial]);
    ShareClock(members);
  }
  return groups;
}

}  // namespace

RunDocument::RunDocument(std::string suite, os::Facts environment, std::vector<TrialSpec> trials,
                         std::string baseline, const verdict::Rules& rules)
    : trials_(std::move(trials)),
      baseline_(std::move(baseline)),
      rules_(rules),
      groups_(ShareClocks(trials_)),
      repetitions_(trials_.size()),
      rounds_(trials_.size()) {
  run_.suite = std::move(suite);
  run_.environment = std::move(environment);
  run_.counters = AllCounters();
  run_.groups.resize(groups_.size());
  for (const TrialSpec& spec : trials_) {
    run_.trials.push_back(TrialOf(spec));
    trial_texts_.push_back(document::ToText(run_.trials.back()));
  }
  for (std::size_t group = 0; group < groups_.size(); ++group) JudgeAgain(group);
}

void RunDocument::Add(std::size_t trial, std::uint64_t round, Measurement measurement) {
  for (const auto& [counter, why] : measurement.absent_counters) run_.absent[counter] = why;
  document::Trial& documented = run_.trials[trial];
  documented.repetitions.push_back(RepetitionOf(measurement, round, added_++));
  if (!measurement.effective_settings.empty()) {
    documented.strategy.effective = measurement.effective_settings;
  }
  repetitions_[trial].push_back(std::move(measurement));
  rounds_[trial].push_back(round);
  documented.summary = Summarize(repetitions_[trial], rounds_[trial]);
  trial_texts_[trial] = document::ToText(documented);
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    const std::vector<std::size_t>& members = groups_[group].trials;
    if (std::find(members.begin(), members.end(), trial) != members.end()) JudgeAgain(group);
  }
}

void RunDocument::JudgeAgain(std::size_t group) {
  std::vector<verdict::GroupArm> arms;
  for (const std::size_t trial : groups_[group].trials) {
    if (!Stores(trials_[trial])) continue;
    arms.push_back(ArmOf(trials_[trial], repetitions_[trial], rounds_[trial]));
  }
  const TrialSpec& spec = trials_[groups_[group].trials.front()];
  run_.groups[group] =
      verdict::JudgeGroup(groups_[group].title, baseline_, arms,
                          GroupFigures(spec.operations * spec.passes, spec.record_size), rules_);
}

RunDocument::Open RunDocument::OpenTrials(double precision) const {
  Open open;
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    const std::vector<std::size_t>& members = groups_[group].trials;
    const verdict::JudgedGroup& judged = run_.groups[group];
    std::set<std::string> strategies;
    for (const std::string& figure : HeadlineFigures(trials_[members.front()].load)) {
      const auto card = judged.cards.find(figure);
      if (card == judged.cards.end()) continue;
      const std::vector<verdict::Arm>& arms = card->second.arms();
      std::size_t baseline = 0;
      while (arms[baseline].name != judged.baseline) ++baseline;
      const verdict::OpenArms found = card->second.Open(baseline, precision);
      open.comparisons += found.comparisons;
      for (const std::size_t arm : found.arms) strategies.insert(arms[arm].name);
    }
    for (const std::size_t trial : members) {
      if (strategies.contains(StrategyTitle(trials_[trial]))) open.trials.push_back(trial);
    }
  }
  return open;
}

void RunDocument::AddWarning(std::string warning) {
  std::vector<std::string>& warnings = run_.warnings;
  if (std::find(warnings.begin(), warnings.end(), warning) == warnings.end()) {
    warnings.push_back(std::move(warning));
  }
}

void RunDocument::AddLimitProof(LimitProof proof) { run_.limit_proofs.push_back(std::move(proof)); }

std::string RunDocument::Text() const { return document::ToText(run_, trial_texts_); }

void RunDocument::Save(const std::filesystem::path& path) const { os::ReplaceFile(path, Text()); }

}  // namespace faultline
