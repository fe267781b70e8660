// Child processes by fork, each the leader of a process group and bound to the life of its parent.
#include "harness/os/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fmt/format.h>
#include <utility>

#include "faultline/system_error.h"
#include "harness/os/posix/process_group.h"
#include "harness/os/posix/system_call.h"

namespace faultline {
FAULTLINE_DEFINE_REGISTRY(os::ChildMain);
}  // namespace faultline

namespace faultline::os {
namespace {

struct SignalText {
  int number;
  std::string_view name;
  std::string_view cause;
};

constexpr SignalText kSignalTexts[] = {
    {SIGHUP, "SIGHUP", "the terminal was closed"},
    {SIGINT, "SIGINT", "it was interrupted"},
    {SIGQUIT, "SIGQUIT", "it was asked to quit and dump its memory"},
    {SIGILL, "SIGILL", "an instruction that this processor doesn't have"},
    {SIGTRAP, "SIGTRAP", "a breakpoint, or a check of the compiler that failed"},
    {SIGABRT, "SIGABRT", "it aborted: a failed check, or an uncaught exception"},
    {SIGBUS, "SIGBUS",
     "access beyond the end of a mapped file, a full disk under it, or a failing device"},
    {SIGFPE, "SIGFPE", "a division by zero"},
    {SIGKILL, "SIGKILL", "killed from outside: out of memory, a time limit, or a user"},
    {SIGSEGV, "SIGSEGV", "access to memory that is not mapped, or not for this use"},
    {SIGPIPE, "SIGPIPE", "it wrote to a process that is gone"},
    {SIGALRM, "SIGALRM", "its alarm went off"},
    {SIGTERM, "SIGTERM", "it was asked to end"},
    {SIGXCPU, "SIGXCPU", "the limit of processor time; see 'ulimit -t'"},
    {SIGXFSZ, "SIGXFSZ", "the limit of a file's size; see 'ulimit -f'"},
    {SIGSYS, "SIGSYS", "a system call that a filter on this machine forbids"},
};

// The two ends of a pipe on which a new child waits until it has been put under its limit.
class Gate {
 public:
  Gate() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) ThrowLastError("make a pipe for", "a child process");
  }
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate() {
    CloseEnd(0);
    CloseEnd(1);
  }

  // In the parent, whose own reading end keeps this from raising a signal if the child is gone
  // already.
  void Open() {
    ssize_t written;
    do {
      written = ::write(ends_[1], "", 1);
    } while (written < 0 && errno == EINTR);
    if (written != 1) ThrowLastError("release", "a child process");
  }

  // In the child. False when the parent gave up instead of opening.
  bool Pass() {
    CloseEnd(1);
    char byte;
    ssize_t got;
    do {
      got = ::read(ends_[0], &byte, 1);
    } while (got < 0 && errno == EINTR);
    CloseEnd(0);
    return got == 1;
  }

 private:
  void CloseEnd(int end) {
    if (ends_[end] >= 0) ::close(ends_[end]);
    ends_[end] = -1;
  }

  int ends_[2] = {-1, -1};
};

// Handlers and blocked signals of the parent mean nothing in a child: a crash there must end it,
// and be seen.
void RestoreSignals() {
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void RunChild(const ChildMain& child_main, const std::string& request, Channel& parent,
                           Gate& gate, pid_t parent_id) {
  ::setpgid(0, 0);
  RestoreSignals();
  // The signal tells of a death from now on only, so one that came before has to be looked for.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent_id || !gate.Pass()) {
    ::_exit(ChildMain::kUncaughtException);
  }
  int code = ChildMain::kUncaughtException;
  try {
    code = child_main.run(request, parent);
  } catch (...) {
    code = ChildMain::kUncaughtException;
  }
  // The buffers of the C library hold a copy of what the parent has not written yet: flushing them
  // here would write it twice.
  ::_exit(code);
}

}  // namespace

std::string ChildEnd::Description() const {
  if (kind == Kind::kExited) return fmt::format("exit code {}", code);
  for (const SignalText& text : kSignalTexts) {
    if (text.number == code) return fmt::format("killed by {} ({})", text.name, text.cause);
  }
  return fmt::format("killed by signal {}", code);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : id_(std::exchange(other.id_, 0)), channel_(std::move(other.channel_)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  ChildProcess old(std::move(*this));
  id_ = std::exchange(other.id_, 0);
  channel_ = std::move(other.channel_);
  return *this;
}

ChildProcess::~ChildProcess() {
  if (!running()) return;
  Kill();
  try {
    Wait();
  } catch (const Error&) {
    // Nothing is left to await when the child's end was taken elsewhere.
  }
}

ChildProcess ChildProcess::Start(const std::string& name, const std::string& request,
                                 const MemoryLimit* limit) {
  const ChildMain& child_main = Registry<ChildMain>::Instance().Find(name);
  auto [parent_end, child_end] = Channel::Pair();
  Gate gate;
  const pid_t parent_id = ::getpid();
  const pid_t id = ::fork();
  if (id < 0) ThrowLastError("start the child process", name);
  if (id == 0) {
    parent_end.Close();
    RunChild(child_main, request, child_end, gate, parent_id);
  }
  // From here on the destructor ends the child if anything goes wrong.
  ChildProcess child;
  child.id_ = id;
  child.channel_ = std::move(parent_end);
  // Both sides do this, so that neither has to wait until the other has; the one that is late
  // changes nothing.
  ::setpgid(id, id);
  if (limit != nullptr) limit->Admit(id);
  gate.Open();
  return child;
}

bool ChildProcess::Pause() {
  const auto id = static_cast<pid_t>(id_);
  if (::kill(id, SIGSTOP) != 0) ThrowLastError("stop", fmt::format("child process {}", id));
  siginfo_t seen = {};
  // Only looked at, since the end of a child is for Wait to take.
  if (RetryInterrupted([&] {
        return ::waitid(P_PID, static_cast<id_t>(id), &seen, WSTOPPED | WEXITED | WNOWAIT);
      }) != 0) {
    ThrowLastError("await the stop of", fmt::format("child process {}", id));
  }
  if (seen.si_code != CLD_STOPPED) return false;
  // Taken, or the next Pause would see this stop again.
  RetryInterrupted(
      [&] { return ::waitid(P_PID, static_cast<id_t>(id), &seen, WSTOPPED | WNOHANG); });
  return true;
}

void ChildProcess::Resume() {
  if (running()) ::kill(static_cast<pid_t>(id_), SIGCONT);
}

void ChildProcess::Kill() {
  if (running()) ::kill(static_cast<pid_t>(-id_), SIGKILL);
}

ChildEnd ChildProcess::Wait() {
  const auto id = static_cast<pid_t>(id_);
  const std::optional<ChildEnd> end = AwaitGroup(id);
  id_ = 0;
  if (!end) ThrowLastError("await", fmt::format("child process {}", id));
  return *end;
}

}  // namespace faultline::os
