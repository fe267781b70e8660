#include "harness/decide/comparison_text.h"

#include "harness/base/text.h"

namespace faultline {
namespace {

std::string Plural(std::uint64_t count, const char* noun) {
  return Concat(FormatCount(count), " ", noun, count == 1 ? "" : "s");
}

// "1 worse, 2 better, 7 within noise, 0 undecided, 1 failed".
std::string Headline(const RunComparison& comparison) {
  std::string text;
  for (Change change :
       {Change::kWorse, Change::kBetter, Change::kWithinNoise, Change::kUndecided}) {
    text += Concat(FormatCount(comparison.Count(change)), " ", ChangeName(change), ", ");
  }
  if (comparison.Failed() > 0) {
    text += Concat(Plural(comparison.Failed(), "trial"), " FAILED, ");
  }
  return Concat(text, "of ", Plural(comparison.trials.size(), "trial"));
}

// REQUIRES: there is one.
std::string RatioText(const TimeChange& change) {
  return Concat(FormatReal(change.ratio->median, 3), " [", FormatReal(change.ratio->low, 3), " ",
                FormatReal(change.ratio->high, 3), "]");
}

std::string MedianText(const std::optional<Estimate>& estimate) {
  return estimate ? FormatSignificant(estimate->median) : "-";
}

std::string RangeText(const CountRange& range) {
  if (range.exact()) return FormatCount(range.least);
  return Concat(FormatCount(range.least), " to ", FormatCount(range.most));
}

// "more", "fewer, better": how it changed, and the verdict where it has one.
std::string CountVerdict(const CountChange& count) {
  static constexpr const char* kWords[] = {"same", "more", "fewer", "varies"};
  const char* word = kWords[static_cast<int>(count.kind)];
  return count.change ? Concat(word, ", ", ChangeName(*count.change)) : word;
}

// Counts that are the same, and those that vary by themselves, have no line unless they are judged.
bool Shown(const CountChange& count) {
  return count.change || count.kind == CountChange::Kind::kMore ||
         count.kind == CountChange::Kind::kFewer;
}

std::string Problem(const TrialComparison& trial) {
  std::string text;
  if (!trial.problem_after.empty()) text = Concat("after: ", trial.problem_after);
  if (!trial.problem_before.empty()) {
    text += Concat(text.empty() ? "" : "; ", "before: ", trial.problem_before);
  }
  return text;
}

const char* ProblemWord(const TrialComparison& trial) {
  return trial.problem_after.empty() ? "not compared" : "FAILED";
}

// What limits the verdicts, a line each, most important first.
std::vector<std::string> Remarks(const RunComparison& comparison) {
  std::vector<std::string> remarks;
  for (const std::string& difference : comparison.comparability.differences) {
    remarks.push_back(Concat("Not comparable, compared anyway: ", difference));
  }
  for (const std::string& warning : comparison.warnings) {
    remarks.push_back(Concat("Warning: ", warning));
  }
  for (const std::string& id : comparison.only_before) {
    remarks.push_back(Concat("Only before: ", id));
  }
  for (const std::string& id : comparison.only_after) {
    remarks.push_back(Concat("Only after: ", id));
  }
  for (const std::string& note : comparison.comparability.notes) {
    remarks.push_back(Concat("Note: ", note));
  }
  return remarks;
}

// What the words mean here.
std::string Legend(const RunComparison& comparison) {
  return Concat(
      "Ratios of the median ns per operation, after : before, with 95 % intervals; less is "
      "better. ",
      comparison.allowed > 1
          ? Concat("Ratios up to ", FormatReal(comparison.allowed, 3), " are noise",
                   comparison.allowed == 1 + comparison.tolerance ? " (the tolerance). " : ". ")
          : "No ratio counts as noise. ",
      "Counts are of a whole repetition; those that are the same, or vary by themselves, are left "
      "out.");
}

std::string PadTo(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string TimeLine(const NamedTimeChange& time) {
  const TimeChange& change = time.change;
  std::string text =
      Concat("  ", PadTo(time.figure, 10), PadTo(std::string(ChangeName(change.change)), 13));
  if (change.ratio) {
    text += Concat(PadTo(RatioText(change), 22), MedianText(change.before), " → ",
                   MedianText(change.after), " ns");
  }
  if (!change.why.empty()) text += Concat(change.ratio ? " " : "", "(", change.why, ")");
  return text + "\n";
}

std::string CountLine(const CountChange& count) {
  return Concat("  ", count.counter, "  ", RangeText(count.before), " → ", RangeText(count.after),
                count.unit.empty() ? "" : " ", count.unit,
                count.change ? Concat(" (", CountVerdict(count), ")") : "", "\n");
}

std::string TrialBlock(const TrialComparison& trial) {
  std::string text = trial.id + "\n";
  for (const std::string& difference : trial.differences) {
    text += Concat("  differs: ", difference, "\n");
  }
  const std::string problem = Problem(trial);
  if (!problem.empty()) return Concat(text, "  ", ProblemWord(trial), " ", problem, "\n");
  for (const NamedTimeChange& time : trial.times) text += TimeLine(time);
  for (const CountChange& count : trial.counts) {
    if (Shown(count)) text += CountLine(count);
  }
  return text;
}

// As a code span within a table: nothing in it is markup, and no bar ends its cell.
std::string Code(const std::string& text) {
  std::string code = "`";
  for (char letter : text) {
    if (letter == '|') code += '\\';
    code += letter == '`' ? '\'' : letter;
  }
  return code + "`";
}

std::string MarkdownRow(std::initializer_list<std::string> cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += Concat(" ", cell, " |");
  return row + "\n";
}

std::string Bold(Change change) {
  const std::string name(ChangeName(change));
  return change == Change::kWorse || change == Change::kBetter ? Concat("**", name, "**") : name;
}

std::string MarkdownRows(const TrialComparison& trial) {
  const std::string id = Code(trial.id);
  const std::string problem = Problem(trial);
  if (!problem.empty())
    return MarkdownRow({id, "", Concat("**", ProblemWord(trial), "**"), Code(problem), "", ""});
  std::string rows;
  for (const auto& [figure, change] : trial.times) {
    rows += MarkdownRow({id, figure, Bold(change.change),
                         Concat(change.ratio ? RatioText(change) : "",
                                change.ratio && !change.why.empty() ? ", " : "",
                                change.why.empty() ? "" : Code(change.why)),
                         MedianText(change.before), MedianText(change.after)});
  }
  for (const CountChange& count : trial.counts) {
    if (!Shown(count)) continue;
    rows += MarkdownRow({id, Code(count.counter),
                         count.change ? Bold(*count.change) : CountVerdict(count), "",
                         RangeText(count.before), RangeText(count.after)});
  }
  return rows;
}

}  // namespace

std::string ComparisonTable(const RunComparison& comparison) {
  std::string text = Concat("before: ", comparison.before, "\nafter:  ", comparison.after, "\n\n",
                            Headline(comparison), "\n\n");
  for (const TrialComparison& trial : comparison.trials) text += TrialBlock(trial);
  text += Concat("\n", Wrap(Legend(comparison), 0, 0), "\n");
  for (const std::string& remark : Remarks(comparison)) text += Concat(Wrap(remark, 0, 2), "\n");
  return text;
}

std::string ComparisonMarkdown(const RunComparison& comparison) {
  std::string text = Concat("**Faultline: ", Headline(comparison), "**\n\n");
  text += MarkdownRow({"trial", "figure", "verdict", "after : before", "before", "after"});
  text += "| --- | --- | --- | --- | ---: | ---: |\n";
  for (const TrialComparison& trial : comparison.trials) text += MarkdownRows(trial);
  text += Concat("\n", Code(comparison.before), " → ", Code(comparison.after), ". ",
                 Legend(comparison), "\n");
  const std::vector<std::string> remarks = Remarks(comparison);
  if (!remarks.empty()) text += "\n";
  for (const std::string& remark : remarks) text += Concat("- ", Code(remark), "\n");
  return text;
}

}  // namespace faultline
