// Figures that are derived from phases.
#include "harness/trial/measurement.h"

#include "tests/catch.h"

namespace faultline {
namespace {

Measurement WholeTrial() {
  Measurement measurement;
  measurement.operations = 1000;
  measurement.steady_operations = 500;
  double seconds = 1;
  for (Phase phase : kPhases) {
    measurement.phases[phase] = {seconds, {{"minor_faults", 10}, {"cycles", std::nullopt}}};
    seconds *= 2;
  }
  return measurement;
}

TEST_CASE("accepted is open and passes while durable adds the flush and neither the close") {
  const Measurement measurement = WholeTrial();
  CHECK(measurement.AcceptedSeconds().value() == Approx(1 + 2 + 4));
  CHECK(measurement.DurableSeconds().value() == Approx(1 + 2 + 4 + 8));
  CHECK(measurement.NsPerOperation().value() == Approx(7e6));
  CHECK(measurement.DurableNsPerOperation().value() == Approx(15e6));
  CHECK(measurement.SteadyNsPerOperation().value() == Approx(8e6));
}

TEST_CASE("times net of waiting lack it in all phases but the flush") {
  Measurement measurement = WholeTrial();
  for (auto& [phase, result] : measurement.phases) result.counters["run_delay_ns"] = 500'000'000;
  CHECK(measurement.NsPerOperation().value() == Approx(7e6));
  measurement.net_of_waiting = true;
  CHECK(measurement.NsPerOperation().value() == Approx(5.5e6));
  CHECK(measurement.DurableNsPerOperation().value() == Approx(13.5e6));
  CHECK(measurement.SteadyNsPerOperation().value() == Approx(7e6));
  CHECK(measurement.AcceptedSeconds().value() == Approx(7));
}

TEST_CASE("a wait that is longer than its phase lies outside of it, and an unknown one is none") {
  PhaseResult phase{.seconds = 0.001, .counters = {{"run_delay_ns", 4'000'000}}};
  CHECK(phase.NetSeconds() == 0.001);
  phase.counters["run_delay_ns"] = 400'000;
  CHECK(phase.NetSeconds() == Approx(0.0006));
  phase.counters["run_delay_ns"] = std::nullopt;
  CHECK(phase.NetSeconds() == 0.001);
  phase.counters.clear();
  CHECK(phase.NetSeconds() == 0.001);
}

TEST_CASE("a figure that lacks one of its phases is absent") {
  Measurement measurement = WholeTrial();
  measurement.phases.erase(Phase::kFlush);
  CHECK(measurement.AcceptedSeconds().has_value());
  CHECK_FALSE(measurement.DurableSeconds().has_value());
  CHECK_FALSE(measurement.DurableNsPerOperation().has_value());
  measurement.phases.erase(Phase::kSteady);
  CHECK_FALSE(measurement.AcceptedSeconds().has_value());
  CHECK_FALSE(measurement.SteadyNsPerOperation().has_value());
}

TEST_CASE("nothing is divided by no operations") {
  Measurement measurement = WholeTrial();
  measurement.operations = 0;
  measurement.steady_operations = 0;
  CHECK_FALSE(measurement.NsPerOperation().has_value());
  CHECK_FALSE(measurement.DurableNsPerOperation().has_value());
  CHECK_FALSE(measurement.SteadyNsPerOperation().has_value());
}

TEST_CASE("a total needs the counter in every phase") {
  Measurement measurement = WholeTrial();
  CHECK(measurement.Total("minor_faults") == CounterValue(50));
  CHECK_FALSE(measurement.Total("cycles").has_value());
  CHECK_FALSE(measurement.Total("unheard_of").has_value());
  measurement.phases[Phase::kClose].counters["minor_faults"] = std::nullopt;
  CHECK_FALSE(measurement.Total("minor_faults").has_value());
  CHECK_FALSE(Measurement().Total("minor_faults").has_value());
}

}  // namespace
}  // namespace faultline
