#include "harness/report/progress.h"

#include <algorithm>
#include <iostream>

#include "harness/base/text.h"
#include "harness/os/terminal.h"

namespace faultline {

Progress::Progress(std::uint64_t steps, double effort, bool shown)
    : steps_(steps), effort_(effort), shown_(shown), started_(std::chrono::steady_clock::now()) {}

Progress::~Progress() { Clear(); }

void Progress::Clear() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
  drawn_ = false;
}

void Progress::Draw(const std::string& text) {
  if (!shown_) return;
  drawn_ = true;
  std::cerr << "\r\033[K" << text << std::flush;
}

void Progress::Say(const std::string& text) {
  Draw(text.substr(0, os::TerminalColumns() - 1));
  started_ = std::chrono::steady_clock::now();
}

void Progress::Begin(const std::string& step) {
  const double elapsed =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  std::optional<double> left;
  if (effort_done_ > 0) left = elapsed / effort_done_ * std::max(0.0, effort_ - effort_done_);
  Draw(ProgressLine(Concat(done_, "/", steps_), step, last_, left, os::TerminalColumns()));
}

void Progress::Show(const std::string& head, const std::string& step,
                    std::optional<double> left_seconds) {
  Draw(ProgressLine(head, step, "", left_seconds, os::TerminalColumns()));
}

void Progress::End(const std::string& found, double effort) {
  ++done_;
  effort_done_ += effort;
  last_ = found;
}

std::string ProgressLine(const std::string& head, const std::string& step, const std::string& last,
                         std::optional<double> left_seconds, std::uint64_t columns) {
  const std::string begin = Concat("[", head, "] ");
  std::string tail;
  if (!last.empty()) tail += ", last " + last;
  if (left_seconds) tail += Concat(", ", FormatSeconds(*left_seconds), " left");
  const std::size_t taken = begin.size() + tail.size() + 1;
  const std::size_t room = columns > taken ? columns - taken : 0;
  return Concat(begin, step.substr(0, room), tail).substr(0, columns > 0 ? columns - 1 : 0);
}

}  // namespace faultline
