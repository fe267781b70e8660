#include "harness/trial/interference.h"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <vector>

#include "harness/base/text.h"
#include "harness/os/file_mapping.h"

namespace faultline {
namespace {

constexpr double kWaitShare = 0.6;
constexpr double kThrottledShare = 0.05;
constexpr double kStolenShare = 0.05;
constexpr double kStolenSlackNs = 50e6;
constexpr std::uint64_t kOwnBytes = 1 << 20;
constexpr double kForeignToOwn = 2;

double Real(std::uint64_t value) { return static_cast<double>(value); }

// Phases of a trial, as far as they were measured, as one.
PhaseResult Together(const Measurement& measurement, std::span<const Phase> phases) {
  PhaseResult sum;
  for (const Phase phase : phases) {
    const auto found = measurement.phases.find(phase);
    if (found == measurement.phases.end()) continue;
    sum.seconds += found->second.seconds;
    for (const auto& [name, value] : found->second.counters) {
      CounterValue& total = sum.counters.try_emplace(name, 0).first->second;
      total = total && value ? CounterValue(*total + *value) : std::nullopt;
    }
  }
  return sum;
}

CounterValue Of(const PhaseResult& phase, const char* counter) {
  const auto found = phase.counters.find(counter);
  return found == phase.counters.end() ? std::nullopt : found->second;
}

// Loss of time to others, of a stretch that took `seconds`.
struct Loss {
  double ns = 0;
  double seconds = 0;

  double Share() const { return seconds > 0 ? ns / (seconds * 1e9) : 0; }
  std::string Text() const {
    return fmt::format("{} of {}", FormatSeconds(ns * 1e-9), FormatSeconds(seconds));
  }
};

// Several workers wait for each other too, so of their waiting no more counts than others computed.
Loss Waiting(const PhaseResult& phase, std::uint64_t workers) {
  double ns = Real(Of(phase, "run_delay_ns").value_or(0));
  const CounterValue busy = Of(phase, "busy_user_ns");
  const CounterValue own = Of(phase, "user_ns");
  if (workers > 1 && busy && own) {
    ns = std::min(ns, *busy > *own ? Real(*busy - *own) : 0);
  }
  return {ns / Real(workers), phase.seconds};
}

Loss Throttling(const PhaseResult& phase, std::uint64_t workers) {
  return {Real(Of(phase, "throttled_ns").value_or(0)) / Real(workers), phase.seconds};
}

// The hypervisor took it from all that computed, of which the trial is a part.
Loss Stealing(const PhaseResult& phase, std::uint64_t workers) {
  double ns = Real(Of(phase, "stolen_ns").value_or(0));
  const CounterValue busy = Of(phase, "busy_user_ns");
  const CounterValue own = Of(phase, "user_ns");
  if (busy && own && *busy > *own) ns *= Real(*own) / Real(*busy);
  return {ns / Real(workers), phase.seconds};
}

// The accepted or the durable time, whichever lost the larger share.
template <class LossOf>
Loss Worst(const Measurement& measurement, LossOf&& loss_of, std::uint64_t workers) {
  const Loss accepted = loss_of(Together(measurement, kAcceptedPhases), workers);
  const Loss durable = loss_of(Together(measurement, kDurablePhases), workers);
  return accepted.Share() > durable.Share() ? accepted : durable;
}

std::string Swapping(const PhaseResult& phase) {
  const std::uint64_t pages =
      Of(phase, "swapped_in_pages").value_or(0) + Of(phase, "swapped_out_pages").value_or(0);
  return pages == 0 ? std::string() : "the machine swapped " + CountOf(pages, "page");
}

struct Direction {
  const char* device;
  const char* own;
  const char* did;  // "others DID 3 MiB DIRECTION the device"
  const char* way;
  bool delayed;  // by the page cache, in whose dirty pages some of it may still be
};

constexpr Direction kDirections[] = {
    {"device_read_bytes", "read_bytes", "read", "from", false},
    {"device_write_bytes", "write_bytes", "wrote", "to", true},
};

// Bytes that others moved in phases in which the trial moved some of its own, and these.
struct Traffic {
  std::uint64_t foreign = 0;
  std::uint64_t own = 0;
};

// What the trial moves is counted when a page becomes dirty, and reaches the device in that phase
// or in a later one. How much of it has not yet done so, the file's dirty pages tell, or else it
// can have been no more than the device moved.
Traffic SharedTraffic(const Measurement& measurement, const Direction& direction) {
  Traffic shared;
  std::uint64_t pending = 0;
  for (const auto& [phase, result] : measurement.phases) {
    const CounterValue device = Of(result, direction.device);
    const CounterValue asked = Of(result, direction.own);
    if (!device || !asked) return {};
    std::uint64_t own = pending + *asked;
    if (direction.delayed) {
      const CounterValue dirty = Of(result, "dirty_pages");
      pending = dirty ? std::min(own, *dirty * os::PageSize()) : own - std::min(own, *device);
      own -= pending;
    }
    if (own < kOwnBytes) continue;
    shared.own += own;
    shared.foreign += *device - std::min(own, *device);
  }
  return shared;
}

std::string ForeignTraffic(const Measurement& measurement, const Direction& direction) {
  const Traffic shared = SharedTraffic(measurement, direction);
  if (Real(shared.foreign) <= kForeignToOwn * Real(shared.own)) return {};
  return fmt::format("others {} {} {} the device while the trial {} {}", direction.did,
                     FormatBytes(shared.foreign), direction.way, direction.did,
                     FormatBytes(shared.own));
}

}  // namespace

std::string FindInterference(const Measurement& measurement, std::uint64_t workers) {
  std::vector<std::string> found;
  const Loss waiting = Worst(measurement, Waiting, workers);
  if (waiting.Share() > kWaitShare) {
    found.push_back(fmt::format("waited {} for a processor", waiting.Text()));
  }
  const Loss throttling = Worst(measurement, Throttling, workers);
  if (throttling.Share() > kThrottledShare) {
    found.push_back(fmt::format("a control group's limit held it back for {}", throttling.Text()));
  }
  const Loss stealing = Worst(measurement, Stealing, workers);
  if (stealing.ns > kStolenSlackNs && stealing.Share() > kStolenShare) {
    found.push_back(fmt::format("the hypervisor took {}", stealing.Text()));
  }
  for (std::string text :
       {Swapping(Together(measurement, kDurablePhases)),
        ForeignTraffic(measurement, kDirections[0]), ForeignTraffic(measurement, kDirections[1])}) {
    if (!text.empty()) found.push_back(std::move(text));
  }
  return Join(found, "; ");
}

}  // namespace faultline
