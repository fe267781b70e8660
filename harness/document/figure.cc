#include "harness/document/figure.h"

#include <algorithm>

#include "harness/trial/measurement.h"

namespace faultline {
namespace {

constexpr FigureInfo kFigures[] = {
    {kAcceptedFigure, "accepted", false},
    {kDurableFigure, "durable", false},
    {kSteadyFigure, "steady", false},
    {"latency.p50", "latency p50", false},
    {"latency.p99", "latency p99", false},
    {"latency.p999", "latency p99.9", false},
    {"total.minor_faults", "minor faults", true},
    {"total.major_faults", "major faults", true},
    {"total.read_bytes", "bytes read", true, true},
    {"total.write_bytes", "bytes written", true, true},
};

}  // namespace

std::span<const FigureInfo> JudgedFigures() { return kFigures; }

const FigureInfo* FindFigure(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kFigures), std::end(kFigures),
                   [name](const FigureInfo& figure) { return name == figure.name; });
  return found == std::end(kFigures) ? nullptr : found;
}

std::string_view VerdictWord(verdict::Verdict verdict, const FigureInfo& figure) {
  if (figure.counted && verdict == verdict::Verdict::kFaster) return "fewer";
  if (figure.counted && verdict == verdict::Verdict::kSlower) return "more";
  return verdict::VerdictName(verdict);
}

}  // namespace faultline
