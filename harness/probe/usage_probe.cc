// Faults, context switches and processor time of this process, as getrusage tells them.
#include "harness/os/process_counters.h"
#include "harness/probe/probe.h"

namespace faultline::usage_probe {
namespace {

class UsageProbe final : public Probe {
 public:
  std::vector<CounterValue> Read() override {
    const os::ProcessUsage usage = os::ReadProcessUsage();
    return {usage.minor_faults,         usage.major_faults, usage.voluntary_switches,
            usage.involuntary_switches, usage.user_ns,      usage.system_ns};
  }

  std::string WhyAbsent() const override { return "the system doesn't tell what a process used"; }
};

const Registration<ProbeInfo> kRegistered{{
    .name = "usage",
    .summary = "what the system charges to the process (getrusage)",
    .counters =
        {
            {.name = "minor_faults", .unit = "", .summary = "page faults that needed no storage"},
            {.name = "major_faults",
             .unit = "",
             .summary = "page faults that waited for storage",
             .column = "major faults"},
            {.name = "voluntary_switches",
             .unit = "",
             .summary = "times that it gave up a processor to wait"},
            {.name = "involuntary_switches",
             .unit = "",
             .summary = "times that a processor was taken from it"},
            {.name = "user_ns", .unit = "ns", .summary = "processor time in its own code"},
            {.name = "system_ns",
             .unit = "ns",
             .summary = "processor time in the kernel on its behalf"},
        },
    .make = [](const ProbeSubject&) { return std::make_unique<UsageProbe>(); },
    // Reading any other source takes time and may take a fault; reading this one leaves no trace in
    // the others.
    .nearness = 3,
}};

}  // namespace
}  // namespace faultline::usage_probe
