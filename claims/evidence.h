// What experiments find, and the text form in which it travels and is kept.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace faultline {

// An axis of a chart.
struct Axis {
  std::string label;             // "records visited"
  std::string unit = "count";    // count, bytes, ns, seconds, ratio, share
  std::string scale = "linear";  // or log
};

struct Point {
  double x = 0;
  double y = 0;
  std::optional<double> low = {};  // bounds of the 95 % interval, where there is one
  std::optional<double> high = {};
};

struct Curve {
  std::string label;
  std::vector<Point> points;
};

// Curves that say more than the figures; they decide nothing.
struct Chart {
  std::string name;  // unique in its evidence, fit for a file's name: "time_by_parts"
  std::string title;
  Axis x;
  Axis y;
  std::string reading;  // what there is to see, in a sentence computed from the figures
  std::vector<Curve> curves;
};

// What an experiment found: numbers by name, each name with its unit ("dirty_pages_after_store",
// "map_ns"), and words where a number says nothing ("refused: …").
struct Evidence {
  std::map<std::string, double> figures;
  std::map<std::string, std::string> words;
  std::string regime;  // under which it was found: "ext4, 256 pages, filled page by page"
  std::vector<Chart> charts = {};

  // Throw Error when there is none of that name.
  double Figure(const std::string& name) const;
  const std::string& Words(const std::string& name) const;
};

nlohmann::json ToJson(const Evidence& evidence);
Evidence EvidenceFromJson(const nlohmann::json& document);

}  // namespace faultline
