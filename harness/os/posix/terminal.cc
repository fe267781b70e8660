// The standard streams and the terminal's width.
#include "harness/os/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <initializer_list>

namespace faultline::os {

bool StandardErrorIsTerminal() { return ::isatty(STDERR_FILENO) == 1; }

bool StandardOutputIsTerminal() { return ::isatty(STDOUT_FILENO) == 1; }

std::uint64_t TerminalColumns() {
  constexpr std::uint64_t kDefaultColumns = 80;
  for (const int fd : {STDERR_FILENO, STDOUT_FILENO}) {
    struct winsize size = {};
    // Terminals without a window, such as a serial line, report 0 columns.
    if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  }
  return kDefaultColumns;
}

}  // namespace faultline::os
