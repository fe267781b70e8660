#include "harness/decide/advice_text.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/decide/judged_anew.h"
#include "harness/decide/program_gain.h"
#include "harness/verdict/figure_text.h"

namespace faultline {
namespace {

// Of other regimes, and of reasons to leave strategies out; the rest are counted.
constexpr std::size_t kMostListed = 3;

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kMostAnswers = 5;

// "4.0x [3.9 4.1] faster than b"; without a ratio, which a document may lack, "faster than b".
std::string FasterThan(const std::string& other,
                       const std::optional<verdict::Comparison>& comparison) {
  const std::string ratio =
      comparison && comparison->ratio ? RatioText(*comparison->ratio) + " " : "";
  return fmt::format("{}faster than {}", ratio, other);
}

std::string Ns(const Estimate& ns) { return FormatSignificant(ns.median) + " ns per operation"; }

std::string Bytes(const Estimate& bytes) {
  return FormatBytes(static_cast<std::uint64_t>(std::clamp(bytes.median, 0.0, 1e18)));
}

// `replay`: of a recorded program, whose flushes they are.
std::string LeadIn(const Answer& answer, bool replay) {
  const std::uint64_t every = answer.need.every;
  std::string text;
  switch (answer.need.kind) {
    case Need::Kind::kOwnFlushes:
      text = fmt::format("With the flushes of the {} itself", replay ? "program" : "workload");
      break;
    case Need::Kind::kReads:
      text = "To read";
      break;
    case Need::Kind::kReturned:
      text = "If the calls need only return";
      break;
    case Need::Kind::kFlushedAtEnd:
      text = "If you flush at the end";
      break;
    case Need::Kind::kEvery:
      text = every == 1
                 ? "If every update must be durable"
                 : fmt::format("If a flush after every {} updates will do", FormatCount(every));
      break;
  }
  if (!answer.unlike_the_first.empty()) {
    text += fmt::format(" (measured with {})", answer.unlike_the_first);
  }
  return text + ": ";
}

// "x; y; z and 2 more (--format json)".
std::string Shortened(std::vector<std::string> parts) {
  if (parts.size() <= kMostListed) return Join(parts, "; ");
  const std::size_t more = parts.size() - kMostListed;
  parts.resize(kMostListed);
  return fmt::format("{}; and {} more (--format json)", Join(parts, "; "), more);
}

// "a and b (why); c (why)": strategies with the same reason together.
std::string ByReason(const std::vector<std::pair<std::string, std::string>>& left_out) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const auto& [strategy, why] : left_out) {
    const std::string reason = KeepBeginning(why, 120);
    const auto found = std::find_if(reasons.begin(), reasons.end(),
                                    [&reason](const auto& known) { return known.first == reason; });
    if (found == reasons.end()) {
      reasons.push_back({reason, {strategy}});
    } else {
      found->second.push_back(strategy);
    }
  }
  std::vector<std::string> parts;
  for (const auto& [reason, strategies] : reasons) {
    parts.push_back(fmt::format("{} ({})", Listing(strategies, kMostNames), reason));
  }
  return Shortened(parts);
}

// Whether the baseline has too few usable figures for any verdict.
bool LacksBaseline(const Answer& answer) {
  return answer.standing == Answer::Standing::kNotMeasured ||
         (answer.standing == Answer::Standing::kInconclusive &&
          answer.baseline_rounds < verdict::kFewestRounds);
}

