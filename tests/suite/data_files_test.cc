// Data files of a run stay, those of a search go unless they were there before.
#include "harness/suite/data_files.h"

#include "tests/trial/trial_fixture.h"

namespace faultline {
namespace {

TrialSpec TrialIn(const TemporaryDirectory& directory) {
  return Resolve(SmallTrial(directory.path(), "read-write", "random-update"));
}

bool IsThere(const TrialSpec& spec) {
  try {
    Dataset::Attach(spec.directory, spec.DataGeometry(), spec.seed);
    return true;
  } catch (const Error&) {
    return false;
  }
}

TEST_CASE("data files are made once, and stay for the next run") {
  const TemporaryDirectory directory;
  const TrialSpec spec = TrialIn(directory);
  TrialSpec other = spec;
  other.seed = spec.seed + 1;
  {
    DataFiles files(DataFiles::NewFiles::kStay);
    const Dataset* first = &files.Of(spec);
    CHECK(files.Of(other).seed() == other.seed);
    CHECK(&files.Of(spec) == first);
  }
  CHECK(IsThere(spec));
  CHECK(IsThere(other));
}

TEST_CASE("data files of a search go, but those that were there before stay") {
  const TemporaryDirectory directory;
  const TrialSpec before = TrialIn(directory);
  Dataset::Prepare(before.directory, before.DataGeometry(), before.seed);
  TrialSpec fresh = before;
  fresh.seed = before.seed + 1;
  {
    DataFiles files(DataFiles::NewFiles::kGo);
    files.Of(before);
    files.Of(fresh);
    CHECK(IsThere(fresh));
  }
  CHECK(IsThere(before));
  CHECK_FALSE(IsThere(fresh));
}

TEST_CASE("preparing data files can be stopped") {
  const TemporaryDirectory directory;
  DataFiles files(DataFiles::NewFiles::kStay);
  CHECK_THROWS_AS(files.Of(TrialIn(directory), [] { return false; }), PreparationStopped);
  CHECK(directory.Entries() == 0);
}

}  // namespace
}  // namespace faultline
