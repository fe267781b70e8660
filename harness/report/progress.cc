#include "harness/report/progress.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

#include "harness/base/text.h"
#include "harness/os/terminal.h"

namespace faultline {
namespace {

// Room for a whole line where nothing cuts it.
constexpr std::uint64_t kLogColumns = 200;

}  // namespace

Progress::Progress(std::uint64_t steps, double duration, bool shown)
    : steps_(steps),
      duration_(duration),
      shown_(shown),
      terminal_(os::StandardErrorIsTerminal()),
      started_(SteadyClock::now()),
      last_line_(started_) {}

Progress::~Progress() { Clear(); }

void Progress::Clear() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
  drawn_ = false;
}

void Progress::Draw(const std::string& text) {
  if (!shown_) return;
  if (terminal_) {
    drawn_ = true;
    std::cerr << "\r\033[K" << text << std::flush;
    return;
  }
  if (SteadyClock::now() - last_line_ < kBetweenProgressLines) return;
  last_line_ = SteadyClock::now();
  std::cerr << text << std::endl;
}

void Progress::Say(const std::string& text) {
  said_ = text;
  const std::uint64_t columns = terminal_ ? os::TerminalColumns() : kLogColumns;
  Draw(text.substr(0, columns - 1));
  started_ = SteadyClock::now();
}

void Progress::Remind() {
  if (!terminal_) Draw(said_);
}

void Progress::Begin(const std::string& step) {
  step_ = step;
  const double elapsed = SecondsSince(started_);
  std::optional<double> left;
  if (duration_done_ > 0) {
    left = elapsed / duration_done_ * std::max(0.0, duration_ - duration_done_);
  }
  Draw(ProgressLine(fmt::format("{}/{}", std::min(done_ + 1, steps_), steps_), step, before_, left,
                    terminal_ ? os::TerminalColumns() : kLogColumns));
}

void Progress::Show(const std::string& head, const std::string& step,
                    std::optional<double> left_seconds) {
  Draw(ProgressLine(head, step, "", left_seconds, terminal_ ? os::TerminalColumns() : kLogColumns));
}

void Progress::End(const std::string& found, double duration) {
  ++done_;
  duration_done_ += duration;
  before_ = fmt::format("{}: {}", step_, found);
}

std::string ProgressLine(const std::string& head, const std::string& step,
                         const std::string& before, std::optional<double> left_seconds,
                         std::uint64_t columns) {
  if (columns == 0) return {};
  const std::size_t width = columns - 1;  // a full line would wrap
  const std::string begin = fmt::format("[{}] ", head);
  const std::string left =
      left_seconds ? fmt::format(", {} left", FormatSeconds(*left_seconds)) : std::string();
  const std::size_t taken = begin.size() + left.size();
  const std::string line =
      fmt::format("{}{}{}", begin, step.substr(0, width > taken ? width - taken : 0), left)
          .substr(0, width);
  const std::string past = before.empty() ? before : fmt::format(" (before: {})", before);
  return line.size() + past.size() <= width ? line + past : line;
}

}  // namespace faultline
