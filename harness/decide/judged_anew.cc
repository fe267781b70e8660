#include "harness/decide/judged_anew.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/comparisons_json.h"
#include "harness/report/group.h"
#include "harness/report/run_document.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

// Why the trial counts for nothing, as the verb behind its strategy's name; or "".
// A document may also show what no run would leave: a wrong file, or one that nobody looked at.
std::string TroubleOf(const LoadedTrial& trial) {
  if (std::string problem = trial.Problem(); !problem.empty()) return problem;
  std::vector<RepetitionEnd> ends;
  for (const LoadedRepetition& repetition : trial.repetitions) {
    ends.push_back({repetition.status, repetition.error});
  }
  return faultline::TroubleOf(ends);
}

verdict::GroupArm ArmOf(const LoadedTrial& trial) {
  verdict::GroupArm arm{.strategy = trial.title, .trouble = TroubleOf(trial), .figures = {}};
  for (const FigureInfo& figure : JudgedFigures()) {
    verdict::Rounds rounds = trial.RoundsOf(figure.name);
    if (!rounds.values().empty()) arm.figures[figure.name] = std::move(rounds);
  }
  return arm;
}

// Makes `document` of the trial what this version writes.
void Renew(const LoadedTrial& trial, json& document) {
  document["group"] = trial.group;
  document["strategy"]["title"] = trial.title;
  for (std::size_t i = 0; i < trial.repetitions.size(); ++i) {
    json& repetition = document["repetitions"][i];
    repetition["round"] = trial.repetitions[i].round;
    repetition["status"] = StatusName(trial.repetitions[i].status);
  }
  json& summary = document["summary"];
  summary["interference"] = trial.Count(Status::kInterference);
  // Older documents kept the figures of a trial apart in which no repetition was without interference.
  const auto only = summary.find("disturbed_only");
  const bool with_interference = only != summary.end() && only->is_object();
  summary["with_interference"] = with_interference;
  if (with_interference) summary["figures"] = json(*only);
  summary.erase("disturbed");
  summary.erase("disturbed_only");
}

}  // namespace

void JudgeAnew(LoadedRun& run) {
  run.groups.clear();
  run.judged_anew = true;
  std::vector<std::string> titles;
  for (const LoadedTrial& trial : run.trials) {
    if (std::find(titles.begin(), titles.end(), trial.group) == titles.end()) {
      titles.push_back(trial.group);
    }
  }
  for (const std::string& title : titles) {
    std::vector<verdict::GroupArm> arms;
    for (const LoadedTrial& trial : run.trials) {
      if (trial.group == title && trial.stores()) arms.push_back(ArmOf(trial));
    }
    run.groups.push_back(verdict::JudgeGroup(title, kUsualBaseline, arms, GroupFigures()));
  }
}

std::optional<std::string> JudgedDocument(const std::string& name, const std::string& text) {
  json document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return std::nullopt;
  const auto schema = document.find("schema");
  if (schema == document.end() || !schema->is_string()) return std::nullopt;
  if (!schema->get<std::string>().starts_with("faultline-run/")) return std::nullopt;
  const auto comparisons = document.find("comparisons");
  if (comparisons != document.end() && !comparisons->is_null()) return std::nullopt;
  const LoadedRun run = ParseRun(name, text);
  document["schema"] = kRunSchema;
  document["judged_anew"] = true;
  document["groups"] = GroupsToJson(run.groups);
  document["comparisons"] = ComparisonsToJson(run.groups);
  document.erase("noise_floor");
  for (std::size_t i = 0; i < run.trials.size(); ++i) Renew(run.trials[i], document["trials"][i]);
  return ToLine(document) + "\n";
}

}  // namespace faultline
