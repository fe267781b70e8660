// Probes together: what a phase's figures are made of, for made-up sources and for the real ones.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "harness/probe/probe.h"
#include "tests/os/support.h"

namespace faultline {
namespace {

// A source that reads what the test says, and notes when it is read.
struct MadeUp {
  CounterValue total;
  CounterValue level;
  int phases_begun = 0;
};
MadeUp made_up;
std::vector<std::string> order;

class MadeUpProbe final : public Probe {
 public:
  explicit MadeUpProbe(std::string name) : name_(std::move(name)) {}
  void BeginPhase() override { ++made_up.phases_begun; }
  std::vector<CounterValue> Read() override {
    order.push_back(name_);
    return {made_up.total, made_up.level, made_up.level};
  }
  std::string WhyAbsent() const override { return "the test wants it so"; }

 private:
  std::string name_;
};

ProbeInfo MadeUpInfo(const std::string& name, int nearness) {
  return {.name = name,
          .summary = "made up",
          .counters = {{.name = name + "_total", .kind = CounterKind::kTotal},
                       {.name = name + "_level", .kind = CounterKind::kLevel},
                       {.name = name + "_peak", .kind = CounterKind::kPeak}},
          .make = [name](const ProbeSubject&) { return std::make_unique<MadeUpProbe>(name); },
          .nearness = nearness};
}

// Names that the alphabet would put the other way round.
const Registration<ProbeInfo> kNear{MadeUpInfo("a-near", 2)};
const Registration<ProbeInfo> kFar{MadeUpInfo("z-far", 0)};

TEST_CASE("two stretches of a phase add totals up and leave the last level and the highest peak",
          "[probe]") {
  made_up = {.total = 10, .level = 100};
  ProbeSet probes({});
  Counters counters;
  probes.Begin();
  made_up = {.total = 15, .level = 70};
  probes.End(counters);
  CHECK(counters.at("z-far_total") == 5u);
  CHECK(counters.at("z-far_level") == 70u);
  made_up = {.total = 1000, .level = 1};
  probes.Begin();
  made_up = {.total = 1002, .level = 30};
  probes.End(counters);
  CHECK(counters.at("z-far_total") == 7u);
  CHECK(counters.at("z-far_level") == 30u);
  CHECK(counters.at("z-far_peak") == 70u);
  probes.Begin();
  made_up.level = 90;
  probes.End(counters);
  CHECK(counters.at("z-far_peak") == 90u);
}

TEST_CASE("a figure that is absent at either end is absent and stays so", "[probe]") {
  made_up = {.total = 10, .level = 100};
  ProbeSet probes({});
  Counters counters;
  probes.Begin();
  made_up = {.total = std::nullopt, .level = std::nullopt};
  probes.End(counters);
  CHECK_FALSE(counters.at("z-far_total").has_value());
  CHECK_FALSE(counters.at("z-far_level").has_value());
  CHECK_FALSE(counters.at("z-far_peak").has_value());
  CHECK(probes.WhyAbsent().at("z-far_total") == "the test wants it so");
  probes.Begin();
  made_up = {.total = 20, .level = 5};
  probes.End(counters);
  CHECK_FALSE(counters.at("z-far_total").has_value());
  CHECK_FALSE(counters.at("z-far_level").has_value());
  probes.Begin();
  probes.End(counters);
  CHECK_FALSE(counters.at("z-far_total").has_value());
  CHECK(counters.at("z-far_level") == 5u);
  CHECK_FALSE(counters.at("z-far_peak").has_value());
  CHECK_FALSE(probes.WhyAbsent().contains("z-far_total"));
}

TEST_CASE("a total that shrinks is absent and not a huge number", "[probe]") {
  made_up = {.total = 10, .level = 0};
  ProbeSet probes({});
  Counters counters;
  probes.Begin();
  made_up.total = 9;
  probes.End(counters);
  CHECK_FALSE(counters.at("z-far_total").has_value());
}

TEST_CASE("near sources are read last at the begin and first at the end", "[probe]") {
  made_up = {.total = 0, .level = 0};
  ProbeSet probes({});
  Counters counters;
  order.clear();
  made_up.phases_begun = 0;
  probes.Begin();
  CHECK(made_up.phases_begun == 2);
  probes.End(counters);
  CHECK(made_up.phases_begun == 2);
  CHECK(order == std::vector<std::string>{"z-far", "a-near", "a-near", "z-far"});
}

TEST_CASE("every counter of the run document is there with its unit and kind", "[probe]") {
  struct Expected {
    const char* name;
    const char* unit;
    CounterKind kind;
    CounterScope scope;
  };
  constexpr auto kTotal = CounterKind::kTotal;
  constexpr auto kLevel = CounterKind::kLevel;
  constexpr auto kProcess = CounterScope::kProcess;
  constexpr auto kFile = CounterScope::kFile;
  constexpr auto kDevice = CounterScope::kDevice;
  constexpr auto kMachine = CounterScope::kMachine;
  const Expected expected[] = {
      {"minor_faults", "", kTotal, kProcess},
      {"major_faults", "", kTotal, kProcess},
      {"voluntary_switches", "", kTotal, kProcess},
      {"involuntary_switches", "", kTotal, kProcess},
      {"user_ns", "ns", kTotal, kProcess},
      {"system_ns", "ns", kTotal, kProcess},
      {"run_delay_ns", "ns", kTotal, kProcess},
      {"throttled_ns", "ns", kTotal, kMachine},
      {"event_page_faults", "", kTotal, kProcess},
      {"event_context_switches", "", kTotal, kProcess},
      {"event_migrations", "", kTotal, kProcess},
      {"event_task_clock_ns", "ns", kTotal, kProcess},
      {"cycles", "", kTotal, kProcess},
      {"instructions", "", kTotal, kProcess},
      {"cache_misses", "", kTotal, kProcess},
      {"data_tlb_load_misses", "", kTotal, kProcess},
      {"read_calls", "", kTotal, kProcess},
      {"write_calls", "", kTotal, kProcess},
      {"asked_read_bytes", "bytes", kTotal, kProcess},
      {"asked_write_bytes", "bytes", kTotal, kProcess},
      {"read_bytes", "bytes", kTotal, kProcess},
      {"write_bytes", "bytes", kTotal, kProcess},
      {"resident_bytes", "bytes", kLevel, kProcess},
      {"peak_resident_bytes", "bytes", CounterKind::kPeak, kProcess},
      {"file_clean_bytes", "bytes", kLevel, kProcess},
      {"file_dirty_bytes", "bytes", kLevel, kProcess},
      {"anonymous_bytes", "bytes", kLevel, kProcess},
      {"proportional_bytes", "bytes", kLevel, kProcess},
      {"page_table_bytes", "bytes", kLevel, kProcess},
      {"cached_pages", "pages", kLevel, kFile},
      {"dirty_pages", "pages", kLevel, kFile},
      {"writeback_pages", "pages", kLevel, kFile},
      {"device_read_requests", "", kTotal, kDevice},
      {"device_read_bytes", "bytes", kTotal, kDevice},
      {"device_write_requests", "", kTotal, kDevice},
      {"device_write_bytes", "bytes", kTotal, kDevice},
      {"tlb_shootdowns", "", kTotal, kMachine},
      {"swapped_in_pages", "pages", kTotal, kMachine},
      {"swapped_out_pages", "pages", kTotal, kMachine},
      {"busy_user_ns", "ns", kTotal, kMachine},
      {"stolen_ns", "ns", kTotal, kMachine},
  };
  const std::map<std::string, CounterInfo> counters = AllCounters();
  for (const Expected& one : expected) {
    CAPTURE(one.name);
    REQUIRE(counters.contains(one.name));
    const CounterInfo& counter = counters.at(one.name);
    CHECK(counter.unit == one.unit);
    CHECK((counter.kind == one.kind));
    CHECK((counter.scope == one.scope));
    CHECK_FALSE(counter.summary.empty());
    CHECK((counter.column.empty() || counter.kind == kTotal));
  }
  constexpr std::size_t kMadeUpHere = 6;
  CHECK(counters.size() == std::size(expected) + kMadeUpHere);
}

TEST_CASE("every counter has a figure or a reason", "[probe]") {
  const TemporaryDirectory directory;
  const os::File file = os::File::Create(directory / "data");
  made_up = {.total = 1, .level = 1};
  for (const os::File* subject : {&file, static_cast<const os::File*>(nullptr)}) {
    ProbeSet probes({.data_file = subject});
    Counters counters;
    probes.Begin();
    probes.End(counters);
    const std::map<std::string, std::string> reasons = probes.WhyAbsent();
    for (const auto& [name, info] : AllCounters()) {
      CAPTURE(name);
      REQUIRE(counters.contains(name));
      CHECK(counters.at(name).has_value() != reasons.contains(name));
      if (reasons.contains(name)) {
        CHECK_FALSE(reasons.at(name).empty());
        CHECK(reasons.at(name).find('\n') == std::string::npos);
      }
    }
    if (subject == nullptr) {
      CHECK_FALSE(counters.at("cached_pages").has_value());
      CHECK_FALSE(counters.at("device_read_bytes").has_value());
    }
  }
}

}  // namespace
}  // namespace faultline
