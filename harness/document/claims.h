// The ledger of claims, claims.json, and the evidence in it, which experiments send from processes
// of their own. docs/documents.md says what each field is.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/os/system_info.h"

namespace faultline::document {

inline constexpr const char* kClaimsSchema = "faultline-claims/1";

struct ChartAxis {
  std::string label;             // "records visited"
  std::string unit = "count";    // count, bytes, ns, seconds, ratio, share
  std::string scale = "linear";  // or log
};

struct ChartPoint {
  double x = 0;
  double y = 0;
  std::optional<double> low = {};  // bounds of the 95 % interval, where there is one
  std::optional<double> high = {};
};

struct ChartCurve {
  std::string label;
  std::vector<ChartPoint> points;
};

// Curves that say more than the figures; they decide nothing.
struct Chart {
  std::string name;  // unique in its evidence, fit for a file's name: "time_by_parts"
  std::string title;
  ChartAxis x;
  ChartAxis y;
  std::string reading;  // what there is to see, in a sentence computed from the figures
  std::vector<ChartCurve> curves;
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

struct Claim {
  std::string id;
  std::string title;
  std::string source;
  std::string section;
  std::string published;  // figure of the source, or ""
  std::string method;
  std::string verdict;  // "holds", "does not hold", "inconclusive", …
  std::string figure;   // that decided
  std::string regime;
  Evidence evidence;
  std::string why;
  std::string error;  // or ""
  double seconds = 0;
};

struct ClaimLedger {
  bool complete = false;
  bool quick = false;
  os::Facts environment;
  std::vector<Claim> claims;
};

// With a line break at its end.
std::string ToText(const ClaimLedger& ledger);

// Throws UsageError, one line with `name` and field.
ClaimLedger ParseClaims(const std::string& name, const std::string& text);

// Between processes. The second throws UsageError.
nlohmann::json ToJson(const Evidence& evidence);
Evidence EvidenceFromJson(const nlohmann::json& message);

}  // namespace faultline::document
