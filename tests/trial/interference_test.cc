// What counts as interference: made-up evidence at each rule's threshold and just beyond it, in
// each direction and each phase.
#include "harness/trial/interference.h"

#include "harness/os/file_mapping.h"
#include "tests/catch.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
constexpr std::uint64_t kMillisecond = 1'000'000;

PhaseResult Of(double seconds, Counters counters = {}) {
  return {.seconds = seconds, .counters = std::move(counters)};
}

// A trial whose passes take a second.
Measurement OneSecond(const Counters& counters) {
  Measurement measurement;
  measurement.phases[Phase::kFirst] = Of(1, counters);
  return measurement;
}

std::string Found(const Counters& counters, std::uint64_t workers = 1) {
  return FindInterference(OneSecond(counters), workers);
}

TEST_CASE("a trial that nothing held up had no interference", "[interference]") {
  CHECK(FindInterference(Measurement(), 1).empty());
  CHECK(Found({{"run_delay_ns", 0},
               {"throttled_ns", 0},
               {"stolen_ns", 0},
               {"swapped_in_pages", 0},
               {"swapped_out_pages", 0},
               {"busy_user_ns", 900 * kMillisecond},
               {"user_ns", 900 * kMillisecond},
               {"device_read_bytes", 100 * kMiB},
               {"read_bytes", 100 * kMiB},
               {"device_write_bytes", 50 * kMiB},
               {"write_bytes", 50 * kMiB}})
            .empty());
}

