// Requests and bytes that reached the block device of the data file, from all processes.
#include "harness/os/machine_counters.h"
#include "harness/probe/probe.h"

namespace faultline::device_probe {
namespace {

class DeviceProbe final : public Probe {
 public:
  explicit DeviceProbe(const os::File* data_file)
      : device_(data_file == nullptr ? std::string() : os::DeviceOf(*data_file)) {}

  std::vector<CounterValue> Read() override {
    const os::DeviceTraffic traffic = os::ReadDeviceTraffic(device_);
    return {traffic.read_requests, traffic.read_bytes, traffic.write_requests, traffic.write_bytes};
  }

  std::string WhyAbsent() const override {
    if (device_.empty())
      return "the data file's file system has no block device that can be told (memory, network, "
             "overlay)";
    return "no figures for device " + device_ + ": /sys is not mounted or hidden";
  }

 private:
  std::string device_;
};

const Registration<ProbeInfo> kRegistered{{
    .name = "device",
    .summary = "traffic of the block device under the data file (/sys)",
    .counters =
        {
            {.name = "device_read_requests",
             .unit = "",
             .summary = "reads completed by the device",
             .scope = CounterScope::kDevice},
            {.name = "device_read_bytes",
             .unit = "bytes",
             .summary = "bytes read from the device",
             .scope = CounterScope::kDevice,
             .column = "dev. read"},
            {.name = "device_write_requests",
             .unit = "",
             .summary = "writes completed by the device",
             .scope = CounterScope::kDevice},
            {.name = "device_write_bytes",
             .unit = "bytes",
             .summary = "bytes written to the device",
             .scope = CounterScope::kDevice,
             .column = "dev. written"},
        },
    .make =
        [](const ProbeSubject& subject) {
          return std::make_unique<DeviceProbe>(subject.data_file);
        },
}};

}  // namespace
}  // namespace faultline::device_probe
