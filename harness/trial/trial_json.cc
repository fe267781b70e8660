#include "harness/trial/trial_json.h"

namespace faultline {

using nlohmann::json;

std::string ToLine(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json FromLine(const std::string& line) { return json::parse(line); }

json RegimeToJson(const TrialSpec& spec) {
  return {{"records", spec.records},
          {"record_size", spec.record_size},
          {"operations", spec.operations},
          {"passes", spec.passes},
          {"threads", spec.threads},
          {"processes", spec.processes},
          {"cache", CacheStateName(spec.cache)},
          {"memory_limit_bytes", OptionalToJson(spec.memory_limit_bytes)},
          {"seed", spec.seed}};
}

json ParametersToJson(const TrialSpec& spec) {
  json parameters = RegimeToJson(spec);
  parameters.update({{"latency", LatencyModeName(spec.latency)},
                     {"load", LoadModeName(spec.load)},
                     {"rate", OptionalToJson(spec.rate)},
                     {"arrivals", ArrivalsName(spec.arrivals)},
                     {"timeline", spec.timeline}});
  return parameters;
}

json ToJson(const TrialSpec& spec) {
  const std::string directory = spec.directory.string();
  json document = ParametersToJson(spec);
  document.update({{"section", spec.section},
                   {"strategy", spec.strategy},
                   {"workload", spec.workload},
                   {"directory", std::vector<std::uint8_t>(directory.begin(), directory.end())},
                   {"timeout_seconds", spec.timeout_seconds},
                   {"copy", spec.copy}});
  return document;
}

TrialSpec TrialSpecFromJson(const json& document) {
  TrialSpec spec;
  spec.section = document.at("section");
  spec.strategy = document.at("strategy");
  spec.workload = document.at("workload");
  spec.records = document.at("records");
  spec.record_size = document.at("record_size");
  spec.operations = document.at("operations");
  spec.passes = document.at("passes");
  spec.threads = document.at("threads");
  spec.processes = document.at("processes");
  spec.cache = ParseCacheState(document.at("cache").get<std::string>());
  spec.memory_limit_bytes = OptionalFromJson<std::uint64_t>(document.at("memory_limit_bytes"));
  spec.seed = document.at("seed");
  spec.latency = ParseLatencyMode(document.at("latency").get<std::string>());
  spec.load = ParseLoadMode(document.at("load").get<std::string>());
  spec.rate = OptionalFromJson<double>(document.at("rate"));
  spec.arrivals = ParseArrivals(document.at("arrivals").get<std::string>());
  spec.timeline = document.at("timeline");
  const auto directory = document.at("directory").get<std::vector<std::uint8_t>>();
  spec.directory = std::string(directory.begin(), directory.end());
  spec.timeout_seconds = document.at("timeout_seconds");
  spec.copy = document.at("copy");
  return spec;
}

json FactsToJson(const os::Facts& facts) {
  json object = json::object();
  for (const auto& [name, value] : facts) object[name] = OptionalToJson(value);
  return object;
}

os::Facts FactsFromJson(const json& document) {
  os::Facts facts;
  for (const auto& [name, value] : document.items()) {
    facts[name] = OptionalFromJson<std::string>(value);
  }
  return facts;
}

json ToJson(const Counters& counters) {
  json object = json::object();
  for (const auto& [name, value] : counters) object[name] = OptionalToJson(value);
  return object;
}

Counters CountersFromJson(const json& document) {
  Counters counters;
  for (const auto& [name, value] : document.items()) {
    counters[name] = OptionalFromJson<std::uint64_t>(value);
  }
  return counters;
}

json ToJson(const Histogram& histogram) {
  json bins = json::array();
  for (const Histogram::Bin& bin : histogram.NonEmptyBins()) {
    bins.push_back({bin.lower, bin.upper, bin.count});
  }
  return {{"max", histogram.maximum()}, {"bins", bins}};
}

Histogram HistogramFromJson(const json& document) {
  Histogram histogram;
  for (const auto& bin : document.at("bins")) {
    histogram.AddBin({bin.at(0), bin.at(1), bin.at(2)});
  }
  histogram.NoteMaximum(document.at("max"));
  return histogram;
}

json ToJson(const PreparedCache& prepared) {
  return {{"state", CacheStateName(prepared.state)},
          {"total_pages", prepared.residency.total_pages},
          {"cached_pages", prepared.residency.cached_pages},
          {"dirty_pages", OptionalToJson(prepared.residency.dirty_pages)},
          {"mincore", prepared.residency.source == "mincore"},
          {"proved", prepared.proved},
          {"why_not", prepared.why_not}};
}

PreparedCache PreparedCacheFromJson(const json& document) {
  PreparedCache prepared;
  prepared.state = ParseCacheState(document.at("state").get<std::string>());
  prepared.residency.total_pages = document.at("total_pages");
  prepared.residency.cached_pages = document.at("cached_pages");
  prepared.residency.dirty_pages = OptionalFromJson<std::uint64_t>(document.at("dirty_pages"));
  prepared.residency.source = document.at("mincore").get<bool>() ? "mincore" : "cachestat";
  prepared.proved = document.at("proved");
  prepared.why_not = document.at("why_not");
  return prepared;
}

json ToJson(const Verification& verdict) {
  return {{"correct", verdict.correct},
          {"wrong_records", verdict.wrong_records},
          {"first_wrong_record", verdict.first_wrong_record},
          {"damage", static_cast<int>(verdict.damage)},
          {"read_checksum", verdict.read_checksum},
          {"description", verdict.description}};
}

Verification VerificationFromJson(const json& document) {
  Verification verdict;
  verdict.correct = document.at("correct");
  verdict.wrong_records = document.at("wrong_records");
  verdict.first_wrong_record = document.at("first_wrong_record");
  verdict.damage = static_cast<Damage>(document.at("damage").get<int>());
  verdict.read_checksum = document.at("read_checksum");
  verdict.description = document.at("description");
  return verdict;
}

}  // namespace faultline
