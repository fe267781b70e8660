// A trial's figures over its repetitions.
#include "harness/report/summary.h"

#include <numeric>

#include "tests/catch.h"
#include "tests/report/made_up.h"

namespace faultline {
namespace {

// One repetition a round.
Summary SummaryOf(const std::vector<Measurement>& repetitions) {
  std::vector<std::uint64_t> rounds(repetitions.size());
  std::iota(rounds.begin(), rounds.end(), std::uint64_t{0});
  return Summarize(repetitions, rounds);
}

double MedianOf(const Summary& summary, const std::string& figure) {
  const auto found = summary.figures.find(figure);
  REQUIRE(found != summary.figures.end());
  REQUIRE(found->second.has_value());
  return found->second->median;
}

TEST_CASE("every status is counted under its name") {
  const Summary summary =
      SummaryOf({MadeUp(10), MadeUp(20), MadeUp(30, Status::kInterference),
                 MadeUpFailure("crashed"), MadeUpFailure("absent", Status::kUnsupported)});
  CHECK(summary.repetitions == 5);
  CHECK(summary.ok == 2);
  CHECK(summary.interference == 1);
  CHECK(summary.failed == 1);
  CHECK(summary.unsupported == 1);
}

TEST_CASE("six rounds without interference are enough to leave out the others") {
  Measurement wrong = MadeUp(1);
  wrong.status = Status::kFailed;
  const Summary summary =
      SummaryOf({MadeUp(10), MadeUp(11), MadeUp(12), MadeUp(900, Status::kInterference), MadeUp(13),
                 MadeUp(14), MadeUp(15), wrong});
  CHECK(MedianOf(summary, "ns_per_operation") == Approx(12.5));
  CHECK(summary.figures.at("ns_per_operation")->high <= Approx(15));
  CHECK_FALSE(summary.with_interference);
}

TEST_CASE("with fewer than six without interference the others are in the figures and it is said") {
  const Summary summary =
      SummaryOf({MadeUp(50, Status::kInterference), MadeUp(60), MadeUp(70, Status::kInterference)});
  CHECK(MedianOf(summary, "ns_per_operation") == Approx(60));
  CHECK(summary.with_interference);
  CHECK(MedianOf(SummaryOf({MadeUp(50, Status::kInterference)}), "ns_per_operation") == Approx(50));
  CHECK_FALSE(SummaryOf({MadeUp(50), MadeUp(60)}).with_interference);
}

TEST_CASE("a repetition that was made again counts once and without its interference") {
  const std::vector<Measurement> repetitions = {MadeUp(900, Status::kInterference), MadeUp(10)};
  const std::vector<std::uint64_t> rounds = {0, 0};
  const Summary summary = Summarize(repetitions, rounds);
  CHECK(MedianOf(summary, "ns_per_operation") == Approx(10));
  CHECK_FALSE(summary.with_interference);
}

TEST_CASE("a trial that never ran has no figures") {
  for (const Summary& summary : {SummaryOf({}), SummaryOf({MadeUpFailure("crashed")})}) {
    CHECK(summary.figures.empty());
    CHECK_FALSE(summary.with_interference);
    CHECK_FALSE(summary.Figure("ns_per_operation").has_value());
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
  CHECK_FALSE(summary.Figure("unheard_of").has_value());
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

}  // namespace
}  // namespace faultline
