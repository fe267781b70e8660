// A call as strace prints it: "pread64(3</a/path>, \"x\"..., 4096, 0) = 4096 <0.000012>".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/error.h"

namespace faultline {

// Thrown for a call whose arguments say something else than they must.
class UnreadableCall final : public Error {
 public:
  using Error::Error;
};

// A finished call. The texts are parts of what was scanned.
struct StraceCall {
  std::string_view name;
  std::vector<std::string_view> arguments;
  std::string_view result;  // behind the '='

  // The result as a number; absent where strace didn't know it, or the call failed.
  std::optional<std::uint64_t> Returned() const;
  bool FailedWith(std::string_view error) const;  // "ESPIPE"

  // All throw UnreadableCall, naming the argument's number, for anything else.
  std::string_view Argument(std::size_t index) const;
  std::uint64_t Number(std::size_t index) const;  // decimal, octal or hexadecimal
  std::int64_t SignedNumber(std::size_t index) const;
  // "[10]" and "[10 => 20]", absent for NULL.
  std::optional<std::uint64_t> NumberInBrackets(std::size_t index) const;
  std::string Path(std::size_t index) const;  // a text in quotes

  // Whether the argument has that flag, as in "A|B", "{flags=A|B}" or "0x3 /* A|B */". An argument
  // that isn't there has none.
  bool Has(std::size_t index, std::string_view flag) const;
};

// How far a text reads as a call.
struct CallScan {
  bool complete = false;  // to its result
  // Else: the call goes on behind text[0, end), and what follows there is not of it. Should what
  // goes on not fit there, it fits behind text[0, argument), where the last argument begins.
  std::size_t end = 0;
  std::size_t argument = 0;
};

// Scans a text that begins with "name(". `call` has the arguments and the result if it is complete;
// the text must outlive them then. Time: proportional to the text.
CallScan ScanStraceCall(std::string_view text, StraceCall& call);

// A descriptor as strace prints it: "3", "3</a/path>", "3</dev/sda<block 8:0>>",
// "3</a/path>(deleted)".
struct StraceDescriptor {
  std::int64_t number = -1;  // AT_FDCWD: kCurrentDirectory
  std::string path;          // "" where none was printed; may be no path: "pipe:[77]"
  bool deleted = false;

  static constexpr std::int64_t kCurrentDirectory = -100;

  // As the system has it, also of old versions of strace: " (deleted)" behind it is no part of it.
  void SetPath(std::string name);

  // Whether the path is one in the file system.
  bool named() const { return path.starts_with('/') && !path.starts_with("/memfd:"); }
};

// Throws UnreadableCall.
StraceDescriptor ParseStraceDescriptor(std::string_view text);

// Where the group ends that begins with the bracket at `at`, one past its own bracket; npos where
// it doesn't end. Quotes and descriptors' paths in it may hold brackets.
std::size_t EndOfGroup(std::string_view text, std::size_t at);

}  // namespace faultline
