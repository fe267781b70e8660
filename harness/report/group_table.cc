#include "harness/report/group_table.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"
#include "harness/report/group_answer.h"
#include "harness/report/open_loop_table.h"
#include "harness/trial/trial_options.h"

namespace faultline {
namespace {

using verdict::Comparison;
using verdict::GroupRanking;
using verdict::JudgedGroup;
using verdict::Verdict;

std::string OfBytes(std::uint64_t bytes) {
  std::string text = FormatSize(bytes);
  const std::size_t unit = text.find_first_not_of("0123456789");
  if (unit == std::string::npos) return text + " B";
  return text.insert(unit, " ");
}

// As TrialTitle, but without what is as usual.
std::string ShortTitle(const TrialSpec& spec) {
  std::string text =
      fmt::format("{}{}{}, {} x {}", spec.section, spec.section.empty() ? "" : ": ",
                  spec.workload.text(), FormatCount(spec.records), OfBytes(spec.record_size));
  if (spec.operations != spec.records)
    text += fmt::format(", {} ops", FormatCount(spec.operations));
  if (spec.passes != 2) text += fmt::format(", {}", CountOf(spec.passes, "pass", "passes"));
  text += fmt::format(", {}, {}", CacheStateName(spec.cache), CountOf(spec.threads, "thread"));
  if (spec.processes > 1) text += fmt::format(" x {} processes", spec.processes);
  if (spec.memory_limit_bytes) {
    text += fmt::format(", memory limit {}", OfBytes(*spec.memory_limit_bytes));
  }
  if (spec.load == LoadMode::kOpen) {
    text += ", open load";
    if (spec.rate) text += fmt::format(" of {}/s", FormatSignificant(*spec.rate));
    if (spec.arrivals == Arrivals::kPoisson) text += " at random times";
  }
  return text + PlainTitle(spec);
}

// "left        right", as wide as `columns`; two lines where that is too narrow.
std::string Spread(const std::string& left, const std::string& right, std::size_t columns) {
  std::string text = Wrap(left, 0, 2);
  if (right.empty()) return text + "\n";
  const std::size_t last = text.rfind('\n');
  const std::size_t length = text.size() - (last == std::string::npos ? 0 : last + 1);
  const bool fits = length + 2 + right.size() <= columns;
  const std::size_t before = fits ? columns - length - right.size() : columns - right.size();
  return fmt::format("{}{}{}{}\n", text, fits ? "" : "\n", std::string(before, ' '), right);
}

class GroupTable {
 public:
  GroupTable(const RunDocument& document, std::size_t place, const RunCourse& course,
             const TableStyle& style, Legend& legend)
      : document_(document),
        group_(document.groups()[place]),
        judged_(document.judged()[place]),
        course_(course),
        style_(style),
        legend_(legend),
        place_(place) {
    SortTrials();
  }

  std::string Text() {
    const TrialSpec& first = document_.trials()[group_.trials.front()];
    open_load_ = first.load == LoadMode::kOpen;
    legend_.states.insert(first.cache);
    (open_load_ ? legend_.open_load : legend_.closed) = true;
    std::string text = Spread(ShortTitle(first), RoundsText(), style_.columns);
    text += open_load_ ? OpenTable() : ClosedTable() + LatencyTable();
    for (const std::size_t trial : sorted_) {
      legend_.interference |= document_.summary(trial).with_interference;
    }
    if (style_.verbose) text += Details();
    return text + Problems() + GroupAnswer(document_, place_, course_, style_) +
           GroupNoise(document_, place_, style_);
  }

 private:
  const TrialSpec& SpecOf(std::size_t trial) const { return document_.trials()[trial]; }
  std::string NameOf(std::size_t trial) const { return StrategyTitle(SpecOf(trial)); }

