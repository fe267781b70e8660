#include "harness/trial/trial.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "harness/base/clock.h"
#include "harness/os/child_process.h"
#include "harness/os/interruption.h"
#include "harness/os/machine_counters.h"
#include "harness/os/page_cache.h"
#include "harness/os/process_counters.h"
#include "harness/trial/child_answer.h"
#include "harness/trial/interference.h"
#include "harness/trial/messages.h"
#include "harness/trial/own_storage.h"
#include "harness/trial/setup.h"
#include "harness/trial/trial_json.h"
#include "harness/trial/workers.h"
#include "strategies/registry.h"

namespace faultline {
namespace {

using nlohmann::json;

// Ends a repetition early; caught by RunTrial.
struct TrialAborted {
  Status status;
  std::string error;
};

// The processes of a trial, as its parent sees them.
class WorkerProcesses {
 public:
  WorkerProcesses(const TrialSpec& spec, const os::MemoryLimit* limit, const Deadlines& deadlines)
      : spec_(spec), limit_(limit), deadlines_(deadlines) {
    for (std::uint64_t i = 0; i < spec.processes; ++i) {
      const WorkerRequest request{.spec = spec, .process = i};
      children_.push_back(os::ChildProcess::Start("trial-worker", ToLine(ToJson(request)), limit));
    }
    for (auto& child : children_) Answer(child, "starting");
  }

  json Command(std::size_t process, const std::string& command) {
    children_[process].channel().SendLine(command);
    return Answer(children_[process], command);
  }

  std::vector<json> CommandAll(const std::string& command) {
    for (auto& child : children_) child.channel().SendLine(command);
    std::vector<json> answers;
    for (auto& child : children_) answers.push_back(Answer(child, command));
    return answers;
  }

  // The clock of Deadlines::accepted_seconds runs between these.
  void BeginAccepted() {
    if (deadlines_.accepted_seconds) cut_off_ = os::DeadlineIn(*deadlines_.accepted_seconds);
  }
  void EndAccepted() { cut_off_.reset(); }

  // The trial's processes, for counting from outside.
  std::vector<std::int64_t> ProcessIds() const {
    std::vector<std::int64_t> ids;
    for (const auto& child : children_) ids.push_back(child.id());
    return ids;
  }

  void Dismiss() {
    for (auto& child : children_) child.channel().Close();
    for (auto& child : children_) {
      const os::ChildEnd end = child.Wait();
      if (!end.Succeeded())
        throw TrialAborted{Status::kFailed,
                           "worker process died while shutting down: " + end.Description()};
    }
  }

 private:
  json Answer(os::ChildProcess& child, const std::string& command) {
    std::string line;
    const os::Channel::Deadline hung = os::DeadlineIn(spec_.timeout_seconds);
    const os::Channel::Deadline end = std::min(hung, deadlines_.end.value_or(hung));
    const os::Channel::Deadline cut_off = std::min(end, cut_off_.value_or(end));
    switch (child.channel().ReceiveLine(line, cut_off)) {
      case os::Channel::Result::kLine:
        break;
      case os::Channel::Result::kInterrupted:
        throw TrialAborted{Status::kInterrupted, "interrupted"};
      case os::Channel::Result::kTimedOut:
        if (cut_off < end) {
          throw TrialAborted{
              Status::kCutOff,
              fmt::format("cut off in '{}' after {}: {}", command,
                          FormatSeconds(*deadlines_.accepted_seconds), deadlines_.reason)};
        }
        if (end < hung) throw TrialAborted{Status::kInterrupted, "out of time"};
        throw TrialAborted{Status::kFailed,
                           fmt::format("hung: nothing for {} in '{}'; raise --timeout or lower "
                                       "--operations if it is only slow",
                                       FormatSeconds(spec_.timeout_seconds), command)};
      case os::Channel::Result::kClosed:
        throw TrialAborted{Status::kFailed,
                           fmt::format("crashed in '{}': {}", command, HowItEnded(child))};
    }
    json answer = FromLine(line);
    if (const std::optional<Failure> failure = FailureIn(answer)) {
      throw TrialAborted{failure->unsupported ? Status::kUnsupported : Status::kFailed,
                         fmt::format("in '{}': {}", command, failure->error)};
    }
    return answer;
  }

