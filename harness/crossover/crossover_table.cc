#include "harness/crossover/crossover_table.h"

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/report/table.h"

namespace faultline::crossover {
namespace {

using Cells = std::vector<std::string>;

std::string Names(const Study& study, const std::vector<std::size_t>& strategies,
                  const char* separator) {
  std::vector<std::string> names;
  for (const std::size_t strategy : strategies) names.push_back(study.strategies[strategy]);
  return Join(names, separator);
}

std::string WinnersCell(const Study& study, const MeasuredPoint& measured) {
  const std::vector<std::size_t>& winners = measured.By(study.by).winners;
  if (measured.By(study.by).disturbed) return "disturbed";
  if (winners.empty()) return "none";
  return Names(study, winners, " = ");
}

Cells Heading(const Study& study) {
  Cells cells = {study.x.parameter, "best"};
  for (const std::string& strategy : study.strategies) cells.push_back(strategy);
  for (std::size_t i = 1; i < study.strategies.size(); ++i) {
    cells.push_back(study.strategies.size() == 2 ? "ratio 2nd : 1st"
                                                 : Concat("ratio ", i + 1, " : 1"));
  }
  cells.insert(cells.end(), {"noise", "rounds"});
  return cells;
}

Cells PointCells(const Study& study, const MeasuredPoint& measured) {
  const Judgement& judgement = measured.By(study.by);
  const Point& point = measured.point();
  Cells cells = {study.x.Text(point.x), WinnersCell(study, measured)};
  const auto disturbed = [&](std::size_t i) {
    return point.arms[i].Count(Status::kOk) < kFewestForVerdict &&
           point.arms[i].Count(Status::kDisturbed) > 0;
  };
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    cells.push_back(FormatEstimate(judgement.arms[i].cost, disturbed(i)));
  }
  for (std::size_t i = 1; i < point.arms.size(); ++i) {
    cells.push_back(FormatEstimate(judgement.arms[i].to_first, disturbed(i) || disturbed(0)));
  }
  cells.push_back(judgement.noise ? FormatSignificant(100 * *judgement.noise) + " %" : "-");
  cells.push_back(std::to_string(point.rounds));
  return cells;
}

// The value and the winners to the left, figures to the right.
std::string FormatTable(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Cells& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - row[i].size(), ' ');
      const bool left = i < 2;
      text += Concat("  ", left ? row[i] : padding, left ? padding : row[i]);
    }
    text += "\n";
  }
  return text;
}

// Each reason once, with all points that it stands for.
std::string TroubleLines(const Study& study, const StudyRow& row) {
  std::map<std::string, std::vector<std::string>> places;
  for (const MeasuredPoint& measured : row.points) {
    for (const Arm& arm : measured.point().arms) {
      if (arm.Trouble().empty()) continue;
      places[Concat(arm.strategy,
                    arm.failed()   ? " FAILED: "
                    : arm.CutOff() ? " was "
                                   : " is not possible: ",
                    arm.Trouble())]
          .push_back(study.x.Text(measured.point().x));
    }
  }
  std::string text;
  for (const auto& [reason, values] : places) {
    text += Concat("  at ", Join(values, ", "), ": ", reason, "\n");
  }
  return text;
}

const char* EndText(const Study& study) {
  if (study.ended == "narrow")
    return "Boundaries are as narrow as values, noise and neighbours permit.\n";
  if (study.ended == "budget") return "The budget is spent; a larger --budget may tell more.\n";
  if (study.ended == "interrupted")
    return "Interrupted: what follows rests on what was finished.\n";
  return "";
}

}  // namespace

std::vector<std::string> CrossoverSentences(const Study& study, const StudyRow& row) {
  const Found found = study.In(row);
  std::vector<std::string> sentences;
  const auto disturbed =
      std::count_if(row.points.begin(), row.points.end(),
                    [&](const MeasuredPoint& one) { return one.By(study.by).disturbed; });
  if (disturbed > 0) {
    sentences.push_back(Concat(disturbed, " of ", row.points.size(),
                               " points tell nothing, as somebody else used the machine; search "
                               "again when it is quiet"));
  }
  if (found.ranges.empty()) {
    sentences.push_back("no boundary: no point tells which strategy is best");
    return sentences;
  }
  const std::string& parameter = study.x.parameter;
  for (const Range& range : found.ranges) {
    sentences.push_back(Concat(
        parameter, " ", study.x.Text(range.low), " to ", study.x.Text(range.high), ": ",
        study.strategies[range.strategy],
        range.others.empty()
            ? std::string()
            : Concat(" (within noise of it all over: ", Names(study, range.others, ", "), ")")));
  }
  for (const Crossover& crossover : found.crossovers) {
    sentences.push_back(Concat("boundary ", study.strategies[crossover.from], " | ",
                               study.strategies[crossover.to], " at ", parameter, " ",
                               study.x.Text(crossover.value), " [", study.x.Text(crossover.low),
                               " ", study.x.Text(crossover.high), "]"));
  }
  if (found.crossovers.empty()) {
    sentences.push_back(
        "no boundary: one strategy is best, or within noise of the best, at every "
        "point that tells");
  }
  return sentences;
}

std::string CrossoverTable(const Study& study) {
  std::string text;
  const std::vector<std::string> regimes = study.Regimes();
  for (std::size_t i = 0; i < regimes.size(); ++i) {
    text += Concat(regimes.size() == 1 ? "" : i == 0 ? "from " : "to   ", regimes[i], "\n");
  }
  text += Concat("best by ", FigureWord(study.by), " ns per operation\n");
  for (const StudyRow& row : study.rows) {
    text += "\n";
    if (row.y) text += Concat(study.y->parameter, " ", study.y->Text(*row.y), "\n");
    if (!row.points.empty()) {
      std::vector<Cells> table = {Heading(study)};
      for (const MeasuredPoint& measured : row.points) {
        table.push_back(PointCells(study, measured));
      }
      text += FormatTable(table) + TroubleLines(study, row);
    }
    for (const std::string& sentence : CrossoverSentences(study, row)) text += sentence + "\n";
  }
  text += "\n";
  for (const std::string& warning : study.warnings) text += Concat("warning: ", warning, "\n");
  return text + EndText(study);
}

}  // namespace faultline::crossover
