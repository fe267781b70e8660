#include "claims/today/pressure.h"

#include <algorithm>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "faultline/error.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/os/memory_limit.h"
#include "harness/os/system_info.h"

namespace faultline {

TrialSpec PressureTrial(const Laboratory& laboratory, const Pressure& pressure,
                        const std::string& strategy) {
  TrialSpec spec = TrialIn(laboratory, strategy, pressure.workload);
  spec.record_size = pressure.record_bytes;
  spec.records = pressure.file_bytes / pressure.record_bytes;
  spec.operations = pressure.operations;
  spec.passes = pressure.passes;
  spec.threads = pressure.threads;
  spec.cache = pressure.cache;
  spec.timeline = pressure.timeline;
  if (pressure.limit_bytes != 0) {
    const std::string unavailable = os::MemoryLimit::WhyUnavailable();
    if (!unavailable.empty()) throw UnsupportedError(unavailable);
    spec.memory_limit_bytes = pressure.limit_bytes;
  }
  return spec;
}

std::uint64_t PoolBytes(std::uint64_t limit_bytes) {
  constexpr std::uint64_t kOfTheProcess = std::uint64_t{24} << 20;
  return limit_bytes <= 2 * kOfTheProcess ? limit_bytes / 2 : limit_bytes - kOfTheProcess;
}

std::uint64_t ReadAheadBytes(const Laboratory& laboratory) {
  const auto said = os::StorageFacts(laboratory.directory)["read_ahead_bytes"];
  if (!said) throw UnsupportedError("the device under this file system names no read-ahead");
  return std::max<std::uint64_t>(ParseCount(*said, "read_ahead_bytes"), os::PageSize());
}

Pressure FewerReads(Pressure pressure, std::uint64_t read_ahead_bytes, double times) {
  constexpr std::uint64_t kFewest = 48;
  const std::uint64_t read_aheads = pressure.file_bytes / read_ahead_bytes;
  const auto wanted = static_cast<std::uint64_t>(times * static_cast<double>(read_aheads));
  pressure.operations = std::clamp(wanted, kFewest, pressure.operations);
  return pressure;
}

std::uint64_t BusyThreads() { return std::max<std::uint64_t>(8, 2 * os::ProcessorCount()); }

double ReadAmplification(const Measurement& measurement) {
  const CounterValue read = measurement.Total("read_bytes");
  if (!read) throw UnsupportedError("this system doesn't count what a process reads from storage");
  return static_cast<double>(*read) / static_cast<double>(measurement.asked_read_bytes);
}

std::optional<double> LateNs(const Measurement& measurement) {
  const auto& series = measurement.series;
  auto half = std::find_if(series.begin(), series.end(), [&](const auto& entry) {
    return 2 * entry.second >= measurement.operations;
  });
  if (half == series.end()) return std::nullopt;
  if (half->second >= measurement.operations) {
    if (half == series.begin()) return std::nullopt;
    --half;
  }
  // The series ends with the interval in which the last operation returned.
  const double end = measurement.phases.at(Phase::kFirst).seconds;
  return (end - half->first) * 1e9 / static_cast<double>(measurement.operations - half->second);
}

std::string PressureText(const Laboratory& laboratory, const Pressure& pressure) {
  return fmt::format("{}, records of {} in a file of {}, {}, {}, {}", FileSystemOf(laboratory),
                     FormatSize(pressure.record_bytes), FormatSize(pressure.file_bytes),
                     pressure.limit_bytes == 0
                         ? "no limit of memory"
                         : fmt::format("{} of memory", FormatSize(pressure.limit_bytes)),
                     CountOf(pressure.threads, "thread"), CacheStateName(pressure.cache));
}

}  // namespace faultline
