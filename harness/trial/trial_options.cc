#include "harness/trial/trial_options.h"

#include <fmt/format.h>

#include "harness/base/size.h"
#include "harness/os/system_info.h"
#include "harness/trial/option_codec.h"

namespace faultline {
namespace {

// A strategy or a workload, which its spec chooses.
template <class Choice>
option::ValueCodec<Choice> Chosen() {
  option::ValueCodec<Choice> codec;
  codec.parse = [](std::string_view text, std::string_view) { return Choice(text); };
  codec.text = [](const Choice& choice) { return choice.text(); };
  codec.to_json = [](const Choice& choice) { return nlohmann::json(choice.text()); };
  codec.from_json = [](const nlohmann::json& value) { return Choice(value.get<std::string>()); };
  return codec;
}

// "8", or "4x" for four times the processors that this process may use.
option::ValueCodec<std::uint64_t> ThreadCounts() {
  option::ValueCodec<std::uint64_t> codec = option::Counts(1, option::kNoMost);
  codec.parse = [count = codec.parse](std::string_view text, std::string_view what) {
    if (!text.ends_with('x')) return count(text, what);
    text.remove_suffix(1);
    return CheckedProduct(count(text, what), os::ProcessorCount(), what);
  };
  return codec;
}

using Rows = std::vector<OptionRow<TrialSpec>>;

Rows SubjectRows() {
  return {
      {.key = "strategy",
       .argument = "SPEC",
       .help = "strategy, such as mmap-window:size=64KiB; 'all' for every one there is",
       .value = option::Bind(&TrialSpec::strategy, Chosen<StrategyChoice>()),
       .role = OptionRole::kSubject,
       .taken_by = {.advise = true, .crossover = true, .powercut = true}},
      {.key = "workload",
       .argument = "SPEC",
       .help = "workload, such as mixed:reads=0.9",
       .value = option::Bind(&TrialSpec::workload, Chosen<WorkloadChoice>()),
       .role = OptionRole::kSubject,
       .taken_by = {.crossover = true, .powercut = true},
       .default_text = "random-update"},
  };
}

Rows RegimeRows() {
  return {
      {.key = "records",
       .argument = "N",
       .help = "records of the data file (1000000, unless the workload wants another)",
       .value = option::Count(&TrialSpec::records),
       .taken_by = {.crossover = true, .powercut = true},
       .axis = true,
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "record-size",
       .argument = "SIZE",
       .help = "bytes of a record (125, unless the workload wants another)",
       .value = option::Size(&TrialSpec::record_size),
       .taken_by = {.crossover = true, .powercut = true},
       .axis = true,
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "operations",
       .argument = "N",
       .help = "operations of a pass (what the workload wants, mostly one per record)",
       .value = option::Count(&TrialSpec::operations),
       .taken_by = {.advise = true, .crossover = true, .powercut = true},
       .axis = true,
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "passes",
       .argument = "N",
       .help = "passes over the plan: the first one and the steady ones",
       .value = option::Count(&TrialSpec::passes),
       .taken_by = {.crossover = true},
       .axis = true,
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "threads",
       .argument = "N|Nx",
       .help = "threads of each process, each with its share of the records; 2x: twice the "
               "processors",
       .value = option::Bind(&TrialSpec::threads, ThreadCounts()),
       .taken_by = {.advise = true, .crossover = true},
       .axis = true,
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "processes",
       .argument = "N",
       .help = "processes, each with its share of the records",
       .value = option::Count(&TrialSpec::processes),
       .taken_by = {.advise = true, .crossover = true},
       .axis = true,
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "cache",
       .help = "page cache before; paged: filled in small pieces, as most programs meet it; "
               "streamed: in large ones; written: as its writer left it",
       .value = option::Choice(&TrialSpec::cache, "cache state", kCacheStateNames),
       .taken_by = {.advise = true, .crossover = true},
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "memory-limit",
       .argument = "SIZE",
       .help = "memory that a trial may use, its page cache included",
       .value = option::Size(&TrialSpec::memory_limit_bytes),
       .taken_by = {.advise = true, .crossover = true},
       .axis = true,
       .json_name = "memory_limit_bytes",
       .csv_column = CsvColumn::kFirst,
       .own_title = true},
      {.key = "seed",
       .argument = "N",
       .help = "seed of the data and the plan",
       .value = option::Count(&TrialSpec::seed, 0),
       .taken_by = {.advise = true, .crossover = true, .powercut = true},
       .csv_column = CsvColumn::kNone,
       .own_title = true},
  };
}

Rows MeasuringRows() {
  return {
      {.key = "latency",
       .help = "latency of single operations",
       .value = option::Choice(&TrialSpec::latency, "latency mode", kLatencyModeNames),
       .role = OptionRole::kMeasuring,
       .csv_column = CsvColumn::kNone,
       .own_title = true},
      {.key = "load",
       .help = "when operations begin; closed: one after another; open: each when it is due, at "
               "its recorded time or by --rate",
       .value = option::Choice(&TrialSpec::load, "load", kLoadModeNames),
       .role = OptionRole::kMeasuring,
       .own_title = true},
      {.key = "rate",
       .argument = "N",
       .help = "operations per second of an open load, of all workers together",
       .value =
           option::Real(&TrialSpec::rate, {1e-3, 1e9, "0.001 to 1000000000 operations per second"}),
       .role = OptionRole::kMeasuring,
       .own_title = true},
      {.key = "arrivals",
       .help = "how the operations of --rate follow each other; even: at equal distances; "
               "poisson: at random ones",
       .value = option::Choice(&TrialSpec::arrivals, "arrivals", kArrivalsNames),
       .role = OptionRole::kMeasuring,
       .applies = [](const TrialSpec& spec) { return spec.rate.has_value(); },
       .own_title = true},
      {.key = "timeline",
       .help = "sample device, cache and memory every 100 ms while the passes run",
       .value = option::Flag(&TrialSpec::timeline),
       .role = OptionRole::kMeasuring,
       .csv_column = CsvColumn::kNone,
       .own_title = true},
      {.key = "timeout",
       .argument = "SECONDS",
       .help = "a phase that takes longer counts as hung",
       .value = option::Seconds(&TrialSpec::timeout_seconds),
       .role = OptionRole::kHarness,
       .taken_by = {.advise = true, .crossover = true},
       .json_name = "timeout_seconds"},
  };
}

}  // namespace

std::span<const OptionRow<TrialSpec>> TrialOptionRows() {
  static const Rows kRows = [] {
    Rows rows;
    for (Rows (*some)() : {SubjectRows, RegimeRows, MeasuringRows}) {
      for (OptionRow<TrialSpec>& row : some()) rows.push_back(std::move(row));
    }
    return rows;
  }();
  return kRows;
}

std::string PlainTitle(const TrialSpec& spec) {
  std::string text;
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    if (!row.IsParameter() || row.own_title) continue;
    const std::string value = row.value.text(spec);
    if (value != row.DefaultText()) text += fmt::format(", {} {}", row.key, value);
  }
  return text;
}

}  // namespace faultline
