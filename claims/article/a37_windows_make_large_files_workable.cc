#include <fmt/format.h>

#include "claims/comparison.h"
#include "claims/laboratory.h"

namespace faultline::a37 {
namespace {

constexpr std::uint64_t kWindows = 8;
constexpr std::uint64_t kWindowBytes[] = {std::uint64_t{64} << 10, std::uint64_t{256} << 10,
                                          std::uint64_t{1} << 20};
// Of the other ways' throughput: what is still workable.
constexpr double kWorkable = 0.5;

// A file four times as large as the memory that the process may use. The updates of both passes
// touch three times as many pages as that memory holds (in a quick run as many).
struct Scale {
  std::uint64_t limit_bytes = 0;
  std::uint64_t records = 0;
  std::uint64_t updates = 0;  // of a pass
};

Scale ScaleOf(const Laboratory& laboratory) {
  // Of which plan and program take some 12 MiB.
  const std::uint64_t limit = std::uint64_t{24} << 20;
  return {.limit_bytes = limit,
          .records = 4 * limit / kDefaultRecordSize,
          .updates = laboratory.Count<std::uint64_t>(6, 2) * limit / os::PageSize() / 4};
}

std::string WindowSpec(std::uint64_t bytes) {
  return fmt::format("mmap-window:size={},count={}", FormatSize(bytes), kWindows);
}

// Memory of files that the process has mapped when the last operation is done, in bytes.
double MappedBytes(const Measurement& measurement) {
  const Counters& counters = measurement.phases.at(Phase::kSteady).counters;
  return static_cast<double>(Known(counters.at("file_clean_bytes"), "memory of files") +
                             Known(counters.at("file_dirty_bytes"), "memory of files"));
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::string unavailable = os::MemoryLimit::WhyUnavailable();
  if (!unavailable.empty()) throw UnsupportedError(unavailable);
  const Scale scale = ScaleOf(laboratory);
  std::map<std::string, double> mapped;  // most of all repetitions
  const auto trial = [&](const std::string& strategy) {
    TrialSpec spec = TrialIn(laboratory, strategy, "random-update");
    spec.records = scale.records;
    spec.operations = scale.updates;
    spec.cache = CacheState::kCold;
    spec.memory_limit_bytes = scale.limit_bytes;
    return spec;
  };
  const Dataset dataset = DatasetFor(trial("mmap-view"));
  const auto arm = [&](const std::string& strategy) {
    return TrialArm(strategy, trial(strategy), dataset,
                    [&, strategy](const Measurement& measurement) {
                      mapped[strategy] = std::max(mapped[strategy], MappedBytes(measurement));
                      return AcceptedNs(measurement);
                    });
  };
  std::vector<Arm> arms = {arm("mmap-view"), arm("read-write")};
  const std::span<const std::uint64_t> windows =
      std::span(kWindowBytes).first(laboratory.Count<std::size_t>(std::size(kWindowBytes), 1));
  for (const std::uint64_t bytes : windows) arms.push_back(arm(WindowSpec(bytes)));
  const Comparison comparison(laboratory, arms, verdict::kFewestRounds);
  const std::string window = WindowSpec(kWindowBytes[0]);
  Evidence evidence;
  comparison.Enter(
      {{"throughput_by_view", "mmap-view", window}, {"throughput_by_calls", "read-write", window}},
      evidence);
  // What any process of this program has mapped of its own files.
  const double program = mapped["read-write"];
  evidence.figures["window_mapped_bytes"] = std::max(0.0, mapped[window] - program);
  evidence.figures["view_mapped_bytes"] = std::max(0.0, mapped["mmap-view"] - program);
  evidence.figures["windows_bytes"] = static_cast<double>(kWindows * kWindowBytes[0]);
  evidence.figures["limit_bytes"] = static_cast<double>(scale.limit_bytes);
  evidence.figures["file_bytes"] = static_cast<double>(scale.records * kDefaultRecordSize);
  evidence.figures["updates_a_pass"] = static_cast<double>(scale.updates);
  Chart chart{
      .name = "time_by_window",
      .title = fmt::format("Updates of a file of {} within {} of memory",
                           FormatSize(4 * scale.limit_bytes), FormatSize(scale.limit_bytes)),
      .x = {.label = "bytes of a window", .unit = "bytes", .scale = "log"},
      .y = {.label = "time per update", .unit = "ns", .scale = "log"},
      .reading = "",
      .curves = {{"windows", {}}, {"a view of the whole file", {}}, {"calls", {}}}};
  for (const std::uint64_t bytes : windows) {
    const auto x = static_cast<double>(bytes);
    chart.curves[0].points.push_back(comparison.PointOf(x, WindowSpec(bytes)));
    chart.curves[1].points.push_back(comparison.PointOf(x, "mmap-view"));
    chart.curves[2].points.push_back(comparison.PointOf(x, "read-write"));
    evidence.figures[fmt::format("window_of_{}_ns", FormatSize(bytes))] =
        chart.curves[0].points.back().y;
  }
  evidence.figures["view_ns"] = chart.curves[1].points[0].y;
  evidence.figures["calls_ns"] = chart.curves[2].points[0].y;
  chart.reading =
      fmt::format("An update took {} through windows of {}, {} through one view, and {} by calls.",
                  FormatSeconds(chart.curves[0].points[0].y / 1e9), FormatSize(kWindowBytes[0]),
                  FormatSeconds(chart.curves[1].points[0].y / 1e9),
                  FormatSeconds(chart.curves[2].points[0].y / 1e9));
  evidence.charts.push_back(std::move(chart));
  evidence.regime = fmt::format(
      "{}, records of 125 bytes in a file of {} updated at random, cold, {} of memory, {} windows",
      FileSystemOf(laboratory), FormatSize(4 * scale.limit_bytes), FormatSize(scale.limit_bytes),
      kWindows);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double mapped = evidence.Figure("window_mapped_bytes");
  const std::string deciding = fmt::format(
      "throughput against a whole view's {}; against calls' {}; {} mapped",
      RatioText(evidence, "throughput_by_view"), RatioText(evidence, "throughput_by_calls"),
      FormatBytes(static_cast<std::uint64_t>(mapped)));
  using verdict::Reached;
  const Reached view = AtLeast(evidence, "throughput_by_view", kWorkable);
  const Reached calls = AtLeast(evidence, "throughput_by_calls", kWorkable);
  // Windows, and a little for what the program itself maps.
  const bool bounded = mapped <= evidence.Figure("windows_bytes") + (1 << 20);
  if (!bounded || view == Reached::kNo || calls == Reached::kNo) {
    return {Outcome::kDoesNotHold, deciding};
  }
  const bool fast = view == Reached::kYes && calls == Reached::kYes;
  return {fast ? Outcome::kHolds : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A37",
    .title = "Views of a part, mapped just before use, make very large files workable",
    .section = "Conclusion",
    .method =
        "Random updates of a file four times as large as the memory limit, through windows, "
        "a view of the whole file and calls, in rounds. Holds if all updates arrive, the windows "
        "keep no more mapped than they are large, and throughput is at least half of the "
        "others'.",
    .why = "Storage decides when the file doesn't fit. Moving a window costs two system calls and "
           "new faults; with addresses as wide as today's a view of the whole file needs no moves.",
    .relative_duration = 150,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a37
