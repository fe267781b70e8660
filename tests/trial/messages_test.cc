// What the processes of a trial answer comes back as it was sent.
#include "harness/trial/messages.h"

#include <nlohmann/json.hpp>

#include "faultline/error.h"
#include "harness/json/line.h"
#include "harness/trial/child_answer.h"
#include "tests/catch.h"

namespace faultline {
namespace {

// As it arrives at the other process.
template <class Message>
nlohmann::json Sent(const Message& message) {
  return FromLine(ToLine(ToJson(message)));
}

TEST_CASE("a worker's request comes back") {
  WorkerRequest request;
  request.spec.strategy = StrategyChoice("mmap-view");
  request.spec.workload = WorkloadChoice("random-update");
  request.spec.directory = std::string("some\xff where");
  request.process = 3;
  const WorkerRequest back = WorkerRequestFromJson(Sent(request));
  CHECK(back.spec.strategy == request.spec.strategy);
  CHECK(back.spec.directory == request.spec.directory);
  CHECK(back.process == 3);
}

TEST_CASE("a phase comes back with its counters") {
  const PhaseResult phase{0.125,
                          {{"absent", std::nullopt}, {"zero", 0}, {"most", ~std::uint64_t{0}}}};
  const PhaseResult back = PhaseResultFromJson(Sent(phase));
  CHECK(back.seconds == 0.125);
  CHECK(back.counters == phase.counters);
}

TEST_CASE("a cache state comes back") {
  PreparedCache cache;
  cache.state = CacheState::kPaged;
  cache.residency = {.total_pages = 8, .cached_pages = 7, .dirty_pages = 1, .source = "mincore"};
  cache.why_not = "one page is missing";
  const PreparedCache back = PreparedCacheFromJson(Sent(cache));
  CHECK(back.state == CacheState::kPaged);
  CHECK(back.residency.total_pages == 8);
  CHECK(back.residency.cached_pages == 7);
  CHECK(back.residency.dirty_pages == std::optional<std::uint64_t>(1));
  CHECK(back.residency.source == "mincore");
  CHECK_FALSE(back.proved);
  CHECK(back.why_not == "one page is missing");
}

TEST_CASE("a verification comes back") {
  Verification verdict;
  verdict.correct = false;
  verdict.wrong_records = 3;
  verdict.first_wrong_record = 9;
  verdict.damage = Damage::kTorn;
  verdict.read_checksum = ~std::uint64_t{0};
  verdict.description = "torn,\nin two lines";
  const Verification back = VerificationFromJson(Sent(verdict));
  CHECK_FALSE(back.correct);
  CHECK(back.wrong_records == 3);
  CHECK(back.first_wrong_record == 9);
  CHECK(back.damage == Damage::kTorn);
  CHECK(back.read_checksum == verdict.read_checksum);
  CHECK(back.description == verdict.description);
}

TEST_CASE("a worker's report comes back with its histograms") {
  WorkerReport report{.operations = 1,
                      .asked_read_bytes = 2,
                      .asked_changed_bytes = 3,
                      .read_checksum = ~std::uint64_t{0},
                      .latency = {},
                      .timer_ns = 25,
                      .open_loop = PlayedLoad{.late_operations = 4,
                                              .due_together = 5,
                                              .harness_late = {},
                                              .intended_ns = 6,
                                              .achieved_ns = -7},
                      .series = {8, 9},
                      .stretches = {{.start_ns = 10, .seconds = 0.5}},
                      .settings = {{"every", "10"}},
                      .absent = {{"cycles", "a virtual machine has none"}}};
  for (std::uint64_t value : {1, 1, 5000, 123456789}) report.latency.Record(value);
  report.open_loop->harness_late.Record(77);
  const WorkerReport back = WorkerReportFromJson(Sent(report));
  CHECK(Sent(back) == Sent(report));
  CHECK(back.read_checksum == ~std::uint64_t{0});
  CHECK(back.latency.samples() == 4);
  CHECK(back.latency.maximum() == 123456789);
  CHECK(back.latency.Percentile(0.5) == report.latency.Percentile(0.5));
  CHECK(back.latency.Percentile(0.75) == report.latency.Percentile(0.75));
  REQUIRE(back.open_loop.has_value());
  CHECK(back.open_loop->achieved_ns == -7);
  CHECK(back.open_loop->harness_late.samples() == 1);
  CHECK(back.stretches.at(0).seconds == 0.5);
  report.open_loop.reset();
  CHECK_FALSE(WorkerReportFromJson(Sent(report)).open_loop.has_value());
}

TEST_CASE("an answer of another kind is refused") {
  CHECK_THROWS_WITH(PhaseResultFromJson(nlohmann::json::object()),
                    ContainsSubstring("a message between processes: seconds: expected a number"));
}

TEST_CASE("a failure is told from any other answer") {
  const nlohmann::json failure =
      AnswerOrFailure([]() -> nlohmann::json { throw UnsupportedError("no such call"); });
  REQUIRE(FailureIn(failure).has_value());
  CHECK(FailureIn(failure)->error == "no such call");
  CHECK(FailureIn(failure)->unsupported);
  CHECK_FALSE(FailureIn(Sent(PhaseResult{})).has_value());
  CHECK_FALSE(FailureIn(nlohmann::json::array()).has_value());
  CHECK_THROWS_AS(ThrowIfFailure(failure), UnsupportedError);
  const nlohmann::json other = AnswerOrFailure([]() -> nlohmann::json { throw Error("broken"); });
  CHECK_THROWS_WITH(ThrowIfFailure(other, "in 'open': "), "in 'open': broken");
}

}  // namespace
}  // namespace faultline
