#include "harness/trial/measurement.h"

#include <span>

namespace faultline {
namespace {

std::optional<double> SumOfSeconds(const std::map<Phase, PhaseResult>& phases,
                                   std::span<const Phase> wanted) {
  double seconds = 0;
  for (Phase phase : wanted) {
    const auto found = phases.find(phase);
    if (found == phases.end()) return std::nullopt;
    seconds += found->second.seconds;
  }
  return seconds;
}

std::optional<double> NsPer(std::optional<double> seconds, std::uint64_t operations) {
  if (!seconds || operations == 0) return std::nullopt;
  return *seconds * 1e9 / static_cast<double>(operations);
}

}  // namespace

std::string_view PhaseName(Phase phase) {
  switch (phase) {
    case Phase::kOpen:
      return "open";
    case Phase::kFirst:
      return "first";
    case Phase::kSteady:
      return "steady";
    case Phase::kFlush:
      return "flush";
    case Phase::kClose:
      return "close";
  }
  return "?";
}

CounterValue TotalOf(const std::map<Phase, PhaseResult>& phases, const std::string& counter) {
  CounterValue total;
  for (const auto& [phase, result] : phases) {
    const auto found = result.counters.find(counter);
    if (found == result.counters.end() || !found->second) return std::nullopt;
    total = total.value_or(0) + *found->second;
  }
  return total;
}

std::string_view StatusName(Status status) {
  switch (status) {
    case Status::kOk:
      return "ok";
    case Status::kFailed:
      return "failed";
    case Status::kInterference:
      return "interference";
    case Status::kUnsupported:
      return "unsupported";
    case Status::kCutOff:
      return "cut off";
    case Status::kInterrupted:
      return "interrupted";
  }
  return "?";
}

std::optional<bool> OpenLoopReport::RateKept() const {
  if (!intended_rate || !achieved_rate) return std::nullopt;
  return *achieved_rate >= kKeptShare * *intended_rate;
}

std::optional<double> Measurement::AcceptedSeconds() const {
  return SumOfSeconds(phases, std::span(kPhases).first(3));
}

std::optional<double> Measurement::DurableSeconds() const {
  return SumOfSeconds(phases, std::span(kPhases).first(4));
}

std::optional<double> Measurement::NsPerOperation() const {
  return open_loop ? std::nullopt : NsPer(AcceptedSeconds(), operations);
}

std::optional<double> Measurement::DurableNsPerOperation() const {
  return open_loop ? std::nullopt : NsPer(DurableSeconds(), operations);
}

std::optional<double> Measurement::SteadyNsPerOperation() const {
  if (open_loop) return std::nullopt;
  return NsPer(SumOfSeconds(phases, std::span(kPhases).subspan(2, 1)), steady_operations);
}

}  // namespace faultline
