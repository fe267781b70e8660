// The standard streams, and the terminal's size.
#include "harness/os/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace faultline::os {
namespace {

// Of the first stream that is a terminal with a window; a serial line reports 0.
std::uint64_t WindowFigure(unsigned short winsize::*figure, std::uint64_t otherwise) {
  for (const int fd : {STDERR_FILENO, STDOUT_FILENO}) {
    struct winsize size = {};
    if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.*figure > 0) return size.*figure;
  }
  return otherwise;
}

}  // namespace

bool StandardInputIsTerminal() { return ::isatty(STDIN_FILENO) == 1; }

bool StandardErrorIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

bool StandardOutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

bool StandardOutputHasColours() {
  const char* const refused = std::getenv("NO_COLOR");
  if (refused != nullptr && *refused != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  if (terminal == nullptr || std::string_view(terminal) == "dumb") return false;
  return StandardOutputIsTerminal();
}

std::uint64_t TerminalColumns() { return WindowFigure(&winsize::ws_col, 80); }

std::uint64_t TerminalRows() { return WindowFigure(&winsize::ws_row, 24); }

}  // namespace faultline::os
