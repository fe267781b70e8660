#include "harness/os/posix/process_group.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

std::optional<ChildEnd> AwaitGroup(pid_t leader) {
  // First only look: while the end isn't taken, the number of the process and its group can't be
  // given to another, so that what the child started can be killed safely.
  siginfo_t unused;
  if (RetryInterrupted([&] {
        return ::waitid(P_PID, static_cast<id_t>(leader), &unused, WEXITED | WNOWAIT);
      }) == 0) {
    ::kill(-leader, SIGKILL);
  }
  int status = 0;
  rusage usage = {};
  if (RetryInterrupted([&] { return ::wait4(leader, &status, 0, &usage); }) < 0) return {};
  ChildEnd end;
  end.kind = WIFSIGNALED(status) ? ChildEnd::Kind::kSignalled : ChildEnd::Kind::kExited;
  end.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  end.usage = {.user_seconds = Seconds(usage.ru_utime),
               .system_seconds = Seconds(usage.ru_stime),
               .peak_resident_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024,
               .minor_faults = static_cast<std::uint64_t>(usage.ru_minflt),
               .major_faults = static_cast<std::uint64_t>(usage.ru_majflt)};
  return end;
}

}  // namespace faultline::os