// The leader against the baseline, whole sentences.
std::string BestText(const Answer& answer) {
  const Contender& best = answer.best();
  const std::string with_ns = fmt::format("{} ({})", best.strategy, Ns(best.ns));
  const std::string& baseline = answer.baseline;
  const auto baseline_ns = [&answer] {
    return FormatSignificant(answer.baseline_figures->ns.median);
  };
  if (LacksBaseline(answer)) {
    return fmt::format("{}. No usable measurement of {} ({} of the {} needed).", with_ns, baseline,
                       answer.baseline_rounds, verdict::kFewestRounds);
  }
  switch (answer.standing) {
    case Answer::Standing::kLeads:
      return with_ns + ", the baseline itself.";
    case Answer::Standing::kTied:
      return fmt::format("{}, tied with the baseline {} ({}).", with_ns, baseline, baseline_ns());
    case Answer::Standing::kSlower:
      return fmt::format("{}, {} ({} against {}).", best.strategy,
                         FasterThan(baseline, answer.gain), FormatSignificant(best.ns.median),
                         Ns(answer.baseline_figures->ns));
    case Answer::Standing::kInconclusive:
      return fmt::format("{}. Inconclusive against the baseline {} ({}): {}.", with_ns, baseline,
                         baseline_ns(), answer.gain->reason);
    case Answer::Standing::kOtherPromise:
      return fmt::format("{}; the baseline {} promises something else, and so isn't compared.",
                         with_ns, baseline);
    case Answer::Standing::kNone:
    case Answer::Standing::kNotMeasured:
      break;
  }
  return with_ns + ".";
}

std::string AnswerText(const Answer& answer) {
  if (answer.ranked.empty()) {
    return answer.measured ? "no usable measurement, so nothing is advised."
                           : "not measured, so not advised.";
  }
  const Contender& best = answer.best();
  if (answer.ranked.size() < 2) {
    return fmt::format("only {} has usable figures ({}), so there is nothing to choose from.",
                       best.strategy, Ns(best.ns));
  }
  std::string text = answer.advised() ? "" : "nothing is settled; the least was taken by ";
  text += BestText(answer);
  if (answer.standing != Answer::Standing::kSlower && answer.lead) {
    text += fmt::format(" It is {}.",
                        FasterThan("the next slower one, " + answer.runner_up, answer.lead));
  }
  std::vector<std::string> tied = answer.tied;
  std::erase(tied, answer.baseline);
  if (!tied.empty()) text += fmt::format(" Tied: {}.", Listing(tied, kMostNames));
  std::vector<std::pair<std::string, std::string>> inconclusive = answer.inconclusive;
  std::erase_if(inconclusive,
                [&answer](const auto& entry) { return entry.first == answer.baseline; });
  if (!inconclusive.empty()) text += fmt::format(" Inconclusive: {}.", ByReason(inconclusive));
  return text;
}

// A figure of the leader, and in brackets the baseline's.
std::string WithBaseline(const std::string& figure, const std::optional<std::string>& of_baseline,
                         const std::string& baseline) {
  return of_baseline ? fmt::format("{} ({} {})", figure, baseline, *of_baseline) : figure;
}

// What the leader costs in memory and wear; "" where nothing is known.
std::string CostText(const Answer& answer) {
  const Contender& best = answer.best();
  const bool other = answer.baseline_figures && answer.standing != Answer::Standing::kLeads;
  const auto of_baseline = [&](auto member, auto format) -> std::optional<std::string> {
    if (!other || !((*answer.baseline_figures).*member)) return std::nullopt;
    return format(*((*answer.baseline_figures).*member));
  };
  const auto per_byte = [](const Estimate& estimate) { return FormatSignificant(estimate.median); };
  std::vector<std::string> parts;
  if (best.peak_bytes) {
    parts.push_back(WithBaseline(fmt::format("{} resident at most", Bytes(*best.peak_bytes)),
                                 of_baseline(&Contender::peak_bytes, Bytes), answer.baseline));
  }
  if (best.limited_peak_bytes) {
    parts.push_back(WithBaseline(fmt::format("{} charged to its memory limit, cache included",
                                             Bytes(*best.limited_peak_bytes)),
                                 of_baseline(&Contender::limited_peak_bytes, Bytes),
                                 answer.baseline));
  }
  if (best.written_per_byte) {
    parts.push_back(WithBaseline(fmt::format("{} bytes written to the device for each byte changed",
                                             per_byte(*best.written_per_byte)),
                                 of_baseline(&Contender::written_per_byte, per_byte),
                                 answer.baseline));
  }
  return parts.empty() ? "" : fmt::format("Cost of {}: {}.", best.strategy, Listing(parts));
}

