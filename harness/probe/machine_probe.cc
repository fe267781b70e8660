// What happened on the whole machine meanwhile: what one process costs others, and what others did.
#include "harness/os/machine_counters.h"
#include "harness/probe/probe.h"

namespace faultline::machine_probe {
namespace {

class MachineProbe final : public Probe {
 public:
  std::vector<CounterValue> Read() override {
    const os::MachineActivity activity = os::ReadMachineActivity();
    return {activity.tlb_shootdowns, activity.swapped_in_pages, activity.swapped_out_pages,
            activity.busy_user_ns, activity.stolen_ns};
  }

  std::string WhyAbsent() const override {
    return "/proc doesn't tell it here (only some processors count TLB shootdowns; containers may "
           "hide the rest)";
  }
};

const Registration<ProbeInfo> kRegistered{{
    .name = "machine",
    .summary = "activity of the whole machine (/proc/interrupts, vmstat and stat)",
    .counters =
        {
            {.name = "tlb_shootdowns",
             .unit = "",
             .summary = "interrupts by which processors made others drop address translations",
             .scope = CounterScope::kMachine},
            {.name = "swapped_in_pages",
             .unit = "pages",
             .summary = "pages read from swap space",
             .scope = CounterScope::kMachine},
            {.name = "swapped_out_pages",
             .unit = "pages",
             .summary = "pages written to swap space",
             .scope = CounterScope::kMachine},
            {.name = "busy_user_ns",
             .unit = "ns",
             .summary = "time that all processors spent in user mode, for all processes",
             .scope = CounterScope::kMachine},
            {.name = "stolen_ns",
             .unit = "ns",
             .summary = "time that the hypervisor gave to other machines",
             .scope = CounterScope::kMachine},
        },
    .make = [](const ProbeSubject&) { return std::make_unique<MachineProbe>(); },
}};

}  // namespace
}  // namespace faultline::machine_probe
