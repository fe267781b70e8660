// The table finds what it holds and nothing else, and no page that was read ahead undoes a change.
#include "strategies/pool_part.h"

#include <map>
#include <memory>

#include "harness/os/anonymous_memory.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

TEST_CASE("a slot table agrees with a map, however full its buckets are") {
  constexpr std::uint32_t kMost = 200;
  SlotTable table(kMost);
  std::map<std::uint64_t, std::uint32_t> expected;
  Random random(7);
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t number = random.Below(500);
    const auto found = expected.find(number);
    CHECK(table.Find(number) == (found == expected.end() ? SlotTable::kNone : found->second));
    if (random.Below(2) == 0) {
      table.Erase(number);
      expected.erase(number);
    } else if (found == expected.end() && expected.size() < kMost) {
      const auto slot = static_cast<std::uint32_t>(1 + random.Below(1'000'000));
      table.Insert(number, slot);
      expected[number] = slot;
    }
  }
  table.Clear();
  for (std::uint64_t number = 0; number < 500; ++number) {
    CHECK(table.Find(number) == SlotTable::kNone);
  }
}

TEST_CASE("each part of a slot table holds as many as it is for, and neighbours are in one part") {
  constexpr std::uint64_t kMost = 100;
  constexpr std::uint64_t kParts = 8;
  SlotTable table(kMost, kParts);
  std::vector<std::uint64_t> held(kParts);
  std::map<std::uint64_t, std::uint32_t> expected;
  for (std::uint64_t number = 0; number < 4000; ++number) {
    const std::uint64_t part = table.PartOf(number);
    REQUIRE(part < kParts);
    CHECK(part == table.PartOf(number / 16 * 16));
    if (held[part] == kMost) continue;
    ++held[part];
    table.Insert(number, static_cast<std::uint32_t>(number + 1));
    expected[number] = static_cast<std::uint32_t>(number + 1);
  }
  CHECK(held == std::vector<std::uint64_t>(kParts, kMost));
  std::uint64_t at_home = 0;
  for (std::uint64_t number = 0; number < 4000; ++number) {
    const auto found = expected.find(number);
    const std::uint32_t slot = found == expected.end() ? SlotTable::kNone : found->second;
    CHECK(table.Find(number) == slot);
    const std::uint32_t home = table.search().FindAtHome(number);
    CHECK((home == slot || home == SlotTable::kNone));
    if (slot != SlotTable::kNone && home == slot) ++at_home;
  }
  CHECK(at_home > expected.size() * 9 / 10);
  for (const auto& [number, slot] : expected) table.Erase(number);
  for (std::uint64_t number = 0; number < 4000; ++number) {
    CHECK(table.Find(number) == SlotTable::kNone);
  }
}

constexpr std::uint64_t kPageBytes = 4096;

// A part of four frames over a file of forty pages.
class SmallPart {
 public:
  SmallPart()
      : data({40, kPageBytes}), memory(4 * kPageBytes), frames(memory.bytes(), kPageBytes, 1) {
    file.Open(data.file(), kPageBytes);
    part = std::make_unique<PoolPart>(file, frames, 1, 4, 1);
  }

  std::byte FirstByte(std::uint64_t number) {
    return frames.BytesOf(part->Use(number, PageUse::kLook)).front();
  }

  void SetFirstByte(std::uint64_t number, std::byte value) {
    frames.BytesOf(part->Use(number, PageUse::kChange)).front() = value;
  }

  // Makes all other pages leave.
  void UseOthers() {
    for (std::uint64_t number = 30; number < 40; ++number) FirstByte(number);
  }

  // As on storage.
  std::vector<std::byte> Page(std::uint64_t number) const {
    const std::vector<std::byte> bytes = data.Bytes();
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(number * kPageBytes);
    return {begin, begin + static_cast<std::ptrdiff_t>(kPageBytes)};
  }

  TestFile data;
  BlockFile file;
  os::AnonymousMemory memory;
  PoolFrames frames;
  std::unique_ptr<PoolPart> part;
};

TEST_CASE("a page read ahead is taken when it was not brought meanwhile") {
  SmallPart world;
  const std::optional<std::uint64_t> missed = world.part->WhenMissed(3);
  REQUIRE(missed);
  std::vector<std::byte> read = world.Page(3);
  read[0] = std::byte{0xab};  // to know it by
  world.part->Install(3, *missed, read);
  CHECK_FALSE(world.part->WhenMissed(3));
  CHECK(world.FirstByte(3) == std::byte{0xab});
}

TEST_CASE("a page read ahead doesn't undo a change made meanwhile, in memory or written") {
  const bool written = GENERATE(false, true);
  SmallPart world;
  const std::vector<std::byte> old = world.Page(3);
  const std::byte changed = old[0] ^ std::byte{0xff};
  const std::optional<std::uint64_t> missed = world.part->WhenMissed(3);
  REQUIRE(missed);
  world.SetFirstByte(3, changed);
  if (written) {
    world.UseOthers();
    REQUIRE(world.part->WhenMissed(3));
  }
  world.part->Install(3, *missed, old);
  CHECK(world.FirstByte(3) == changed);
  world.part->WriteAll();
  CHECK(world.Page(3)[0] == changed);
}

TEST_CASE(
    "a dropped page is read again and neither its changes nor what was read ahead come back") {
  SmallPart world;
  const std::vector<std::byte> old = world.Page(3);
  const std::optional<std::uint64_t> missed = world.part->WhenMissed(3);
  REQUIRE(missed);
  world.SetFirstByte(3, old[0] ^ std::byte{0xff});
  world.part->Drop(3);
  const std::byte below = old[0] ^ std::byte{0x55};
  os::File::Open(world.data.file().path, os::FileAccess::kReadWrite)
      .WriteAt(3 * kPageBytes, std::span(&below, 1));
  world.part->Install(3, *missed, old);
  CHECK(world.FirstByte(3) == below);
  world.part->WriteAll();
  CHECK(world.Page(3)[0] == below);
}

TEST_CASE("frames of dropped pages are used again") {
  SmallPart world;
  for (int turn = 0; turn < 20; ++turn) {
    for (std::uint64_t number = 0; number < 8; ++number) {
      const std::byte right = world.Page(number)[0];
      CHECK(world.FirstByte(number) == right);
      if ((number + static_cast<std::uint64_t>(turn)) % 3 == 0) world.part->Drop(number);
    }
  }
}

TEST_CASE("a page read ahead is taken although others were changed and written meanwhile") {
  SmallPart world;
  const std::optional<std::uint64_t> missed = world.part->WhenMissed(3);
  REQUIRE(missed);
  world.SetFirstByte(4, std::byte{1});
  world.UseOthers();
  world.part->Install(3, *missed, world.Page(3));
  CHECK_FALSE(world.part->WhenMissed(3));
}

}  // namespace
}  // namespace faultline::testing
