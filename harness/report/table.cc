#include "harness/report/table.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"
#include "harness/report/group_table.h"
#include "harness/report/remarks.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

using verdict::JudgedGroup;

// "4 of 60 repetitions had interference (other processes used the processors) and were made again."
std::string InterferenceLine(const RunDocument& document, const RunCourse& course, bool verbose) {
  std::uint64_t all = 0;
  std::uint64_t interfered = 0;
  bool shown = false;
  std::vector<std::string> kinds;
  for (std::size_t trial = 0; trial < document.trials().size(); ++trial) {
    shown |= document.summary(trial).with_interference;
    for (const Measurement& repetition : document.repetitions(trial)) {
      ++all;
      if (repetition.status != Status::kInterference) continue;
      ++interfered;
      for (std::string& kind : InterferenceKinds(repetition.error)) {
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
          kinds.push_back(std::move(kind));
        }
      }
    }
  }
  if (interfered == 0) return {};
  std::string text = fmt::format("{} of {} repetitions had interference ({})",
                                 FormatCount(interfered), FormatCount(all), Join(kinds, "; "));
  if (course.made_again >= interfered) {
    text += interfered == 1 ? " and was made again" : " and were made again";
  } else if (course.made_again > 0) {
    text += fmt::format("; {}", CountOf(course.made_again, "was made again", "were made again"));
  }
  text += ".";
  if (shown) text += " Figures with ~ include some: fewer than six rounds had none.";
  if (!verbose) text += " --verbose and run.json say more.";
  return Paragraph(text);
}

// "Workers waited for a processor for 34 % of the time; the times are without it." "" where it was
// so little that it doesn't matter.
std::string WaitingLine(const RunDocument& document) {
  double seconds = 0;
  double net = 0;
  for (std::size_t trial = 0; trial < document.trials().size(); ++trial) {
    for (const Measurement& repetition : document.repetitions(trial)) {
      if (!repetition.net_of_waiting) continue;
      for (const Phase phase : kAcceptedPhases) {
        const auto found = repetition.phases.find(phase);
        if (found == repetition.phases.end()) continue;
        seconds += found->second.seconds;
        net += found->second.NetSeconds();
      }
    }
  }
  const double share = seconds > 0 ? 1 - net / seconds : 0;
  if (share < verdict::kMargin - 1) return {};
  return Paragraph(
      fmt::format("Others kept the processors busy: workers waited for {} % of the time. The times "
                  "are without this waiting.",
                  FormatReal(100 * share, 0)));
}

std::string EndLine(const RunDocument& document, const RunCourse& course) {
  const std::string percent = FormatPercent(course.precision - 1);
  switch (course.end) {
    case RunEnd::kFixed:
      return {};
    case RunEnd::kSettled: {
      const bool compared =
          std::any_of(document.judged().begin(), document.judged().end(),
                      [](const JudgedGroup& group) { return !group.comparisons.empty(); });
      if (!compared) return {};
      return Paragraph(
          fmt::format("Finished: each comparison is known to {}, or to a quarter of its difference "
                      "(--precision).",
                      percent));
    }
    case RunEnd::kBudget: {
      return Paragraph(fmt::format(
          "Stopped after the budget of {:g} s: {} not known to {} yet (--budget, --precision).",
          course.budget_seconds,
          CountOf(course.open_comparisons, "comparison is", "comparisons are"), percent));
    }
    case RunEnd::kInterrupted:
      return "Interrupted: only what was finished is here.\n";
  }
  return {};
}

std::string StateMeaning(CacheState state) {
  switch (state) {
    case CacheState::kCold:
      return "cold: nothing of the file is in memory at first";
    case CacheState::kStreamed:
      return "streamed: the file is in memory, read in pieces of 1 MiB, an extreme for calls";
    case CacheState::kPaged:
      return "paged: the file is in memory, read page by page, as most programs meet it";
    case CacheState::kWritten:
      return "written: the file is in memory as its writer left it";
  }
  return {};
}

std::string LegendText(const RunDocument& document, const Legend& legend) {
  std::vector<std::string> parts;
  for (const CacheState state : legend.states) parts.push_back(StateMeaning(state));
  if (legend.closed) {
    parts.emplace_back(
        "accepted: median time per operation until the calls returned, opening the "
        "file included");
    parts.emplace_back("durable: until everything is on stable storage");
  }
  if (legend.open_load) {
    parts.emplace_back(
        "open load: latencies are of every operation, from when it was due; late: "
        "due while its session was still busy");
  }
  if (legend.relative) parts.emplace_back("relative: to the best of the column before");
  if (legend.tied) {
    parts.push_back(
        fmt::format("=: tied with it (within {})", FormatPercent(document.rules().margin - 1)));
  }
  if (legend.inconclusive) parts.emplace_back("?: inconclusive");
  if (legend.interference) parts.emplace_back("~: with interference in it");
  if (legend.memory) parts.emplace_back("memory: most that became resident");
  for (const std::string& name : legend.own_costs) {
    parts.push_back(fmt::format("{}: the harness itself, which stores nothing", name));
  }
  for (const std::string& name : legend.twins) {
    parts.push_back(fmt::format("{}: the same strategy once more, which shows the noise", name));
  }
  return parts.empty() ? std::string() : Paragraph(Join(parts, ". ") + ".");
}

std::string NextLine(const std::string& output) {
  if (output.empty()) return {};
  const std::string report = "faultline report " + output;
  const std::string advise = "faultline advise " + output;
  const bool together = 6 + report.size() + 3 + advise.size() <= kTerminalColumns;
  return fmt::format("Next: {}{}{}\n", report, together ? "   " : "\n      ", advise);
}

}  // namespace

std::string FormatNs(double ns) {
  static constexpr std::pair<double, const char*> kUnits[] = {
      {1, " ns"}, {1e3, " us"}, {1e6, " ms"}, {1e9, " s"}};
  for (const auto& [scale, unit] : kUnits) {
    if (ns / scale < 999.5) return FormatSignificant(ns / scale) + unit;
  }
  return FormatSignificant(ns / 1e9) + " s";
}

std::string FormatEstimate(const std::optional<Estimate>& estimate, bool with_interference) {
  if (!estimate) return "-";
  return (with_interference ? "~" : "") + EstimateText(*estimate);
}

std::string ResultTable(const RunDocument& document, const RunCourse& course,
                        const TableStyle& given) {
  TableStyle style = given;
  style.columns = std::max(style.columns, kTerminalColumns);
  std::string text;
  Legend legend;
  for (std::size_t place = 0; place < document.groups().size(); ++place) {
    text += fmt::format("{}{}", text.empty() ? "" : "\n",
                        GroupText(document, place, course, style, legend));
  }
  text += "\n";
  text += WaitingLine(document);
  text += InterferenceLine(document, course, style.verbose);
  text += EndLine(document, course);
  for (const std::string& warning : document.warnings()) {
    const std::string line = Wrap(fmt::format("Warning: {}", warning), 0, 9);
    text += Styled(line, CellStyle::kTrouble, style.colours) + "\n";
  }
  text += Styled(LegendText(document, legend), CellStyle::kQuiet, style.colours);
  return text + NextLine(course.output);
}

}  // namespace faultline
