// The exit codes of the program, which scripts rely on.
#pragma once

namespace faultline {

inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;        // some trial, experiment or promise failed
inline constexpr int kExitUsage = 2;         // the user's mistake
inline constexpr int kExitNotPossible = 77;  // nothing could be done: a capability is missing
inline constexpr int kExitInterrupted = 130;

}  // namespace faultline
