// The fields of the run document, and its text.
#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "harness/base/enum_names.h"
#include "harness/base/text.h"
#include "harness/document/comparison_fields.h"
#include "harness/document/older_run.h"
#include "harness/document/run.h"
#include "harness/json/line.h"
#include "harness/trial/trial_fields.h"
#include "harness/trial/trial_json.h"

namespace faultline {

constexpr EnumNames<CounterKind> kCounterKindNames{"total", "level", "peak"};
constexpr EnumNames<CounterScope> kCounterScopeNames{"process", "file", "device", "machine"};

template <class Fields>
void Describe(Fields& fields, CounterInfo& counter) {
  fields("unit", counter.unit);
  fields("summary", counter.summary);
  fields("kind", counter.kind, kCounterKindNames);
  fields("scope", counter.scope, kCounterScopeNames);
  fields.Later("column", counter.column);
}

namespace verdict {

inline constexpr NumberRule kMarginRule{[](double margin) { return margin > 1; },
                                        "a margin is a ratio above 1"};

// The comparisons are a member of the document of their own.
template <class Fields>
void Describe(Fields& fields, JudgedGroup& group) {
  fields("title", group.title);
  fields.EmptyIsNull("baseline", group.baseline);
  fields("margin", group.margin, kMarginRule);
  fields("rankings", group.rankings);
}

}  // namespace verdict

namespace document {

template <class Fields>
void Describe(Fields& fields, Strategy& strategy) {
  fields("name", strategy.name);
  fields("spec", strategy.spec);
  fields("title", strategy.title);
  fields("durability", strategy.durability, kDurabilityNames);
  fields("flush_period", strategy.flush_period);
  fields("calls", strategy.calls);
  fields.EmptyIsNull("copies", strategy.copies);
  fields.EmptyIsNull("discards", strategy.discards);
  fields.DefaultLeftOut("gives_back", strategy.gives_back);
  fields.EmptyIsNull("plugin", strategy.plugin);
  fields("effective", strategy.effective);
}

template <class Fields>
void Describe(Fields& fields, Workload& workload) {
  fields("name", workload.name);
  fields("spec", workload.spec);
  fields.Later("needs_durability", workload.needs_durability);
  fields.Later("facts", workload.facts);
}

template <class Fields>
void Describe(Fields& fields, Parameters& parameters) {
  fields("records", parameters.records);
  fields("record_size", parameters.record_size);
  fields("file_bytes", parameters.file_bytes);
  fields("operations", parameters.operations);
  fields("passes", parameters.passes);
  fields("threads", parameters.threads);
  fields("processes", parameters.processes);
  fields("cache", parameters.cache);
  fields("memory_limit_bytes", parameters.memory_limit_bytes);
  fields.Others(parameters.others);
}

template <class Fields>
void Describe(Fields& fields, Asked& asked) {
  fields("read_bytes", asked.read_bytes);
  fields("changed_bytes", asked.changed_bytes);
}

template <class Fields>
void Describe(Fields& fields, Cache& cache) {
  fields("state", cache.state, kCacheStateNames);
  fields("proved", cache.proved);
  fields.EmptyIsNull("why_not", cache.why_not);
  fields("cached_pages_before", cache.cached_pages_before);
  fields("cached_pages_after", cache.cached_pages_after);
  fields("total_pages", cache.total_pages);
  fields("source", cache.source);
}

template <class Fields>
void Describe(Fields& fields, Memory& memory) {
  fields("limit_bytes", memory.limit_bytes);
  fields("peak_bytes", memory.peak_bytes);
  fields("anonymous_bytes", memory.anonymous_bytes);
  fields("file_bytes", memory.file_bytes);
  fields("limit_hits", memory.limit_hits);
  fields("kills", memory.kills);
  fields("mechanism", memory.mechanism);
}

template <class Fields>
void Describe(Fields& fields, Latency& latency) {
  fields("samples", latency.samples);
  fields("timer_ns", latency.timer_ns);
  fields("p50", latency.p50);
  fields("p90", latency.p90);
  fields("p99", latency.p99);
  fields("p999", latency.p999);
  fields("max", latency.max);
  fields("bins", latency.bins);
}

template <class Fields>
void Describe(Fields& fields, HarnessLate& late) {
  fields("samples", late.samples);
  fields("p50", late.p50);
  fields("p99", late.p99);
  fields("max", late.max);
}

template <class Fields>
void Describe(Fields& fields, OpenLoop& load) {
  fields("late_operations", load.late_operations);
  fields("due_together", load.due_together);
  fields("intended_operations_per_second", load.intended_operations_per_second);
  fields("achieved_operations_per_second", load.achieved_operations_per_second);
  fields("rate_kept", load.rate_kept);
  fields("harness_late_ns", load.harness_late_ns);
}

template <class Fields>
void Describe(Fields& fields, Stage& stage) {
  fields("begin_seconds", stage.begin_seconds);
  fields("seconds", stage.seconds);
  fields("operations", stage.operations);
  fields("operations_per_second", stage.operations_per_second);
  fields("totals", stage.totals);
}

template <class Fields>
void Describe(Fields& fields, Stages& stages) {
  fields("filling", stages.filling);
  fields("stall", stages.stall);
  fields("steady", stages.steady);
}

namespace {

// Rows of numbers under the names of their columns.
struct TimelineTable {
  std::vector<std::string> columns;
  std::vector<std::vector<JsonScalar>> rows;
};

template <class Fields>
void Describe(Fields& fields, TimelineTable& table) {
  fields("columns", table.columns);
  fields("rows", table.rows);
}

constexpr const char* kFirstColumns[] = {"seconds", "operations"};

// Nothing of a timeline without rows.
std::optional<TimelineTable> TableOf(const std::vector<TimelineRow>& timeline) {
  if (timeline.empty()) return std::nullopt;
  TimelineTable table;
  table.columns.assign(std::begin(kFirstColumns), std::end(kFirstColumns));
  for (const auto& [name, value] : timeline.front().counters) table.columns.push_back(name);
  for (const TimelineRow& row : timeline) {
    std::vector<JsonScalar>& cells = table.rows.emplace_back();
    cells.emplace_back(row.seconds);
    cells.emplace_back(row.operations);
    for (const auto& [name, value] : row.counters) {
      cells.push_back(value ? JsonScalar(*value) : JsonScalar(nullptr));
    }
  }
  return table;
}

std::vector<TimelineRow> TimelineOf(const std::optional<TimelineTable>& table,
                                    const JsonPlace& place) {
  std::vector<TimelineRow> timeline;
  if (!table) return timeline;
  const std::vector<std::string>& columns = table->columns;
  const std::size_t first = std::size(kFirstColumns);
  if (columns.size() < first ||
      !std::equal(std::begin(kFirstColumns), std::end(kFirstColumns), columns.begin())) {
    place.Get("columns").Reject("the first are no seconds and operations");
  }
  for (const JsonPlace& row : place.Get("rows").Elements()) {
    const std::vector<JsonPlace> cells = row.Elements(columns.size());
    TimelineRow& read = timeline.emplace_back();
    read.seconds = cells[0].AsNumber();
    read.operations = cells[1].AsCount();
    for (std::size_t i = first; i < columns.size(); ++i) {
      ReadJson(cells[i], read.counters[columns[i]]);
    }
  }
  return timeline;
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, Repetition& repetition) {
  fields("round", repetition.round);
  fields("order", repetition.order);
  fields("status", repetition.status, kSavedStatusNames);
  fields.EmptyIsNull("error", repetition.error);
  fields("verified", repetition.verified);
  fields("operations", repetition.operations);
  fields("asked", repetition.asked);
  fields(kAcceptedFigure, repetition.accepted_ns, kNotNegative);
  fields(kDurableFigure, repetition.durable_ns, kNotNegative);
  fields(kSteadyFigure, repetition.steady_ns, kNotNegative);
  fields.ByName("phases", repetition.phases, kPhaseNames);
  fields("cache", repetition.cache);
  fields("memory", repetition.memory);
  fields("latency", repetition.latency);
  fields("open_loop", repetition.open_loop);
  fields("series", repetition.series);
  fields.As("timeline", repetition.timeline, TableOf, TimelineOf);
  fields("stages", repetition.stages);
}

namespace {

// A figure that no repetition had keeps its place, with null in all three.
struct SummaryFigure {
  std::optional<double> median;
  std::optional<double> low;
  std::optional<double> high;
};

template <class Fields>
void Describe(Fields& fields, SummaryFigure& figure) {
  fields("median", figure.median);
  fields("low", figure.low);
  fields("high", figure.high);
}

std::map<std::string, SummaryFigure> WithPlaces(const Figures& figures) {
  std::map<std::string, SummaryFigure> with_places;
  for (const auto& [name, estimate] : figures) {
    SummaryFigure& figure = with_places[name];
    if (estimate) figure = {estimate->median, estimate->low, estimate->high};
  }
  return with_places;
}

Figures WithoutPlaces(const std::map<std::string, SummaryFigure>& with_places, const JsonPlace&) {
  Figures figures;
  for (const auto& [name, figure] : with_places) {
    std::optional<Estimate>& estimate = figures[name];
    if (figure.median && figure.low && figure.high) {
      estimate = Estimate{*figure.median, *figure.low, *figure.high};
    }
  }
  return figures;
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, Summary& summary) {
  fields("repetitions", summary.repetitions);
  fields("ok", summary.ok);
  fields("interference", summary.interference);
  fields("failed", summary.failed);
  fields("unsupported", summary.unsupported);
  fields.Later("cut_off", summary.cut_off);
  fields.As("figures", summary.figures, WithPlaces, WithoutPlaces);
  fields("with_interference", summary.with_interference);
}

template <class Fields>
void Describe(Fields& fields, Trial& trial) {
  fields("id", trial.id);
  fields("section", trial.section);
  fields.Later("group", trial.group);
  fields.Later("net_of_waiting", trial.net_of_waiting);
  fields("strategy", trial.strategy);
  fields("workload", trial.workload);
  fields("parameters", trial.parameters);
  fields("repetitions", trial.repetitions);
  fields("summary", trial.summary);
}

// All but the trials. A reader has read them.
template <class Fields>
void DescribeHead(Fields& fields, Run& run) {
  fields.Constant("schema", kRunSchema);
  fields("complete", run.complete);
  fields("suite", run.suite);
  fields("environment", run.environment);
  fields("counters", run.counters);
  fields("absent", run.absent);
  fields("warnings", run.warnings);
  fields("limit_proofs", run.limit_proofs);
  fields("groups", run.groups);
  fields.DefaultLeftOut("judged_anew", run.judged_anew);
  std::vector<GroupedComparison> comparisons = ComparisonsOf(run.groups);
  fields("comparisons", comparisons);
  if constexpr (Fields::kReads) {
    if (run.has_comparisons) TakeComparisons(fields.place(), comparisons, run);
  }
}

Parameters ParametersOf(const TrialSpec& spec) {
  nlohmann::json parameters = ParametersToJson(spec);
  parameters["file_bytes"] = spec.records * spec.record_size;
  return FromMessage<Parameters>(parameters);
}

std::string ToText(const Trial& trial) { return ToLine(JsonOf(trial)); }

std::string ToText(const Run& run, std::span<const std::string> trials) {
  FieldWriter head;
  DescribeHead(head, ToBeShown(run));
  std::string text = ToLine(head.Take());
  text.pop_back();
  return fmt::format("{},\"trials\":[\n{}\n]}}\n", text, Join(trials, ",\n"));
}

std::string ToText(const Run& run) {
  std::vector<std::string> trials;
  for (const Trial& trial : run.trials) trials.push_back(ToText(trial));
  return ToText(run, trials);
}

Run ParseRun(std::string name, const std::string& text) {
  JsonText document(name, text);
  const JsonPlace root = document.Root();
  const JsonPlace schema = root.Get("schema");
  root.RequireObject();
  if (const std::string found = schema.AsText(); found != kRunSchema && found != kOldRunSchema) {
    schema.Reject(fmt::format("expected \"{}\", found \"{}\"; is it a run, and of this version?",
                              kRunSchema, found.substr(0, 60)));
  }
  Run run;
  run.name = std::move(name);
  run.has_comparisons = Modernize(document.value());
  FieldReader fields(root);
  fields("trials", run.trials);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < run.trials.size(); ++i) {
    const std::string& id = run.trials[i].id;
    if (!ids.insert(id).second) {
      root.Get("trials").Elements()[i].Get("id").Reject(fmt::format("'{}' is there twice", id));
    }
  }
  DescribeHead(fields, run);
  for (auto& [counter, info] : run.counters) info.name = counter;
  return run;
}

}  // namespace document
}  // namespace faultline
