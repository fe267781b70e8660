// System calls whose arguments are numbers, in the words of tracers.
#pragma once

#include <fcntl.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace faultline::os {

// What an argument is printed as.
enum class ArgumentWords : std::uint8_t {
  kNothing,  // "0": an address, or what no reader asks for
  kSkipped,  // not at all: a half that the system alone has
  kInteger,  // a descriptor, or another number of 32 bits with a sign
  kSigned,
  kUnsigned,
  kAddress,  // hexadecimal
  kWhence,
  kProtection,
  kMapping,
  kSyncing,
  kAllocation,
  kTransfer,  // RWF_…
  kCommand,   // of fcntl
  kCommandArgument,
  kOpening,  // O_…, and what has the same value: SOCK_CLOEXEC and its like
  kMemoryFile,
  kClosing,  // of close_range
};

struct NumericCall {
  std::int32_t number;
  std::string_view name;
  std::array<ArgumentWords, 6> arguments;
  // It gets a descriptor, or memory, that may have been in use for something else until it ends: it
  // is told with the time of its end.
  bool at_end = false;
};

// The commands of fcntl that say more of a descriptor than its locks, in order.
inline constexpr std::int64_t kToldFcntlCommands[] = {F_DUPFD, F_SETFD, F_GETFL, F_SETFL,
                                                      F_DUPFD_CLOEXEC};

// In the order of their numbers.
std::span<const NumericCall> NumericCalls();

// The numbers of calls that make descriptors and are told of by others, with names: only their ends
// are of interest. In order.
std::span<const std::int64_t> OpeningCalls();

// nullptr for any other.
const NumericCall* FindNumericCall(std::int64_t number);

// The words of an argument; `command` is the call's second argument.
std::string WordsOf(ArgumentWords kind, std::uint64_t value, std::uint64_t command);

// The words of a result; a call that failed says no more than tracers' readers ask for.
std::string ResultWords(const NumericCall& call, std::uint64_t command, std::int64_t result);

}  // namespace faultline::os
