#include "harness/trial/measurement.h"

namespace faultline {
namespace {

std::optional<double> SumOfSeconds(const std::map<Phase, PhaseResult>& phases,
                                   std::span<const Phase> wanted, bool net) {
  double seconds = 0;
  for (Phase phase : wanted) {
    const auto found = phases.find(phase);
    if (found == phases.end()) return std::nullopt;
    const bool waits_alone = net && phase != Phase::kFlush;
    seconds += waits_alone ? found->second.NetSeconds() : found->second.seconds;
  }
  return seconds;
}

}  // namespace

double PhaseResult::NetSeconds() const {
  const auto found = counters.find("run_delay_ns");
  if (found == counters.end() || !found->second) return seconds;
  const double waited = static_cast<double>(*found->second) * 1e-9;
  return waited < seconds ? seconds - waited : seconds;
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

std::optional<bool> OpenLoopReport::RateKept() const {
  if (!intended_rate || !achieved_rate) return std::nullopt;
  return *achieved_rate >= kKeptShare * *intended_rate;
}

std::optional<double> NsPerOperation(const std::map<Phase, PhaseResult>& phases,
                                     std::span<const Phase> wanted, std::uint64_t operations,
                                     bool net_of_waiting) {
  const std::optional<double> seconds = SumOfSeconds(phases, wanted, net_of_waiting);
  if (!seconds || operations == 0) return std::nullopt;
  return *seconds * 1e9 / static_cast<double>(operations);
}

std::optional<double> Measurement::AcceptedSeconds() const {
  return SumOfSeconds(phases, kAcceptedPhases, false);
}

std::optional<double> Measurement::DurableSeconds() const {
  return SumOfSeconds(phases, kDurablePhases, false);
}

std::optional<double> Measurement::NsPerOperation() const {
  if (open_loop) return std::nullopt;
  return faultline::NsPerOperation(phases, kAcceptedPhases, operations, net_of_waiting);
}

std::optional<double> Measurement::DurableNsPerOperation() const {
  if (open_loop) return std::nullopt;
  return faultline::NsPerOperation(phases, kDurablePhases, operations, net_of_waiting);
}

std::optional<double> Measurement::SteadyNsPerOperation() const {
  if (open_loop) return std::nullopt;
  return faultline::NsPerOperation(phases, kSteadyPhases, steady_operations, net_of_waiting);
}

}  // namespace faultline
