// A program in a process group of its own, with a pipe that it opens by a path of /proc, so that
// what it starts does not inherit an end of it.
#include "harness/os/watched_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/os/interruption.h"
#include "harness/os/posix/interruption_wake.h"
#include "harness/os/posix/process_group.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

// Gives the terminal to a process group. Who is not in its foreground is stopped for that, unless
// the signal is blocked.
void GiveTerminal(pid_t group) {
  sigset_t set;
  sigset_t before;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTTOU);
  ::sigprocmask(SIG_BLOCK, &set, &before);
  ::tcsetpgrp(STDIN_FILENO, group);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

bool OwnsTerminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::tcgetpgrp(STDIN_FILENO) == ::getpgrp();
}

[[noreturn]] void RunProgramHere(char* const* arguments, bool terminal, int failure, pid_t parent) {
  ::setpgid(0, 0);
  if (terminal) GiveTerminal(::getpid());
  // The signal tells of a death from now on only, so one that came before has to be looked for.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == parent) ::execvp(arguments[0], arguments);
  const int code = errno;
  [[maybe_unused]] const ssize_t told = ::write(failure, &code, sizeof code);
  ::_exit(127);
}

}  // namespace

WatchedProgram::WatchedProgram(
    const std::function<std::vector<std::string>(const std::string& report)>& command)
    : buffer_(kPieceBytes) {
  int report[2];
  if (::pipe2(report, O_CLOEXEC) != 0) ThrowLastError("make a pipe for", "a program's report");
  reader_ = report[0];
  writer_ = report[1];
  const std::vector<std::string> words =
      command(fmt::format("/proc/{}/fd/{}", ::getpid(), writer_));
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);

  int failure[2];
  if (::pipe2(failure, O_CLOEXEC) != 0) {
    const int code = errno;
    CloseQuietly(reader_);
    CloseQuietly(writer_);
    throw SystemError("make a pipe for", words[0], code);
  }
  has_terminal_ = OwnsTerminal();
  const pid_t parent = ::getpid();
  const pid_t id = ::fork();
  if (id == 0) RunProgramHere(arguments.data(), has_terminal_, failure[1], parent);
  int code = id < 0 ? errno : 0;
  ::close(failure[1]);
  if (id > 0) {
    id_ = id;
    ::setpgid(id, id);
    if (RetryInterrupted([&] { return ::read(failure[0], &code, sizeof code); }) > 0) Wait();
  }
  ::close(failure[0]);
  if (code != 0) {
    CloseQuietly(reader_);
    CloseQuietly(writer_);
    throw SystemError("run", words[0], code);
  }
}

WatchedProgram::~WatchedProgram() {
  if (id_ > 0) {
    Kill();
    try {
      Wait();
    } catch (const Error&) {
      // The program's end was taken elsewhere: nothing is left to await.
    }
  }
  CloseQuietly(reader_);
  CloseQuietly(writer_);
}

bool WatchedProgram::HasEnded() const {
  siginfo_t seen = {};
  return ::waitid(P_PID, static_cast<id_t>(id_), &seen, WEXITED | WNOWAIT | WNOHANG) != 0 ||
         seen.si_pid != 0;
}

WatchedProgram::Result WatchedProgram::Read(std::string_view& piece,
                                            std::chrono::milliseconds timeout) {
  const auto deadline = SteadyClock::now() + timeout;
  while (true) {
    // As long as this process could write itself, there is no end of the pipe: it is looked for
    // another way then.
    constexpr std::chrono::milliseconds kLook(20);
    // Rounded up: the last part of a millisecond would be spent asking without a pause.
    auto wait = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (writer_ >= 0) wait = std::min(wait, kLook);
    pollfd waits[2] = {{reader_, POLLIN, 0},
                       {Interrupted() ? -1 : InterruptionDescriptor(), POLLIN, 0}};
    const int ready = ::poll(waits, 2, static_cast<int>(std::max<std::int64_t>(wait.count(), 0)));
    if (ready < 0 && errno != EINTR) ThrowLastError("await", "a program's report");
    if (ready > 0 && waits[0].revents != 0) {
      const ssize_t count =
          RetryInterrupted([&] { return ::read(reader_, buffer_.data(), buffer_.size()); });
      if (count < 0) ThrowLastError("read", "a program's report");
      if (count == 0) return Result::kEnd;
      CloseQuietly(std::exchange(writer_, -1));
      piece = {buffer_.data(), static_cast<std::size_t>(count)};
      return Result::kData;
    }
    if (writer_ >= 0 && HasEnded()) CloseQuietly(std::exchange(writer_, -1));
    const bool over = SteadyClock::now() >= deadline;
    if (Interrupted() && (over || (ready > 0 && waits[1].revents != 0))) {
      return Result::kInterrupted;
    }
    if (over) return Result::kTimedOut;
  }
}

void WatchedProgram::AskToEnd() {
  if (id_ > 0) ::kill(static_cast<pid_t>(-id_), SIGTERM);
}

void WatchedProgram::Kill() {
  if (id_ > 0) ::kill(static_cast<pid_t>(-id_), SIGKILL);
}

void WatchedProgram::TakeTerminalBack() {
  if (std::exchange(has_terminal_, false)) GiveTerminal(::getpgrp());
}

ChildEnd WatchedProgram::Wait() {
  const auto id = static_cast<pid_t>(id_);
  const std::optional<ChildEnd> end = AwaitGroup(id);
  const int code = errno;
  id_ = 0;
  TakeTerminalBack();
  if (!end) throw SystemError("await", fmt::format("program {}", id), code);
  return *end;
}

std::string FindProgram(const std::string& name) {
  auto runnable = [](const std::string& path) {
    std::error_code ignored;
    return ::access(path.c_str(), X_OK) == 0 && !std::filesystem::is_directory(path, ignored);
  };
  if (name.find('/') != std::string::npos) return runnable(name) ? name : "";
  const char* const folders = std::getenv("PATH");
  for (const std::string& folder : Split(folders == nullptr ? "" : folders, ':')) {
    const std::string path = fmt::format("{}/{}", folder.empty() ? "." : folder, name);
    if (runnable(path)) return path;
  }
  return {};
}

}  // namespace faultline::os
