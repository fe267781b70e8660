#include "benchmarks/program_run.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fmt/format.h>
#include <system_error>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/os/whole_file.h"

namespace faultline::peers {
namespace {

constexpr int kNotFound = 127;
constexpr const char* kOutputName = "program-output.txt";

// The child's part: becomes the program, or ends with kNotFound.
[[noreturn]] void Become(const std::vector<std::string>& arguments,
                         const std::filesystem::path& directory, pid_t parent_id) {
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  const bool bound = ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent_id;
  if (bound && ::chdir(directory.c_str()) == 0) {
    const int fd = ::open(kOutputName, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd != -1 && ::dup2(fd, STDOUT_FILENO) != -1 && ::dup2(fd, STDERR_FILENO) != -1) {
      ::execvp(pointers[0], pointers.data());
    }
  }
  ::_exit(kNotFound);
}

std::string LastLine(const std::string& text) {
  const std::string_view trimmed = Trim(text);
  return std::string(trimmed.substr(trimmed.find_last_of('\n') + 1));
}

}  // namespace

ProgramRun RunToItsEnd(const std::vector<std::string>& arguments,
                       const std::filesystem::path& directory) {
  const pid_t parent_id = ::getpid();
  const pid_t id = ::fork();
  if (id == -1) throw std::system_error(errno, std::generic_category(), "fork");
  if (id == 0) Become(arguments, directory, parent_id);
  int status = 0;
  struct rusage usage = {};
  while (::wait4(id, &status, 0, &usage) == -1) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "wait4");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) {
    throw UnsupportedError(
        fmt::format("cannot start {}; is it installed, and on the PATH?", arguments[0]));
  }
  // Linux counts ru_maxrss in KiB.
  ProgramRun run = {.peak_resident_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024,
                    .output = os::ReadText(directory / kOutputName)};
  if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
    throw Error(fmt::format("{}{}{}; its last words: {}", arguments[0],
                            WIFEXITED(status) ? " ended with exit code " : " ended by signal ",
                            WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
                            LastLine(run.output)));
  }
  return run;
}

}  // namespace faultline::peers
