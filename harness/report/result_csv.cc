// The results as comma-separated values.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/text.h"
#include "harness/report/table.h"
#include "harness/trial/trial_options.h"

namespace faultline {
namespace {

constexpr const char* kCsvFigures[] = {
    kAcceptedFigure,           kDurableFigure,       kSteadyFigure,
    "total.minor_faults",      "total.major_faults", "total.device_read_bytes",
    "total.device_write_bytes"};

// Those whose verdicts have columns.
constexpr const char* kCsvVerdicts[] = {kAcceptedFigure, kDurableFigure};

std::string CsvField(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char letter : text) {
    quoted += letter;
    if (letter == '"') quoted += '"';
  }
  return quoted + "\"";
}

// A value of the document as a field; nothing for null.
std::string ValueField(const nlohmann::json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return CsvField(value.get<std::string>());
  return value.is_number_float() ? FormatReal(value.get<double>(), 3) : value.dump();
}

// Calls visit(row) for each parameter with a column there.
template <class Visit>
void ForEachParameter(CsvColumn place, Visit&& visit) {
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    if (row.IsParameter() && row.csv_column == place) visit(row);
  }
}

std::string ParameterHeads(CsvColumn place) {
  std::string text;
  ForEachParameter(place, [&](const auto& row) { text += "," + row.JsonName(); });
  return text;
}

std::string ParameterFields(const TrialSpec& spec, CsvColumn place) {
  std::string text;
  ForEachParameter(place, [&](const auto& row) {
    const bool applies = row.applies == nullptr || row.applies(spec);
    text += "," + (applies ? ValueField(row.value.to_json(spec)) : std::string());
  });
  return text;
}

std::string FigureFields(const Summary& summary) {
  std::string text;
  for (const char* figure : kCsvFigures) {
    const std::optional<Estimate> found = summary.Figure(figure);
    if (!found) {
      text += ",,,";
      continue;
    }
    for (double value : {found->median, found->low, found->high}) {
      text += fmt::format(",{}", FormatReal(value, 3));
    }
  }
  return text;
}

std::string OptionalField(const std::optional<double>& value) {
  return value ? FormatReal(*value, 4) : std::string();
}

// The baseline, and of each figure the verdict against it.
std::string VerdictFields(const verdict::JudgedGroup& group, const std::string& strategy) {
  std::string text = "," + CsvField(group.baseline);
  for (const char* figure : kCsvVerdicts) {
    const auto found = group.Find(figure, strategy, group.baseline);
    if (!found) {
      text += ",,,,";
      continue;
    }
    const auto ratio = found->ratio.value_or(verdict::Comparison::Ratio());
    text += fmt::format(",{},{},{},{}", verdict::VerdictName(found->verdict),
                        found->ratio ? FormatReal(ratio.median, 4) : "", OptionalField(ratio.low),
                        OptionalField(ratio.high));
  }
  return text;
}

std::string TrialLine(const RunDocument& document, std::size_t trial,
                      const verdict::JudgedGroup& group) {
  const TrialSpec& spec = document.trials()[trial];
  const Summary& summary = document.summary(trial);
  return fmt::format("{},{},{},{}{},{},{},{},{}{}{}{},{}\n", CsvField(spec.section),
                     CsvField(spec.strategy.text()), spec.copy, CsvField(spec.workload.text()),
                     ParameterFields(spec, CsvColumn::kFirst), summary.repetitions, summary.ok,
                     summary.interference, summary.failed, FigureFields(summary),
                     VerdictFields(group, StrategyTitle(spec)),
                     ParameterFields(spec, CsvColumn::kLast),
                     spec.net_of_waiting ? "true" : "false");
}

}  // namespace

std::string ResultCsv(const RunDocument& document) {
  std::string text =
      fmt::format("section,strategy,copy,workload{},repetitions,ok,interference,failed",
                  ParameterHeads(CsvColumn::kFirst));
  for (const char* figure : kCsvFigures) {
    text += fmt::format(",{},{}.low,{}.high", figure, figure, figure);
  }
  text += ",baseline";
  for (const char* figure : kCsvVerdicts) {
    text += fmt::format(",{}.verdict,{}.ratio,{}.ratio.low,{}.ratio.high", figure, figure, figure,
                        figure);
  }
  text += ParameterHeads(CsvColumn::kLast) + ",net_of_waiting\n";
  std::vector<std::size_t> group_of(document.trials().size());
  for (std::size_t group = 0; group < document.groups().size(); ++group) {
    for (const std::size_t trial : document.groups()[group].trials) group_of[trial] = group;
  }
  for (std::size_t trial = 0; trial < document.trials().size(); ++trial) {
    text += TrialLine(document, trial, document.judged()[group_of[trial]]);
  }
  return text;
}

}  // namespace faultline
