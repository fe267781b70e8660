#include "harness/crossover/crossover_table.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"
#include "harness/report/table.h"
#include "harness/verdict/figure_text.h"

namespace faultline::crossover {
namespace {

// What a table calls the strategies: their specs, or letters where those are too long.
using Labels = std::vector<std::string>;

Labels Specs(const Study& study) {
  Labels specs;
  for (const StrategyChoice& strategy : study.strategies) specs.push_back(strategy.text());
  return specs;
}

Labels Letters(const Study& study) {
  Labels letters;
  for (std::size_t i = 0; i < study.strategies.size(); ++i) {
    // Beyond 26 no table fits.
    letters.emplace_back(1, static_cast<char>('A' + i % 26));
  }
  return letters;
}

std::string Names(const Labels& labels, const std::vector<std::size_t>& strategies,
                  const char* separator) {
  std::vector<std::string> names;
  for (const std::size_t strategy : strategies) names.push_back(labels[strategy]);
  return Join(names, separator);
}

std::string WinnersCell(const Study& study, const MeasuredPoint& measured, const Labels& labels) {
  const Judgement& judgement = measured.By(study.by);
  if (!judgement.inconclusive.empty()) return "inconclusive";
  if (judgement.winners.empty()) return "none";
  if (judgement.winners.size() == labels.size()) return "all tied";
  return Names(labels, judgement.winners, " = ");
}

// Two lines, so that no column is as wide as "speed of" and a name.
std::vector<TableRow> Heading(const Study& study, const Labels& labels) {
  TableRow above = {"", ""};
  TableRow below = {study.x.parameter, "best"};
  for (const std::string& label : labels) {
    above.emplace_back("");
    below.emplace_back(label);
  }
  for (std::size_t i = 1; i < labels.size(); ++i) {
    above.emplace_back("speed of");
    below.emplace_back(labels[i]);
  }
  below.emplace_back("rounds");
  return {above, below};
}

std::string SpeedCell(const verdict::Comparison* comparison, bool interval) {
  if (comparison == nullptr || !comparison->ratio) return "-";
  return interval ? RatioText(*comparison->ratio) : FactorText(comparison->ratio->median);
}

TableRow PointCells(const Study& study, const MeasuredPoint& measured, const Labels& labels,
                    bool intervals) {
  const Judgement& judgement = measured.By(study.by);
  const Point& point = measured.point();
  TableRow cells = {study.x.Text(point.x), WinnersCell(study, measured, labels)};
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    const std::optional<Estimate>& cost = judgement.costs[i];
    const char* mark = point.arms[i].WithInterference() ? "~" : "";
    cells.emplace_back(cost ? mark + FormatSignificant(cost->median) : "-");
  }
  for (std::size_t i = 1; i < point.arms.size(); ++i) {
    cells.emplace_back(SpeedCell(judgement.Of(i, 0), intervals));
  }
  cells.emplace_back(std::to_string(point.rounds));
  return cells;
}

std::vector<TableRow> PointRows(const Study& study, const StudyRow& row, const Labels& labels,
                                bool intervals) {
  std::vector<TableRow> rows = Heading(study, labels);
  for (const MeasuredPoint& measured : row.points) {
    rows.push_back(PointCells(study, measured, labels, intervals));
  }
  return rows;
}

// What the letters stand for, a line each.
std::string LetterLines(const Study& study, const Labels& letters) {
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    text += Paragraph(fmt::format("{}: {}", letters[i], study.SpecOf(i)), 2, 5);
  }
  return text;
}

// Whole if that fits; else without intervals, and else with letters for the strategies.
std::string PointsTable(const Study& study, const StudyRow& row) {
  const auto format = [](const std::vector<TableRow>& rows) {
    return FormatTable(rows, kTerminalColumns, /*colours=*/false, /*left=*/2);
  };
  for (const bool intervals : {true, false}) {
    const std::vector<TableRow> rows = PointRows(study, row, Specs(study), intervals);
    if (TableWidth(rows, 2) <= kTerminalColumns) return format(rows);
  }
  const Labels letters = Letters(study);
  std::vector<TableRow> rows = PointRows(study, row, letters, true);
  if (TableWidth(rows, 2) > kTerminalColumns) rows = PointRows(study, row, letters, false);
  return LetterLines(study, letters) + format(rows);
}

