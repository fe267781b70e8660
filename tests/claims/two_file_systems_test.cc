// One claim on several file systems of one machine: the verdict follows what was measured there.
#include <algorithm>
#include <initializer_list>

#include "claims/ledger.h"
#include "harness/os/loop_device.h"
#include "harness/os/program.h"
#include "tests/os/support.h"

namespace faultline {
namespace {

using os::testing::InPrivateMounts;

constexpr std::uint64_t kRoomBytes = std::uint64_t{400} << 20;

Outcome OutcomeIn(const std::filesystem::path& directory, const std::string& id) {
  const auto result = RunClaim(id, directory, true, 800);
  if (!result) return Outcome::kFailed;
  // Another process that has all written, on every file system, leaves A09 nothing to judge.
  const bool others = result->judgement.outcome == Outcome::kInconclusive && id == "A09" &&
                      result->evidence.Figure("unwritten_pages_of_the_idle_file") <
                          result->evidence.Figure("pages_of_an_idle_file");
  return others ? Outcome::kHolds : result->judgement.outcome;
}

// The outcomes on a new ext4 in memory, mounted with or without a journal of the data.
std::vector<Outcome> OutcomesOnExt4(const std::filesystem::path& memory, bool journal_data,
                                    const std::vector<std::string>& ids) {
  os::File image = os::File::CreateTemporary(memory);
  image.Resize(os::DeviceBytesFor("ext4", kRoomBytes));
  const auto device = os::LoopDevice::Attach(image);
  os::MakeFileSystem("ext4", device.path());
  if (journal_data &&
      os::RunProgram({"tune2fs", "-o", "journal_data", device.path().string()}, true) != 0) {
    throw UnsupportedError("no tune2fs");
  }
  std::filesystem::create_directory(memory / "mounted");
  const auto mounted = os::MountedFileSystem::Mount("ext4", device.path(), memory / "mounted");
  std::vector<Outcome> outcomes;
  for (const std::string& id : ids) {
    const std::filesystem::path place = mounted.point() / id;
    std::filesystem::create_directory(place);
    outcomes.push_back(OutcomeIn(place, id));
    std::filesystem::remove_all(place);
  }
  return outcomes;
}

bool IsOneOf(Outcome outcome, std::initializer_list<Outcome> outcomes) {
  return std::find(outcomes.begin(), outcomes.end(), outcome) != outcomes.end();
}

// Beside other writers the evidence may reach neither side; it must not reach the wrong one. With
// data=journal a changed page goes to the journal every few seconds, and when that is full: a
// view's changes are written long before a flush.
TEST_CASE("nothing is written before a flush, except on a file system that journals data") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    const auto plain = OutcomesOnExt4(memory, false, {"A09"});
    return IsOneOf(plain[0], {Outcome::kHolds, Outcome::kInconclusive}) ? 0 : 1;
  });
  InPrivateMounts([](const std::filesystem::path& memory) {
    const auto journalled = OutcomesOnExt4(memory, true, {"A09"});
    return IsOneOf(journalled[0], {Outcome::kDoesNotHold, Outcome::kInconclusive}) ? 0 : 1;
  });
}

TEST_CASE(
    "a file system in memory has no device and keeps its pages, and the rest is the same there") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    int wrong = 0;
    const auto expect = [&](const char* id, Outcome expected) {
      const std::filesystem::path place = memory / id;
      std::filesystem::create_directory(place);
      wrong += OutcomeIn(place, id) != expected;
    };
    for (const char* id : {"A02", "A04", "A05", "A09", "A12", "A13", "A32", "A37"}) {
      expect(id, Outcome::kNotTestable);
    }
    for (const char* id : {"A01", "A15", "A30"}) expect(id, Outcome::kHolds);
    return wrong;
  });
}

}  // namespace
}  // namespace faultline
