#include "harness/report/table.h"

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/report/open_loop_table.h"
#include "strategies/strategy.h"

namespace faultline {
namespace {

std::string PadRight(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string PadLeft(std::string text, std::size_t width) {
  if (text.size() < width) text.insert(0, width - text.size(), ' ');
  return text;
}

std::string FaultsCell(const Summary& summary, const char* figure) {
  const auto faults = summary.Figure(figure);
  return faults ? FormatCount(static_cast<std::uint64_t>(faults->median + 0.5)) : "-";
}

std::string BytesCell(const Summary& summary, const char* figure) {
  const auto bytes = summary.Figure(figure);
  return bytes ? FormatBytes(static_cast<std::uint64_t>(bytes->median + 0.5)) : "-";
}

// "5 ok", "3 ok 2 disturbed", "failed".
std::string StateCell(const Summary& summary) {
  std::string text;
  auto part = [&text](std::uint64_t count, const char* word) {
    if (count != 0) text += Concat(text.empty() ? "" : ", ", count, " ", word);
  };
  part(summary.ok, "ok");
  part(summary.disturbed, "disturbed");
  part(summary.failed, "FAILED");
  part(summary.unsupported, "unsupported");
  part(summary.cut_off, "cut off");
  return text.empty() ? "not run" : text;
}

using Row = std::vector<std::string>;

Row TrialRow(const RunDocument& document, std::size_t trial) {
  const TrialSpec& spec = document.trials()[trial];
  const Summary& summary = document.summary(trial);
  const bool disturbed = summary.with_interference;
  return {StrategyTitle(spec),
          FormatEstimate(summary.Figure("ns_per_operation"), disturbed),
          FormatEstimate(summary.Figure("durable_ns_per_operation"), disturbed),
          FaultsCell(summary, "total.minor_faults"),
          FaultsCell(summary, "total.major_faults"),
          BytesCell(summary, "total.device_read_bytes"),
          BytesCell(summary, "total.device_write_bytes"),
          StateCell(summary)};
}

std::string FormatRows(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    text += " ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool left = i == 0 || i + 1 == row.size();
      text += " ";
      text += left ? (i == 0 ? PadRight(row[i], widths[i]) : row[i]) : PadLeft(row[i], widths[i]);
    }
    text += "\n";
  }
  return text;
}

// "  accepted: mmap-view ran 35.1 [33.0 36.2] times as fast as read-write".
std::string Conclusion(const verdict::JudgedGroup& group, const FigureInfo& figure) {
  const auto ranking = group.rankings.find(figure.name);
  if (ranking == group.rankings.end() || ranking->second.empty()) return {};
  const std::string& leader = ranking->second.leader();
  std::string text = Concat("  ", figure.word, ": ", Join(ranking->second.best, " = "));
  const auto found = group.Find(figure.name, leader, group.baseline);
  if (!found) return text + "\n";
  return Concat(text, ", ", VerdictWord(found->verdict, figure), " than ", group.baseline, "\n");
}

std::string OwnCost(const RunDocument& document, const std::vector<std::size_t>& group) {
  for (std::size_t trial : group) {
    if (Stores(document.trials()[trial])) continue;
    const auto cost = document.summary(trial).Figure("steady_ns_per_operation");
    if (!cost) continue;
    return Concat("  the harness itself (", document.trials()[trial].strategy,
                  "): ", FormatEstimate(cost, document.summary(trial).with_interference),
                  " ns per operation\n");
  }
  return {};
}

std::string Problems(const RunDocument& document, const std::vector<std::size_t>& group) {
  std::string text;
  for (std::size_t trial : group) {
    std::map<std::string, int> seen;
    for (const Measurement& repetition : document.repetitions(trial)) {
      if (repetition.status == Status::kOk || repetition.error.empty()) continue;
      const std::string line = Concat("  ", document.trials()[trial].strategy, ": ",
                                      StatusName(repetition.status), ": ", repetition.error, "\n");
      if (seen[line]++ == 0) text += line;
    }
  }
  return text;
}

bool AnyDisturbed(const RunDocument& document, const std::vector<std::size_t>& group) {
  return std::any_of(group.begin(), group.end(), [&document](std::size_t trial) {
    return document.summary(trial).with_interference;
  });
}

std::string OpenLoopTable(const RunDocument& document, const std::vector<std::size_t>& group) {
  std::vector<Row> rows = {OpenLoopHeads()};
  rows.front().push_back("repetitions");
  for (std::size_t trial : group) {
    rows.push_back(OpenLoopCells(document, trial));
    rows.back().push_back(StateCell(document.summary(trial)));
  }
  return Concat(FormatRows(rows), OpenLoopRemarks(document, group), Problems(document, group));
}

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char letter : text) {
    quoted += letter;
    if (letter == '"') quoted += '"';
  }
  return quoted + "\"";
}