std::string InconclusiveLines(const Study& study, const StudyRow& row) {
  std::string text;
  for (const MeasuredPoint& measured : row.points) {
    const std::string& why = measured.By(study.by).inconclusive;
    if (why.empty()) continue;
    text += Paragraph(fmt::format("at {} inconclusive: {}", study.x.Text(measured.point().x), why),
                      2, 4);
  }
  return text;
}

// Each reason once, with all points that it stands for.
std::string TroubleLines(const Study& study, const StudyRow& row) {
  std::map<std::string, std::vector<std::string>> places;
  for (const MeasuredPoint& measured : row.points) {
    for (const Arm& arm : measured.point().arms) {
      if (arm.Trouble().empty()) continue;
      places[fmt::format("{} {}", arm.strategy, arm.TroubleInWords())].push_back(
          study.x.Text(measured.point().x));
    }
  }
  std::string text;
  for (const auto& [reason, values] : places) {
    text += Paragraph(fmt::format("at {}: {}", Join(values, ", "), reason), 2, 4);
  }
  return text;
}

const char* EndText(const Study& study) {
  if (study.ended == "narrow") {
    const bool any = std::any_of(study.rows.begin(), study.rows.end(), [&](const StudyRow& row) {
      return !study.In(row).crossovers.empty();
    });
    return any ? "Search finished: this noise level allows no narrower boundary.\n"
               : "Search finished.\n";
  }
  if (study.ended == "budget") return "The budget is spent; a larger --budget may tell more.\n";
  if (study.ended == "interrupted")
    return "Interrupted: what follows rests on what was finished.\n";
  return "";
}

}  // namespace

std::vector<std::string> CrossoverSentences(const Study& study, const StudyRow& row) {
  const Found found = study.In(row);
  std::vector<std::string> sentences;
  const auto inconclusive = std::count_if(
      row.points.begin(), row.points.end(),
      [&](const MeasuredPoint& one) { return !one.By(study.by).inconclusive.empty(); });
  if (inconclusive > 0) {
    sentences.push_back(
        fmt::format("{} of {} points are inconclusive; more --repetitions, a larger --budget or a "
                    "quieter machine would settle them",
                    inconclusive, row.points.size()));
  }
  if (found.ranges.empty()) {
    sentences.emplace_back("no boundary: no point tells which strategy is best");
    return sentences;
  }
  const std::string& parameter = study.x.parameter;
  for (const Range& range : found.ranges) {
    sentences.push_back(fmt::format("{} {} to {}: {}{}", parameter, study.x.Text(range.low),
                                    study.x.Text(range.high), study.SpecOf(range.strategy),
                                    range.others.empty()
                                        ? std::string()
                                        : fmt::format(" (tied with it all over: {})",
                                                      Names(Specs(study), range.others, ", "))));
  }
  for (const Crossover& crossover : found.crossovers) {
    sentences.push_back(fmt::format("boundary {} | {} at {} {} [{} {}]",
                                    study.SpecOf(crossover.from), study.SpecOf(crossover.to),
                                    parameter, study.x.Text(crossover.value),
                                    study.x.Text(crossover.low), study.x.Text(crossover.high)));
  }
  if (found.crossovers.empty()) {
    sentences.emplace_back(
        "no boundary: one strategy is best, or tied with the best, at every point that tells");
  }
  return sentences;
}

std::string CrossoverTable(const Study& study) {
  std::string text;
  const std::vector<std::string> regimes = study.Regimes();
  for (std::size_t i = 0; i < regimes.size(); ++i) {
    text += fmt::format("{}{}\n",
                        regimes.size() == 1 ? ""
                        : i == 0            ? "from "
                                            : "to   ",
                        regimes[i]);
  }
  text += fmt::format("best by {} ns per operation; speed: times as fast as {}\n",
                      FigureWord(study.by), study.SpecOf(0));
  for (const StudyRow& row : study.rows) {
    text += "\n";
    if (row.y) text += fmt::format("{} {}\n", study.y->parameter, study.y->Text(*row.y));
    if (!row.points.empty()) {
      text += PointsTable(study, row) + InconclusiveLines(study, row) + TroubleLines(study, row);
    }
    for (const std::string& sentence : CrossoverSentences(study, row)) {
      text += Paragraph(sentence, 0, 2);
    }
  }
  text += "\n";
  for (const std::string& warning : study.AllWarnings()) {
    text += Paragraph(fmt::format("warning: {}", warning), 0, 2);
  }
  return text + EndText(study);
}

}  // namespace faultline::crossover
