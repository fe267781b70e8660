// What counts as a disturbance, at each rule's threshold and just beyond it.
#include "harness/trial/disturbance.h"

#include "tests/catch.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kMillisecond = 1'000'000;

// Counters of a trial that took `seconds`, in two phases that share both evenly.
Measurement Trial(double seconds, const Counters& counters) {
  Measurement measurement;
  for (Phase phase : {Phase::kFirst, Phase::kFlush}) {
    PhaseResult& result = measurement.phases[phase];
    result.seconds = seconds / 2;
    for (const auto& [name, value] : counters) {
      const bool first = phase == Phase::kFirst;
      result.counters[name] =
          value ? CounterValue(first ? *value / 2 : *value - *value / 2) : std::nullopt;
    }
  }
  return measurement;
}

TEST_CASE("a trial that had the machine to itself is not disturbed") {
  CHECK(WhatDisturbed(Measurement()).empty());
  CHECK(WhatDisturbed(Trial(1, {{"device_read_bytes", 100 * kMiB},
                                {"read_bytes", 100 * kMiB},
                                {"device_write_bytes", 0},
                                {"write_bytes", 50 * kMiB},
                                {"swapped_in_pages", 0},
                                {"swapped_out_pages", 0},
                                {"busy_user_ns", 900 * kMillisecond},
                                {"user_ns", 900 * kMillisecond},
                                {"stolen_ns", 0}}))
            .empty());
}

TEST_CASE("bytes of the device beyond the trial's own disturb past 4 MiB and 5 percent") {
  const std::pair<const char*, const char*> directions[] = {{"device_read_bytes", "read_bytes"},
                                                            {"device_write_bytes", "write_bytes"}};
  for (const auto& [device, own] : directions) {
    const auto with = [&, device = device, own = own](std::uint64_t device_bytes,
                                                      std::uint64_t own_bytes) {
      return WhatDisturbed(Trial(1, {{device, device_bytes}, {own, own_bytes}}));
    };
    INFO(device);
    CHECK(with(4 * kMiB, 0).empty());
    CHECK_THAT(with(4 * kMiB + 1, 0), ContainsSubstring("the device"));
    CHECK(with(1050 * kMiB, 1000 * kMiB).empty());
    CHECK_FALSE(with(1050 * kMiB + 2, 1000 * kMiB).empty());
    CHECK(with(0, 1000 * kMiB).empty());
  }
  CHECK_THAT(WhatDisturbed(Trial(1, {{"device_read_bytes", 9 * kMiB}, {"read_bytes", 0}})),
             ContainsSubstring("device read 9.00 MiB"));
  CHECK_THAT(WhatDisturbed(Trial(1, {{"device_write_bytes", 9 * kMiB}, {"write_bytes", 0}})),
             ContainsSubstring("device wrote 9.00 MiB"));
}

TEST_CASE("a single swapped page disturbs") {
  CHECK_THAT(WhatDisturbed(Trial(1, {{"swapped_in_pages", 1}})), ContainsSubstring("swapped 1"));
  CHECK_THAT(WhatDisturbed(Trial(1, {{"swapped_in_pages", 2}, {"swapped_out_pages", 3}})),
             ContainsSubstring("swapped 5"));
}

TEST_CASE("others in user mode disturb past a quarter of the time and 50 ms") {
  const auto with = [](double seconds, std::uint64_t others_ms) {
    return WhatDisturbed(Trial(seconds, {{"busy_user_ns", (others_ms + 300) * kMillisecond},
                                         {"user_ns", 300 * kMillisecond}}));
  };
  CHECK(with(1, 250).empty());
  CHECK_THAT(with(1, 251), ContainsSubstring("other processes"));
  CHECK(with(0.01, 50).empty());
  CHECK_FALSE(with(0.01, 51).empty());
}

TEST_CASE("stolen time disturbs past a twentieth of the time and 50 ms") {
  const auto with = [](double seconds, std::uint64_t ms) {
    return WhatDisturbed(Trial(seconds, {{"stolen_ns", ms * kMillisecond}}));
  };
  CHECK(with(2, 100).empty());
  CHECK_THAT(with(2, 101), ContainsSubstring("hypervisor"));
  CHECK(with(0.1, 50).empty());
  CHECK_FALSE(with(0.1, 51).empty());
}

TEST_CASE("what is absent can't disturb") {
  CHECK(WhatDisturbed(Trial(1, {{"device_read_bytes", 900 * kMiB}, {"read_bytes", std::nullopt}}))
            .empty());
  CHECK(
      WhatDisturbed(Trial(1, {{"device_write_bytes", std::nullopt}, {"write_bytes", 0}})).empty());
  CHECK(
      WhatDisturbed(Trial(1, {{"busy_user_ns", 10'000 * kMillisecond}, {"user_ns", std::nullopt}}))
          .empty());
  CHECK(WhatDisturbed(Trial(1, {{"stolen_ns", std::nullopt},
                                {"swapped_in_pages", std::nullopt},
                                {"swapped_out_pages", std::nullopt}}))
            .empty());
}

TEST_CASE("all disturbances are named in one line") {
  const std::string text =
      WhatDisturbed(Trial(1, {{"swapped_in_pages", 8}, {"stolen_ns", 500 * kMillisecond}}));
  CHECK_THAT(text, ContainsSubstring("swapped 8 pages; the hypervisor"));
}

}  // namespace
}  // namespace faultline