  // By the accepted time's ranking (of an open load by the median latency's), then those without a
  // rank, and last the harness's own cost.
  void SortTrials() {
    const std::string figure =
        HeadlineFigures(document_.trials()[group_.trials.front()].load).front();
    const auto ranking = judged_.rankings.find(figure);
    if (ranking != judged_.rankings.end()) {
      for (const std::string& name : ranking->second.order) {
        for (const std::size_t trial : group_.trials) {
          if (Stores(SpecOf(trial)) && NameOf(trial) == name) sorted_.push_back(trial);
        }
      }
    }
    for (const bool stores : {true, false}) {
      for (const std::size_t trial : group_.trials) {
        const bool there = std::find(sorted_.begin(), sorted_.end(), trial) != sorted_.end();
        if (!there && Stores(SpecOf(trial)) == stores) sorted_.push_back(trial);
      }
    }
    for (const std::size_t trial : group_.trials) {
      if (!Stores(SpecOf(trial))) legend_.own_costs.insert(NameOf(trial));
      if (SpecOf(trial).copy > 1) legend_.twins.insert(NameOf(trial));
    }
  }

  // "6 rounds, 41 s".
  std::string RoundsText() const {
    const std::uint64_t rounds = RoundsOf(document_, group_);
    if (rounds == 0) return {};
    std::string text = CountOf(rounds, "round");
    if (place_ < course_.group_seconds.size()) {
      text += ", " + FormatSeconds(course_.group_seconds[place_]);
    }
    return text;
  }

  // Whether anything is known of how the strategies compare by the figure.
  bool IsCompared(const std::string& figure) const {
    const GroupRanking* ranking = RankingOf(judged_, figure);
    if (ranking == nullptr) return false;
    return std::any_of(ranking->order.begin(), ranking->order.end(), [&](const auto& name) {
      const auto found = judged_.Find(figure, ranking->leader(), name);
      return found && (found->verdict != Verdict::kInconclusive ||
                       (found->ratio && found->ratio->low.has_value()));
    });
  }

  bool IsBest(const std::string& figure, const std::string& name) const {
    const GroupRanking* ranking = RankingOf(judged_, figure);
    return ranking != nullptr && IsCompared(figure) &&
           std::find(ranking->best.begin(), ranking->best.end(), name) != ranking->best.end();
  }

  // "362 ns", or why there is none.
  TableCell TimeCell(std::size_t trial, const std::string& figure, const char* unit) const {
    const Summary& summary = document_.summary(trial);
    const std::optional<Estimate> found = summary.Figure(figure);
    if (found) {
      return {fmt::format("{}{}{}", summary.with_interference ? "~" : "", FormatNs(found->median),
                          unit),
              IsBest(figure, NameOf(trial)) ? CellStyle::kBest : CellStyle::kPlain};
    }
    if (figure != kAcceptedFigure) return {"-"};
    if (summary.failed > 0) return {"FAILED", CellStyle::kTrouble};
    if (summary.unsupported > 0) return {"not possible"};
    if (summary.cut_off > 0) return {"cut off"};
    return {summary.repetitions == 0 ? "not run" : "-"};
  }

  // How many times the leader's cost: "1.3x =", where the mark is that of the verdict. A difference
  // that is known but small is told with two decimals.
  TableCell RelativeCell(std::size_t trial, const std::string& figure) const {
    const GroupRanking* ranking = RankingOf(judged_, figure);
    const std::string name = NameOf(trial);
    if (ranking == nullptr ||
        std::find(ranking->order.begin(), ranking->order.end(), name) == ranking->order.end()) {
      return {"-  "};
    }
    legend_.relative = true;
    const CellStyle style = IsBest(figure, name) ? CellStyle::kBest : CellStyle::kPlain;
    if (name == ranking->leader()) return {"1.0x  ", style};
    const std::optional<Comparison> found = judged_.Find(figure, ranking->leader(), name);
    const bool known = found && found->ratio && found->ratio->low;
    if (found && found->verdict == Verdict::kTied) {
      legend_.tied = true;
      return {known ? FormatReal(found->ratio->median, 1) + "x =" : "=", style};
    }
    if (!found || found->verdict == Verdict::kInconclusive) {
      legend_.inconclusive = true;
      return {known ? FormatReal(found->ratio->median, 1) + "x ?" : "?", style};
    }
    const double factor = found->ratio->median;
    if (factor < 1.095) return {FormatReal(factor, 2) + "x  ", style};
    if (factor < 99.95) return {FormatReal(factor, 1) + "x  ", style};
    return {FormatCount(static_cast<std::uint64_t>(factor + 0.5)) + "x  ", style};
  }

