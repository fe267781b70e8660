#include "harness/document/claims.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/json/fields.h"
#include "harness/json/line.h"

namespace faultline::document {
namespace {

template <class Map>
const auto& At(const Map& map, const std::string& name) {
  const auto found = map.find(name);
  if (found == map.end()) throw Error(fmt::format("the evidence has no '{}'", name));
  return found->second;
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, ChartAxis& axis) {
  fields("label", axis.label);
  fields("unit", axis.unit);
  fields("scale", axis.scale);
}

template <class Fields>
void Describe(Fields& fields, ChartPoint& point) {
  fields("x", point.x);
  fields("y", point.y);
  fields("low", point.low);
  fields("high", point.high);
}

template <class Fields>
void Describe(Fields& fields, ChartCurve& curve) {
  fields("label", curve.label);
  fields("points", curve.points);
}

template <class Fields>
void Describe(Fields& fields, Chart& chart) {
  fields("name", chart.name);
  fields("title", chart.title);
  fields("x", chart.x);
  fields("y", chart.y);
  fields("reading", chart.reading);
  fields("curves", chart.curves);
}

template <class Fields>
void Describe(Fields& fields, Evidence& evidence) {
  fields("figures", evidence.figures);
  fields("words", evidence.words);
  fields("regime", evidence.regime);
  fields("charts", evidence.charts);
}

template <class Fields>
void Describe(Fields& fields, Claim& claim) {
  fields("id", claim.id);
  fields("title", claim.title);
  fields("source", claim.source);
  fields("section", claim.section);
  fields.EmptyIsNull("published", claim.published);
  fields("method", claim.method);
  fields("verdict", claim.verdict);
  fields("figure", claim.figure);
  fields("regime", claim.regime);
  fields("evidence", claim.evidence);
  fields("why", claim.why);
  fields.EmptyIsNull("error", claim.error);
  fields("seconds", claim.seconds);
}

template <class Fields>
void Describe(Fields& fields, ClaimLedger& ledger) {
  fields.Constant("schema", kClaimsSchema);
  fields("complete", ledger.complete);
  fields("quick", ledger.quick);
  fields("environment", ledger.environment);
  fields("claims", ledger.claims);
}

double Evidence::Figure(const std::string& name) const { return At(figures, name); }

const std::string& Evidence::Words(const std::string& name) const { return At(words, name); }

std::string ToText(const ClaimLedger& ledger) { return ToLine(JsonOf(ledger)) + "\n"; }

ClaimLedger ParseClaims(const std::string& name, const std::string& text) {
  return ReadDocument<ClaimLedger>(name, text);
}

nlohmann::json ToJson(const Evidence& evidence) { return JsonOf(evidence); }

Evidence EvidenceFromJson(const nlohmann::json& message) { return FromMessage<Evidence>(message); }

}  // namespace faultline::document
