#include "claims/evidence.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

template <class Map>
const auto& At(const Map& map, const std::string& name) {
  const auto found = map.find(name);
  if (found == map.end()) throw Error(Concat("the evidence has no '", name, "'"));
  return found->second;
}

json AxisJson(const Axis& axis) {
  return {{"label", axis.label}, {"unit", axis.unit}, {"scale", axis.scale}};
}

Axis AxisFromJson(const json& document) {
  return {
      .label = document.at("label"), .unit = document.at("unit"), .scale = document.at("scale")};
}

json CurveJson(const Curve& curve) {
  json points = json::array();
  for (const Point& point : curve.points) {
    points.push_back({{"x", point.x},
                      {"y", point.y},
                      {"low", OptionalToJson(point.low)},
                      {"high", OptionalToJson(point.high)}});
  }
  return {{"label", curve.label}, {"points", points}};
}

Curve CurveFromJson(const json& document) {
  Curve curve{.label = document.at("label"), .points = {}};
  for (const json& point : document.at("points")) {
    curve.points.push_back({.x = point.at("x"),
                            .y = point.at("y"),
                            .low = OptionalFromJson<double>(point.at("low")),
                            .high = OptionalFromJson<double>(point.at("high"))});
  }
  return curve;
}

json ChartJson(const Chart& chart) {
  json curves = json::array();
  for (const Curve& curve : chart.curves) curves.push_back(CurveJson(curve));
  return {{"name", chart.name},     {"title", chart.title},     {"x", AxisJson(chart.x)},
          {"y", AxisJson(chart.y)}, {"reading", chart.reading}, {"curves", curves}};
}

Chart ChartFromJson(const json& document) {
  Chart chart{.name = document.at("name"),
              .title = document.at("title"),
              .x = AxisFromJson(document.at("x")),
              .y = AxisFromJson(document.at("y")),
              .reading = document.at("reading"),
              .curves = {}};
  for (const json& curve : document.at("curves")) chart.curves.push_back(CurveFromJson(curve));
  return chart;
}

}  // namespace

double Evidence::Figure(const std::string& name) const { return At(figures, name); }

const std::string& Evidence::Words(const std::string& name) const { return At(words, name); }

json ToJson(const Evidence& evidence) {
  json charts = json::array();
  for (const Chart& chart : evidence.charts) charts.push_back(ChartJson(chart));
  return {{"figures", evidence.figures},
          {"words", evidence.words},
          {"regime", evidence.regime},
          {"charts", charts}};
}

Evidence EvidenceFromJson(const json& document) {
  Evidence evidence{.figures = document.at("figures").get<std::map<std::string, double>>(),
                    .words = document.at("words").get<std::map<std::string, std::string>>(),
                    .regime = document.at("regime").get<std::string>()};
  for (const json& chart : document.at("charts")) evidence.charts.push_back(ChartFromJson(chart));
  return evidence;
}

}  // namespace faultline
