// What kept the process from a processor: others in the run queue, and limits on its group.
#include "harness/os/scheduling.h"
#include "harness/probe/probe.h"

namespace faultline::schedule_probe {
namespace {

class ScheduleProbe final : public Probe {
 public:
  std::vector<CounterValue> Read() override {
    const CounterValue throttled_ns = limits_.ReadThrottledNs();
    return {run_queue_.ReadDelayNs(), throttled_ns};
  }

  std::string WhyAbsent() const override {
    return "no /proc/self/task/*/schedstat (the kernel was built without scheduler information), "
           "or "
           "no control group with the cpu controller in sight";
  }

 private:
  os::RunQueue run_queue_;
  os::ProcessorLimits limits_;
};

const Registration<ProbeInfo> kRegistered{{
    .name = "schedule",
    .summary = "what kept the process from a processor (schedstat, cpu.stat of its control group)",
    .counters =
        {
            {.name = "run_delay_ns",
             .unit = "ns",
             .summary =
                 "time that its threads were ready and waited for a processor, all added up"},
            {.name = "throttled_ns",
             .unit = "ns",
             .summary = "time that a limit on its control group kept the group from processors",
             .scope = CounterScope::kMachine},
        },
    .make = [](const ProbeSubject&) { return std::make_unique<ScheduleProbe>(); },
    // Others compete with the reading of slower sources too, which is no part of the phase.
    .nearness = 1,
}};

}  // namespace
}  // namespace faultline::schedule_probe
