#include "harness/decide/advice_text.h"

#include <algorithm>

#include "harness/base/text.h"

namespace faultline {
namespace {

// Of other regimes, and of reasons to leave strategies out; the rest are counted.
constexpr std::size_t kMostListed = 3;

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kMostAnswers = 5;

// "a", "a and b", "a, b and c", "a, b, c and 5 more".
std::string Listing(std::vector<std::string> parts) {
  if (parts.size() > kMostNames) {
    const std::size_t more = parts.size() - kMostNames;
    parts.resize(kMostNames);
    parts.push_back(Concat(more, " more"));
  }
  if (parts.size() < 2) return Join(parts, "");
  const std::vector<std::string> head(parts.begin(), parts.end() - 1);
  return Concat(Join(head, ", "), " and ", parts.back());
}

std::string RatioText(const Estimate& ratio) {
  const auto figure = [](double value) {
    return value < 99.5 ? FormatReal(value, 2) : FormatSignificant(value);
  };
  return Concat(figure(ratio.median), " [", figure(ratio.low), " ", figure(ratio.high), "]");
}

std::string Ns(const Estimate& ns) { return FormatSignificant(ns.median) + " ns per operation"; }

std::string Bytes(const Estimate& bytes) {
  return FormatBytes(static_cast<std::uint64_t>(std::clamp(bytes.median, 0.0, 1e18)));
}

std::string LeadIn(const Answer& answer) {
  const std::uint64_t every = answer.need.every;
  std::string text;
  switch (answer.need.kind) {
    case Need::Kind::kOwnFlushes:
      text = "With the flushes of the program itself";
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
      text = every == 1 ? "If every update must be durable"
                        : Concat("If a flush after every ", FormatCount(every), " updates will do");
      break;
  }
  if (!answer.unlike_the_first.empty()) {
    text += Concat(" (measured with ", answer.unlike_the_first, ")");
  }
  return text + ": ";
}

// The best one against what the program does today.
std::string BestText(const Answer& answer, const std::string& today) {
  const Contender& best = answer.best();
  const std::string with_ns = Concat(best.strategy, " (", Ns(best.ns), ")");
  switch (answer.today) {
    case Answer::Today::kUnnamed:
      return with_ns;
    case Answer::Today::kBest:
      return Concat(with_ns, ", as the program does today");
    case Answer::Today::kWithinNoise:
      return Concat(with_ns, "; today's ", today, " (",
                    FormatSignificant(answer.today_figures->ns.median), ") can't be told from it");
    case Answer::Today::kSlower:
      return Concat(best.strategy, ", ", RatioText(*answer.gain), " times as fast as ", today, " (",
                    FormatSignificant(best.ns.median), " against ", Ns(answer.today_figures->ns),
                    ")");
    case Answer::Today::kOtherPromise:
      return Concat(with_ns, "; today's ", today,
                    " promises something else, and so isn't compared");
    case Answer::Today::kNotJudged:
      return Concat(with_ns, "; today's ", today, " has no figure to judge by here");
  }
  return with_ns;
}

std::string AnswerText(const Answer& answer, const std::string& today) {
  if (answer.ranked.empty()) {
    return answer.measured ? "nothing that was measured may be judged, so nothing is advised."
                           : "not measured, so not advised.";
  }
  if (!answer.advised()) {
    return Concat("only ", answer.best().strategy, " could be judged (", Ns(answer.best().ns),
                  "), so there is nothing to choose from.");
  }
  std::string text = BestText(answer, today) + ".";
  std::vector<std::string> tied = answer.tied;
  if (answer.today == Answer::Today::kWithinNoise) std::erase(tied, today);
  if (answer.today != Answer::Today::kSlower && answer.lead) {
    text += Concat(" It is ", RatioText(*answer.lead),
                   " times as fast as the next that can be told "
                   "from it, ",
                   answer.runner_up, ".");
  }
  if (!tied.empty()) text += Concat(" Not to be told from it: ", Listing(tied), ".");
  return text;
}

// A figure of the best one, and in brackets today's.
std::string WithToday(const std::string& figure, const std::optional<std::string>& of_today,
                      const std::string& today) {
  return of_today ? Concat(figure, " (", today, " ", *of_today, ")") : figure;
}

// What the best one costs in memory and wear; "" where nothing is known.
std::string CostText(const Answer& answer, const std::string& today) {
  const Contender& best = answer.best();
  const bool other = answer.today_figures && answer.today != Answer::Today::kBest;
  const auto of_today = [&](auto member, auto format) -> std::optional<std::string> {
    if (!other || !((*answer.today_figures).*member)) return std::nullopt;
    return format(*((*answer.today_figures).*member));
  };
  const auto per_byte = [](const Estimate& estimate) { return FormatSignificant(estimate.median); };
  std::vector<std::string> parts;
  if (best.peak_bytes) {
    parts.push_back(WithToday(Concat(Bytes(*best.peak_bytes), " resident at most"),
                              of_today(&Contender::peak_bytes, Bytes), today));
  }
  if (best.limited_peak_bytes) {
    parts.push_back(WithToday(
        Concat(Bytes(*best.limited_peak_bytes), " charged to its memory limit, cache included"),
        of_today(&Contender::limited_peak_bytes, Bytes), today));
  }
  if (best.written_per_byte) {
    parts.push_back(WithToday(Concat(per_byte(*best.written_per_byte),
                                     " bytes written to the device for each byte changed"),
                              of_today(&Contender::written_per_byte, per_byte), today));
  }
  return parts.empty() ? "" : Concat("Cost of ", best.strategy, ": ", Listing(parts), ".");
}

// "x; y; z and 2 more (--format json)".
std::string Shortened(std::vector<std::string> parts) {
  if (parts.size() <= kMostListed) return Join(parts, "; ");
  const std::size_t more = parts.size() - kMostListed;
  parts.resize(kMostListed);
  return Concat(Join(parts, "; "), "; and ", more, " more (--format json)");
}

std::string ElsewhereText(const Answer& answer) {
  std::vector<std::string> flips;
  std::vector<std::string> holds;
  for (const Elsewhere& elsewhere : answer.elsewhere) {
    if (elsewhere.flips) {
      flips.push_back(Concat("with ", elsewhere.where, ", to ", elsewhere.best, ", ",
                             RatioText(*elsewhere.ratio), " times as fast as ",
                             answer.best().strategy, " there"));
    } else {
      holds.push_back("with " + elsewhere.where);
    }
  }
  std::string text;
  if (!flips.empty()) text = Concat("It flips ", Shortened(flips), ".");
  if (!holds.empty()) {
    text += Concat(text.empty() ? "" : " ", "It holds, or stays within noise of the best, ",
                   Shortened(holds), ".");
  }
  return text;
}

// "a and b (why); c (why)": strategies with the same reason together.
std::string ByReason(const std::vector<std::pair<std::string, std::string>>& left_out) {
  std::vector<std::pair<std::string, std::vector<std::string>>> reasons;
  for (const auto& [strategy, why] : left_out) {
    const std::string reason = why.substr(0, 120);
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
    parts.push_back(Concat(Listing(strategies), " (", reason, ")"));
  }
  return Shortened(parts);
}

// What a replay is, and what of the program it isn't.
std::string ReplayText(const std::map<std::string, std::string>& replay) {
  if (replay.empty()) return {};
  const auto fact = [&replay](const char* name, std::size_t most) {
    const auto found = replay.find(name);
    if (found == replay.end()) return std::string("?");
    return found->second.size() <= most ? found->second : found->second.substr(0, most) + "...";
  };
  std::string text =
      Concat("Replayed as fast as possible, not at the recorded pace: ", fact("files", 20),
             fact("files", 20) == "1" ? " file, " : " files, ", fact("largest files", 120),
             "; accesses ", fact("accesses", 80), ", in blocks of ", fact("block", 20), " (",
             fact("split", 80), "). Growth: ", fact("growth", 140), ".");
  if (replay.contains("flushes")) text += Concat(" Flushes: ", fact("flushes", 80), ".");
  if (replay.contains("mapped accesses")) {
    text += Concat(" Mapped accesses: ", fact("mapped accesses", 80), ".");
  }
  return text;
}

// Which strategies are spared work that the program causes.
std::string KeepersText(const WorkloadAdvice& advice) {
  if (advice.keeps_storage.empty()) return {};
  const auto discards = advice.replay.find("discards");
  const std::string when = discards == advice.replay.end()
                               ? "before each pass but the first"
                               : discards->second.substr(0, 20) + " of the operations discard";
  return Concat("Zeros are stored instead by ", Listing(advice.keeps_storage),
                " where others give storage back to the file system and take it again (", when,
                "), which keeps the space and spares that work.");
}

void AddLine(const std::string& text, std::size_t indent, std::string& page) {
  if (text.empty()) return;
  page += Concat(std::string(indent, ' '), Wrap(text, indent, indent + 2), "\n");
}

std::string WorkloadText(const WorkloadAdvice& advice, const std::string& today) {
  std::string text;
  AddLine(Concat(advice.workload, ": ", advice.answers.front().regime), 0, text);
  const std::size_t shown = std::min(advice.answers.size(), kMostAnswers);
  for (std::size_t i = 0; i < shown; ++i) {
    const Answer& answer = advice.answers[i];
    AddLine(LeadIn(answer) + AnswerText(answer, today), 2, text);
    if (!answer.advised()) continue;
    // What is true of two answers is said after the second.
    const bool repeated = i + 1 < shown && advice.answers[i + 1].advised() &&
                          advice.answers[i + 1].regime == answer.regime &&
                          advice.answers[i + 1].best().strategy == answer.best().strategy;
    if (!repeated) AddLine(CostText(answer, today), 4, text);
    AddLine(ElsewhereText(answer), 4, text);
  }
  if (shown < advice.answers.size()) {
    AddLine(Concat("Flushes after other numbers of updates: ", advice.answers.size() - shown,
                   " more answers (--format json)."),
            2, text);
  }
  if (!advice.left_out.empty()) {
    AddLine(Concat("Left out: ", ByReason(advice.left_out), "."), 2, text);
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
  AddLine(Concat("Advice from ", advice.run,
                 advice.today.empty() ? "" : Concat(", against ", advice.today)),
          0, text);
  if (!advice.today_why.empty()) {
    AddLine(Concat("Today: ", advice.today, ", ", advice.today_why, "."), 0, text);
  }
  AddLine(advice.machine, 0, text);
  if (advice.noise_factor) {
    AddLine(Concat("Differences of up to ", FormatReal(*advice.noise_factor, 2),
                   " times are noise here."),
            0, text);
  }
  for (const std::string& warning : advice.warnings) AddLine("Warning: " + warning, 0, text);
  return text;
}

std::string Foot(const Advice& advice) {
  std::string text;
  if (advice.today.empty()) {
    AddLine("--today names the strategy that the program uses now, to compare with.", 0, text);
  }
  if (!advice.not_candidates.empty()) {
    AddLine(Concat("No candidates: ", ByReason(advice.not_candidates), "."), 0, text);
  }
  if (!advice.choices.empty()) {
    AddLine(Concat("Chosen: ", Join(advice.choices, "; "), "."), 0, text);
  }
  if (!advice.not_measured.empty()) {
    AddLine(Concat("Never varied, so nothing is said of: ", Join(advice.not_measured, "; "), "."),
            0, text);
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
    const std::string block = WorkloadText(workload, advice.today);
    const std::size_t room = kPageLines - std::min(kPageLines, LinesOf(text) + 1 + reserved);
    if (LinesOf(block) > room && &workload == &advice.workloads.front()) {
      text += Concat("\n", FirstLines(block, room), "  ... (--format json has the rest)\n");
    } else if (LinesOf(block) > room) {
      others.push_back(workload.workload);
    } else {
      text += Concat("\n", block);
    }
  }
  text += "\n";
  if (!others.empty()) {
    AddLine(Concat("No room here for ", Shortened(others), "; --workload asks for one."), 0, text);
  }
  return text + foot;
}

}  // namespace faultline
