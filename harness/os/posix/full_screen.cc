// The terminal without line editing and echo, on its second screen.
#include <poll.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>

#include "faultline/system_error.h"
#include "harness/os/interruption.h"
#include "harness/os/posix/interruption_wake.h"
#include "harness/os/posix/system_call.h"
#include "harness/os/terminal.h"

namespace faultline::os {
namespace {

// Second screen, no cursor; and back.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";

constexpr int kCrashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};

// A signal handler reads these, so they are set before `screen_held` is.
std::atomic<bool> screen_held = false;
std::atomic<pid_t> holder = 0;  // a forked child must leave the screen alone
termios saved = {};

void Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno != EINTR) return;  // the terminal is gone
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void OnCrash(int signal_number) {
  RestoreScreen();
  ::raise(signal_number);  // by default now, and delivered when this returns
}

// Whether input comes before the time is over; kInterrupted or kClosed in `press` otherwise.
bool WaitForInput(int milliseconds, KeyPress& press) {
  pollfd waited[] = {{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                     {.fd = InterruptionDescriptor(), .events = POLLIN, .revents = 0}};
  const int ready = ::poll(waited, 2, milliseconds);
  press.key = Interrupted() ? Key::kInterrupted : Key::kNone;
  return ready > 0 && !Interrupted() && waited[0].revents != 0;
}

// The next byte, or -1 within a short time: for the rest of a key that sends several.
int NextByte(int milliseconds) {
  pollfd waited = {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (::poll(&waited, 1, milliseconds) <= 0) return -1;
  unsigned char byte = 0;
  return RetryInterrupted([&] { return ::read(STDIN_FILENO, &byte, 1); }) == 1 ? byte : -1;
}

// What follows an escape: "[A", "OA", "[1~" and so on.
Key ReadEscape() {
  constexpr int kTimeout = 30;  // milliseconds; the bytes of a key come together
  const int introducer = NextByte(kTimeout);
  if (introducer != '[' && introducer != 'O') return Key::kOther;
  int byte = NextByte(kTimeout);
  const int first = byte;
  while ((byte >= '0' && byte <= '9') || byte == ';') byte = NextByte(kTimeout);
  switch (byte) {
    case 'A':
      return Key::kUp;
    case 'B':
      return Key::kDown;
    case 'C':
      return Key::kRight;
    case 'D':
      return Key::kLeft;
    case 'H':
      return Key::kHome;
    case 'F':
      return Key::kEnd;
    case '~':
      return first == '1' || first == '7'   ? Key::kHome
             : first == '4' || first == '8' ? Key::kEnd
             : first == '5'                 ? Key::kLeft   // page up
             : first == '6'                 ? Key::kRight  // page down
                                            : Key::kOther;
    default:
      return Key::kOther;
  }
}

}  // namespace

void RestoreScreen() {
  if (holder != ::getpid() || !screen_held.exchange(false)) return;
  const int saved_error = errno;
  Write(kLeave);
  ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
  errno = saved_error;
}

FullScreen::FullScreen() {
  if (::tcgetattr(STDIN_FILENO, &saved) != 0) ThrowLastError("take over", "the terminal");
  termios raw = saved;
  raw.c_lflag &= static_cast<tcflag_t>(~(ICANON | ECHO));
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  raw.c_cc[VSUSP] = _POSIX_VDISABLE;
  raw.c_cc[VQUIT] = _POSIX_VDISABLE;
  holder = ::getpid();
  screen_held = true;
  struct sigaction action = {};
  action.sa_handler = OnCrash;
  action.sa_flags = SA_RESETHAND;
  for (const int signal_number : kCrashes) ::sigaction(signal_number, &action, nullptr);
  if (::tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) != 0) {
    const int code = errno;
    RestoreScreen();
    throw SystemError("take over", "the terminal", code);
  }
  Write(kEnter);
}

FullScreen::~FullScreen() {
  RestoreScreen();
  for (const int signal_number : kCrashes) ::signal(signal_number, SIG_DFL);
}

KeyPress FullScreen::ReadKey(int milliseconds) {
  KeyPress press;
  if (!WaitForInput(milliseconds, press)) return press;
  const int byte = NextByte(0);
  if (byte == -1) return {Key::kClosed, '\0'};
  if (byte == '\x1b') return {ReadEscape(), '\0'};
  return {Key::kCharacter, byte == '\r' ? '\n' : static_cast<char>(byte)};
}

}  // namespace faultline::os
