#include "harness/decide/comparison_text.h"

#include <algorithm>
#include <fmt/format.h>

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
    text += fmt::format("{} {}, ", FormatCount(comparison.Count(verdict)), ChangeWord(verdict));
  }
  if (comparison.Failed() > 0) {
    text += fmt::format("{} FAILED, ", CountOf(comparison.Failed(), "trial"));
  }
  return fmt::format("{}of {}", text, CountOf(comparison.trials.size(), "trial"));
}

// What came out, and what an exit code of 0 leaves open.
std::string Outcome(const RunComparison& comparison) {
  const std::uint64_t open = comparison.Count(verdict::Verdict::kInconclusive);
  if (comparison.GotWorse()) return fmt::format("Got worse: {}.", Headline(comparison));
  if (open == 0) return "Nothing got worse.";
  return fmt::format("0 worse, but {} inconclusive; with --strict that is an exit code of 1.",
                     FormatCount(open));
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
  return fmt::format("{} to {}", FormatCount(range.least), FormatCount(range.most));
}

// "more", "fewer, better": how it changed, and the verdict where it has one.
std::string CountVerdict(const CountChange& count) {
  return fmt::format("{}{}{}", kCountChangeNames(count.kind), count.verdict ? ", " : "",
                     count.verdict ? ChangeWord(*count.verdict) : "");
}

// Counts that are the same, and those that vary by themselves, have no line unless they are judged.
bool Shown(const CountChange& count) {
  return count.verdict || count.kind == CountChange::Kind::kMore ||
         count.kind == CountChange::Kind::kFewer;
}

std::string Problem(const TrialComparison& trial) {
  std::string text;
  if (!trial.problem_after.empty()) text = fmt::format("after: {}", trial.problem_after);
  if (!trial.problem_before.empty()) {
    text += fmt::format("{}before: {}", text.empty() ? "" : "; ", trial.problem_before);
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
    remarks.push_back(fmt::format("Not comparable, compared anyway: {}", difference));
  }
  for (const std::string& warning : comparison.warnings) {
    remarks.push_back(fmt::format("Warning: {}", warning));
  }
  for (const std::string& id : comparison.only_before) {
    remarks.push_back(fmt::format("Only before: {}", id));
  }
  for (const std::string& id : comparison.only_after) {
    remarks.push_back(fmt::format("Only after: {}", id));
  }
  for (const std::string& note : comparison.comparability.notes) {
    remarks.push_back(fmt::format("Note: {}", note));
  }
  return remarks;
}

// What the words mean here.
std::string Legend(const RunComparison& comparison) {
  std::string counts =
      comparison.count_tolerance > 0
          ? fmt::format(" Counts may change by {}.", FormatPercent(comparison.count_tolerance))
          : "";
  return fmt::format(
      "Ratios are of ns per operation, after : before, so that less is better, with intervals of "
      "which 95 % or more cover the truth. Tied: the whole interval is within {} change.{} Counts "
      "are of a whole repetition; those that are the same, or vary by themselves, are left out.",
      comparison.tolerance > 0 ? FormatPercent(comparison.tolerance) : "no", counts);
}

// A reason on lines of its own below what it is about.
std::string ReasonLines(const std::string& reason) { return Paragraph(reason, 4, 4); }

// `ratio_width`: of the column of ratios.
std::string TimeLines(const TimeChange& time, std::size_t ratio_width) {
  const verdict::Comparison& comparison = time.comparison;
  std::string text = fmt::format("  {}{}", AlignLeft(time.figure, 10),
                                 AlignLeft(ChangeWord(comparison.verdict), 14));
  if (comparison.ratio) {
    text += fmt::format("{}  {} → {} ns", AlignLeft(AfterToBefore(time), ratio_width),
                        MedianText(time.before), MedianText(time.after));
  }
  return fmt::format("{}\n{}", TrimEnd(text), ReasonLines(comparison.reason));
}

std::string CountLines(const CountChange& count) {
  return fmt::format("  {}  {} → {}{}{}{}\n{}", count.counter, RangeText(count.before),
                     RangeText(count.after), count.unit.empty() ? "" : " ", count.unit,
                     count.verdict ? fmt::format(" ({})", CountVerdict(count)) : "",
                     ReasonLines(count.reason));
}

std::string TrialBlock(const TrialComparison& trial) {
  std::string text = trial.id + "\n";
  for (const std::string& difference : trial.differences) {
    text += Paragraph("differs: " + difference, 2, 4);
  }
  const std::string problem = Problem(trial);
  if (!problem.empty()) {
    return text + Paragraph(fmt::format("{} {}", ProblemWord(trial), problem), 2, 4);
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
  for (const std::string& cell : cells) row += fmt::format(" {} |", cell);
  return row + "\n";
}

std::string Bold(verdict::Verdict verdict) {
  const std::string word(ChangeWord(verdict));
  const bool changed = verdict == verdict::Verdict::kFaster || verdict == verdict::Verdict::kSlower;
  return changed ? fmt::format("**{}**", word) : word;
}

std::string MarkdownRows(const TrialComparison& trial) {
  const std::string id = Code(trial.id);
  const std::string problem = Problem(trial);
  if (!problem.empty())
    return MarkdownRow({id, "", fmt::format("**{}**", ProblemWord(trial)), Code(problem), "", ""});
  std::string rows;
  const auto ns = [](const std::optional<Estimate>& estimate) {
    return MedianText(estimate) + (estimate ? " ns" : "");
  };
  for (const TimeChange& time : trial.times) {
    const std::string& reason = time.comparison.reason;
    const bool ratio = time.comparison.ratio.has_value();
    rows += MarkdownRow(
        {id, time.figure, Bold(time.comparison.verdict),
         fmt::format("{}{}{}", ratio ? AfterToBefore(time) : "",
                     ratio && !reason.empty() ? ", " : "", reason.empty() ? "" : Code(reason)),
         ns(time.before), ns(time.after)});
  }
  for (const CountChange& count : trial.counts) {
    if (!Shown(count)) continue;
    const auto with_unit = [&count](const CountRange& range) {
      return fmt::format("{}{}{}", RangeText(range), count.unit.empty() ? "" : " ", count.unit);
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
  std::string text = fmt::format("before: {}\nafter:  {}\n\n{}\n\n", comparison.before,
                                 comparison.after, Headline(comparison));
  for (const TrialComparison& trial : comparison.trials) text += TrialBlock(trial);
  text += "\n" + Paragraph(Legend(comparison));
  for (const std::string& remark : Remarks(comparison)) text += Paragraph(remark, 0, 2);
  return fmt::format("{}{}\n", text, Outcome(comparison));
}

std::string ComparisonMarkdown(const RunComparison& comparison) {
  std::string text = fmt::format("**Faultline: {}**\n\n", Headline(comparison));
  text += MarkdownRow({"trial", "figure", "verdict", "after : before", "before", "after"});
  text += "| --- | --- | --- | --- | ---: | ---: |\n";
  for (const TrialComparison& trial : comparison.trials) text += MarkdownRows(trial);
  text += fmt::format("\n{} → {}. {}\n", Code(comparison.before), Code(comparison.after),
                      Legend(comparison));
  const std::vector<std::string> remarks = Remarks(comparison);
  if (!remarks.empty()) text += "\n";
  for (const std::string& remark : remarks) text += fmt::format("- {}\n", Code(remark));
  return fmt::format("{}\n{}\n", text, Outcome(comparison));
}

}  // namespace faultline
