// Other programs, this program's own path, and terminals.
#include "harness/os/program.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "harness/os/terminal.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;

TEST_CASE("the exit code of a program comes back", "[program]") {
  CHECK(RunProgram({"true"}) == 0);
  CHECK(RunProgram({"sh", "-c", "exit 37"}) == 37);
}

TEST_CASE("arguments reach a program as they are", "[program]") {
  const TemporaryDirectory directory;
  CHECK(RunProgram({"sh", "-c", "printf '%s|' \"$@\" > \"$0\"", (directory / "out").native(), "a b",
                    "", "$HOME;*"}) == 0);
  CHECK(ReadText(directory / "out") == "a b||$HOME;*|");
}

TEST_CASE("a program ended by a signal is told as the shell tells it", "[program]") {
  CHECK(RunProgram({"sh", "-c", "kill -KILL $$"}) == 128 + SIGKILL);
}

TEST_CASE("a program that can't be started is code 127", "[program]") {
  CHECK(RunProgram({"faultline-no-such-program"}) == 127);
  CHECK(RunProgram({"/dev/null"}) == 127);
  CHECK(RunProgram({}) == 127);
}

TEST_CASE("a quiet program's output goes nowhere and a loud one's to our streams", "[program]") {
  const TemporaryDirectory directory;
  for (const bool quiet : {false, true}) {
    const auto path = directory / (quiet ? "quiet" : "loud");
    Forked child([&] {
      const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(fd, STDOUT_FILENO);
      ::dup2(fd, STDERR_FILENO);
      return RunProgram({"sh", "-c", "echo out; echo err >&2; exit 3"}, quiet);
    });
    CHECK(child.ExitCode() == 3);
    CHECK(ReadText(path) == (quiet ? "" : "out\nerr\n"));
  }
}

TEST_CASE("this program knows its own file", "[program]") {
  const auto path = OwnExecutable();
  CHECK(path.is_absolute());
  CHECK(std::filesystem::equivalent(path, "/proc/self/exe"));
}

TEST_CASE("a terminal is told from a file and has the columns that it says", "[terminal]") {
  Forked child([] {
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal == -1 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) return 77;
    const int side = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    if (StandardOutputIsTerminal() || StandardErrorIsTerminal()) return 2;
    if (TerminalColumns() != 80) return 3;
    ::dup2(side, STDOUT_FILENO);
    if (!StandardOutputIsTerminal() || StandardErrorIsTerminal()) return 4;
    if (TerminalColumns() != 80) return 5;  // one that says 0
    winsize size = {};
    size.ws_col = 132;
    ::ioctl(side, TIOCSWINSZ, &size);
    if (TerminalColumns() != 132) return 6;
    ::dup2(side, STDERR_FILENO);
    ::dup2(null, STDOUT_FILENO);
    if (StandardOutputIsTerminal() || !StandardErrorIsTerminal()) return 7;
    return TerminalColumns() == 132 ? 0 : 8;
  });
  const int code = child.ExitCode();
  if (code == 77) {
    WARN("SKIPPED: there are no pseudo terminals here");
    return;
  }
  CHECK(code == 0);
}

}  // namespace
}  // namespace faultline::os
