// The documents of a crossover: crossover.json, what was measured and found, and policy.json, what
// a program should do by it. docs/documents.md says what each field is. Strategies are numbered by
// their place in the document's list; the number behind the last is the twin of a point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/document/promised_strategy.h"
#include "harness/json/json_place.h"
#include "harness/os/system_info.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial.h"
#include "harness/verdict/card.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/estimate.h"

namespace faultline::document {

inline constexpr const char* kCrossoverSchema = "faultline-crossover/2";
inline constexpr const char* kPolicySchema = "faultline-policy/1";

struct CrossoverAxis {
  std::string parameter;
  std::string kind;  // "size", "count", "real"
  double low = 0;
  double high = 0;
  bool logarithmic = false;
};

struct CrossoverRange {
  double low = 0;  // up to the boundaries on either side, or the ends of the points
  double high = 0;
  std::size_t strategy = 0;  // the cheapest of those that are best, or tied with it, all over it
  std::vector<std::size_t> others;  // the rest of those
};

struct CrossoverBoundary {
  std::size_t from = 0;  // strategies: below the boundary, and above it
  std::size_t to = 0;
  double value = 0;  // from where on `to` is to be taken: where their costs are equal, interpolated
  double low = 0;    // last point where `to` is surely slower
  double high = 0;   // first point where `from` is surely slower
};

struct CrossoverRepetition {
  std::uint64_t round = 0;  // of its point
  Status status = Status::kOk;
  std::string error;  // one line, or ""
  std::optional<double> accepted_ns;
  std::optional<double> durable_ns;
  std::optional<double> steady_ns;
};

struct CrossoverResult {
  std::size_t strategy = 0;
  std::string spec;    // at this point
  std::string status;  // "ok", "interference", "failed", "unsupported", "cut off", "not run"
  std::string error;   // or ""
  std::uint64_t ok = 0;
  std::uint64_t interference = 0;
  std::map<std::string, std::optional<Estimate>> figures;  // ns per operation
  std::vector<CrossoverRepetition> repetitions;
};

struct CrossoverComparison {
  std::string figure;
  std::size_t strategy = 0;
  std::size_t baseline = 0;
  verdict::Comparison comparison;  // without rounds_needed and with_interference
};

struct CrossoverPoint {
  double x = 0;
  std::string purpose;  // "grid", "narrow"
  std::uint64_t rounds = 0;
  std::vector<std::size_t> winners;
  std::string inconclusive;  // why the winners are not known, or ""
  verdict::Ranking ranking;
  std::vector<CrossoverComparison> comparisons;
  std::optional<std::map<std::string, JsonScalar>> parameters;  // of the trial; none can be run
  bool net_of_waiting = false;  // all times at the point (ShareClock)
  std::vector<CrossoverResult> results;
  std::vector<CrossoverRepetition> again;  // of the twin
};

struct CrossoverRow {
  std::optional<double> y;
  std::vector<CrossoverPoint> points;
  std::vector<CrossoverRange> ranges;
  std::vector<CrossoverBoundary> crossovers;
};

struct CrossoverStudy {
  bool complete = false;
  std::string ended;  // "narrow", "budget", "interrupted", or "" while it goes on
  double beaten_by = 0;
  os::Facts environment;
  std::vector<std::string> warnings;
  std::vector<LimitProof> limit_proofs;
  std::string figure;
  std::vector<PromisedStrategy> strategies;
  CrossoverAxis x;
  std::optional<CrossoverAxis> y;
  std::vector<std::string> regimes;
  std::vector<CrossoverRow> rows;
};

struct PolicyRange {
  CrossoverRange range;
  std::optional<CrossoverBoundary> boundary;  // at its upper end; its strategies are the ranges'
};

struct PolicyRow {
  std::optional<double> y;
  std::optional<double> low;  // of y
  std::optional<double> high;
  std::vector<PolicyRange> ranges;
};

struct Policy {
  std::string version;
  bool complete = false;
  std::string machine;
  std::vector<std::string> regimes;
  std::string figure;
  std::vector<std::string> strategies;
  CrossoverAxis x;
  std::optional<CrossoverAxis> y;
  std::vector<PolicyRow> rows;
};

// The documents, with a line break at their end.
std::string ToText(const CrossoverStudy& study);
std::string ToText(const Policy& policy);

// Throw UsageError, one line with `name` and field.
CrossoverStudy ParseCrossover(const std::string& name, const std::string& text);
Policy ParsePolicy(const std::string& name, const std::string& text);

}  // namespace faultline::document
