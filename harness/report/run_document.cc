#include "harness/report/run_document.h"

#include <algorithm>
#include <set>

#include "harness/os/file.h"
#include "harness/plugin/plugin.h"
#include "harness/report/comparisons_json.h"
#include "harness/report/document_json.h"
#include "harness/report/stages.h"
#include "harness/trial/trial_json.h"
#include "strategies/strategy.h"

namespace faultline {
namespace {

using nlohmann::json;

json Number(std::optional<double> value) { return value ? NumberToJson(*value) : json(nullptr); }

// A figure that no repetition had keeps its place.
json FigureJson(const std::optional<Estimate>& estimate) {
  if (!estimate) return {{"median", nullptr}, {"low", nullptr}, {"high", nullptr}};
  return EstimateToJson(estimate);
}

json FiguresJson(const Figures& figures) {
  json object = json::object();
  for (const auto& [name, estimate] : figures) object[name] = FigureJson(estimate);
  return object;
}

json SummaryJson(const Summary& summary) {
  return {
      {"repetitions", summary.repetitions},      {"ok", summary.ok},
      {"interference", summary.interference},    {"failed", summary.failed},
      {"unsupported", summary.unsupported},      {"cut_off", summary.cut_off},
      {"figures", FiguresJson(summary.figures)}, {"with_interference", summary.with_interference}};
}

json CacheJson(const std::optional<CacheReport>& cache) {
  if (!cache) return nullptr;
  return {{"state", CacheStateName(cache->before.state)},
          {"proved", cache->before.proved},
          {"why_not", TextToJson(cache->before.why_not)},
          {"cached_pages_before", cache->before.residency.cached_pages},
          {"cached_pages_after", cache->after ? json(cache->after->cached_pages) : json(nullptr)},
          {"total_pages", cache->before.residency.total_pages},
          {"source", cache->before.residency.source}};
}

json MemoryJson(const std::optional<MemoryReport>& memory) {
  if (!memory) return nullptr;
  return {{"limit_bytes", memory->usage.limit_bytes},
          {"peak_bytes", memory->usage.peak_bytes},
          {"anonymous_bytes", OptionalToJson(memory->usage.anonymous_bytes)},
          {"file_bytes", OptionalToJson(memory->usage.file_bytes)},
          {"limit_hits", OptionalToJson(memory->usage.limit_hits)},
          {"kills", OptionalToJson(memory->usage.kills)},
          {"mechanism", memory->mechanism}};
}

json LatencyJson(const std::optional<LatencyReport>& latency) {
  if (!latency) return nullptr;
  const Histogram& histogram = latency->histogram;
  return {{"samples", histogram.samples()},    {"timer_ns", latency->timer_ns},
          {"p50", histogram.Percentile(0.5)},  {"p90", histogram.Percentile(0.9)},
          {"p99", histogram.Percentile(0.99)}, {"p999", histogram.Percentile(0.999)},
          {"max", histogram.maximum()},        {"bins", ToJson(histogram).at("bins")}};
}

json OpenLoopJson(const std::optional<OpenLoopReport>& load) {
  if (!load) return nullptr;
  const Histogram& late = load->harness_late;
  json harness_late = nullptr;
  if (late.samples() > 0) {
    harness_late = {{"samples", late.samples()},
                    {"p50", late.Percentile(0.5)},
                    {"p99", late.Percentile(0.99)},
                    {"max", late.maximum()}};
  }
  return {{"late_operations", load->late_operations},
          {"due_together", load->due_together},
          {"intended_operations_per_second", Number(load->intended_rate)},
          {"achieved_operations_per_second", Number(load->achieved_rate)},
          {"rate_kept", OptionalToJson(load->RateKept())},
          {"harness_late_ns", std::move(harness_late)}};
}

// Rows of numbers under the names of their columns.
json TimelineJson(const std::vector<TimelineRow>& timeline) {
  if (timeline.empty()) return nullptr;
  json columns = {"seconds", "operations"};
  for (const auto& [name, value] : timeline.front().counters) columns.push_back(name);
  json rows = json::array();
  for (const TimelineRow& row : timeline) {
    json values = {Number(row.seconds), row.operations};
    for (const auto& [name, value] : row.counters) values.push_back(OptionalToJson(value));
    rows.push_back(std::move(values));
  }
  return {{"columns", std::move(columns)}, {"rows", std::move(rows)}};
}

json StageJson(const std::optional<Stage>& stage) {
  if (!stage) return nullptr;
  return {{"begin_seconds", Number(stage->begin_seconds)},
          {"seconds", Number(stage->seconds())},
          {"operations", stage->operations},
          {"operations_per_second", Number(stage->median_rate)},
          {"totals", ToJson(stage->totals)}};
}

json StagesJson(const std::vector<TimelineRow>& timeline) {
  const std::optional<Stages> stages = FindStages(timeline);
  if (!stages) return nullptr;
  return {{"filling", StageJson(stages->filling)},
          {"stall", StageJson(stages->stall)},
          {"steady", StageJson(stages->steady)}};
}

json RepetitionJson(const Measurement& repetition, std::uint64_t round, std::uint64_t order) {
  json phases = json::object();
  for (const auto& [phase, result] : repetition.phases) {
    phases[std::string(PhaseName(phase))] = {{"seconds", Number(result.seconds)},
                                             {"counters", ToJson(result.counters)}};
  }
  return {{"status", StatusName(repetition.status)},
          {"error", TextToJson(repetition.error)},
          {"verified", OptionalToJson(repetition.verified)},
          {"operations", repetition.operations},
          {"asked",
           {{"read_bytes", repetition.asked_read_bytes},
            {"changed_bytes", repetition.asked_changed_bytes}}},
          {kAcceptedFigure, Number(repetition.NsPerOperation())},
          {kDurableFigure, Number(repetition.DurableNsPerOperation())},
          {kSteadyFigure, Number(repetition.SteadyNsPerOperation())},
          {"phases", std::move(phases)},
          {"cache", CacheJson(repetition.cache)},
          {"memory", MemoryJson(repetition.memory)},
          {"latency", LatencyJson(repetition.latency)},
          {"open_loop", OpenLoopJson(repetition.open_load)},
          {"series", repetition.series},
          {"timeline", TimelineJson(repetition.timeline)},
          {"stages", StagesJson(repetition.timeline)},
          {"round", round},
          {"order", order}};
}

json ParametersJson(const TrialSpec& spec) {
  json parameters = ParametersToJson(spec);
  parameters["file_bytes"] = spec.records * spec.record_size;
  return parameters;
}

json TrialJson(const TrialSpec& spec, const std::vector<Measurement>& repetitions,
               const std::vector<std::uint64_t>& rounds, const std::vector<std::uint64_t>& orders,
               const Summary& summary) {
  const Spec strategy = ParseSpec(spec.strategy);
  const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(strategy.name);
  const Plugin* plugin = PluginOf(strategy.name);
  const std::unique_ptr<Workload> workload = MakeWorkload(spec.workload);
  std::map<std::string, std::string> effective;
  json documents = json::array();
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    if (!repetitions[i].effective_settings.empty()) effective = repetitions[i].effective_settings;
    documents.push_back(RepetitionJson(repetitions[i], rounds[i], orders[i]));
  }
  return {{"id", spec.Id()},
          {"section", spec.section},
          {"group", TrialTitle(spec)},
          {"strategy",
           {{"name", strategy.name},
            {"spec", spec.strategy},
            {"title", StrategyTitle(spec)},
            {"durability", DurabilityName(info.durability)},
            {"calls", info.calls},
            {"copies", TextToJson(info.copies)},
            {"discards", TextToJson(info.discards)},
            {"gives_back", info.capabilities.gives_back},
            {"plugin", plugin == nullptr ? json(nullptr) : json(plugin->file)},
            {"effective", effective}}},
          {"workload",
           {{"name", ParseSpec(spec.workload).name},
            {"spec", spec.workload},
            {"needs_durability", workload->NeedsDurability()},
            {"facts", workload->Facts()}}},
          {"parameters", ParametersJson(spec)},
          {"repetitions", std::move(documents)},
          {"summary", SummaryJson(summary)}};
}

json CountersJson() {
  json counters = json::object();
  for (const auto& [name, info] : AllCounters()) {
    static constexpr const char* kKinds[] = {"total", "level", "peak"};
    static constexpr const char* kScopes[] = {"process", "file", "device", "machine"};
    counters[name] = {{"unit", info.unit},
                      {"summary", info.summary},
                      {"kind", kKinds[static_cast<int>(info.kind)]},
                      {"scope", kScopes[static_cast<int>(info.scope)]}};
  }
  return counters;
}

}  // namespace

