// The user's wish to stop (Ctrl-C, or a request to terminate), noticed without losing what is
// finished.
#pragma once

namespace faultline::os {

// From now on the first request to stop sets a flag and ends waits (Channel::ReceiveLine) instead
// of ending the process; another one ends it at once, if it comes more than a second later. (What
// comes sooner is the same request: timeout(1) sends two signals, and keys bounce.)
void CatchInterruption();

// Whether the user asked to stop since CatchInterruption.
bool Interrupted();

// For tests, and for a program that goes on after an interruption.
void ClearInterruption();

}  // namespace faultline::os