  std::string HowItEnded(os::ChildProcess& child) const {
    std::string text = child.Wait().Description();
    if (limit_ != nullptr && limit_->Usage().kills.value_or(0) > 0) {
      text += fmt::format("; the memory limit of {} was reached",
                          FormatSize(*spec_.memory_limit_bytes));
    }
    return text;
  }

  const TrialSpec& spec_;
  const os::MemoryLimit* limit_;
  const Deadlines& deadlines_;
  std::optional<os::Channel::Deadline> cut_off_;
  std::vector<os::ChildProcess> children_;
};

// One phase of all processes: the slowest one's time; what each counted for itself is added up.
PhaseResult MergePhase(const std::vector<json>& answers) {
  static const std::map<std::string, CounterInfo> kCounters = AllCounters();
  PhaseResult merged;
  for (const json& answer : answers) {
    const PhaseResult one = PhaseResultFromJson(answer);
    merged.seconds = std::max(merged.seconds, one.seconds);
    for (const auto& [name, value] : one.counters) {
      const auto [place, first] = merged.counters.try_emplace(name, value);
      if (first || kCounters.at(name).scope != CounterScope::kProcess) continue;
      if (place->second && value) {
        *place->second += *value;
      } else {
        place->second = std::nullopt;
      }
    }
  }
  return merged;
}

// Of the processes together. Their passes begin at about the same time.
OpenLoopReport MergeOpenLoops(const std::vector<WorkerReport>& reports, std::uint64_t operations,
                              std::uint64_t passes) {
  OpenLoopReport merged;
  std::int64_t intended_ns = 0;
  std::int64_t achieved_ns = 0;
  for (const WorkerReport& report : reports) {
    const PlayedLoad& played = report.open_loop.value();
    merged.late_operations += played.late_operations;
    merged.due_together += played.due_together;
    merged.harness_late.Merge(played.harness_late);
    intended_ns = std::max(intended_ns, played.intended_ns);
    achieved_ns = std::max(achieved_ns, played.achieved_ns);
  }
  if (intended_ns == 0 || operations <= passes) return merged;
  // Each pass has one gap fewer than operations.
  const double gaps = static_cast<double>(operations - passes) * 1e9;
  merged.intended_rate = gaps / static_cast<double>(intended_ns);
  merged.achieved_rate = gaps / static_cast<double>(achieved_ns);
  return merged;
}

// The reports of all processes, put together. Returns the sum of what all reads added up to.
std::uint64_t MergeReports(const std::vector<WorkerReport>& reports, const TrialSpec& spec,
                           Measurement& measurement) {
  std::uint64_t checksum = 0;
  std::vector<std::uint64_t> series;
  Histogram latency;
  for (const WorkerReport& report : reports) {
    measurement.operations += report.operations;
    measurement.asked_read_bytes += report.asked_read_bytes;
    measurement.asked_changed_bytes += report.asked_changed_bytes;
    checksum += report.read_checksum;
    latency.Merge(report.latency);
    series.resize(std::max(series.size(), report.series.size()));
    for (std::size_t i = 0; i < report.series.size(); ++i) series[i] += report.series[i];
  }
  if (spec.load == LoadMode::kOpen) {
    measurement.open_load = MergeOpenLoops(reports, measurement.operations, spec.passes);
  }
  // The operations of a plan may differ from those asked for (a flush counts too), so they come
  // from the workers.
  measurement.steady_operations = measurement.operations / spec.passes * (spec.passes - 1);
  std::uint64_t done = 0;
  for (std::size_t i = 0; i < series.size(); ++i) {
    done += series[i];
    measurement.series.emplace_back(static_cast<double>(i + 1) * Workers::kSeriesSeconds, done);
  }
  if (latency.samples() > 0) {
    measurement.latency = {latency, reports.front().timer_ns};
  }
  measurement.effective_settings = reports.front().settings;
  measurement.absent_counters = reports.front().absent;
  return checksum;
}

void Move(StorageStep step, const TrialSpec& spec, const Dataset& dataset) {
  if (!MoveRecords(step, spec.strategy, dataset.file(), spec.timeout_seconds)) {
    throw TrialAborted{Status::kInterrupted, "interrupted"};
  }
}

void Prove(const TrialSpec& spec, std::uint64_t read_checksum, Measurement& measurement) {
  os::ChildProcess child = os::ChildProcess::Start("trial-verification", ToLine(ToJson(spec)));
  std::string line;
  const auto result = child.channel().ReceiveLine(line);
  if (result == os::Channel::Result::kInterrupted) {
    throw TrialAborted{Status::kInterrupted, "interrupted"};
  }
  if (result != os::Channel::Result::kLine) {
    throw TrialAborted{Status::kFailed, "the verification crashed: " + child.Wait().Description()};
  }
  const json answer = FromLine(line);
  if (const std::optional<Failure> failure = FailureIn(answer)) {
    throw TrialAborted{Status::kFailed, "the verification failed: " + failure->error};
  }
  const Verification verdict = VerificationFromJson(answer);
  measurement.verified = verdict.correct;
  if (!verdict.correct) throw TrialAborted{Status::kFailed, verdict.description};
  if (verdict.read_checksum != read_checksum) {
    measurement.verified = false;
    throw TrialAborted{Status::kFailed,
                       "reads returned wrong data (checksum mismatch), though the file is right"};
  }
}

// The file that holds the records during the trial.
os::File OpenStorage(const TrialSpec& spec, const Dataset& dataset) {
  return os::File::Open(spec.strategy.Storage(dataset.file()), os::FileAccess::kRead);
}

// A sample of the trial and its machine, from outside the trial's processes.
Counters TakeSample(const os::File& file, const std::string& device,
                    const std::vector<std::int64_t>& processes, const os::MemoryLimit* limit) {
  Counters found;
  const os::DeviceTraffic traffic = os::ReadDeviceTraffic(device);
  found["device_read_bytes"] = traffic.read_bytes;
  found["device_write_bytes"] = traffic.write_bytes;
  const os::Residency residency = os::MeasureResidency(file);
  found["cached_pages"] = residency.cached_pages;
  found["dirty_pages"] = residency.dirty_pages;
  CounterValue faults = 0;
  for (const std::int64_t process : processes) {
    const os::Counter own = os::MajorFaultsOf(process);
    faults = faults && own ? CounterValue(*faults + *own) : std::nullopt;
  }
  found["major_faults"] = faults;
  const os::MachineActivity machine = os::ReadMachineActivity();
  found["tlb_shootdowns"] = machine.tlb_shootdowns;
  found["reclaimed_pages"] = machine.reclaimed_pages;
  if (limit != nullptr) {
    const os::LimitedMemory usage = limit->Usage();
    found["reclaimed_pages"] = usage.given_up_pages;
    found["memory_bytes"] = usage.current_bytes;
  }
  return found;
}

// Returns what all reads added up to.
std::uint64_t RunPhases(const TrialSpec& spec, const Dataset& dataset, const os::MemoryLimit* limit,
                        const Deadlines& deadlines, Measurement& measurement) {
  WorkerProcesses workers(spec, limit, deadlines);
  measurement.cache = {PreparedCacheFromJson(workers.Command(0, "prepare")), std::nullopt};
  std::vector<TimelineSample> samples;
  std::optional<TimelineSampler> sampler;
  if (spec.timeline) {
    auto file = std::make_shared<const os::File>(OpenStorage(spec, dataset));
    sampler.emplace([file, device = os::DeviceOf(*file), processes = workers.ProcessIds(), limit] {
      return TakeSample(*file, device, processes, limit);
    });
  }
  const SteadyClock::time_point started = SteadyClock::now();
  workers.BeginAccepted();
  for (Phase phase : kPhases) {
    if (phase == Phase::kFlush) workers.EndAccepted();
    if (phase == Phase::kFlush && sampler) samples = sampler->Stop();
    if (phase == Phase::kFlush && spec.latency == LatencyMode::kAll) workers.CommandAll("latency");
    measurement.phases[phase] = MergePhase(workers.CommandAll(std::string(PhaseName(phase))));
    if (phase == Phase::kFlush) {
      measurement.elapsed_seconds = SecondsSince(started);
    }
  }
  std::vector<WorkerReport> reports;
  for (const json& answer : workers.CommandAll("report")) {
    reports.push_back(WorkerReportFromJson(answer));
  }
  const std::uint64_t checksum = MergeReports(reports, spec, measurement);
  measurement.timeline = MakeTimeline(samples, reports.front().stretches, measurement.series);
  workers.Dismiss();
  return checksum;
}

std::uint64_t RunPhasesLimited(const TrialSpec& spec, const Dataset& dataset,
                               const Deadlines& deadlines, Measurement& measurement) {
  const os::MemoryLimit limit = os::MemoryLimit::Create(*spec.memory_limit_bytes);
  // Pages that other processes brought in are not charged to the limit.
  os::Evict(OpenStorage(spec, dataset));
  try {
    const std::uint64_t checksum = RunPhases(spec, dataset, &limit, deadlines, measurement);
    measurement.memory = {limit.Usage(), limit.mechanism()};
    return checksum;
  } catch (const TrialAborted&) {
    measurement.memory = {limit.Usage(), limit.mechanism()};
    throw;
  }
}

void RunAndProve(const TrialSpec& spec, const Dataset& dataset, const Deadlines& deadlines,
                 Measurement& measurement) {
  const std::uint64_t checksum = spec.memory_limit_bytes
                                     ? RunPhasesLimited(spec, dataset, deadlines, measurement)
                                     : RunPhases(spec, dataset, nullptr, deadlines, measurement);
  measurement.cache->after = os::MeasureResidency(OpenStorage(spec, dataset));
  Move(StorageStep::kExport, spec, dataset);
  if (spec.strategy.info().stores()) Prove(spec, checksum, measurement);
}

}  // namespace

Measurement RunTrial(const TrialSpec& spec, const Dataset& dataset, const Deadlines& deadlines) {
  Measurement measurement;
  measurement.open_loop = spec.load == LoadMode::kOpen;
  measurement.net_of_waiting = spec.net_of_waiting;
  if (std::string why = WhyUnsupported(spec); !why.empty()) {
    measurement.status = Status::kUnsupported;
    measurement.error = why;
    return measurement;
  }
  try {
    dataset.Repair();
    const DiscardedStorage discarded(spec.strategy, dataset.file());
    if (spec.strategy.HasOwnStorage()) {
      SetUpFirstPass(dataset.file(), *MakePlan(spec), spec.workers());
    }
    Move(StorageStep::kImport, spec, dataset);
    RunAndProve(spec, dataset, deadlines, measurement);
    measurement.error = FindInterference(measurement, spec.workers());
    measurement.status = measurement.error.empty() ? Status::kOk : Status::kInterference;
  } catch (const TrialAborted& aborted) {
    measurement.status = aborted.status;
    measurement.error = aborted.error;
  } catch (const UnsupportedError& error) {
    measurement.status = Status::kUnsupported;
    measurement.error = error.what();
  } catch (const std::exception& error) {
    measurement.status = Status::kFailed;
    measurement.error = error.what();
  }
  return measurement;
}

LimitProof ProveMemoryLimit(const Dataset& dataset, std::uint64_t limit_bytes) {
  const os::MemoryLimit limit = os::MemoryLimit::Create(limit_bytes);
  os::Evict(os::File::Open(dataset.file().path, os::FileAccess::kRead));
  os::ChildProcess child =
      os::ChildProcess::Start("limit-control", dataset.file().path.string(), &limit);
  std::string line;
  child.channel().ReceiveLine(line);
  const os::LimitedMemory usage = limit.Usage();
  return {.limit_bytes = limit_bytes,
          .peak_bytes = usage.peak_bytes,
          .held = line == "{}" && usage.peak_bytes <= limit_bytes,
          .mechanism = limit.mechanism()};
}

}  // namespace faultline
