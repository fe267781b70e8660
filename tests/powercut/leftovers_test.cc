// Nothing is left of a power cut: no mount, no device, no process, however it ends.
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/os/support.h"
#include "tests/powercut/fixture.h"

namespace faultline {
namespace {

using os::testing::Forked;

std::string Mounts() { return ReadBytes("/proc/mounts"); }

// Loop devices over nameless files of this directory, in any process's view.
int DevicesOver(const std::filesystem::path& directory) {
  int count = 0;
  for (const auto& device : std::filesystem::directory_iterator("/sys/block")) {
    std::ifstream file(device.path() / "loop" / "backing_file");
    std::string backing;
    if (std::getline(file, backing) && backing.starts_with(directory.native())) ++count;
  }
  return count;
}

template <class Condition>
bool Soon(Condition condition) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// Its image lies in the test's own directory, so that its device can be told from others.
PowerCutSpec CutIn(const TemporaryDirectory& directory, Instant instant) {
  PowerCutSpec spec = SmallCut("mmap-view", instant);
  spec.trial.directory = directory.path();
  return spec;
}

TEST_CASE("a power cut gives everything back") {
  if (!CanCutPower()) return;
  const TemporaryDirectory directory;
  const std::string mounts = Mounts();
  for (const Instant instant : kInstants) {
    CHECK(CutPower(CutIn(directory, instant)).status == Status::kOk);
    CHECK(DevicesOver(directory.path()) == 0);
  }
  CHECK(Mounts() == mounts);
  CHECK(directory.Entries() == 0);
}

TEST_CASE("a power cut that fails gives everything back") {
  if (!CanCutPower()) return;
  const TemporaryDirectory directory;
  const std::string mounts = Mounts();
  PowerCutSpec spec = CutIn(directory, Instant::kDuring);
  spec.trial.strategy = StrategyChoice("planted-cut:fault=crash");
  CHECK(CutPower(spec).status == Status::kFailed);
  CHECK(Soon([&] { return DevicesOver(directory.path()) == 0; }));
  CHECK(Mounts() == mounts);
  CHECK(directory.Entries() == 0);
}

TEST_CASE("a power cut whose process is killed gives everything back") {
  if (!CanCutPower()) return;
  const TemporaryDirectory directory;
  const std::string mounts = Mounts();
  PowerCutSpec spec = CutIn(directory, Instant::kDuring);
  spec.run_seconds = 1000;
  Forked process([&] {
    CutPower(spec);
    return 0;
  });
  REQUIRE(Soon([&] { return DevicesOver(directory.path()) == 1; }));
  CHECK(Mounts() == mounts);  // no other process ever sees one
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  process.Kill();
  CHECK(Soon([&] { return DevicesOver(directory.path()) == 0; }));
  CHECK(Mounts() == mounts);
  CHECK(directory.Entries() == 0);
}

}  // namespace
}  // namespace faultline
