// A trial's figures over its repetitions.
#include "harness/report/summary.h"

#include "tests/catch.h"
#include "tests/report/made_up.h"

namespace faultline {
namespace {

Summary SummaryOf(const std::vector<Measurement>& repetitions) { return Summarize(repetitions); }

double MedianOf(const Summary& summary, const std::string& figure) {
  const auto found = summary.figures.find(figure);
  REQUIRE(found != summary.figures.end());
  REQUIRE(found->second.has_value());
  return found->second->median;
}

TEST_CASE("every status is counted under its name") {
  const Summary summary =
      SummaryOf({MadeUp(10), MadeUp(20), MadeUp(30, Status::kDisturbed), MadeUpFailure("crashed"),
                 MadeUpFailure("absent", Status::kUnsupported)});
  CHECK(summary.repetitions == 5);
  CHECK(summary.ok == 2);
  CHECK(summary.disturbed == 1);
  CHECK(summary.failed == 1);
  CHECK(summary.unsupported == 1);
}

TEST_CASE("disturbed and failed repetitions are left out of medians") {
  Measurement wrong = MadeUp(1);
  wrong.status = Status::kFailed;
  const Summary summary =
      SummaryOf({MadeUp(10), MadeUp(12), MadeUp(14), MadeUp(900, Status::kDisturbed), wrong});
  CHECK(MedianOf(summary, "ns_per_operation") == Approx(12));
  CHECK(summary.figures.at("ns_per_operation")->high <= Approx(14));
  CHECK_FALSE(summary.disturbed_only.has_value());
  CHECK(summary.Best("ns_per_operation")->median == Approx(12));
}

TEST_CASE("disturbed figures stand apart where there is nothing better") {
  const Summary summary =
      SummaryOf({MadeUp(50, Status::kDisturbed), MadeUp(70, Status::kDisturbed)});
  CHECK(summary.figures.empty());
  REQUIRE(summary.disturbed_only.has_value());
  CHECK(summary.disturbed_only->at("ns_per_operation")->median == Approx(60));
  CHECK(summary.Best("ns_per_operation")->median == Approx(60));
}

TEST_CASE("a trial that never ran has no figures") {
  for (const Summary& summary : {SummaryOf({}), SummaryOf({MadeUpFailure("crashed")})}) {
    CHECK(summary.figures.empty());
    CHECK_FALSE(summary.disturbed_only.has_value());
    CHECK_FALSE(summary.Best("ns_per_operation").has_value());
  }
}

TEST_CASE("all documented figures are there") {
  const Summary summary = SummaryOf({MadeUp(10)});
  CHECK(MedianOf(summary, "ns_per_operation") == Approx(10));
  CHECK(MedianOf(summary, "durable_ns_per_operation") == Approx(11));
  CHECK(MedianOf(summary, "steady_ns_per_operation") == Approx(10));
  CHECK(MedianOf(summary, "operations_per_second") == Approx(1e8));
  CHECK(MedianOf(summary, "durable_operations_per_second") == Approx(1e9 / 11));
  CHECK(MedianOf(summary, "first.seconds") == Approx(3e-6));
  CHECK(MedianOf(summary, "close.minor_faults") == 100);
  CHECK(MedianOf(summary, "total.minor_faults") == 500);
  CHECK(MedianOf(summary, "read_amplification") == Approx(2000.0 / 1000));
  CHECK(MedianOf(summary, "write_amplification") == Approx(1500.0 / 500));
}

TEST_CASE("an absent counter is an absent figure and never 0") {
  const Summary summary = SummaryOf({MadeUp(10), MadeUp(20)});
  REQUIRE(summary.figures.count("first.cycles") == 1);
  CHECK_FALSE(summary.figures.at("first.cycles").has_value());
  CHECK_FALSE(summary.figures.at("total.cycles").has_value());
  CHECK_FALSE(summary.Best("unheard_of").has_value());
}

TEST_CASE("a counter that some repetitions had is the median of those") {
  Measurement with = MadeUp(10);
  for (auto& [phase, result] : with.phases) result.counters["cycles"] = 7;
  const Summary summary = SummaryOf({MadeUp(10), with});
  CHECK(MedianOf(summary, "first.cycles") == 7);
  CHECK(MedianOf(summary, "total.cycles") == 35);
}

TEST_CASE("nothing asked has no amplification") {
  Measurement reads = MadeUp(10);
  reads.asked_changed_bytes = 0;
  const Summary summary = SummaryOf({reads});
  CHECK_FALSE(summary.figures.at("write_amplification").has_value());
  CHECK(summary.figures.at("read_amplification").has_value());
}

TEST_CASE("levels have no total") {
  Measurement measurement = MadeUp(10);
  for (auto& [phase, result] : measurement.phases) result.counters["resident_bytes"] = 4096;
  REQUIRE(AllCounters().at("resident_bytes").kind == CounterKind::kLevel);
  const Summary summary = SummaryOf({measurement});
  CHECK(summary.figures.count("total.resident_bytes") == 0);
  CHECK(MedianOf(summary, "steady.resident_bytes") == 4096);
}

TEST_CASE("values of a figure come in order and from one status") {
  const std::vector<Measurement> repetitions = {MadeUp(30), MadeUp(10, Status::kDisturbed),
                                                MadeUp(20)};
  const std::vector<double> values = FigureValues(repetitions, Status::kOk, "ns_per_operation");
  REQUIRE(values.size() == 2);
  CHECK(values[0] == Approx(30));
  CHECK(values[1] == Approx(20));
  CHECK(FigureValues(repetitions, Status::kDisturbed, "ns_per_operation").size() == 1);
  CHECK(FigureValues(repetitions, Status::kOk, "first.cycles").empty());
}

}  // namespace
}  // namespace faultline
