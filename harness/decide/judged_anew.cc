#include "harness/decide/judged_anew.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "faultline/error.h"
#include "harness/report/group.h"

namespace faultline {
namespace {

using nlohmann::json;

// The title of the trial's group as this version writes it.
std::string GroupTitle(const document::Trial& trial) {
  const document::Parameters& parameters = trial.parameters;
  const auto other = [&parameters](const char* name) -> JsonScalar {
    const auto found = parameters.others.find(name);
    return found == parameters.others.end() ? JsonScalar(nullptr) : found->second;
  };
  TrialSpec spec;
  spec.section = trial.section;
  spec.records = parameters.records;
  spec.record_size = parameters.record_size;
  spec.operations = parameters.operations;
  spec.passes = parameters.passes;
  spec.threads = parameters.threads;
  spec.processes = parameters.processes;
  spec.cache = ParseCacheState(parameters.cache);
  spec.memory_limit_bytes = parameters.memory_limit_bytes;
  if (trial.open_load()) spec.load = LoadMode::kOpen;
  const JsonScalar rate = other("rate");
  if (const auto* real = std::get_if<double>(&rate)) spec.rate = *real;
  if (const auto* whole = std::get_if<std::uint64_t>(&rate))
    spec.rate = static_cast<double>(*whole);
  if (TextOf(other("arrivals")) == kArrivalsNames(Arrivals::kPoisson)) {
    spec.arrivals = Arrivals::kPoisson;
  }
  return TrialTitle(spec, trial.workload.spec);
}

// Why the trial counts for nothing, as the verb behind its strategy's name; or "".
// A document may also show what no run would leave: a wrong file, or one that was not verified.
std::string TroubleOf(const document::Trial& trial) {
  if (std::string problem = trial.Problem(); !problem.empty()) return problem;
  std::vector<RepetitionEnd> ends;
  for (const document::Repetition& repetition : trial.repetitions) {
    ends.push_back({repetition.status, repetition.error});
  }
  return faultline::TroubleOf(ends);
}

verdict::GroupArm ArmOf(const document::Trial& trial) {
  verdict::GroupArm arm{
      .strategy = trial.strategy.title, .trouble = TroubleOf(trial), .figures = {}};
  for (const FigureInfo& figure : JudgedFigures()) {
    verdict::Rounds rounds = trial.RoundsOf(figure.name);
    if (!rounds.values().empty()) arm.figures[figure.name] = std::move(rounds);
  }
  return arm;
}

// Whether it is a run document without comparisons.
bool LacksComparisons(const std::string& text) {
  const json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return false;
  const auto schema = document.find("schema");
  if (schema == document.end() || !schema->is_string()) return false;
  const auto comparisons = document.find("comparisons");
  return schema->get_ref<const std::string&>().starts_with("faultline-run/") &&
         (comparisons == document.end() || comparisons->is_null());
}

}  // namespace

void JudgeAnew(document::Run& run) {
  run.groups.clear();
  run.judged_anew = true;
  std::vector<std::string> titles;
  for (document::Trial& trial : run.trials) {
    try {
      if (trial.group.empty()) trial.group = GroupTitle(trial);
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("{}: trial {}: {}", run.name, trial.id, error.what()));
    }
    if (std::find(titles.begin(), titles.end(), trial.group) == titles.end()) {
      titles.push_back(trial.group);
    }
  }
  for (const std::string& title : titles) {
    std::vector<verdict::GroupArm> arms;
    document::Parameters parameters;  // all of a group are alike
    for (const document::Trial& trial : run.trials) {
      if (trial.group != title) continue;
      parameters = trial.parameters;
      if (trial.stores()) arms.push_back(ArmOf(trial));
    }
    run.groups.push_back(verdict::JudgeGroup(
        title, kUsualBaseline, arms,
        GroupFigures(parameters.operations * parameters.passes, parameters.record_size)));
  }
}

std::optional<std::string> JudgedDocument(const std::string& name, const std::string& text) {
  if (!LacksComparisons(text)) return std::nullopt;
  document::Run run = document::ParseRun(name, text);
  JudgeAnew(run);
  return document::ToText(run);
}

}  // namespace faultline
