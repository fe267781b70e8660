// Claims about file I/O as experiments: each measures evidence on the machine at hand, and a pure
// function turns that evidence into a verdict. A claim is one file that registers itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "harness/base/enum_names.h"
#include "harness/base/registry.h"
#include "harness/document/claims.h"

namespace faultline {

// What experiments find, and their charts, are fields of the ledger's document.
using document::Chart;
using document::Evidence;
using Axis = document::ChartAxis;
using Curve = document::ChartCurve;
using Point = document::ChartPoint;

enum class Outcome {
  kHolds,
  kDoesNotHold,
  kInconclusive,  // the evidence reaches neither side of the criterion
  kNotTestable,   // this machine lacks something
  kFailed,        // the experiment did not come to its end
};

inline constexpr EnumNames<Outcome> kOutcomeNames{"holds", "does not hold", "inconclusive",
                                                  "not testable here", "failed"};
inline std::string_view OutcomeName(Outcome outcome) { return kOutcomeNames(outcome); }
Outcome ParseOutcome(std::string_view name);  // throws Error for anything else

struct Judgement {
  Outcome outcome = Outcome::kFailed;
  std::string deciding;  // the one figure that decides, in words: "1 dirty page, 0 B written"
};

// Where an experiment works.
struct Laboratory {
  std::filesystem::path directory;  // empty, on the file system in question, removed afterwards
  bool quick = false;               // fewer repetitions, smaller counts, no long waits

  // `full`, or `little` when it has to be quick.
  template <class T>
  T Count(T full, T little) const {
    return quick ? little : full;
  }
};

// The article that most claims are from.
inline constexpr const char* kArticle = "Kath, MSDN 1993";

struct ClaimInfo {
  static constexpr std::string_view kKind = "claim";

  std::string name;               // "A02": a letter for the publication, a number in it
  std::string title;              // the claim, in our words
  std::string source = kArticle;  // the publication
  std::string section;            // of it
  std::string published;          // the figure that it gives, where it gives one
  std::string method;             // what the experiment does and what the criterion is
  std::string why;                // why today's systems behave as they do: explains, never decides
  // How long its experiment takes, against 1 for most claims: for the progress line.
  double relative_duration = 1;
  // The claim on whose evidence this one is judged, if it has no experiment of its own.
  std::string evidence_of;
  // Runs in a process of its own. Throws UnsupportedError for what the machine lacks.
  std::function<Evidence(const Laboratory&)> experiment;
  // Depends on the evidence alone.
  std::function<Judgement(const Evidence&)> judge;
};

FAULTLINE_DECLARE_REGISTRY(ClaimInfo);

// "file system ext4": the beginning of most regimes.
std::string FileSystemOf(const Laboratory& laboratory);

// Judgement of a claim that holds if every point is as claimed: it holds where `wrong` is empty;
// else `wrong` names the point that was not.
Judgement HoldsUnless(const std::string& wrong, const std::string& otherwise_said);

}  // namespace faultline
