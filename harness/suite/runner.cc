#include "harness/suite/runner.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <set>

#include "harness/base/clock.h"
#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/os/interruption.h"
#include "harness/os/memory_limit.h"
#include "harness/os/system_info.h"
#include "harness/os/terminal.h"
#include "harness/os/whole_file.h"
#include "harness/plugin/plugin.h"
#include "harness/report/build_info.h"
#include "harness/report/new_directories.h"
#include "harness/report/progress.h"
#include "harness/report/remarks.h"
#include "harness/report/run_document.h"
#include "harness/report/table.h"
#include "harness/suite/data_files.h"
#include "harness/suite/google_benchmark.h"
#include "harness/suite/rounds.h"
#include "harness/trial/trial.h"

namespace faultline {
namespace {

std::vector<TrialSpec> SpecsOf(const std::vector<PlannedTrial>& trials) {
  std::vector<TrialSpec> specs;
  for (const PlannedTrial& trial : trials) specs.push_back(trial.spec);
  return specs;
}

class SuiteRun {
 public:
  explicit SuiteRun(const RunRequest& request)
      : request_(request),
        budget_seconds_(request.trials.front().budget_seconds),
        precision_(1 + request.trials.front().precision),
        document_(request.suite, EnvironmentFacts(request.directory), SpecsOf(request.trials),
                  request.baseline, {.margin = precision_}),
        progress_(0, 0, !request.quiet),
        scheduler_(
            TrialsOfRounds(), budget_seconds_,
            {.seconds = SteadyNowSeconds,
             .run = [this](std::size_t trial, std::uint64_t round) { return Repeat(trial, round); },
             .open = [this] { return Open(); }}) {
    group_seconds_.resize(document_.groups().size());
    group_of_.resize(request.trials.size());
    for (std::size_t group = 0; group < document_.groups().size(); ++group) {
      for (const std::size_t trial : document_.groups()[group].trials) group_of_[trial] = group;
    }
  }

  // Returns false when the user interrupted it.
  bool PrepareDatasets() {
    for (const PlannedTrial& trial : request_.trials) {
      if (!WhyUnsupported(trial.spec).empty()) continue;
      progress_.Say(fmt::format("preparing {} of data for {}",
                                FormatBytes(trial.spec.DataGeometry().file_size()),
                                trial.spec.Id()));
      try {
        DatasetOf(trial.spec);
      } catch (const PreparationStopped& stopped) {
        progress_.Clear();
        std::cerr << "faultline: " << stopped.what() << "; nothing was run" << std::endl;
        return false;
      }
      if (trial.spec.memory_limit_bytes) TryLimit(trial.spec);
    }
    return true;
  }

  // Before the first repetition: those far behind are known from the first on.
  void FindFastest() {
    if (!request_.cut_off || request_.trials.empty() || os::Interrupted()) return;
    const TrialSpec& spec = document_.trials().front();
    progress_.Say(fmt::format("how long it takes: {}", spec.Id()));
    const Measurement measurement = RunOnce(spec);
    if (measurement.status == Status::kFailed) Record(0, 0, measurement);
  }

  void RunRounds() {
    for (std::size_t i = 0; i < request_.trials.size(); ++i) {
      benchmark::RegisterBenchmark(request_.trials[i].spec.Id().c_str(),
                                   [this, i](benchmark::State& state) { Benchmark(i, state); })
          ->UseManualTime()
          ->Iterations(1)
          ->Repetitions(1)
          ->Unit(benchmark::kMillisecond);
    }
    end_ = scheduler_.Run();
    progress_.Clear();
    os::ReplaceFile(request_.benchmark_output, reporter_.Json());
  }

  int Finish() {
    if (!os::Interrupted()) document_.SetComplete();
    document_.Save(DocumentPath());
    Print();
    if (os::Interrupted()) return kExitInterrupted;
    std::uint64_t failed = 0;
    std::uint64_t measured = 0;
    for (std::size_t i = 0; i < request_.trials.size(); ++i) {
      failed += document_.summary(i).failed;
      measured += document_.summary(i).ok + document_.summary(i).interference;
    }
    if (failed > 0) return kExitFailed;
    return measured == 0 ? kExitNotPossible : kExitDone;
  }

  void SaveFirst() {
    if (std::string warning = BuildWarning(); !warning.empty()) {
      document_.AddWarning(std::move(warning));
    }
    for (std::string& warning : PluginWarnings()) document_.AddWarning(std::move(warning));
    try {
      document_.Save(DocumentPath());
    } catch (const os::SystemError& error) {
      throw UsageError(fmt::format("{}; choose another place with --output", error.what()));
    }
  }

