#include "harness/decide/program_gain.h"

#include <fmt/format.h>
#include <optional>

#include "harness/base/text.h"

namespace faultline {
namespace {

// What of the baseline's time is saved where it is `ratio` times the leader's.
double Saved(double seconds, double ratio) { return seconds * (1 - 1 / ratio); }

std::optional<Estimate> SavedSeconds(const Answer& answer, double io_seconds) {
  if (answer.standing == Answer::Standing::kLeads) return Estimate{};
  if (!answer.gain || !answer.gain->ratio) return std::nullopt;
  const verdict::Comparison::Ratio& ratio = *answer.gain->ratio;
  if (!ratio.low || !ratio.high) return std::nullopt;
  return Estimate{.median = Saved(io_seconds, ratio.median),
                  .low = Saved(io_seconds, *ratio.low),
                  .high = Saved(io_seconds, *ratio.high)};
}

// "5.5 % [5.1 5.8]" of the whole.
std::string ShareText(const Estimate& part, double whole) {
  const auto percent = [whole](double seconds) { return FormatReal(100 * seconds / whole, 1); };
  return fmt::format("{} % [{} {}]", percent(part.median), percent(part.low), percent(part.high));
}

}  // namespace

void AddProgramGain(const ProgramTime& time, std::uint64_t operations, Advice& advice) {
  for (WorkloadAdvice& workload : advice.workloads) {
    for (Answer& answer : workload.answers) {
      if (!answer.baseline_figures) continue;
      const double io_seconds =
          answer.baseline_figures->ns.median * static_cast<double>(operations) / 1e9;
      const std::optional<Estimate> saved = SavedSeconds(answer, io_seconds);
      if (!saved) continue;
      answer.program = ProgramGain{.seconds = time.seconds,
                                   .recorded = time.recorded,
                                   .io_seconds = io_seconds,
                                   .saved_seconds = *saved};
    }
  }
}

std::string ProgramText(const Answer& answer) {
  if (!answer.program) return {};
  const ProgramGain& program = *answer.program;
  const std::string ran = FormatSeconds(program.seconds);
  if (program.io_seconds >= program.seconds) {
    return fmt::format(
        "The program ran {}, and its accesses take {} here, one after another by {}: it had "
        "another "
        "state of the cache, or did several at a time. What it gains as a whole is not known.",
        ran, FormatSeconds(program.io_seconds), answer.baseline);
  }
  std::string text = fmt::format(
      "I/O is {} of {}, by {} here: nothing saves more than that.",
      FormatShare(program.io_seconds, program.seconds),
      program.recorded
          ? fmt::format("the {} that the program ran while it was recorded, and more of a run "
                        "without ('trace record --cost' measures that)",
                        ran)
          : fmt::format("the program's {}", ran),
      answer.baseline);
  if (answer.standing != Answer::Standing::kLeads) {
    text += fmt::format(" {} saves {}.", answer.best().strategy,
                        ShareText(program.saved_seconds, program.seconds));
  }
  return text;
}

}  // namespace faultline