std::string ElsewhereText(const Answer& answer) {
  std::vector<std::string> flips;
  std::vector<std::string> holds;
  std::vector<std::string> unknown;
  for (const Elsewhere& elsewhere : answer.elsewhere) {
    const std::string where = "with " + elsewhere.where;
    switch (elsewhere.outcome) {
      case Elsewhere::Outcome::kFlips:
        flips.push_back(fmt::format("{}, to {}, {} there", where, elsewhere.best,
                                    FasterThan(answer.best().strategy, elsewhere.ahead)));
        break;
      case Elsewhere::Outcome::kHolds:
        holds.push_back(where);
        break;
      case Elsewhere::Outcome::kInconclusive:
        unknown.push_back(where);
        break;
    }
  }
  std::vector<std::string> sentences;
  if (!flips.empty()) sentences.push_back(fmt::format("It flips {}.", Shortened(flips)));
  if (!holds.empty()) sentences.push_back(fmt::format("It holds {}.", Shortened(holds)));
  if (!unknown.empty()) sentences.push_back(fmt::format("Inconclusive {}.", Shortened(unknown)));
  return Join(sentences, " ");
}

// What a replay is, and what of the program it isn't.
std::string ReplayText(const std::map<std::string, std::string>& replay) {
  if (replay.empty()) return {};
  const auto fact = [&replay](const char* name, std::size_t most) {
    const auto found = replay.find(name);
    return found == replay.end() ? "?" : KeepBeginning(found->second, most);
  };
  std::string text = fmt::format(
      "Replayed as fast as possible, not at the recorded pace: {}{}{}; accesses {}, in blocks of "
      "{} ({}). Growth: {}.",
      fact("files", 20), fact("files", 20) == "1" ? " file, " : " files, ",
      fact("largest files", 120), fact("accesses", 80), fact("block", 20), fact("split", 80),
      fact("growth", 140));
  if (replay.contains("flushes")) text += fmt::format(" Flushes: {}.", fact("flushes", 80));
  if (replay.contains("compact")) text += fmt::format(" Compact: {}.", fact("compact", 200));
  if (replay.contains("mapped accesses")) {
    text += fmt::format(" Mapped accesses: {}.", fact("mapped accesses", 80));
  }
  return text;
}

// Which strategies are spared work that the program causes.
std::string KeepersText(const WorkloadAdvice& advice) {
  if (advice.keeps_storage.empty()) return {};
  const auto discards = advice.replay.find("discards");
  const std::string when = discards == advice.replay.end()
                               ? "before each pass but the first"
                               : KeepBeginning(discards->second, 20) + " of the operations discard";
  return fmt::format(
      "Zeros are stored instead by {} where others give storage back to the file system and take "
      "it again ({}), which keeps the space and spares that work.",
      Listing(advice.keeps_storage, kMostNames), when);
}

void AddLine(const std::string& text, std::size_t indent, std::string& page) {
  page += Paragraph(text, indent, indent + 2);
}

