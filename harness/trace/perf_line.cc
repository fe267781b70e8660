#include "harness/trace/perf_line.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/trace/scanning.h"

namespace faultline {
namespace {

constexpr std::size_t kMostPerfArguments = 6;

// An argument as perf names it, and what stands before its constants where strace prints them.
struct PerfArgument {
  std::string_view label;
  std::string_view prefix = {};
};

struct PerfShape {
  std::string_view name;
  std::array<PerfArgument, kMostPerfArguments> arguments;
};

constexpr PerfArgument kOpenFlags = {"flags", "O_"};

constexpr std::array kPerfShapes = {
    PerfShape{"open", {{{"filename"}, kOpenFlags, {"mode"}}}},
    PerfShape{"openat", {{{"dfd", "AT_FD"}, {"filename"}, kOpenFlags, {"mode"}}}},
    PerfShape{"creat", {{{"pathname"}, {"mode"}}}},
    PerfShape{"close", {{{"fd"}}}},
    PerfShape{"dup", {{{"fildes"}}}},
    PerfShape{"dup2", {{{"oldfd"}, {"newfd"}}}},
    PerfShape{"dup3", {{{"oldfd"}, {"newfd"}, kOpenFlags}}},
    PerfShape{"fcntl", {{{"fd"}, {"cmd", "F_"}, {"arg"}}}},
    PerfShape{"lseek", {{{"fd"}, {"offset"}, {"whence", "SEEK_"}}}},
    PerfShape{"read", {{{"fd"}, {"buf"}, {"count"}}}},
    PerfShape{"write", {{{"fd"}, {"buf"}, {"count"}}}},
    PerfShape{"readv", {{{"fd"}, {"vec"}, {"vlen"}}}},
    PerfShape{"writev", {{{"fd"}, {"vec"}, {"vlen"}}}},
    PerfShape{"pread64", {{{"fd"}, {"buf"}, {"count"}, {"pos"}}}},
    PerfShape{"pwrite64", {{{"fd"}, {"buf"}, {"count"}, {"pos"}}}},
    PerfShape{"preadv", {{{"fd"}, {"vec"}, {"vlen"}, {"pos_l"}}}},
    PerfShape{"pwritev", {{{"fd"}, {"vec"}, {"vlen"}, {"pos_l"}}}},
    PerfShape{"preadv2", {{{"fd"}, {"vec"}, {"vlen"}, {"pos_l"}, {"flags", "RWF_"}}}},
    PerfShape{"pwritev2", {{{"fd"}, {"vec"}, {"vlen"}, {"pos_l"}, {"flags", "RWF_"}}}},
    PerfShape{"fsync", {{{"fd"}}}},
    PerfShape{"fdatasync", {{{"fd"}}}},
    PerfShape{"sync", {}},
    PerfShape{"syncfs", {{{"fd"}}}},
    PerfShape{"sync_file_range", {{{"fd"}, {"offset"}, {"nbytes"}, {"flags"}}}},
    PerfShape{"ftruncate", {{{"fd"}, {"length"}}}},
    PerfShape{"truncate", {{{"path"}, {"length"}}}},
    PerfShape{"fallocate", {{{"fd"}, {"mode", "FALLOC_FL_"}, {"offset"}, {"len"}}}},
    PerfShape{"fadvise64", {{{"fd"}, {"offset"}, {"len"}, {"advice"}}}},
    PerfShape{"mmap", {{{"addr"}, {"len"}, {"prot", "PROT_"}, {"flags", "MAP_"}, {"fd"}, {"off"}}}},
    PerfShape{"munmap", {{{"addr"}, {"len"}}}},
    PerfShape{"msync", {{{"start"}, {"len"}, {"flags", "MS_"}}}},
    PerfShape{"clone", {{{"clone_flags", "CLONE_"}}}},
    PerfShape{"fork", {}},
    PerfShape{"vfork", {}},
    PerfShape{"chdir", {{{"filename"}}}},
    PerfShape{"rename", {{{"oldname"}, {"newname"}}}},
    PerfShape{"unlink", {{{"pathname"}}}},
    PerfShape{"unlinkat", {{{"dfd", "AT_FD"}, {"pathname"}, {"flag"}}}},
    PerfShape{"execve", {{{"filename"}, {"argv"}, {"envp"}}}},
};

// "12.345" in ms, before a blank; "?" of what began before perf did. False for anything else.
bool TakeMilliseconds(std::string_view& text, std::optional<std::uint64_t>& time_ns) {
  scanning::SkipBlanks(text);
  if (scanning::Take(text, "? ")) return true;
  time_ns = scanning::ToUnits(scanning::TakeWhile(text, "0123456789."), 1'000'000);
  return time_ns && text.starts_with(' ');
}

// "cat/1234": the number behind the last slash of what stands before a call.
std::uint32_t ThreadOfCommand(std::string_view command) {
  const std::size_t slash = command.rfind('/');
  if (slash == std::string_view::npos) return 0;
  return ToNumber<std::uint32_t>(command.substr(slash + 1)).value_or(0);
}

// Constants as strace prints them: "RDONLY|CLOEXEC" with "O_" before each.
std::string WithPrefix(std::string_view value, std::string_view prefix) {
  if (prefix.empty() || value.empty() || !scanning::IsUpper(value.front()))
    return std::string(value);
  std::string text;
  for (const std::string& word : Split(value, '|')) {
    text += fmt::format("{}{}{}", text.empty() ? "" : "|", word.starts_with(prefix) ? "" : prefix,
                        word);
  }
  return text;
}

// The value of an argument of that name among "fd: 3</x>, buf: 0x7f, count: 4096"; "" where it is
// left out.
std::string_view ValueOf(std::string_view arguments, std::string_view label) {
  std::size_t at = 0;
  while (at < arguments.size()) {
    std::string_view rest = arguments.substr(at);
    scanning::SkipBlanks(rest);
    const bool named = scanning::Take(rest, label) && scanning::Take(rest, ": ");
    // To the comma behind the value, which may be a text in quotes.
    const std::size_t begin = static_cast<std::size_t>(rest.data() - arguments.data());
    std::size_t end = begin;
    bool quoted = false;
    while (end < arguments.size() && (quoted || !arguments.substr(end).starts_with(", "))) {
      if (arguments[end] == '"') quoted = !quoted;
      // A descriptor's path may hold commas.
      const bool path = !quoted && arguments[end] == '<';
      end = path ? std::min(arguments.find('>', end), arguments.size() - 1) : end;
      ++end;
    }
    if (named) return Trim(arguments.substr(begin, end - begin));
    at = end + 2;
  }
  return {};
}

}  // namespace

std::optional<PerfLine> ReadPerfLine(std::string_view text) {
  constexpr std::string_view kContinued = "... [continued]: ";
  PerfLine line;
  if (!TakeMilliseconds(text, line.time_ns)) return std::nullopt;
  scanning::SkipBlanks(text);
  if (!text.starts_with('(')) return std::nullopt;
  const std::size_t took = text.find("):");
  if (took == std::string_view::npos) return std::nullopt;
  const std::string_view duration = Trim(text.substr(1, took - 1));
  if (!duration.empty() && !duration.ends_with(" ms")) return std::nullopt;
  text = Trim(text.substr(took + 2));
  const std::size_t continued = text.find(kContinued);
  line.continued = continued != std::string_view::npos;
  std::string_view before = line.continued ? Trim(text.substr(0, continued)) : std::string_view();
  if (line.continued) text = text.substr(continued + kContinued.size());
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || open == 0) return std::nullopt;
  const std::string_view head = text.substr(0, open);
  const std::size_t blank = head.rfind(' ');
  line.name = blank == std::string_view::npos ? head : head.substr(blank + 1);
  if (!line.continued && blank != std::string_view::npos) before = Trim(head.substr(0, blank));
  line.thread = ThreadOfCommand(before);
  const std::size_t end = EndOfGroup(text, open);
  if (end == std::string_view::npos) return std::nullopt;
  line.arguments = text.substr(open + 1, end - open - 2);
  std::string_view rest = Trim(text.substr(end));
  if (line.continued) scanning::Take(rest, ")");
  rest = Trim(rest);
  if (scanning::Take(rest, "=")) {
    line.result = Trim(rest);
  } else if (rest != "...") {
    return std::nullopt;
  }
  return line;
}

bool PerfCall::Assign(std::string_view name, std::string_view arguments, std::string_view result) {
  const auto shape = std::find_if(kPerfShapes.begin(), kPerfShapes.end(),
                                  [&](const PerfShape& known) { return known.name == name; });
  if (shape == kPerfShapes.end()) return false;
  name_ = name;
  result_ = result;
  texts_.clear();
  for (const PerfArgument& argument : shape->arguments) {
    if (argument.label.empty()) break;
    const std::string_view value = ValueOf(arguments, argument.label);
    texts_.push_back(value.empty() ? "0" : WithPrefix(value, argument.prefix));
  }
  call_.name = name_;
  call_.result = result_;
  call_.arguments.assign(texts_.begin(), texts_.end());
  return true;
}

}  // namespace faultline
