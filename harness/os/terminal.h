// What the standard streams are connected to, and a terminal taken over for a while.
#pragma once

#include <cstdint>

namespace faultline::os {

bool StandardInputIsTerminal();
bool StandardErrorIsTerminal();
bool StandardOutputIsTerminal();

// Whether escape sequences for colours may go to standard output: to a terminal that knows them,
// unless the user says NO_COLOR (no-color.org).
bool StandardOutputHasColours();

// Columns of the terminal, or 80.
std::uint64_t TerminalColumns();

// Rows of the terminal, or 24.
std::uint64_t TerminalRows();

// A key, as far as programs here act on one.
enum class Key {
  kNone,  // nothing within the time given
  kLeft,
  kRight,
  kUp,
  kDown,
  kHome,
  kEnd,
  kCharacter,    // KeyPress::character says which; Enter is '\n'
  kInterrupted,  // the user asked to stop (interruption.h)
  kClosed,       // no more input
  kOther,
};
struct KeyPress {
  Key key = Key::kNone;
  char character = '\0';
};

// The whole screen of the terminal at standard input and output, and its keys as they are pressed,
// without echo. The destructor gives everything back as it was; so does an end by a signal, of a
// crash too. Ctrl-C stays a request to stop; stopping the program for a while (Ctrl-Z) is off.
// One at a time.
class FullScreen {
 public:
  FullScreen();  // throws SystemError when standard input is no terminal
  FullScreen(const FullScreen&) = delete;
  FullScreen& operator=(const FullScreen&) = delete;
  ~FullScreen();

  // Waits for a key, at most `milliseconds`.
  KeyPress ReadKey(int milliseconds);
};

// Gives back what a FullScreen holds; no effect without one. Fit for signal handlers.
void RestoreScreen();

}  // namespace faultline::os
