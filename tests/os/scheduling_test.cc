// What keeps a process from running: found where it is planted, and absent where it isn't known.
#include "harness/os/scheduling.h"

#include <sched.h>

#include <thread>

#include "harness/os/posix/control_groups.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;
using testing::Put;

// Pins the calling thread to the processor that it runs on; back to all that it had at the end.
class OnOneProcessor {
 public:
  OnOneProcessor() {
    REQUIRE(::sched_getaffinity(0, sizeof before_, &before_) == 0);
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(::sched_getcpu(), &one);
    REQUIRE(::sched_setaffinity(0, sizeof one, &one) == 0);
  }
  OnOneProcessor(const OnOneProcessor&) = delete;
  OnOneProcessor& operator=(const OnOneProcessor&) = delete;
  ~OnOneProcessor() { ::sched_setaffinity(0, sizeof before_, &before_); }

 private:
  cpu_set_t before_;
};

// Computes until `queue` has grown past `before`, or for 10 s of processor time. Returns the delay.
std::uint64_t ComputeUntilDelayed(RunQueue& queue, std::uint64_t before) {
  const std::uint64_t user_ns = *ReadProcessUsage().user_ns;
  std::uint64_t delay = before;
  volatile std::uint64_t sink = 0;
  while (delay == before && *ReadProcessUsage().user_ns - user_ns < 10'000'000'000) {
    for (int i = 0; i < 1'000'000; ++i) sink = sink + 1;
    delay = *queue.ReadDelayNs();
  }
  return delay;
}

[[noreturn]] int Hog() {
  for (volatile std::uint64_t sink = 0;;) sink = sink + 1;
}

TEST_CASE("waiting for a processor that another process holds is counted", "[scheduling]") {
  RunQueue queue;
  if (!queue.ReadDelayNs()) {
    WARN("SKIPPED: this kernel doesn't count the time in the run queue");
    return;
  }
  const OnOneProcessor pinned;
  const Forked hog([] { return Hog(); });
  const std::uint64_t before = *queue.ReadDelayNs();
  CHECK(ComputeUntilDelayed(queue, before) > before);
}

TEST_CASE("waiting of all threads is counted and stays when they have ended", "[scheduling]") {
  RunQueue queue;
  if (!queue.ReadDelayNs()) {
    WARN("SKIPPED: this kernel doesn't count the time in the run queue");
    return;
  }
  const OnOneProcessor pinned;
  const Forked hog([] { return Hog(); });
  const std::uint64_t before = *queue.ReadDelayNs();
  std::uint64_t during = 0;
  std::thread([&] { during = ComputeUntilDelayed(queue, before); }).join();
  CHECK(during > before);
  CHECK(*queue.ReadDelayNs() >= during);
}

TEST_CASE("the waiting of threads is added up and never shrinks", "[scheduling]") {
  const TemporaryDirectory directory;
  RunQueue queue(directory.path());
  CHECK_FALSE(queue.ReadDelayNs());
  Put(directory / "7/schedstat", "1000 20 3\n");
  CHECK(queue.ReadDelayNs() == 20u);
  Put(directory / "8/schedstat", "1000 100 3\n");
  CHECK(queue.ReadDelayNs() == 120u);
  Put(directory / "7/schedstat", "1000 25 3\n");
  CHECK(queue.ReadDelayNs() == 125u);
  // A thread ends, and later another one gets its number.
  std::filesystem::remove_all(directory / "8");
  CHECK(queue.ReadDelayNs() == 125u);
  CHECK(queue.ReadDelayNs() == 125u);
  Put(directory / "8/schedstat", "10 1 1\n");
  CHECK(queue.ReadDelayNs() == 126u);
  Put(directory / "7/schedstat", "10 2 1\n");
  CHECK(queue.ReadDelayNs() == 128u);
}

TEST_CASE("a folder without figures has no run queue", "[scheduling]") {
  const TemporaryDirectory directory;
  CHECK_FALSE(RunQueue(directory / "missing").ReadDelayNs());
  std::filesystem::create_directory(directory / "7");
  CHECK_FALSE(RunQueue(directory.path()).ReadDelayNs());
  Put(directory / "7/schedstat", "\n");
  CHECK_FALSE(RunQueue(directory.path()).ReadDelayNs());
}

TEST_CASE("the delay is the second number of a thread's line", "[scheduling]") {
  CHECK(ParseDelayNs("5822976 2389793 2") == 2389793u);
  CHECK_FALSE(ParseDelayNs("5822976"));
  CHECK_FALSE(ParseDelayNs(""));
}

TEST_CASE("throttled time is read of either version in nanoseconds", "[scheduling]") {
  const TemporaryDirectory directory;
  Put(directory / "1", "nr_periods 9\nnr_throttled 3\nthrottled_time 4500000\n");
  Put(directory / "2", "usage_usec 7\nnr_throttled 3\nthrottled_usec 4500\nnr_bursts 0\n");
  Put(directory / "root", "usage_usec 7\nuser_usec 6\n");
  CHECK(ThrottledNs(directory / "1") == 4'500'000u);
  CHECK(ThrottledNs(directory / "2") == 4'500'000u);
  CHECK_FALSE(ThrottledNs(directory / "root"));
  CHECK_FALSE(ThrottledNs(directory / "missing"));
}

TEST_CASE("what was throttled never shrinks", "[scheduling]") {
  const ProcessorLimits limits;
  const Counter before = limits.ReadThrottledNs();
  const Counter after = limits.ReadThrottledNs();
  REQUIRE(before.has_value() == after.has_value());
  if (before) CHECK(*after >= *before);
}

}  // namespace
}  // namespace faultline::os