constexpr const char* kCsvFigures[] = {"ns_per_operation",        "durable_ns_per_operation",
                                       "steady_ns_per_operation", "total.minor_faults",
                                       "total.major_faults",      "total.device_read_bytes",
                                       "total.device_write_bytes"};

}  // namespace

std::string FormatEstimate(const std::optional<Estimate>& estimate, bool disturbed) {
  if (!estimate) return "-";
  const std::string median = Concat(disturbed ? "~" : "", FormatSignificant(estimate->median));
  if (estimate->low == estimate->high) return median;
  return Concat(median, " [", FormatSignificant(estimate->low), " ",
                FormatSignificant(estimate->high), "]");
}

std::string ResultTable(const RunDocument& document) {
  std::string text;
  bool any_disturbed = false;
  bool any_closed = false;
  bool any_open = false;
  for (std::size_t place = 0; place < document.groups().size(); ++place) {
    const auto& [title, group] = document.groups()[place];
    const verdict::JudgedGroup& judged = document.judged()[place];
    any_disturbed |= AnyDisturbed(document, group);
    if (document.trials()[group.front()].load == LoadMode::kOpen) {
      any_open = true;
      text += Concat(text.empty() ? "" : "\n", title, "\n", OpenLoopTable(document, group));
      continue;
    }
    any_closed = true;
    std::vector<Row> rows = {{"strategy", "accepted ns/op", "durable ns/op", "minor", "major",
                              "dev. read", "written", "repetitions"}};
    for (std::size_t trial : group) rows.push_back(TrialRow(document, trial));
    text += Concat(text.empty() ? "" : "\n", title, "\n", FormatRows(rows),
                   OwnCost(document, group), Conclusion(judged, *FindFigure("ns_per_operation")),
                   Conclusion(judged, *FindFigure("durable_ns_per_operation")),
                   Problems(document, group));
  }
  if (any_closed || !any_open) {
    text +=
        "\nMedians with bootstrap 95 % intervals; accepted: the calls had returned, opening "
        "included;\ndurable: everything was on stable storage. minor, major: page faults.\n";
  }
  if (any_open) {
    text +=
        "\nOpen load: latencies are of every operation, from when it was due to when its call "
        "returned;\nlate: due while its session was still busy with one that was due before. What "
        "a rate takes\nis no cost: nothing is ranked by it.\n";
  }
  if (any_disturbed) {
    text +=
        "~ only disturbed repetitions: somebody else used the machine. Run it again on a "
        "quiet one.\n";
  }
  for (const std::string& warning : document.warnings()) text += Concat("Warning: ", warning, "\n");
  return text;
}

std::string ResultCsv(const RunDocument& document) {
  std::string text =
      "section,strategy,copy,workload,records,record_size,operations,passes,threads,processes,"
      "cache,memory_limit_bytes,repetitions,ok,disturbed,failed";
  for (const char* figure : kCsvFigures) {
    text += Concat(",", figure, ",", figure, ".low,", figure, ".high");
  }
  text += ",load,rate,arrivals\n";
  for (std::size_t i = 0; i < document.trials().size(); ++i) {
    const TrialSpec& spec = document.trials()[i];
    const Summary& summary = document.summary(i);
    text += Concat(
        CsvField(spec.section), ",", CsvField(spec.strategy), ",", spec.copy, ",",
        CsvField(spec.workload), ",", spec.records, ",", spec.record_size, ",", spec.operations,
        ",", spec.passes, ",", spec.threads, ",", spec.processes, ",", CacheStateName(spec.cache),
        ",", spec.memory_limit_bytes ? Concat(*spec.memory_limit_bytes) : "", ",",
        summary.repetitions, ",", summary.ok, ",", summary.disturbed, ",", summary.failed);
    for (const char* figure : kCsvFigures) {
      const auto found = summary.figures.find(figure);
      if (found == summary.figures.end() || !found->second) {
        text += ",,,";
        continue;
      }
      for (double value : {found->second->median, found->second->low, found->second->high}) {
        text += Concat(",", FormatReal(value, 3));
      }
    }
    text += Concat(",", LoadModeName(spec.load), ",", spec.rate ? FormatReal(*spec.rate, 3) : "",
                   ",", spec.rate ? ArrivalsName(spec.arrivals) : "", "\n");
  }
  return text;
}

}  // namespace faultline
