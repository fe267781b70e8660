// Events counted by the kernel and by the processor (perf events) for this process and its threads.
#include <array>
#include <fmt/format.h>

#include "harness/os/event_counters.h"
#include "harness/probe/probe.h"

namespace faultline::events_probe {
namespace {

using os::Event;

// In the order of the counters below.
constexpr std::array kEvents = {Event::kPageFaults,  Event::kContextSwitches,  Event::kMigrations,
                                Event::kTaskClockNs, Event::kCycles,           Event::kInstructions,
                                Event::kCacheMisses, Event::kDataTlbLoadMisses};

class EventsProbe final : public Probe {
 public:
  EventsProbe() {
    for (std::size_t i = 0; i < kEvents.size(); ++i) {
      std::string why;
      counters_[i] = os::EventCounter::Start(kEvents[i], why);
      if (why.empty() || why_absent_.find(why) != std::string::npos) continue;
      why_absent_ += fmt::format("{}{}", why_absent_.empty() ? "" : "; ", why);
    }
  }

  std::vector<CounterValue> Read() override {
    std::vector<CounterValue> values;
    values.reserve(counters_.size());
    for (const os::EventCounter& counter : counters_) values.push_back(counter.Read());
    return values;
  }

  std::string WhyAbsent() const override { return why_absent_; }

 private:
  std::array<os::EventCounter, kEvents.size()> counters_;
  std::string why_absent_;
};

const Registration<ProbeInfo> kRegistered{{
    .name = "events",
    .summary = "events that the kernel and the processor count (perf events)",
    .counters =
        {
            {.name = "event_page_faults", .unit = "", .summary = "page faults of both sorts"},
            {.name = "event_context_switches",
             .unit = "",
             .summary = "context switches of both sorts"},
            {.name = "event_migrations",
             .unit = "",
             .summary = "moves from one processor to another"},
            {.name = "event_task_clock_ns",
             .unit = "ns",
             .summary = "time on a processor, all threads together"},
            {.name = "cycles", .unit = "", .summary = "processor cycles"},
            {.name = "instructions", .unit = "", .summary = "instructions completed"},
            {.name = "cache_misses",
             .unit = "",
             .summary = "accesses that the last-level cache couldn't answer"},
            {.name = "data_tlb_load_misses",
             .unit = "",
             .summary = "loads whose address translation was not at hand"},
        },
    .make = [](const ProbeSubject&) { return std::make_unique<EventsProbe>(); },
    .nearness = 1,
}};

}  // namespace
}  // namespace faultline::events_probe