RunDocument::RunDocument(std::string suite, os::Facts environment, std::vector<TrialSpec> trials,
                         std::string baseline, const verdict::Rules& rules)
    : suite_(std::move(suite)),
      environment_(std::move(environment)),
      trials_(std::move(trials)),
      baseline_(std::move(baseline)),
      rules_(rules),
      groups_(GroupsOf(trials_)),
      judged_(groups_.size()),
      repetitions_(trials_.size()),
      orders_(trials_.size()),
      rounds_(trials_.size()),
      summaries_(trials_.size()) {
  for (const TrialSpec& spec : trials_) {
    trial_texts_.push_back(ToLine(TrialJson(spec, {}, {}, {}, {})));
  }
  for (std::size_t group = 0; group < groups_.size(); ++group) JudgeAgain(group);
}

void RunDocument::Add(std::size_t trial, std::uint64_t round, Measurement measurement) {
  for (const auto& [counter, why] : measurement.absent_counters) absent_[counter] = why;
  repetitions_[trial].push_back(std::move(measurement));
  orders_[trial].push_back(added_++);
  rounds_[trial].push_back(round);
  summaries_[trial] = Summarize(repetitions_[trial], rounds_[trial]);
  trial_texts_[trial] = ToLine(TrialJson(trials_[trial], repetitions_[trial], rounds_[trial],
                                         orders_[trial], summaries_[trial]));
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
  judged_[group] =
      verdict::JudgeGroup(groups_[group].title, baseline_, arms, GroupFigures(), rules_);
}

RunDocument::Open RunDocument::OpenTrials(double precision) const {
  Open open;
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    const std::vector<std::size_t>& members = groups_[group].trials;
    const verdict::JudgedGroup& judged = judged_[group];
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
  if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end()) {
    warnings_.push_back(std::move(warning));
  }
}

void RunDocument::AddLimitProof(LimitProof proof) { limit_proofs_.push_back(std::move(proof)); }

std::string RunDocument::Text() const {
  json head = {{"schema", kRunSchema},       {"complete", complete_}, {"suite", suite_},
               {"counters", CountersJson()}, {"absent", absent_},     {"warnings", warnings_}};
  head["environment"] = FactsToJson(environment_);
  head["groups"] = GroupsToJson(judged_);
  head["comparisons"] = ComparisonsToJson(judged_);
  head["limit_proofs"] = LimitProofsToJson(limit_proofs_);
  std::string text = ToLine(head);
  text.pop_back();
  return Concat(text, ",\"trials\":[\n", Join(trial_texts_, ",\n"), "\n]}\n");
}

void RunDocument::Save(const std::filesystem::path& path) const { os::ReplaceFile(path, Text()); }

}  // namespace faultline
