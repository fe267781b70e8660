// What the system counts for the machine and for a block device. Every figure that can't be had is
// absent, never 0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "faultline/file.h"
#include "harness/os/process_counters.h"

namespace faultline::os {

// Requests and bytes that reached a block device, from all processes of the machine.
struct DeviceTraffic {
  Counter read_requests;
  Counter read_bytes;
  Counter write_requests;
  Counter write_bytes;
};

// The device under a file's file system: "vda1", or "" for one that has no device (tmpfs, network).
std::string DeviceOf(const File& file);
DeviceTraffic ReadDeviceTraffic(const std::string& device);

struct MachineActivity {
  Counter tlb_shootdowns;  // interrupts, all processors
  Counter swapped_in_pages;
  Counter swapped_out_pages;
  Counter reclaimed_pages;  // taken from processes since memory was short, limits not counted
  Counter busy_user_ns;     // time in user mode, all processes, all processors
  Counter stolen_ns;        // time that the hypervisor gave to others
};
MachineActivity ReadMachineActivity();

// Memory that the system has promised to all processes together, whether they use it or not.
Counter CommittedBytes();

}  // namespace faultline::os
