#include "harness/trial/trial_spec.h"

#include <algorithm>

#include "harness/base/size.h"

namespace faultline {

std::string TrialSpec::Id() const {
  return Concat(section, section.empty() ? "" : "/", strategy.text(), "/", workload.text(),
                copy > 1 ? Concat("#", copy) : "");
}

Geometry TrialSpec::DataGeometry() const {
  return {.records = records, .record_size = record_size, .sparse = workload->WantsSparse()};
}

namespace {

// Sets the shape that the workload insists on. Throws UsageError if the user wants another.
void TakeGeometry(const Geometry& own, TrialSpec& spec) {
  auto take = [&](std::uint64_t& given, std::uint64_t value, std::string_view option) {
    if (given != 0 && given != value) {
      throw UsageError(Concat(option, " ", given, " conflicts with the workload '",
                              spec.workload.text(), "', which fixes it at ", value,
                              "; leave it out"));
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
    throw UsageError(Concat("the workload '", spec.workload.text(),
                            "' has times of its own, which speed=2 plays twice as fast; leave "
                            "--rate out"));
  }
  if (!recorded_ns && !spec.rate) {
    throw UsageError(Concat("--load open needs to know when operations begin, and the workload '",
                            spec.workload.text(), "' has no recorded times; give --rate"));
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
    throw UsageError(Concat("a phase of this open load lasts ", FormatSeconds(phase_seconds),
                            " and --timeout is ", FormatSeconds(spec.timeout_seconds),
                            recorded_ns ? "; raise --timeout or speed, or lower --passes"
                                        : "; raise --timeout or --rate, or lower --operations"));
  }
}

// While a process sets a pass up, another one's clock may run already.
void CheckSetup(const TrialSpec& spec, const Plan& plan) {
  if (!plan.HasSetup() || spec.processes == 1 || spec.executed_passes() == 1) return;
  throw UsageError(
      Concat("the files of '", spec.workload.text(),
             "' grow, which is undone before each pass, and several processes can't keep in step "
             "for that; give --passes 1, or sparse=on, or threads instead of processes"));
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
    throw UsageError(Concat(spec.workers(), " workers can't share ", spec.records,
                            " records; lower --threads or --processes, or raise --records"));
  }
  if (spec.workers() > 4096) {
    throw UsageError(Concat(spec.workers(), " workers are more than 4,096, the most there can be"));
  }
  if (spec.operations < spec.workers()) {
    throw UsageError(Concat(spec.operations, " operations leave some of ", spec.workers(),
                            " workers idle; raise --operations"));
  }
  CheckedProduct(spec.operations, spec.executed_passes(), "operations times passes");
  if (spec.memory_limit_bytes && *spec.memory_limit_bytes < kLeastMemoryLimitBytes) {
    throw UsageError(Concat("a memory limit of ", FormatSize(*spec.memory_limit_bytes),
                            " leaves no room for a process; --memory-limit takes at least ",
                            FormatSize(kLeastMemoryLimitBytes)));
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
    return Concat("strategy ", info.name, " can't be used by several threads");
  }
  if (spec.processes > 1 && !info.capabilities.processes) {
    return Concat("strategy ", info.name, " can't be shared by several processes");
  }
  if (!info.stores() && spec.workload->NeedsDurability()) {
    return Concat("strategy ", info.name,
                  " stores nothing, so it can't keep the flushes of workload ",
                  spec.workload.text());
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
