// What the standard streams are connected to.
#pragma once

#include <cstdint>

namespace faultline::os {

bool StandardErrorIsTerminal();
bool StandardOutputIsTerminal();

// Columns of the terminal, or 80.
std::uint64_t TerminalColumns();

}  // namespace faultline::os
