// Walks at the terminal, a step at a key.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "harness/walk/walker.h"

namespace faultline {

// Makes a walker when its walk begins: walks that are never reached cost nothing.
using WalkerMaker = std::function<std::unique_ptr<Walker>()>;

// Shows the walks one after another on the whole screen: right, down, space and Enter take the next
// step (or show it again), left, up and 'b' show the one before, Home and End the first and the
// last taken, 'q' ends. Returns false when the user asked to stop by a signal. Gives the screen
// back whatever happens. Throws Error. REQUIRES: standard input and output are a terminal.
bool ShowLive(const std::vector<WalkerMaker>& makers);

}  // namespace faultline
