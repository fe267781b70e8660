#include "harness/trial/disturbance.h"

#include "harness/base/text.h"

namespace faultline {
namespace {

constexpr double kDeviceShare = 0.05;
constexpr std::uint64_t kDeviceSlackBytes = 4 << 20;
constexpr double kOthersShare = 0.25;
constexpr double kStolenShare = 0.05;
constexpr double kSlackNs = 50e6;

std::string DeviceGap(const Measurement& measurement, const char* device, const char* own,
                      const char* verb) {
  const CounterValue device_bytes = measurement.Total(device);
  const CounterValue own_bytes = measurement.Total(own);
  if (!device_bytes || !own_bytes || *device_bytes <= *own_bytes) return {};
  const std::uint64_t gap = *device_bytes - *own_bytes;
  if (gap <= kDeviceSlackBytes ||
      static_cast<double>(gap) <= kDeviceShare * static_cast<double>(*own_bytes)) {
    return {};
  }
  return Concat("the device ", verb, " ", FormatBytes(*device_bytes), ", the trial itself only ",
                FormatBytes(*own_bytes));
}

double ElapsedNs(const Measurement& measurement) {
  double seconds = 0;
  for (const auto& [phase, result] : measurement.phases) seconds += result.seconds;
  return seconds * 1e9;
}

std::string BusyNeighbour(const Measurement& measurement) {
  const CounterValue busy = measurement.Total("busy_user_ns");
  const CounterValue own = measurement.Total("user_ns");
  if (!busy || !own || *busy <= *own) return {};
  const auto others = static_cast<double>(*busy - *own);
  if (others <= kSlackNs || others <= kOthersShare * ElapsedNs(measurement)) return {};
  return Concat("other processes computed for ", FormatSeconds(others * 1e-9), " of the ",
                FormatSeconds(ElapsedNs(measurement) * 1e-9));
}

std::string Stolen(const Measurement& measurement) {
  const auto stolen = static_cast<double>(measurement.Total("stolen_ns").value_or(0));
  if (stolen <= kSlackNs || stolen <= kStolenShare * ElapsedNs(measurement)) return {};
  return Concat("the hypervisor took ", FormatSeconds(stolen * 1e-9), " of the ",
                FormatSeconds(ElapsedNs(measurement) * 1e-9));
}

std::string Swapping(const Measurement& measurement) {
  const std::uint64_t pages = measurement.Total("swapped_in_pages").value_or(0) +
                              measurement.Total("swapped_out_pages").value_or(0);
  return pages == 0 ? std::string() : Concat("the machine swapped ", pages, " pages");
}

}  // namespace

std::string WhatDisturbed(const Measurement& measurement) {
  std::vector<std::string> found;
  for (std::string reason :
       {DeviceGap(measurement, "device_read_bytes", "read_bytes", "read"),
        DeviceGap(measurement, "device_write_bytes", "write_bytes", "wrote"), Swapping(measurement),
        BusyNeighbour(measurement), Stolen(measurement)}) {
    if (!reason.empty()) found.push_back(std::move(reason));
  }
  return Join(found, "; ");
}

}  // namespace faultline