  // Page faults of both kinds; "-" where one isn't known.
  TableCell FaultsCell(std::size_t trial) const {
    const auto minor = document_.summary(trial).Figure("total.minor_faults");
    const auto major = document_.summary(trial).Figure("total.major_faults");
    if (!minor || !major) return {"-"};
    return {FormatCount(static_cast<std::uint64_t>(minor->median + major->median + 0.5))};
  }

  // The largest resident set of a phase.
  TableCell MemoryCell(std::size_t trial) const {
    std::optional<double> most;
    for (const Phase phase : kPhases) {
      const auto peak =
          document_.summary(trial).Figure(fmt::format("{}.peak_resident_bytes", PhaseName(phase)));
      if (peak) most = std::max(most.value_or(0), peak->median);
    }
    return {most ? FormatBytes(static_cast<std::uint64_t>(*most + 0.5)) : "-"};
  }

  CellStyle NameStyle(std::size_t trial) const {
    if (!Stores(SpecOf(trial))) return CellStyle::kQuiet;
    return IsBest(kAcceptedFigure, NameOf(trial)) ? CellStyle::kBest : CellStyle::kPlain;
  }

  std::vector<TableRow> ClosedRows(const char* unit) const {
    const bool accepted = IsCompared(kAcceptedFigure);
    const bool durable = IsCompared(kDurableFigure);
    TableRow head = {{"strategy"}, {"accepted"}};
    if (accepted) head.push_back({"relative"});
    head.push_back({"durable"});
    if (durable) head.push_back({"relative"});
    head.push_back({"faults"});
    head.push_back({"memory"});
    std::vector<TableRow> rows = {head};
    for (const std::size_t trial : sorted_) {
      TableRow row = {{NameOf(trial), NameStyle(trial)}, TimeCell(trial, kAcceptedFigure, unit)};
      if (accepted) row.push_back(RelativeCell(trial, kAcceptedFigure));
      row.push_back(TimeCell(trial, kDurableFigure, unit));
      if (durable) row.push_back(RelativeCell(trial, kDurableFigure));
      row.push_back(FaultsCell(trial));
      row.push_back(MemoryCell(trial));
      rows.push_back(std::move(row));
    }
    return rows;
  }

  std::string ClosedTable() const {
    legend_.memory = true;
    std::vector<TableRow> rows = ClosedRows("/op");
    if (TableWidth(rows, 2) > style_.columns) rows = ClosedRows("");
    return FormatTable(rows, style_.columns, style_.colours);
  }

  // Percentiles of single operations, where they were asked for.
  std::string LatencyTable() const {
    if (!HasLatency(document_, group_)) return {};
    static constexpr std::pair<const char*, const char*> kPercentiles[] = {
        {"p50", "latency.p50"}, {"p99", "latency.p99"}, {"p99.9", "latency.p999"}};
    std::vector<TableRow> rows = {{{"latency"}}};
    for (const auto& [head, figure] : kPercentiles) {
      rows.front().push_back({head});
      if (IsCompared(figure)) rows.front().push_back({"relative"});
    }
    for (const std::size_t trial : sorted_) {
      TableRow row = {{NameOf(trial)}};
      for (const auto& [head, figure] : kPercentiles) {
        row.push_back(TimeCell(trial, figure, ""));
        if (IsCompared(figure)) row.push_back(RelativeCell(trial, figure));
      }
      rows.push_back(std::move(row));
    }
    return FormatTable(rows, style_.columns, style_.colours);
  }

  std::string OpenTable() const {
    std::vector<TableRow> rows(1);
    for (const std::string& head : OpenLoopHeads()) rows.front().push_back({head});
    for (const std::size_t trial : sorted_) {
      TableRow row;
      for (const std::string& cell : OpenLoopCells(document_, trial)) row.push_back({cell});
      rows.push_back(std::move(row));
    }
    return FormatTable(rows, style_.columns, style_.colours) +
           OpenLoopRemarks(document_, group_.trials);
  }