 private:
  std::vector<RoundTrial> TrialsOfRounds() const {
    std::vector<RoundTrial> trials(request_.trials.size());
    for (std::size_t group = 0; group < document_.groups().size(); ++group) {
      for (const std::size_t trial : document_.groups()[group].trials) {
        trials[trial] = {group, request_.trials[trial].repetitions};
      }
    }
    return trials;
  }

  std::vector<std::size_t> Open() {
    RunDocument::Open open = document_.OpenTrials(precision_);
    open_comparisons_ = open.comparisons;
    return std::move(open.trials);
  }

  std::filesystem::path DocumentPath() const { return request_.output / "run.json"; }

  const Dataset& DatasetOf(const TrialSpec& spec) {
    return data_files_.Of(spec, [this] {
      progress_.Remind();
      return !os::Interrupted();
    });
  }

  void TryLimit(const TrialSpec& spec) {
    const auto proof = limits_.TryOnce(*spec.memory_limit_bytes, DatasetOf(spec));
    if (!proof) return;
    document_.AddLimitProof(*proof);
    if (std::string warning = LimitWarning(*proof); !warning.empty()) {
      document_.AddWarning(std::move(warning));
    }
  }

  // A repetition as the scheduler asks for it. Google Benchmark runs it, among all that are
  // registered the one of that name.
  RepetitionDone Repeat(std::size_t trial, std::uint64_t round) {
    if (os::Interrupted()) return {.stop = true};
    const TrialSpec& spec = request_.trials[trial].spec;
    progress_.Show(RoundText(round), spec.Id(), scheduler_.SecondsLeft());
    round_ = round;
    const double begin = SteadyNowSeconds();
    benchmark::RunSpecifiedBenchmarks(&reporter_, ExactFilter(BenchmarkName(spec)));
    group_seconds_[group_of_[trial]] += SteadyNowSeconds() - begin;
    return {.interference = last_status_ == Status::kInterference,
            .stop = last_status_ == Status::kInterrupted};
  }

  // How many rounds there will be, where the user said so.
  std::optional<std::uint64_t> FixedRounds() const {
    std::uint64_t most = 0;
    for (const PlannedTrial& trial : request_.trials) {
      if (!trial.repetitions) return std::nullopt;
      most = std::max(most, *trial.repetitions);
    }
    return most;
  }

  RunCourse Course() const {
    RunCourse course;
    course.end = EndOfRun();
    course.group_seconds = group_seconds_;
    course.budget_seconds = budget_seconds_;
    course.precision = precision_;
    course.open_comparisons = open_comparisons_;
    course.made_again = scheduler_.made_again();
    if (!request_.quiet) course.output = request_.output.string();
    return course;
  }

  RunEnd EndOfRun() const {
    if (os::Interrupted() || end_ == RoundsEnd::kInterrupted) return RunEnd::kInterrupted;
    if (FixedRounds()) return RunEnd::kFixed;
    return end_ == RoundsEnd::kBudget ? RunEnd::kBudget : RunEnd::kSettled;
  }

  TableStyle Style() const {
    if (!os::StandardOutputIsTerminal()) return {.verbose = request_.verbose};
    return {.columns = os::TerminalColumns(),
            .colours = os::StandardOutputHasColours(),
            .verbose = request_.verbose};
  }

  // "round 8, 3 comparisons open".
  std::string RoundText(std::uint64_t round) const {
    std::string text = fmt::format("round {}", round + 1);
    if (const auto fixed = FixedRounds()) text += fmt::format(" of {}", *fixed);
    if (open_comparisons_ > 0) {
      text += fmt::format(", {} open", CountOf(open_comparisons_, "comparison"));
    }
    return text;
  }

  void Benchmark(std::size_t trial, benchmark::State& state) {
    for ([[maybe_unused]] auto iteration : state) {
      const Measurement measurement = Measure(trial);
      last_status_ = measurement.status;
      if (!HasFigures(measurement.status)) {
        state.SkipWithError(measurement.error.c_str());
        return;
      }
      state.SetIterationTime(measurement.AcceptedSeconds().value_or(0));
      Report(measurement, state);
    }
  }

  Measurement Measure(std::size_t trial) {
    if (document_.summary(trial).cut_off >= CutOffPolicy::kMostCutOffs) {
      return {.status = Status::kCutOff, .error = "cut off before"};
    }
    Measurement measurement = RunOnce(document_.trials()[trial]);
    if (measurement.status != Status::kInterrupted) Record(trial, round_, measurement);
    return measurement;
  }

