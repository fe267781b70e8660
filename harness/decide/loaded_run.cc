#include "harness/decide/loaded_run.h"

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/decide/json_place.h"
#include "harness/decide/judged_anew.h"
#include "harness/decide/loaded_groups.h"
#include "harness/os/file.h"
#include "harness/report/group.h"
#include "harness/report/run_document.h"

namespace faultline {
namespace {

constexpr const char* kOldSchema = "faultline-run/1";
constexpr const char* kOldInterference = "disturbed";  // what the status was called there

// The value whose `name` stands there.
template <class Value>
Value OneOf(const JsonPlace& place, std::initializer_list<Value> values,
            std::string_view (*name)(Value)) {
  const std::string text = place.RequiredText();
  std::vector<std::string> known;
  for (Value value : values) {
    if (text == name(value)) return value;
    known.emplace_back(name(value));
  }
  place.Refuse(Concat("unknown '", text.substr(0, 40), "'; known are ", Join(known, ", ")));
}

void CheckSchema(const JsonPlace& root) {
  const JsonPlace place = root.Get("schema");
  const std::string schema = place.RequiredText();
  if (schema == kRunSchema || schema == kOldSchema) return;
  place.Refuse(Concat("expected \"", kRunSchema, "\", found \"", schema.substr(0, 60),
                      "\"; is it a run, and of this version?"));
}

std::map<std::string, std::string> PlainTexts(const JsonPlace& place, bool with_null) {
  std::map<std::string, std::string> texts;
  for (const auto& [name, value] : place.Members()) {
    const std::optional<std::string> text = value.Plain();
    if (text || with_null) texts[name] = text.value_or("null");
  }
  return texts;
}

std::map<std::string, std::string> CountUnits(const JsonPlace& counters) {
  std::map<std::string, std::string> units;
  for (const auto& [name, counter] : counters.Members()) {
    if (counter.Get("kind").RequiredText() == "total") {
      units[name] = counter.Get("unit").Text().value_or("");
    }
  }
  return units;
}

LoadedParameters Parameters(const JsonPlace& place) {
  return {.records = place.Get("records").RequiredCount(),
          .record_size = place.Get("record_size").RequiredCount(),
          .file_bytes = place.Get("file_bytes").RequiredCount(),
          .operations = place.Get("operations").RequiredCount(),
          .passes = place.Get("passes").RequiredCount(),
          .threads = place.Get("threads").RequiredCount(),
          .processes = place.Get("processes").RequiredCount(),
          .cache = place.Get("cache").RequiredText(),
          .memory_limit_bytes = place.Get("memory_limit_bytes").Count()};
}

// A time that a ratio can be made of.
std::optional<double> Nanoseconds(const JsonPlace& place) {
  const std::optional<double> ns = place.Number();
  if (ns && *ns < 0) place.Refuse("a time isn't negative");
  return ns;
}

// Sums the totals over the phases; a counter that one of them lacks is absent.
void ReadCounters(const JsonPlace& phases, const std::map<std::string, std::string>& units,
                  LoadedRepetition& repetition) {
  std::map<std::string, std::size_t> phases_with;
  const auto members = phases.Members();
  for (const auto& [phase, result] : members) {
    for (const auto& [name, value] : result.Get("counters").Members()) {
      const std::optional<std::uint64_t> count = value.Count();
      if (!count) continue;
      if (name == "peak_resident_bytes") {
        repetition.peak_bytes = std::max(repetition.peak_bytes, count);
      } else if (units.contains(name)) {
        ++phases_with[name];
        repetition.counts[name] += *count;
      }
    }
  }
  for (const auto& [name, number] : phases_with) {
    if (number < members.size()) repetition.counts.erase(name);
  }
}

Status StatusAt(const JsonPlace& place) {
  if (place.RequiredText() == kOldInterference) return Status::kInterference;
  return OneOf(
      place,
      {Status::kOk, Status::kFailed, Status::kInterference, Status::kUnsupported, Status::kCutOff},
      StatusName);
}

std::map<std::string, double> Latency(const JsonPlace& place) {
  std::map<std::string, double> latency;
  if (place.Get("samples").Count().value_or(0) == 0) return latency;
  for (const char* percentile : {"p50", "p99", "p999"}) {
    if (const auto ns = Nanoseconds(place.Get(percentile))) latency[percentile] = *ns;
  }
  return latency;
}

// `index`: the repetition's place in its trial, its round where the document has none.
LoadedRepetition Repetition(const JsonPlace& place, std::uint64_t index,
                            const std::map<std::string, std::string>& units) {
  LoadedRepetition repetition;
  repetition.round = place.Get("round").Count().value_or(index);
  repetition.status = StatusAt(place.Get("status"));
  repetition.error = place.Get("error").Text().value_or("");
  repetition.verified = place.Get("verified").Truth();
  repetition.accepted_ns = Nanoseconds(place.Get(kAcceptedFigure));
  repetition.durable_ns = Nanoseconds(place.Get(kDurableFigure));
  repetition.steady_ns = Nanoseconds(place.Get(kSteadyFigure));
  repetition.latency = Latency(place.Get("latency"));
  repetition.changed_bytes = place.Get("asked").Get("changed_bytes").Number();
  repetition.limited_peak_bytes = place.Get("memory").Get("peak_bytes").Count();
  ReadCounters(place.Get("phases"), units, repetition);
  return repetition;
}

// The title of the trial's group as this version writes it, for a document that has none.
std::string GroupTitle(const JsonPlace& place, const LoadedTrial& trial) {
  const LoadedParameters& loaded = trial.parameters;
  const JsonPlace parameters = place.Get("parameters");
  TrialSpec spec;
  spec.section = trial.section;
  spec.workload = trial.workload;
  spec.records = loaded.records;
  spec.record_size = loaded.record_size;
  spec.operations = loaded.operations;
  spec.passes = loaded.passes;
  spec.threads = loaded.threads;
  spec.processes = loaded.processes;
  spec.cache =
      OneOf(parameters.Get("cache"),
            {CacheState::kCold, CacheState::kStreamed, CacheState::kPaged, CacheState::kWritten},
            CacheStateName);
  spec.memory_limit_bytes = loaded.memory_limit_bytes;
  if (trial.open_load()) spec.load = LoadMode::kOpen;
  spec.rate = parameters.Get("rate").Number();
  if (parameters.Get("arrivals").Text() == ArrivalsName(Arrivals::kPoisson)) {
    spec.arrivals = Arrivals::kPoisson;
  }
  return TrialTitle(spec);
}

LoadedTrial Trial(const JsonPlace& place, const std::map<std::string, std::string>& units) {
  LoadedTrial trial;
  trial.id = place.Get("id").RequiredText();
  trial.section = place.Get("section").Text().value_or("");
  const JsonPlace strategy = place.Get("strategy");
  trial.strategy = strategy.Get("spec").RequiredText();
  trial.title = strategy.Get("title").Text().value_or(trial.strategy +
                                                      (trial.id.ends_with("#2") ? "#2" : ""));
  trial.durability =
      OneOf(strategy.Get("durability"),
            {Durability::kNever, Durability::kAfterFlush, Durability::kPeriodic}, DurabilityName);
  trial.effective = PlainTexts(strategy.Get("effective"), false);
  trial.gives_back = strategy.Get("gives_back").Truth();
  const JsonPlace workload = place.Get("workload");
  trial.workload = workload.Get("spec").RequiredText();
  trial.own_flushes = workload.Get("needs_durability").Truth().value_or(false);
  if (workload.Get("name").Text() == "trace") {
    trial.replay = PlainTexts(workload.Get("facts"), false);
  }
  const JsonPlace parameters = place.Get("parameters").NotNull("an object");
  trial.parameters = Parameters(parameters);
  trial.all_parameters = PlainTexts(parameters, true);
  const std::optional<std::string> group = place.Get("group").Text();
  trial.group = group ? *group : GroupTitle(place, trial);
  for (const JsonPlace& repetition : place.Get("repetitions").Elements()) {
    trial.repetitions.push_back(Repetition(repetition, trial.repetitions.size(), units));
    if (!trial.open_load()) continue;
    LoadedRepetition& last = trial.repetitions.back();
    last.accepted_ns = last.durable_ns = last.steady_ns = std::nullopt;
  }
  return trial;
}

}  // namespace

std::optional<double> LoadedRepetition::Figure(std::string_view name) const {
  constexpr std::string_view kTotal = "total.";
  constexpr std::string_view kLatency = "latency.";
  if (name == kAcceptedFigure) return accepted_ns;
  if (name == kDurableFigure) return durable_ns;
  if (name == kSteadyFigure) return steady_ns;
  if (name.starts_with(kTotal)) {
    const auto count = counts.find(std::string(name.substr(kTotal.size())));
    if (count != counts.end()) return static_cast<double>(count->second);
  } else if (name.starts_with(kLatency)) {
    const auto percentile = latency.find(std::string(name.substr(kLatency.size())));
    if (percentile != latency.end()) return percentile->second;
  }
  return std::nullopt;
}

bool LoadedTrial::open_load() const {
  const auto load = all_parameters.find("load");
  return load != all_parameters.end() && load->second == "open";
}

std::uint64_t LoadedTrial::Count(Status status) const {
  return static_cast<std::uint64_t>(
      std::count_if(repetitions.begin(), repetitions.end(),
                    [status](const LoadedRepetition& r) { return r.status == status; }));
}

std::string LoadedTrial::Problem() const {
  for (const LoadedRepetition& repetition : repetitions) {
    if (repetition.status == Status::kFailed) {
      return Concat("failed", repetition.error.empty() ? "" : ": ", repetition.error);
    }
    if (repetition.verified == false) return "left a wrong file";
    if (repetition.usable() && stores() && !repetition.verified) return "was not verified";
  }
  return {};
}

std::string LoadedTrial::ErrorOf(Status status) const {
  for (const LoadedRepetition& repetition : repetitions) {
    if (repetition.status == status) return repetition.error;
  }
  return {};
}

verdict::Rounds LoadedTrial::RoundsOf(std::string_view figure) const {
  verdict::Rounds rounds;
  for (const LoadedRepetition& repetition : repetitions) {
    if (!repetition.usable()) continue;
    const std::optional<double> value = repetition.Figure(figure);
    if (value) rounds.Add(repetition.round, {*value, repetition.interference()});
  }
  return rounds;
}

std::vector<const LoadedRepetition*> LoadedTrial::Usable() const {
  verdict::Rounds places;  // in `repetitions`
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    if (!repetitions[i].usable()) continue;
    places.Add(repetitions[i].round, {static_cast<double>(i), repetitions[i].interference()});
  }
  std::vector<const LoadedRepetition*> usable;
  for (const double place : places.Costs()) {
    usable.push_back(&repetitions[static_cast<std::size_t>(place)]);
  }
  return usable;
}

