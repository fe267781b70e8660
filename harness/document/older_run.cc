#include "harness/document/older_run.h"

#include <charconv>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/document/run.h"

namespace faultline::document {
namespace {

using nlohmann::json;

// nullptr where there is none of that type.
json* Member(json& object, const char* name, json::value_t type) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() || found->type() != type ? nullptr : &*found;
}

void ModernizeSummary(json& summary) {
  if (const auto old = summary.find("disturbed"); old != summary.end()) {
    summary["interference"] = *old;
    summary.erase("disturbed");
  }
  // The figures of a trial in which no repetition was without interference stood apart.
  const auto only = summary.find("disturbed_only");
  const bool with_interference = only != summary.end() && only->is_object();
  if (!summary.contains("with_interference")) summary["with_interference"] = with_interference;
  if (with_interference) summary["figures"] = json(*only);
  summary.erase("disturbed_only");
}

// `index`: the repetition's place in its trial, its round where the document has none.
void ModernizeRepetition(json& repetition, std::size_t index) {
  if (!repetition.is_object()) return;
  if (!repetition.contains("round")) repetition["round"] = index;
  json* status = Member(repetition, "status", json::value_t::string);
  if (status != nullptr && *status == "disturbed") {
    *status = StatusName(Status::kInterference);
  }
}

// Its strategies called the period of their flushes "every", and what switched waiting for them off
// "sync". Null for 0, and where the settings don't say.
json FlushPeriodBySettings(json& strategy) {
  json* settings = Member(strategy, "effective", json::value_t::object);
  if (settings == nullptr) return nullptr;
  const json* wait = Member(*settings, "sync", json::value_t::string);
  if (wait != nullptr && *wait != "on") return nullptr;
  const json* every = Member(*settings, "every", json::value_t::string);
  if (every == nullptr) return nullptr;
  const std::string& text = every->get_ref<const std::string&>();
  std::uint64_t period = 0;
  std::from_chars(text.data(), text.data() + text.size(), period);
  return period == 0 ? json(nullptr) : json(period);
}

void AddFlushPeriods(json& document) {
  json* trials = Member(document, "trials", json::value_t::array);
  if (trials == nullptr) return;
  for (json& trial : *trials) {
    json* strategy = Member(trial, "strategy", json::value_t::object);
    if (strategy == nullptr || strategy->contains("flush_period")) continue;
    const json* durability = Member(*strategy, "durability", json::value_t::string);
    const bool periodic = durability != nullptr && *durability == "periodic";
    (*strategy)["flush_period"] = periodic ? FlushPeriodBySettings(*strategy) : json(nullptr);
  }
}

void ModernizeTrial(json& trial) {
  if (json* strategy = Member(trial, "strategy", json::value_t::object)) {
    const json* spec = Member(*strategy, "spec", json::value_t::string);
    const json* id = Member(trial, "id", json::value_t::string);
    if (spec != nullptr && id != nullptr && !strategy->contains("title")) {
      const bool twin = id->get_ref<const std::string&>().ends_with("#2");
      (*strategy)["title"] = spec->get<std::string>() + (twin ? "#2" : "");
    }
  }
  if (json* summary = Member(trial, "summary", json::value_t::object)) ModernizeSummary(*summary);
  json* repetitions = Member(trial, "repetitions", json::value_t::array);
  if (repetitions == nullptr) return;
  for (std::size_t i = 0; i < repetitions->size(); ++i) ModernizeRepetition((*repetitions)[i], i);
}

}  // namespace

bool Modernize(json& document) {
  AddFlushPeriods(document);
  const auto comparisons = document.find("comparisons");
  const bool has_comparisons = comparisons != document.end() && !comparisons->is_null();
  if (document["schema"] != kOldRunSchema && has_comparisons) return true;
  document["schema"] = kRunSchema;
  if (!has_comparisons) document["groups"] = document["comparisons"] = json::array();
  if (json* trials = Member(document, "trials", json::value_t::array)) {
    for (json& trial : *trials) ModernizeTrial(trial);
  }
  return has_comparisons;
}

}  // namespace faultline::document