  // "5 ok, 1 interference".
  std::string StateText(const Summary& summary) const {
    std::string text;
    const auto part = [&text](std::uint64_t count, const char* word) {
      if (count != 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
    };
    part(summary.ok, "ok");
    part(summary.interference, "interference");
    part(summary.failed, "failed");
    part(summary.unsupported, "not possible");
    part(summary.cut_off, "cut off");
    return text.empty() ? "not run" : text;
  }

  // Medians with their intervals, what the device moved, and each kind of interference.
  // The median of a counter that is a total.
  static TableCell TotalCell(const Summary& summary, const CounterInfo& counter) {
    const auto found = summary.Figure("total." + counter.name);
    if (!found) return {"-"};
    const auto total = static_cast<std::uint64_t>(found->median + 0.5);
    return {counter.unit == "bytes" ? FormatBytes(total) : FormatCount(total)};
  }

  std::string Details() const {
    static const std::map<std::string, CounterInfo> kCounters = AllCounters();
    std::vector<TableRow> rows = {{{"details"}, {"accepted ns/op"}}};
    for (const auto& [name, counter] : kCounters) {
      if (!counter.column.empty()) rows.front().push_back({counter.column});
    }
    rows.front().push_back({"repetitions"});
    for (const std::size_t trial : sorted_) {
      const Summary& summary = document_.summary(trial);
      rows.push_back(
          {{NameOf(trial)},
           {FormatEstimate(summary.Figure(kAcceptedFigure), summary.with_interference)}});
      for (const auto& [name, counter] : kCounters) {
        if (!counter.column.empty()) rows.back().push_back(TotalCell(summary, counter));
      }
      rows.back().push_back({StateText(summary)});
    }
    std::string text = FormatTable(rows, style_.columns, style_.colours);
    for (const std::size_t trial : sorted_) {
      for (const Measurement& repetition : document_.repetitions(trial)) {
        if (repetition.status != Status::kInterference) continue;
        text += Paragraph(fmt::format("{}: {}", NameOf(trial), repetition.error), 2, 4);
      }
    }
    return text;
  }

  // "mmap-view FAILED in 2 of 6 repetitions: crashed in 'first'", each cause once.
  std::string Problems() const {
    std::string text;
    for (const std::size_t trial : sorted_) {
      std::map<std::pair<Status, std::string>, std::uint64_t> seen;
      for (const Measurement& repetition : document_.repetitions(trial)) {
        if (!HasFigures(repetition.status)) ++seen[{repetition.status, repetition.error}];
      }
      const std::size_t all = document_.repetitions(trial).size();
      for (const auto& [problem, count] : seen) {
        const auto& [status, error] = problem;
        const std::string what = status == Status::kFailed        ? " FAILED"
                                 : status == Status::kUnsupported ? " is not possible"
                                                                  : " was cut off";
        const std::string line =
            Wrap(fmt::format("{}{} in {} of {}{}{}", NameOf(trial), what, FormatCount(count),
                             CountOf(all, "repetition"), error.empty() ? "" : ": ", error),
                 2, 4);
        const CellStyle style = status == Status::kFailed ? CellStyle::kTrouble : CellStyle::kPlain;
        text += fmt::format("  {}\n", Styled(line, style, style_.colours));
      }
    }
    return text;
  }

  const RunDocument& document_;
  const TrialGroup& group_;
  const JudgedGroup& judged_;
  const RunCourse& course_;
  const TableStyle& style_;
  Legend& legend_;
  std::size_t place_;
  bool open_load_ = false;
  std::vector<std::size_t> sorted_;
};

}  // namespace

std::string GroupText(const RunDocument& document, std::size_t place, const RunCourse& course,
                      const TableStyle& style, Legend& legend) {
  return GroupTable(document, place, course, style, legend).Text();
}

}  // namespace faultline