std::string WorkloadText(const WorkloadAdvice& advice) {
  std::string text;
  AddLine(fmt::format("{}: {}", advice.workload, advice.answers.front().regime), 0, text);
  const std::size_t shown = std::min(advice.answers.size(), kMostAnswers);
  for (std::size_t i = 0; i < shown; ++i) {
    const Answer& answer = advice.answers[i];
    AddLine(LeadIn(answer, !advice.replay.empty()) + AnswerText(answer), 2, text);
    if (!answer.advised()) continue;
    // What is true of two answers is said after the second.
    const bool repeated = i + 1 < shown && advice.answers[i + 1].advised() &&
                          advice.answers[i + 1].regime == answer.regime &&
                          advice.answers[i + 1].best().strategy == answer.best().strategy;
    AddLine(ProgramText(answer), 4, text);
    if (!repeated) AddLine(CostText(answer), 4, text);
    AddLine(ElsewhereText(answer), 4, text);
  }
  if (shown < advice.answers.size()) {
    AddLine(fmt::format("Flushes after other numbers of updates: {} more answers (--format json).",
                        advice.answers.size() - shown),
            2, text);
  }
  if (!advice.left_out.empty()) {
    AddLine(fmt::format("Left out: {}.", ByReason(advice.left_out)), 2, text);
  }
  AddLine(KeepersText(advice), 2, text);
  AddLine(ReplayText(advice.replay), 2, text);
  return text;
}

std::size_t LinesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string FirstLines(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < count; ++i) end = text.find('\n', end) + 1;
  return text.substr(0, end);
}

std::string Head(const Advice& advice) {
  std::string text;
  AddLine(fmt::format("Advice from {}{}", advice.run,
                      advice.baseline.empty() ? "" : fmt::format(", against {}", advice.baseline)),
          0, text);
  if (!advice.baseline_why.empty()) {
    AddLine(fmt::format("Baseline: {}, {}.", advice.baseline, advice.baseline_why), 0, text);
  }
  AddLine(advice.machine, 0, text);
  if (advice.judged_anew) AddLine(kJudgedAnew, 0, text);
  for (const std::string& warning : advice.warnings) AddLine("Warning: " + warning, 0, text);
  return text;
}

bool HasTwin(const Advice& advice) {
  for (const WorkloadAdvice& workload : advice.workloads) {
    for (const Answer& answer : workload.answers) {
      for (const Contender& contender : answer.ranked) {
        if (contender.strategy.ends_with("#2")) return true;
      }
    }
  }
  return false;
}

std::string Foot(const Advice& advice) {
  std::string text;
  if (advice.baseline.empty()) {
    AddLine("--baseline names the strategy that the program uses now, to compare with.", 0, text);
  }
  if (HasTwin(advice)) {
    AddLine("#2 marks the second of an A/A pair: the same strategy, measured as another one.", 0,
            text);
  }
  if (!advice.not_candidates.empty()) {
    AddLine(fmt::format("No candidates: {}.", ByReason(advice.not_candidates)), 0, text);
  }
  if (!advice.choices.empty()) {
    AddLine(fmt::format("Chosen: {}.", Join(advice.choices, "; ")), 0, text);
  }
  if (!advice.not_measured.empty()) {
    AddLine(fmt::format("Not tested: {}.", Join(advice.not_measured, "; ")), 0, text);
  }
  return text;
}

}  // namespace

std::string AdviceText(const Advice& advice) {
  std::string text = Head(advice);
  const std::string foot = Foot(advice);
  // A blank line, the names of those that don't fit, and that something was cut off.
  const std::size_t reserved = LinesOf(foot) + 4;
  std::vector<std::string> others;
  for (const WorkloadAdvice& workload : advice.workloads) {
    const std::string block = WorkloadText(workload);
    const std::size_t room = kPageLines - std::min(kPageLines, LinesOf(text) + 1 + reserved);
    if (LinesOf(block) > room && &workload == &advice.workloads.front()) {
      text += fmt::format("\n{}  ... (--format json has the rest)\n", FirstLines(block, room));
    } else if (LinesOf(block) > room) {
      others.push_back(workload.workload);
    } else {
      text += fmt::format("\n{}", block);
    }
  }
  text += "\n";
  if (!others.empty()) {
    AddLine(fmt::format("No room here for {}; --workload asks for one.", Shortened(others)), 0,
            text);
  }
  return text + foot;
}

}  // namespace faultline
