// Requests to stop, as signals that set a flag and write to a pipe that waits watch.
#include "harness/os/interruption.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <initializer_list>

#include "faultline/system_error.h"
#include "harness/os/posix/interruption_wake.h"
#include "harness/os/posix/system_call.h"
#include "harness/os/terminal.h"

namespace faultline::os {
namespace {

// When the first request came, in ns of a clock that only goes forward; 0: none came.
std::atomic<std::int64_t> requested_ns = 0;
std::atomic<bool> caught = false;
std::atomic<int> wake_reader = -1;
std::atomic<int> wake_writer = -1;
// The process that made the pipe. A forked child must make its own: in a shared one it would wake,
// or silence, its parent.
std::atomic<pid_t> wake_owner = 0;

// timeout(1) sends its signal to the program and to its group, so that two arrive at once.
constexpr std::int64_t kOneRequestNs = 1'000'000'000;

static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
                  std::atomic<std::int64_t>::is_always_lock_free,
              "a signal handler may use nothing that locks");

void EndBySignal(int signal_number) {
  struct sigaction by_default = {};
  by_default.sa_handler = SIG_DFL;
  ::sigaction(signal_number, &by_default, nullptr);
  RestoreScreen();
  ::raise(signal_number);  // delivered when the handler returns
}

std::int64_t NowNs() {
  struct timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

void OnRequest(int signal_number) {
  const int saved_error = errno;
  const std::int64_t now_ns = NowNs();
  std::int64_t first_ns = 0;
  if (!requested_ns.compare_exchange_strong(first_ns, now_ns)) {
    if (now_ns - first_ns > kOneRequestNs) EndBySignal(signal_number);
  } else if (wake_owner == ::getpid()) {
    // The pipe doesn't block; if it is full there is enough in it to wake all waits.
    [[maybe_unused]] const ssize_t written = ::write(wake_writer, "", 1);
  }
  errno = saved_error;
}

void MakeWakePipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
    ThrowLastError("make a pipe for", "requests to stop");
  }
  CloseQuietly(wake_reader.exchange(ends[0]));
  CloseQuietly(wake_writer.exchange(ends[1]));
  wake_owner = ::getpid();
}

}  // namespace

void CatchInterruption() {
  if (wake_owner != ::getpid()) MakeWakePipe();
  caught = true;
  struct sigaction action = {};
  action.sa_handler = OnRequest;
  // Only waits that watch the pipe are to end; all other calls go on.
  action.sa_flags = SA_RESTART;
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    ::sigaction(signal_number, nullptr, &before);
    // Started under nohup: to outlive the terminal is what the user asked for.
    if (signal_number == SIGHUP && before.sa_handler == SIG_IGN) continue;
    if (::sigaction(signal_number, &action, nullptr) != 0) {
      ThrowLastError("catch", "requests to stop");
    }
  }
}

bool Interrupted() { return requested_ns != 0; }

void ClearInterruption() {
  // In this order: a request between the two still sets the flag, which every wait reads before it
  // sleeps.
  requested_ns = 0;
  if (wake_owner != ::getpid()) return;
  char drained[64];
  while (::read(wake_reader, drained, sizeof(drained)) > 0) {
  }
}

int InterruptionDescriptor() {
  if (!caught) return -1;
  if (wake_owner != ::getpid()) MakeWakePipe();
  return wake_reader;
}

}  // namespace faultline::os