const LoadedTrial* LoadedRun::Find(const std::string& id) const {
  const auto found = std::find_if(trials.begin(), trials.end(),
                                  [&id](const LoadedTrial& trial) { return trial.id == id; });
  return found == trials.end() ? nullptr : &*found;
}

std::filesystem::path RunDocumentPath(const std::filesystem::path& place) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(place, ignored)) return place;
  const std::filesystem::path path = place / "run.json";
  if (std::filesystem::exists(path, ignored)) return path;
  throw UsageError(Concat(WithoutControls(place.string()),
                          ": holds no run.json; name one, or the folder it is in"));
}

LoadedRun LoadRun(const std::filesystem::path& place) {
  const std::filesystem::path path = RunDocumentPath(place);
  std::string text;
  try {
    text = os::ReadText(path);
  } catch (const os::SystemError& error) {
    throw UsageError(
        Concat(WithoutControls(error.what()), "; name a run.json, or the folder it is in"));
  }
  return ParseRun(WithoutControls(path.string()), text);
}

LoadedRun ParseRun(std::string name, const std::string& text) {
  const JsonText document(name, text);
  const JsonPlace root = document.Root().NotNull("an object");
  CheckSchema(root);
  LoadedRun run;
  run.name = std::move(name);
  run.complete = root.Get("complete").Truth().value_or(false);
  run.environment = PlainTexts(root.Get("environment"), false);
  run.count_units = CountUnits(root.Get("counters"));
  std::set<std::string> ids;
  for (const JsonPlace& trial : root.Get("trials").NotNull("an array").Elements()) {
    run.trials.push_back(Trial(trial, run.count_units));
    const std::string& id = run.trials.back().id;
    if (!ids.insert(id).second) trial.Get("id").Refuse(Concat("'", id, "' is there twice"));
  }
  if (root.Get("comparisons").IsNull()) {
    JudgeAnew(run);
  } else {
    run.groups = ReadGroups(root, run.trials);
  }
  return run;
}

}  // namespace faultline