  // All others are compared with the first, so it has to have figures. What flushes more often is
  // compared with its like alone.
  bool MayCutOff(const TrialSpec& spec) const {
    return request_.cut_off && spec.strategy != request_.trials.front().spec.strategy &&
           spec.strategy.info().durability != Durability::kPeriodic;
  }

  Measurement RunOnce(const TrialSpec& spec) {
    if (std::string why = WhyUnsupported(spec); !why.empty()) {
      return {.status = Status::kUnsupported, .error = std::move(why)};
    }
    Deadlines deadlines;
    if (MayCutOff(spec)) cut_offs_.Limit(deadlines);
    Measurement measurement = RunTrial(spec, DatasetOf(spec), deadlines);
    cut_offs_.Note(measurement);
    return measurement;
  }

  void Record(std::size_t trial, std::uint64_t round, const Measurement& measurement) {
    if (std::string warning = cache_warnings_.Next(measurement); !warning.empty()) {
      document_.AddWarning(std::move(warning));
    }
    document_.Add(trial, round, measurement);
    document_.Save(DocumentPath());
  }

  static void Report(const Measurement& measurement, benchmark::State& state) {
    state.SetItemsProcessed(static_cast<std::int64_t>(measurement.operations));
    if (!measurement.open_loop) {
      state.counters[kAcceptedFigure] = measurement.NsPerOperation().value_or(0);
      state.counters[kDurableFigure] = measurement.DurableNsPerOperation().value_or(0);
    }
    for (const char* name :
         {"minor_faults", "major_faults", "device_read_bytes", "device_write_bytes"}) {
      if (const CounterValue total = measurement.Total(name)) {
        state.counters[name] = static_cast<double>(*total);
      }
    }
  }

  void Print() const {
    switch (request_.format) {
      case Format::kNone:
        return;
      case Format::kTable:
        std::cout << ResultTable(document_, Course(), Style());
        break;
      case Format::kJson:
        std::cout << document_.Text();
        break;
      case Format::kCsv:
        std::cout << ResultCsv(document_);
        break;
    }
    std::cout << std::flush;
    // The table names the folder itself, in what to do next.
    if (!request_.quiet && request_.format != Format::kTable) {
      std::cerr << "Run document: " << DocumentPath().string() << std::endl;
    }
  }

  const RunRequest& request_;
  double budget_seconds_;
  double precision_;  // as a ratio
  RunDocument document_;
  Progress progress_;
  DataFiles data_files_{DataFiles::NewFiles::kStay};
  LimitTrials limits_;
  CutOffPolicy cut_offs_;
  CacheWarnings cache_warnings_;
  CollectingReporter reporter_;
  std::uint64_t round_ = 0;
  Status last_status_ = Status::kOk;  // of the latest repetition
  std::size_t open_comparisons_ = 0;
  std::vector<double> group_seconds_;  // that repetitions of each group took
  std::vector<std::size_t> group_of_;  // of each trial
  RoundScheduler scheduler_;
  RoundsEnd end_ = RoundsEnd::kInterrupted;
};

void CheckNames(const std::vector<PlannedTrial>& trials) {
  std::set<std::string> names;
  for (const PlannedTrial& trial : trials) {
    if (!names.insert(trial.spec.Id()).second) {
      throw UsageError(
          fmt::format("the trial '{}' is given twice; give each strategy and workload once, or use "
                      "--noise-floor=on for an A/A pair",
                      trial.spec.Id()));
    }
  }
}

}  // namespace

int Run(const RunRequest& wanted) {
  RunRequest request = wanted;
  CheckNames(request.trials);
  request.benchmark_output = request.output / "benchmark.json";
  TakeOutputFlags(request.benchmark_arguments, request.benchmark_output);
  InitializeBenchmark(request.benchmark_arguments);
  request.trials = Filtered(std::move(request.trials));
  if (WantsNames(request.benchmark_arguments)) {
    for (const PlannedTrial& trial : request.trials) std::cout << BenchmarkName(trial.spec) << "\n";
    return kExitDone;
  }
  RunPlaces places(request.directory, request.output);
  os::MemoryLimit::RemoveAbandoned();
  os::CatchInterruption();
  SuiteRun run(request);
  if (!run.PrepareDatasets()) return kExitInterrupted;
  run.SaveFirst();
  places.Keep();
  run.FindFastest();
  run.RunRounds();
  benchmark::Shutdown();
  return run.Finish();
}

}  // namespace faultline
