#include "harness/trial/trial_spec.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/size.h"

namespace faultline {

std::string TrialSpec::Id() const {
  return fmt::format("{}{}{}/{}{}", section, section.empty() ? "" : "/", strategy.text(),
                     workload.text(), copy > 1 ? fmt::format("#{}", copy) : "");
}

Geometry TrialSpec::DataGeometry() const {
  return {.records = records, .record_size = record_size, .sparse = workload->WantsSparse()};
}

namespace {

// Sets the shape that the workload insists on. Throws UsageError if the user wants another.
void TakeGeometry(const Geometry& own, TrialSpec& spec) {
  auto take = [&](std::uint64_t& given, std::uint64_t value, std::string_view option) {
    if (given != 0 && given != value) {
      throw UsageError(
          fmt::format("{} {} conflicts with the workload '{}', which fixes it at {}; leave it out",
                      option, given, spec.workload.text(), value));
    }
    given = value;
  };
  take(spec.record_size, own.record_size, "--record-size");
  take(spec.records, own.records, "--records");
}

// The times that an open load's operations are due at must be known, once, and be over in time.
void CheckLoad(const TrialSpec& spec, const Plan& plan) {
  if (spec.arrivals != Arrivals::kEven && !spec.rate) {
    throw UsageError("--arrivals poisson needs a --rate; give one");
  }
  if (spec.load == LoadMode::kClosed) {
    if (spec.rate) throw UsageError("--rate needs an open load; give --load open with it");
    return;
  }
  if (spec.latency != LatencyMode::kOff) {
    throw UsageError("--load open times every operation anyway; leave --latency out");
  }
  const std::optional<std::int64_t> recorded_ns = plan.RecordedNs();
  if (recorded_ns && spec.rate) {
    throw UsageError(
        fmt::format("the workload '{}' has times of its own, which speed=2 plays twice as fast; "
                    "leave --rate out",
                    spec.workload.text()));
  }
  if (!recorded_ns && !spec.rate) {
    throw UsageError(
        fmt::format("--load open needs to know when operations begin, and the workload '{}' has no "
                    "recorded times; give --rate",
                    spec.workload.text()));
  }
  const double pass_seconds = recorded_ns ? static_cast<double>(*recorded_ns) / 1e9
                                          : static_cast<double>(spec.operations) / *spec.rate;
  // Random times reach somewhat further.
  const double scatter = spec.arrivals == Arrivals::kPoisson
                             ? 4 * std::sqrt(static_cast<double>(spec.workers()) /
                                             static_cast<double>(spec.operations))
                             : 0;
  const double phase_seconds = pass_seconds * (1 + scatter) *
                               static_cast<double>(std::max<std::uint64_t>(spec.passes - 1, 1));
  if (phase_seconds > spec.timeout_seconds) {
    throw UsageError(fmt::format("a phase of this open load lasts {} and --timeout is {}{}",
                                 FormatSeconds(phase_seconds), FormatSeconds(spec.timeout_seconds),
                                 recorded_ns
                                     ? "; raise --timeout or speed, or lower --passes"
                                     : "; raise --timeout or --rate, or lower --operations"));
  }
}

// While a process sets a pass up, another one's clock may run already.
void CheckSetup(const TrialSpec& spec, const Plan& plan) {
  if (!plan.HasSetup() || spec.processes == 1 || spec.executed_passes() == 1) return;
  throw UsageError(fmt::format(
      "the files of '{}' grow, which is undone before each pass, and several processes can't keep "
      "in step for that; give --passes 1, or sparse=on, or threads instead of processes",
      spec.workload.text()));
}

}  // namespace

TrialSpec Resolve(TrialSpec spec) {
  const std::unique_ptr<Strategy> strategy = spec.strategy.Make();
  const Workload& workload = *spec.workload;
  if (const std::optional<Geometry> own = workload.OwnGeometry()) {
    TakeGeometry(*own, spec);
  }
  if (spec.record_size == 0) spec.record_size = kDefaultRecordSize;
  if (spec.records == 0) {
    spec.records = workload.DefaultRecords(spec.record_size).value_or(kDefaultRecords);
  }
  CheckGeometry(spec.DataGeometry());
  strategy->Check(spec.DataGeometry());
  if (spec.operations == 0) spec.operations = workload.DefaultOperations(spec.DataGeometry());
  if (spec.passes == 0) throw UsageError("--passes must be at least 1");
  if (spec.threads == 0 || spec.processes == 0) {
    throw UsageError("--threads and --processes must be at least 1");
  }
  CheckedProduct(spec.threads, spec.processes, "threads times processes");
  if (spec.workers() > spec.records) {
    throw UsageError(fmt::format(
        "{} workers can't share {} records; lower --threads or --processes, or raise --records",
        spec.workers(), spec.records));
  }
  if (spec.workers() > 4096) {
    throw UsageError(
        fmt::format("{} workers are more than 4,096, the most there can be", spec.workers()));
  }
  if (spec.operations < spec.workers()) {
    throw UsageError(fmt::format("{} operations leave some of {} workers idle; raise --operations",
                                 spec.operations, spec.workers()));
  }
  CheckedProduct(spec.operations, spec.executed_passes(), "operations times passes");
  if (spec.memory_limit_bytes && *spec.memory_limit_bytes < kLeastMemoryLimitBytes) {
    throw UsageError(fmt::format(
        "a memory limit of {} leaves no room for a process; --memory-limit takes at least {}",
        FormatSize(*spec.memory_limit_bytes), FormatSize(kLeastMemoryLimitBytes)));
  }
  const std::unique_ptr<Plan> plan = MakePlan(spec);
  CheckLoad(spec, *plan);
  CheckSetup(spec, *plan);
  return spec;
}

std::unique_ptr<Plan> MakePlan(const TrialSpec& spec) {
  return spec.workload->MakePlan({.geometry = spec.DataGeometry(),
                                  .operations = spec.operations,
                                  .workers = spec.workers(),
                                  .seed = spec.seed});
}

std::string WhyUnsupported(const TrialSpec& spec) {
  const StrategyInfo& info = spec.strategy.info();
  if (!info.unavailable.empty()) return info.unavailable;
  if (spec.threads > 1 && !info.capabilities.threads) {
    return fmt::format("strategy {} can't be used by several threads", info.name);
  }
  if (spec.processes > 1 && !info.capabilities.processes) {
    return fmt::format("strategy {} can't be shared by several processes", info.name);
  }
  if (!info.stores() && spec.workload->NeedsDurability()) {
    return fmt::format("strategy {} stores nothing, so it can't keep the flushes of workload {}",
                       info.name, spec.workload.text());
  }
  return {};
}

void ShareClock(std::span<TrialSpec* const> compared) {
  const bool net = std::all_of(compared.begin(), compared.end(), [](const TrialSpec* spec) {
    return spec->workers() == 1 && spec->load == LoadMode::kClosed && !spec->strategy.Batches() &&
           spec->cache != CacheState::kCold && !spec->memory_limit_bytes;
  });
  for (TrialSpec* spec : compared) spec->net_of_waiting = net;
}

}  // namespace faultline
