// One line of strace's output, taken apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

struct StraceLine {
  enum class Kind {
    kCall,        // `text` is "name(…) = result"
    kUnfinished,  // `text` is "name(…" as far as it was printed
    kResumed,     // `name` is the call's, `text` the rest of it: "…) = result"
    kExited,      // the thread is gone
    kSuperseded,  // likewise, and the thread `successor` goes on under this one's number
    kNote,        // a signal, or words of strace's own
  };
  Kind kind = Kind::kNote;
  std::uint32_t thread = 0;  // 0 where the text names none
  std::uint32_t successor = 0;
  std::optional<std::uint64_t> time_ns;  // since whatever the clock counts from
  std::string_view name;                 // of the call
  std::string_view text;
};

// Throws Error, without the line's number, for what strace can't have printed.
StraceLine ParseStraceLine(std::string_view line);

// A finished call.
struct StraceCall {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::string_view result;  // behind the '='

  // The result as a number; absent where strace didn't know it, or the call failed.
  std::optional<std::uint64_t> Returned() const;

  // All throw Error, naming the argument's number, for anything else.
  std::string_view Argument(std::size_t index) const;
  std::uint64_t Number(std::size_t index) const;  // decimal, octal or hexadecimal
  std::int64_t SignedNumber(std::size_t index) const;
  std::optional<std::uint64_t> NumberInBrackets(
      std::size_t index) const;                              // "[10]", absent for NULL
  std::string Path(std::size_t index) const;                 // a quoted text
  bool Has(std::size_t index, std::string_view flag) const;  // one of "A|B|C"
};

// Throws Error. `text` outlives the result.
StraceCall ParseStraceCall(std::string_view text);

// A descriptor as strace prints it: "3", "3</a/path>", "3</a/path>(deleted)".
struct StraceDescriptor {
  std::int64_t number = -1;  // AT_FDCWD: kCurrentDirectory
  std::string path;          // "" where none was printed
  bool deleted = false;

  static constexpr std::int64_t kCurrentDirectory = -100;
};
StraceDescriptor ParseStraceDescriptor(std::string_view text);

}  // namespace faultline
