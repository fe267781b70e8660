#include "harness/document/crossover.h"

#include <algorithm>

#include "harness/document/common_fields.h"
#include "harness/json/line.h"

namespace faultline::document {
namespace {

// A boundary whose strategies are known: those of the ranges on either side.
struct Bounds {
  double value = 0;
  double low = 0;
  double high = 0;
};

template <class Fields>
void Describe(Fields& fields, Bounds& bounds) {
  fields("value", bounds.value);
  fields("low", bounds.low);
  fields("high", bounds.high);
}

std::optional<Bounds> BoundsOf(const std::optional<CrossoverBoundary>& boundary) {
  if (!boundary) return std::nullopt;
  return Bounds{boundary->value, boundary->low, boundary->high};
}

std::optional<CrossoverBoundary> BoundaryOf(const std::optional<Bounds>& bounds, const JsonPlace&) {
  if (!bounds) return std::nullopt;
  return CrossoverBoundary{.value = bounds->value, .low = bounds->low, .high = bounds->high};
}

std::string ScaleName(bool logarithmic) { return logarithmic ? "log" : "linear"; }

bool IsLogarithmic(const std::string& scale, const JsonPlace& place) {
  const std::vector<std::string> known = {ScaleName(true), ScaleName(false)};
  if (std::find(known.begin(), known.end(), scale) == known.end()) place.RejectName(scale, known);
  return scale == known.front();
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, CrossoverAxis& axis) {
  fields("parameter", axis.parameter);
  fields("kind", axis.kind);
  fields("low", axis.low);
  fields("high", axis.high);
  fields.As("scale", axis.logarithmic, ScaleName, IsLogarithmic);
}

template <class Fields>
void Describe(Fields& fields, CrossoverRange& range) {
  fields("low", range.low);
  fields("high", range.high);
  fields("strategy", range.strategy);
  fields("others", range.others);
}

template <class Fields>
void Describe(Fields& fields, CrossoverBoundary& boundary) {
  fields("from", boundary.from);
  fields("to", boundary.to);
  fields("value", boundary.value);
  fields("low", boundary.low);
  fields("high", boundary.high);
}

template <class Fields>
void Describe(Fields& fields, CrossoverRepetition& repetition) {
  fields("round", repetition.round);
  fields("status", repetition.status, kSavedStatusNames);
  fields.EmptyIsNull("error", repetition.error);
  fields(kAcceptedFigure, repetition.accepted_ns, kNotNegative);
  fields(kDurableFigure, repetition.durable_ns, kNotNegative);
  fields(kSteadyFigure, repetition.steady_ns, kNotNegative);
}

template <class Fields>
void Describe(Fields& fields, CrossoverResult& result) {
  fields("strategy", result.strategy);
  fields("spec", result.spec);
  fields("status", result.status);
  fields.EmptyIsNull("error", result.error);
  fields("ok", result.ok);
  fields("interference", result.interference);
  fields("figures", result.figures);
  fields("repetitions", result.repetitions);
}

template <class Fields>
void Describe(Fields& fields, CrossoverComparison& one) {
  fields("figure", one.figure);
  fields("strategy", one.strategy);
  fields("baseline", one.baseline);
  fields("verdict", one.comparison.verdict, verdict::kVerdictNames);
  fields("ratio", one.comparison.ratio);
  fields("rounds", one.comparison.rounds);
  fields.EmptyIsNull("reason", one.comparison.reason);
}

template <class Fields>
void Describe(Fields& fields, CrossoverPoint& point) {
  fields("x", point.x);
  fields("purpose", point.purpose);
  fields("rounds", point.rounds);
  fields("winners", point.winners);
  fields.EmptyIsNull("inconclusive", point.inconclusive);
  fields("ranking", point.ranking);
  fields("comparisons", point.comparisons);
  fields("parameters", point.parameters);
  fields.Later("net_of_waiting", point.net_of_waiting);
  fields("results", point.results);
  fields("again", point.again);
}

template <class Fields>
void Describe(Fields& fields, CrossoverRow& row) {
  fields("y", row.y);
  fields("points", row.points);
  fields("ranges", row.ranges);
  fields("crossovers", row.crossovers);
}

template <class Fields>
void Describe(Fields& fields, CrossoverStudy& study) {
  fields.Constant("schema", kCrossoverSchema);
  fields("complete", study.complete);
  fields.EmptyIsNull("ended", study.ended);
  fields("beaten_by", study.beaten_by);
  fields("environment", study.environment);
  fields("warnings", study.warnings);
  fields("limit_proofs", study.limit_proofs);
  fields("figure", study.figure);
  fields("strategies", study.strategies);
  fields("x", study.x);
  fields("y", study.y);
  fields("regimes", study.regimes);
  fields("rows", study.rows);
}

template <class Fields>
void Describe(Fields& fields, PolicyRange& range) {
  Describe(fields, range.range);
  fields.As("boundary", range.boundary, BoundsOf, BoundaryOf);
}

template <class Fields>
void Describe(Fields& fields, PolicyRow& row) {
  fields("y", row.y);
  fields("low", row.low);
  fields("high", row.high);
  fields("ranges", row.ranges);
}

template <class Fields>
void Describe(Fields& fields, Policy& policy) {
  fields.Constant("schema", kPolicySchema);
  fields("version", policy.version);
  fields("complete", policy.complete);
  fields("machine", policy.machine);
  fields("regimes", policy.regimes);
  fields("figure", policy.figure);
  fields("strategies", policy.strategies);
  fields("x", policy.x);
  fields("y", policy.y);
  fields("rows", policy.rows);
}

std::string ToText(const CrossoverStudy& study) { return ToLine(JsonOf(study)) + "\n"; }

std::string ToText(const Policy& policy) { return ToLines(JsonOf(policy), 2); }

CrossoverStudy ParseCrossover(const std::string& name, const std::string& text) {
  return ReadDocument<CrossoverStudy>(name, text);
}

Policy ParsePolicy(const std::string& name, const std::string& text) {
  return ReadDocument<Policy>(name, text);
}

}  // namespace faultline::document
