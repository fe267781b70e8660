// The least recently used window goes, and every window shows its own part of the file.
#include "strategies/window_set.h"

#include <list>

#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

// A file of ten windows and a tail of one byte.
class TenWindows {
 public:
  TenWindows()
      : file({10 * window_bytes + 1, 1}),
        mapping(
            os::FileMapping::FromFile(os::File::Open(file.file().path, os::FileAccess::kReadWrite),
                                      os::Protection::kReadWrite)),
        expected(file.Bytes()) {}

  std::uint64_t window_bytes = os::ViewGranularity();
  TestFile file;
  os::FileMapping mapping;
  std::vector<std::byte> expected;
};

TEST_CASE("a window shows its own bytes and ends with the file") {
  TenWindows world;
  WindowSet windows(world.mapping, world.window_bytes, 3);
  for (std::uint64_t number = 0; number <= 10; ++number) {
    const std::uint64_t begin = number * world.window_bytes;
    const std::uint64_t end =
        std::min<std::uint64_t>(begin + world.window_bytes, world.expected.size());
    for (const std::uint64_t offset : {begin, (begin + end) / 2, end - 1}) {
      const WindowSet::Window window = windows.At(offset);
      CHECK(window.begin == begin);
      CHECK(window.end == end);
      CHECK(window.data[offset - begin] == world.expected[offset]);
    }
  }
  CHECK(windows.mapped() == 11);
}

TEST_CASE("the least recently used window is the one that goes") {
  TenWindows world;
  WindowSet windows(world.mapping, world.window_bytes, 3);
  auto maps = [&](std::uint64_t number) {
    const std::uint64_t before = windows.mapped();
    windows.At(number * world.window_bytes);
    return windows.mapped() - before;
  };
  CHECK(maps(0) == 1);
  CHECK(maps(1) == 1);
  CHECK(maps(2) == 1);
  CHECK(maps(0) == 0);  // now 1 is the oldest
  CHECK(maps(3) == 1);  // in place of 1
  CHECK(maps(0) == 0);
  CHECK(maps(2) == 0);
  CHECK(maps(1) == 1);  // in place of 3
  CHECK(maps(2) == 0);
  CHECK(maps(0) == 0);
  CHECK(maps(3) == 1);
}

TEST_CASE("long sequences of windows map as often as a plain list of recent ones would") {
  const std::uint64_t window_bytes = os::ViewGranularity();
  const TestFile file({200 * window_bytes, 1});
  const os::FileMapping mapping = os::FileMapping::FromFile(
      os::File::Open(file.file().path, os::FileAccess::kReadWrite), os::Protection::kReadWrite);
  const std::vector<std::byte> expected = file.Bytes();
  for (const std::uint32_t count : {2, 3, 16, 50}) {
    INFO("windows: " << count);
    WindowSet windows(mapping, window_bytes, count);
    std::list<std::uint64_t> recent;
    std::uint64_t maps = 0;
    bool right = true;
    Random random(7);
    for (int step = 0; step < 5000; ++step) {
      const std::uint64_t number = random.Below(random.Below(4) == 0 ? 200 : 2 * count);
      const auto found = std::find(recent.begin(), recent.end(), number);
      if (found != recent.end()) {
        recent.erase(found);
      } else {
        ++maps;
        if (recent.size() == count) recent.pop_back();
      }
      recent.push_front(number);
      const std::uint64_t offset = number * window_bytes + random.Below(window_bytes);
      const WindowSet::Window window = windows.At(offset);
      right = right && window.data[offset - window.begin] == expected[offset];
    }
    CHECK(right);
    CHECK(windows.mapped() == maps);
  }
}

TEST_CASE("a cleared set maps again") {
  TenWindows world;
  WindowSet windows(world.mapping, world.window_bytes, 2);
  for (const std::uint64_t number : {0, 1, 2}) windows.At(number * world.window_bytes);
  windows.Clear();
  CHECK(windows.At(2 * world.window_bytes).data[0] == world.expected[2 * world.window_bytes]);
  CHECK(windows.At(1).data[1] == world.expected[1]);
  CHECK(windows.mapped() == 5);
}

}  // namespace
}  // namespace faultline::testing