TEST_CASE("others that compute on other processors are no interference", "[interference]") {
  CHECK(Found({{"busy_user_ns", 64'000 * kMillisecond},
               {"user_ns", 900 * kMillisecond},
               {"run_delay_ns", 5 * kMillisecond}})
            .empty());
}

TEST_CASE("waiting for a processor interferes past three fifths of the time", "[interference]") {
  CHECK(Found({{"run_delay_ns", 600 * kMillisecond}}).empty());
  CHECK(Found({{"run_delay_ns", 601 * kMillisecond}}) == "waited 601 ms of 1.0 s for a processor");
  // However short it was: this time is known to the nanosecond.
  Measurement measurement;
  measurement.phases[Phase::kFirst] = Of(0.001, {{"run_delay_ns", kMillisecond / 10 * 6}});
  CHECK(FindInterference(measurement, 1).empty());
  measurement.phases[Phase::kFirst].counters["run_delay_ns"] = kMillisecond / 10 * 7;
  CHECK_FALSE(FindInterference(measurement, 1).empty());
}

TEST_CASE("the waiting of several workers is shared among them", "[interference]") {
  const auto with = [](std::uint64_t delay_ms, std::uint64_t workers) {
    return Found({{"run_delay_ns", delay_ms * kMillisecond}}, workers);
  };
  CHECK(with(2400, 4).empty());
  CHECK_FALSE(with(2404, 4).empty());
  CHECK_FALSE(with(2404, 3).empty());
}

TEST_CASE("workers that wait for each other have no interference", "[interference]") {
  const auto with = [](std::uint64_t others_ms, std::uint64_t workers) {
    return Found({{"run_delay_ns", 4000 * kMillisecond},
                  {"busy_user_ns", (1500 + others_ms) * kMillisecond},
                  {"user_ns", 1500 * kMillisecond}},
                 workers);
  };
  CHECK(with(0, 4).empty());
  CHECK(with(2400, 4).empty());
  CHECK(with(2404, 4) == "waited 601 ms of 1.0 s for a processor");
  // Ticks may count less for all than the exact figure says for one.
  CHECK(Found({{"run_delay_ns", 4000 * kMillisecond},
               {"busy_user_ns", 1400 * kMillisecond},
               {"user_ns", 1500 * kMillisecond}},
              2)
            .empty());
  // A single worker waits for no other of its own.
  CHECK(Found({{"run_delay_ns", 700 * kMillisecond},
               {"busy_user_ns", 300 * kMillisecond},
               {"user_ns", 300 * kMillisecond}}) == "waited 700 ms of 1.0 s for a processor");
}

TEST_CASE("each figure's own time is judged and closing is in none", "[interference]") {
  // 0.1 s opening, 0.4 s first pass, 0.5 s steady passes, 9 s flush, 9 s close.
  const auto with = [](Phase waits, std::uint64_t ms) {
    Measurement measurement;
    const double seconds[] = {0.1, 0.4, 0.5, 9, 9};
    for (std::size_t i = 0; i < kPhases.size(); ++i) {
      measurement.phases[kPhases[i]] =
          Of(seconds[i], {{"run_delay_ns", kPhases[i] == waits ? ms * kMillisecond : 0}});
    }
    return FindInterference(measurement, 1);
  };
  for (const Phase phase : {Phase::kOpen, Phase::kFirst, Phase::kSteady}) {
    CHECK(with(phase, 600).empty());
    CHECK(with(phase, 601) == "waited 601 ms of 1.0 s for a processor");
  }
  CHECK(with(Phase::kFlush, 6000).empty());
  CHECK(with(Phase::kFlush, 6001) == "waited 6.0 s of 10 s for a processor");
  CHECK(with(Phase::kClose, 9000).empty());
}

TEST_CASE("throttling interferes past a twentieth of the time", "[interference]") {
  CHECK(Found({{"throttled_ns", 50 * kMillisecond}}).empty());
  CHECK_THAT(Found({{"throttled_ns", 51 * kMillisecond}}), ContainsSubstring("51 ms of 1.0 s"));
  CHECK(Found({{"throttled_ns", 100 * kMillisecond}}, 2).empty());
  CHECK_THAT(Found({{"throttled_ns", 102 * kMillisecond}}, 2), ContainsSubstring("51 ms of"));
}

TEST_CASE("stolen time interferes past a twentieth of the time and 50 ms", "[interference]") {
  const auto with = [](double seconds, std::uint64_t ms, std::uint64_t workers) {
    Measurement measurement;
    measurement.phases[Phase::kSteady] = Of(seconds, {{"stolen_ns", ms * kMillisecond}});
    return FindInterference(measurement, workers);
  };
  CHECK(with(2, 100, 1).empty());
  CHECK_THAT(with(2, 101, 1), ContainsSubstring("hypervisor took 101 ms of 2.0 s"));
  CHECK(with(0.1, 50, 1).empty());
  CHECK_FALSE(with(0.1, 51, 1).empty());
  CHECK(with(2, 200, 2).empty());
  CHECK_FALSE(with(2, 202, 2).empty());
}

TEST_CASE("of stolen time a trial has its part of all that computed", "[interference]") {
  const auto with = [](std::uint64_t stolen_ms, std::uint64_t busy_ms) {
    return Found({{"stolen_ns", stolen_ms * kMillisecond},
                  {"busy_user_ns", busy_ms * kMillisecond},
                  {"user_ns", 500 * kMillisecond}});
  };
  CHECK(with(200, 2000).empty());
  CHECK_THAT(with(204, 2000), ContainsSubstring("hypervisor took 51 ms"));
  CHECK_THAT(with(51, 500), ContainsSubstring("hypervisor took 51 ms"));
  CHECK_THAT(with(51, 400), ContainsSubstring("hypervisor took 51 ms"));
}

TEST_CASE("a single swapped page interferes", "[interference]") {
  CHECK(Found({{"swapped_in_pages", 1}}) == "the machine swapped 1 page");
  CHECK(Found({{"swapped_in_pages", 2}, {"swapped_out_pages", 3}}) ==
        "the machine swapped 5 pages");
  Measurement measurement;
  measurement.phases[Phase::kClose] = Of(1, {{"swapped_in_pages", 7}});
  CHECK(FindInterference(measurement, 1).empty());
}

struct Names {
  const char* device;
  const char* own;
  const char* text;
};
constexpr Names kReading = {"device_read_bytes", "read_bytes",
                            "others read 21.0 MiB from the device while the trial read 10.0 MiB"};
constexpr Names kWriting = {"device_write_bytes", "write_bytes",
                            "others wrote 21.0 MiB to the device while the trial wrote 10.0 MiB"};

TEST_CASE("traffic of others interferes when it is more than twice the trial's", "[interference]") {
  for (const Names& names : {kReading, kWriting}) {
    const auto with = [&](std::uint64_t device, std::uint64_t own) {
      return Found({{names.device, device}, {names.own, own}, {"dirty_pages", 0}});
    };
    INFO(names.device);
    CHECK(with(30 * kMiB, 10 * kMiB).empty());
    CHECK_FALSE(with(30 * kMiB + 1, 10 * kMiB).empty());
    CHECK(with(31 * kMiB, 10 * kMiB) == names.text);
    CHECK(with(0, 10 * kMiB).empty());
  }
}

TEST_CASE("traffic of others is no matter to a trial that didn't use the device",
          "[interference]") {
  for (const Names& names : {kReading, kWriting}) {
    const auto with = [&](std::uint64_t own) {
      return Found({{names.device, 900 * kMiB}, {names.own, own}, {"dirty_pages", 0}});
    };
    INFO(names.device);
    CHECK(with(0).empty());
    CHECK(with(kMiB - 1).empty());
    CHECK_FALSE(with(kMiB).empty());
  }
}

TEST_CASE("traffic in one direction doesn't interfere with the other", "[interference]") {
  CHECK(Found({{"device_read_bytes", 900 * kMiB},
               {"read_bytes", 0},
               {"device_write_bytes", 20 * kMiB},
               {"write_bytes", 20 * kMiB},
               {"dirty_pages", 0}})
            .empty());
  CHECK(Found({{"device_write_bytes", 900 * kMiB},
               {"write_bytes", 0},
               {"device_read_bytes", 20 * kMiB},
               {"read_bytes", 20 * kMiB},
               {"dirty_pages", 0}})
            .empty());
}

// A trial that makes 24 MiB dirty in its first pass and writes them in its flush.
std::string WithFlush(std::uint64_t device_in_pass, std::uint64_t device_in_flush,
                      std::optional<std::uint64_t> dirty_bytes_after_pass) {
  Measurement measurement;
  measurement.phases[Phase::kFirst] =
      Of(1, {{"device_write_bytes", device_in_pass},
             {"write_bytes", 24 * kMiB},
             {"dirty_pages", dirty_bytes_after_pass
                                 ? CounterValue(*dirty_bytes_after_pass / os::PageSize())
                                 : std::nullopt}});
  measurement.phases[Phase::kFlush] =
      Of(1, {{"device_write_bytes", device_in_flush},
             {"write_bytes", 0},
             {"dirty_pages", dirty_bytes_after_pass ? CounterValue(0) : std::nullopt}});
  return FindInterference(measurement, 1);
}

TEST_CASE("a trial writes to the device when its dirty pages become fewer", "[interference]") {
  CHECK(WithFlush(900 * kMiB, 72 * kMiB, 24 * kMiB).empty());
  CHECK_THAT(WithFlush(0, 72 * kMiB + 512, 24 * kMiB),
             ContainsSubstring("while the trial wrote 24.0 MiB"));
  // The kernel wrote half of it during the pass: so that is shared too.
  CHECK_THAT(WithFlush(100 * kMiB, 12 * kMiB, 12 * kMiB),
             ContainsSubstring("others wrote 88.0 MiB to the device while the trial wrote 24.0"));
  CHECK(WithFlush(12 * kMiB, 12 * kMiB, 12 * kMiB).empty());
}

TEST_CASE("without dirty pages a trial wrote at most what the device did", "[interference]") {
  CHECK(WithFlush(0, 72 * kMiB, std::nullopt).empty());
  CHECK_THAT(WithFlush(0, 73 * kMiB, std::nullopt), ContainsSubstring("others wrote 49.0 MiB"));
  CHECK(WithFlush(24 * kMiB, 900 * kMiB, std::nullopt).empty());
}

TEST_CASE("what is absent can't interfere", "[interference]") {
  CHECK(Found({{"run_delay_ns", std::nullopt},
               {"throttled_ns", std::nullopt},
               {"stolen_ns", std::nullopt},
               {"swapped_in_pages", std::nullopt},
               {"swapped_out_pages", std::nullopt}})
            .empty());
  for (const Names& names : {kReading, kWriting}) {
    CHECK(Found({{names.device, 900 * kMiB}, {names.own, std::nullopt}}).empty());
    CHECK(Found({{names.device, std::nullopt}, {names.own, 9 * kMiB}}).empty());
  }
  // A figure that is absent in one phase is absent.
  Measurement measurement = OneSecond({{"run_delay_ns", 900 * kMillisecond}});
  measurement.phases[Phase::kSteady] = Of(0.01, {{"run_delay_ns", std::nullopt}});
  CHECK(FindInterference(measurement, 1).empty());
}

TEST_CASE("all interference is told in one line", "[interference]") {
  CHECK(Found({{"swapped_in_pages", 8}, {"run_delay_ns", 900 * kMillisecond}}) ==
        "waited 900 ms of 1.0 s for a processor; the machine swapped 8 pages");
}

}  // namespace
}  // namespace faultline
