#include <algorithm>
#include <fmt/format.h>
#include <iterator>

#include "claims/comparison.h"
#include "claims/laboratory.h"

namespace faultline::a07 {
namespace {

constexpr std::uint64_t kFileBytes = std::uint64_t{16} << 20;
constexpr std::uint64_t kRecordBytes[] = {std::uint64_t{4} << 10, std::uint64_t{64} << 10,
                                          std::uint64_t{1} << 20};
constexpr std::uint64_t kParts[] = {1, 4, 16, 64};
constexpr std::uint64_t kPasses = 2;

double CounterOf(const Measurement& measurement, Phase phase, const char* counter) {
  const auto found = measurement.phases.find(phase);
  const auto value = found == measurement.phases.end()          ? CounterValue{}
                     : found->second.counters.contains(counter) ? found->second.counters.at(counter)
                                                                : CounterValue{};
  return static_cast<double>(Known(value, counter));
}

// Calls and faults of visiting records in parts by one strategy, and the time of a visit.
struct Visits {
  double calls_a_part = 0;
  double faults_first = 0;
  double faults_later = 0;
  std::vector<double> ns_a_record;  // of each repetition
};

Visits Visit(const Laboratory& laboratory, const std::string& strategy, std::uint64_t record_bytes,
             std::uint64_t parts) {
  TrialSpec spec =
      TrialIn(laboratory, strategy, fmt::format("partial-record:kind=read,parts={}", parts));
  spec.record_size = record_bytes;
  spec.records = kFileBytes / record_bytes;
  spec.operations = spec.records * parts;
  spec.passes = kPasses;
  const Dataset dataset = DatasetFor(spec);
  Visits visits;
  for (std::uint64_t round = 0; round < laboratory.Count<std::uint64_t>(verdict::kFewestRounds, 1);
       ++round) {
    const Measurement measurement = RunOnce(spec, dataset);
    const double calls = CounterOf(measurement, Phase::kFirst, "read_calls") +
                         CounterOf(measurement, Phase::kSteady, "read_calls");
    visits.calls_a_part = calls / static_cast<double>(measurement.operations);
    visits.faults_first =
        std::max(visits.faults_first, CounterOf(measurement, Phase::kFirst, "minor_faults"));
    visits.faults_later =
        std::max(visits.faults_later, CounterOf(measurement, Phase::kSteady, "minor_faults"));
    visits.ns_a_record.push_back(*measurement.SteadyNsPerOperation() * static_cast<double>(parts));
  }
  return visits;
}

Chart NewChart(std::uint64_t record_bytes) {
  return {.name = fmt::format("time_by_parts_{}", FormatSize(record_bytes)),
          .title = fmt::format("A record of {} read in parts", FormatSize(record_bytes)),
          .x = {.label = "parts it is read in", .scale = "log"},
          .y = {.label = "time for the record", .unit = "ns", .scale = "log"},
          .reading = "",
          .curves = {{"a read call a part", {}}, {"a view", {}}}};
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  double most_calls = 0;
  double least_calls = 1e9;
  double mapped_calls = 0;
  double mapped_later = 0;
  double growth = 0;
  double least_first = 1e9;
  for (const std::uint64_t record_bytes : kRecordBytes) {
    Chart chart = NewChart(record_bytes);
    double faults_of_one_part = 0;
    for (const std::uint64_t parts : kParts) {
      const Visits calls = Visit(laboratory, "read-write", record_bytes, parts);
      const Visits mapped = Visit(laboratory, "mmap-view", record_bytes, parts);
      most_calls = std::max(most_calls, calls.calls_a_part);
      least_calls = std::min(least_calls, calls.calls_a_part);
      mapped_calls = std::max(mapped_calls, mapped.calls_a_part);
      mapped_later = std::max(mapped_later, mapped.faults_later);
      if (parts == kParts[0]) faults_of_one_part = mapped.faults_first;
      least_first = std::min(least_first, mapped.faults_first);
      growth = std::max(growth, mapped.faults_first - faults_of_one_part);
      const auto x = static_cast<double>(parts);
      chart.curves[0].points.push_back(PointOf(x, calls.ns_a_record));
      chart.curves[1].points.push_back(PointOf(x, mapped.ns_a_record));
      evidence.figures[fmt::format("mapped_faults_of_{}_in_{}", FormatSize(record_bytes), parts)] =
          mapped.faults_first;
    }
    const auto times = [&](int curve) {
      const auto& points = chart.curves[curve].points;
      return FormatSignificant(points.back().y / points.front().y);
    };
    chart.reading = fmt::format(
        "From 1 part to {} the time of a record grows {} times by calls, {} times through a view, "
        "in passes after the first.",
        *std::rbegin(kParts), times(0), times(1));
    evidence.charts.push_back(std::move(chart));
  }
  evidence.figures["least_calls_a_part"] = least_calls;
  evidence.figures["most_calls_a_part"] = most_calls;
  evidence.figures["mapped_calls_a_part"] = mapped_calls;
  evidence.figures["mapped_faults_of_later_passes"] = mapped_later;
  evidence.figures["mapped_faults_added_by_parts"] = growth;
  evidence.figures["mapped_faults_of_a_first_pass"] = least_first;
  const std::uint64_t pages = kFileBytes / os::PageSize();
  evidence.figures["pages"] = static_cast<double>(pages);
  evidence.regime = fmt::format(
      "{}, {} in memory, filled page by page, records of 4 KiB to 1 MiB visited at random, two "
      "passes",
      FileSystemOf(laboratory), FormatSize(kFileBytes));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double pages = evidence.Figure("pages");
  std::string wrong;
  if (evidence.Figure("mapped_faults_of_a_first_pass") == 0) {
    return {Outcome::kInconclusive, "first touches were not counted as faults"};
  }
  // A process makes a few calls and faults of its own.
  if (evidence.Figure("least_calls_a_part") < 0.99 || evidence.Figure("most_calls_a_part") > 1.1) {
    wrong = fmt::format("by calls, {} to {} a part",
                        FormatSignificant(evidence.Figure("least_calls_a_part")),
                        FormatSignificant(evidence.Figure("most_calls_a_part")));
  }
  if (evidence.Figure("mapped_calls_a_part") > 0.1) wrong = "through a view, parts cost calls";
  if (evidence.Figure("mapped_faults_of_later_passes") > 0.01 * pages) {
    wrong = fmt::format("{:g} faults in a later pass",
                        evidence.Figure("mapped_faults_of_later_passes"));
  }
  if (evidence.Figure("mapped_faults_added_by_parts") > 0.01 * pages) {
    wrong = fmt::format("more parts cost {:g} faults more",
                        evidence.Figure("mapped_faults_added_by_parts"));
  }
  return HoldsUnless(wrong, fmt::format("1 call a part; mapped: 0 calls, {:g} faults after the "
                                        "first pass, in a file of {:g} pages",
                                        evidence.Figure("mapped_faults_of_later_passes"), pages));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A07",
    .title = "A record read in parts costs a read for each part; mapped, a page's first touch only",
    .section = "What mapping offers",
    .method = "Records of 4 KiB to 1 MiB are visited in 1 to 64 parts, by calls and through a "
              "view. Holds if calls cost one a part, and a view none, with faults that neither "
              "more parts nor later passes add to (beyond a hundredth of the pages).",
    .why = "A call copies what it was asked for and nothing else; a page that a fault has entered "
           "into the page table stays there for every later part.",
    .relative_duration = 40,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a07
