// Which repetitions aren't waited for.
#include "harness/trial/cut_off.h"

#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

Measurement Lasting(double seconds, Status status = Status::kOk) {
  Measurement measurement;
  measurement.status = status;
  measurement.verified = true;
  measurement.elapsed_seconds = seconds;
  return measurement;
}

std::optional<double> AllowedBy(const CutOffPolicy& cut_offs) {
  Deadlines deadlines;
  cut_offs.Limit(deadlines);
  return deadlines.accepted_seconds;
}

TEST_CASE("twenty times what the fastest took until all was durable is waited for") {
  CutOffPolicy cut_offs;
  CHECK_FALSE(AllowedBy(cut_offs).has_value());
  cut_offs.Note(Lasting(2));
  CHECK(AllowedBy(cut_offs) == 40);
  cut_offs.Note(Lasting(1, Status::kInterference));
  CHECK(AllowedBy(cut_offs) == 20);
  cut_offs.Note(Lasting(3));
  CHECK(AllowedBy(cut_offs) == 20);
  cut_offs.Note(Lasting(0.001));
  CHECK(AllowedBy(cut_offs) == CutOffPolicy::kLeastSeconds);
}

TEST_CASE("what failed or was cut off sets no cut_offs") {
  CutOffPolicy cut_offs;
  for (const Status status : {Status::kFailed, Status::kUnsupported, Status::kCutOff}) {
    cut_offs.Note(Lasting(1, status));
  }
  Measurement unfinished = Lasting(1);
  unfinished.elapsed_seconds.reset();
  cut_offs.Note(unfinished);
  // One that stores nothing.
  Measurement unverified = Lasting(1);
  unverified.verified.reset();
  cut_offs.Note(unverified);
  CHECK_FALSE(AllowedBy(cut_offs).has_value());
}

TEST_CASE("a repetition is cut off in its passes, not in its flush, and ends with the time") {
  const TemporaryDirectory directory;
  TrialSpec spec = Resolve(SmallTrial(directory.path(), "read-write", "random-update"));
  const Dataset dataset = Dataset::Prepare(spec.directory, spec.DataGeometry(), spec.seed);
  Deadlines deadlines;
  deadlines.accepted_seconds = 600;
  deadlines.reason = "others were faster";
  const Measurement whole = RunTrial(spec, dataset, deadlines);
  CheckRight(whole);
  CHECK(whole.elapsed_seconds.value() >= whole.DurableSeconds().value());
  spec.passes = std::uint64_t{1} << 40;
  deadlines.accepted_seconds = 0.2;
  const Measurement cut = RunTrial(spec, dataset, deadlines);
  CHECK(cut.status == Status::kCutOff);
  // In the steady pass, which is endless, unless a busy machine took as long for what is before it.
  CHECK_THAT(cut.error, ContainsSubstring("cut off in '") &&
                            ContainsSubstring("' after 200 ms: others were faster"));
  CHECK_FALSE(cut.verified.has_value());
  deadlines.end = std::chrono::steady_clock::now() + std::chrono::milliseconds(50);
  CHECK(RunTrial(spec, dataset, deadlines).status == Status::kInterrupted);
  // What it left half-changed is repaired.
  spec.passes = 1;
  CheckRight(RunTrial(spec, dataset));
}

}  // namespace
}  // namespace faultline
