#include "harness/decide/comparison_text.h"

#include <algorithm>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

// "1 worse, 2 better, 7 tied, 0 inconclusive, 1 trial FAILED".
std::string Headline(const RunComparison& comparison) {
  std::string text;
  for (const verdict::Verdict verdict :
       {verdict::Verdict::kSlower, verdict::Verdict::kFaster, verdict::Verdict::kTied,
        verdict::Verdict::kInconclusive}) {
    text += Concat(FormatCount(comparison.Count(verdict)), " ", ChangeWord(verdict), ", ");
  }
  if (comparison.Failed() > 0) {
    text += Concat(CountOf(comparison.Failed(), "trial"), " FAILED, ");
  }
  return Concat(text, "of ", CountOf(comparison.trials.size(), "trial"));
}

// What came out, and what an exit code of 0 leaves open.
std::string Outcome(const RunComparison& comparison) {
  const std::uint64_t open = comparison.Count(verdict::Verdict::kInconclusive);
  if (comparison.GotWorse()) return Concat("Got worse: ", Headline(comparison), ".");
  if (open == 0) return "Nothing got worse.";
  return Concat("0 worse, but ", FormatCount(open),
                " inconclusive; with --strict that is an exit code of 1.");
}

// Times after : before, below 1 where they got better. REQUIRES: there is one.
std::string AfterToBefore(const TimeChange& time) {
  return RatioText(*time.comparison.Mirror().ratio);
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
  return Concat(kCountChangeNames(count.kind), count.verdict ? ", " : "",
                count.verdict ? ChangeWord(*count.verdict) : "");
}

// Counts that are the same, and those that vary by themselves, have no line unless they are judged.
bool Shown(const CountChange& count) {
  return count.verdict || count.kind == CountChange::Kind::kMore ||
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
  std::string counts =
      comparison.count_tolerance > 0
          ? Concat(" Counts may change by ", FormatPercent(comparison.count_tolerance), ".")
          : "";
  return Concat(
      "Ratios are of ns per operation, after : before, so that less is better, with intervals of "
      "which 95 % or more cover the truth. Tied: the whole interval is within ",
      comparison.tolerance > 0 ? FormatPercent(comparison.tolerance) : "no", " change.", counts,
      " Counts are of a whole repetition; those that are the same, or vary by themselves, are left "
      "out.");
}

// A reason on lines of its own below what it is about.
std::string ReasonLines(const std::string& reason) { return Paragraph(reason, 4, 4); }

// `ratio_width`: of the column of ratios.
std::string TimeLines(const TimeChange& time, std::size_t ratio_width) {
  const verdict::Comparison& comparison = time.comparison;
  std::string text =
      Concat("  ", AlignLeft(time.figure, 10), AlignLeft(ChangeWord(comparison.verdict), 14));
  if (comparison.ratio) {
    text += Concat(AlignLeft(AfterToBefore(time), ratio_width), "  ", MedianText(time.before),
                   " → ", MedianText(time.after), " ns");
  }
  return Concat(TrimEnd(text), "\n", ReasonLines(comparison.reason));
}

std::string CountLines(const CountChange& count) {
  return Concat("  ", count.counter, "  ", RangeText(count.before), " → ", RangeText(count.after),
                count.unit.empty() ? "" : " ", count.unit,
                count.verdict ? Concat(" (", CountVerdict(count), ")") : "", "\n",
                ReasonLines(count.reason));
}

std::string TrialBlock(const TrialComparison& trial) {
  std::string text = trial.id + "\n";
  for (const std::string& difference : trial.differences) {
    text += Paragraph("differs: " + difference, 2, 4);
  }
  const std::string problem = Problem(trial);
  if (!problem.empty()) {
    return text + Paragraph(Concat(ProblemWord(trial), " ", problem), 2, 4);
  }
  std::size_t ratio_width = 0;
  for (const TimeChange& time : trial.times) {
    if (time.comparison.ratio) ratio_width = std::max(ratio_width, AfterToBefore(time).size());
  }
  for (const TimeChange& time : trial.times) text += TimeLines(time, ratio_width);
  for (const CountChange& count : trial.counts) {
    if (Shown(count)) text += CountLines(count);
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

std::string Bold(verdict::Verdict verdict) {
  const std::string word(ChangeWord(verdict));
  const bool changed = verdict == verdict::Verdict::kFaster || verdict == verdict::Verdict::kSlower;
  return changed ? Concat("**", word, "**") : word;
}

std::string MarkdownRows(const TrialComparison& trial) {
  const std::string id = Code(trial.id);
  const std::string problem = Problem(trial);
  if (!problem.empty())
    return MarkdownRow({id, "", Concat("**", ProblemWord(trial), "**"), Code(problem), "", ""});
  std::string rows;
  const auto ns = [](const std::optional<Estimate>& estimate) {
    return MedianText(estimate) + (estimate ? " ns" : "");
  };
  for (const TimeChange& time : trial.times) {
    const std::string& reason = time.comparison.reason;
    const bool ratio = time.comparison.ratio.has_value();
    rows +=
        MarkdownRow({id, time.figure, Bold(time.comparison.verdict),
                     Concat(ratio ? AfterToBefore(time) : "", ratio && !reason.empty() ? ", " : "",
                            reason.empty() ? "" : Code(reason)),
                     ns(time.before), ns(time.after)});
  }
  for (const CountChange& count : trial.counts) {
    if (!Shown(count)) continue;
    const auto with_unit = [&count](const CountRange& range) {
      return Concat(RangeText(range), count.unit.empty() ? "" : " ", count.unit);
    };
    rows += MarkdownRow({id, Code(count.counter),
                         count.verdict ? Bold(*count.verdict) : CountVerdict(count),
                         count.reason.empty() ? "" : Code(count.reason), with_unit(count.before),
                         with_unit(count.after)});
  }
  return rows;
}

}  // namespace

std::string ComparisonTable(const RunComparison& comparison) {
  std::string text = Concat("before: ", comparison.before, "\nafter:  ", comparison.after, "\n\n",
                            Headline(comparison), "\n\n");
  for (const TrialComparison& trial : comparison.trials) text += TrialBlock(trial);
  text += "\n" + Paragraph(Legend(comparison));
  for (const std::string& remark : Remarks(comparison)) text += Paragraph(remark, 0, 2);
  return Concat(text, Outcome(comparison), "\n");
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
  return Concat(text, "\n", Outcome(comparison), "\n");
}

}  // namespace faultline
