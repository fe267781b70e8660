// Starting other programs, and the path of this one.
#include "harness/os/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <system_error>

#include "faultline/system_error.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

constexpr int kSignalBase = 128;

}  // namespace

std::filesystem::path OwnExecutable() {
  std::error_code code;
  std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", code);
  if (code) throw SystemError("find", "this program's own executable", code.value());
  return path;
}

int RunProgram(const std::vector<std::string>& arguments, bool quiet) {
  if (arguments.empty()) return kNotStarted;
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));  // the callee does not change them
  }
  pointers.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  int code = ::posix_spawn_file_actions_init(&actions);
  if (code != 0) throw SystemError("prepare to run", arguments[0], code);
  if (quiet) {
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO}) {
      if (code == 0) {
        code = ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_WRONLY, 0);
      }
    }
  }
  pid_t id = 0;
  if (code == 0) {
    code = ::posix_spawnp(&id, pointers[0], &actions, nullptr, pointers.data(), environ);
  }
  ::posix_spawn_file_actions_destroy(&actions);
  if (code != 0) return kNotStarted;

  int status = 0;
  if (RetryInterrupted([&] { return ::waitpid(id, &status, 0); }) == -1) {
    ThrowLastError("await the end of", arguments[0]);
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

}  // namespace faultline::os
