#include "harness/trace/strace_line.h"

#include <algorithm>
#include <limits>

#include "harness/trace/scanning.h"

namespace faultline {
namespace {

using namespace scanning;

constexpr std::uint64_t kSecondNs = 1'000'000'000;
constexpr std::uint64_t kMostSeconds = std::uint64_t{1} << 32;
// Linux gives no thread a greater number; the seconds since 1970 have long been greater.
constexpr std::uint64_t kMostThread = std::uint64_t{1} << 22;

// "12:34:56" or "1795412201" in seconds.
std::optional<std::uint64_t> ReadSeconds(std::string_view word) {
  std::uint64_t seconds = 0;
  std::size_t parts = 0;
  while (true) {
    const std::size_t end = std::min(word.find(':'), word.size());
    const auto part = ToNumber<std::uint64_t>(word.substr(0, end));
    if (!part || *part > kMostSeconds || (parts > 0 && *part > 60)) return std::nullopt;
    seconds = seconds * 60 + *part;
    ++parts;
    if (end == word.size()) break;
    word.remove_prefix(end + 1);
  }
  if (parts == 3 ? seconds > StraceTime::kDayNs / kSecondNs : parts != 1) return std::nullopt;
  return seconds;
}

// "1795412201.051413", "12:34:56.789" or "12:34:56" in ns.
std::optional<std::uint64_t> ReadTime(std::string_view word) {
  const std::size_t point = std::min(word.find('.'), word.size());
  const std::optional<std::uint64_t> seconds = ReadSeconds(word.substr(0, point));
  if (!seconds) return std::nullopt;
  std::uint64_t nanoseconds = 0;
  std::uint64_t unit = kSecondNs;
  for (std::size_t at = point + 1; at < word.size() && unit > 1; ++at) {
    if (!IsDigit(word[at])) return std::nullopt;
    unit /= 10;
    nanoseconds += unit * static_cast<std::uint64_t>(word[at] - '0');
  }
  return *seconds * kSecondNs + nanoseconds;
}

// "[pid 123] ", "123 ", each perhaps with the command's name behind the number: "123<sqlite3> ". A
// number behind blanks is a time, as differences are printed.
void TakeThread(std::string_view& text, bool indented, StraceLine& line) {
  std::string_view rest = text;
  const bool bracketed = Take(rest, "[pid ");
  SkipBlanks(rest);
  const auto number = ToNumber<std::uint32_t>(TakeWhile(rest, kDigits));
  if (!number) return;
  bool named = false;
  if (rest.starts_with('<')) {
    const std::size_t end = rest.find('>');
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
    named = true;
  }
  if (bracketed && !Take(rest, "]")) return;
  if (!rest.starts_with(' ')) return;
  if (!bracketed && !named && (indented || *number > kMostThread)) return;
  SkipBlanks(rest);
  line.thread = *number;
  text = rest;
}

// A clock, a difference to the line before, or both.
void TakeTimes(std::string_view& text, StraceTime& time) {
  for (int round = 0; round < 2; ++round) {
    std::string_view rest = text;
    const bool in_parentheses = Take(rest, "(+");
    if (in_parentheses) SkipBlanks(rest);
    const std::string_view word = TakeWhile(rest, "0123456789.:");
    const std::optional<std::uint64_t> ns = ReadTime(word);
    if (!ns || (in_parentheses && !Take(rest, ")")) || !rest.starts_with(' ')) return;
    const bool difference = in_parentheses || (word.find(':') == std::string_view::npos &&
                                               *ns < StraceTime::kLeastEpochNs);
    (difference ? time.difference_ns : time.clock_ns) = *ns;
    SkipBlanks(rest);
    text = rest;
  }
}

// The call's number (-n) and where the program was (-i): "[ 257] [00007fd584528b1d] ".
void SkipNumbers(std::string_view& text) {
  for (int round = 0; round < 2; ++round) {
    std::string_view rest = text;
    if (!Take(rest, "[")) return;
    SkipBlanks(rest);
    if (TakeWhile(rest, "0123456789abcdef?").empty() || !Take(rest, "] ")) return;
    SkipBlanks(rest);
    text = rest;
  }
}

std::uint32_t ThreadBehind(std::string_view text, std::string_view words) {
  const std::size_t at = text.find(words);
  if (at == std::string_view::npos) return 0;
  text.remove_prefix(at + words.size());
  return ToNumber<std::uint32_t>(TakeWhile(text, kDigits)).value_or(0);
}

// "+++ exited with 0 +++" and the like.
void ReadEnd(std::string_view text, StraceLine& line) {
  if (const std::uint32_t successor = ThreadBehind(text, "superseded by execve in pid ");
      successor != 0) {
    line.kind = StraceLine::Kind::kSuperseded;
    line.other = successor;
  } else if (text.starts_with("+++ exited with ") || text.starts_with("+++ killed by ")) {
    line.kind = StraceLine::Kind::kExited;
  }
}

// "<... read resumed>" and the rest of the call.
void ReadResumed(std::string_view text, StraceLine& line) {
  constexpr std::string_view kBegin = "<... ";
  constexpr std::string_view kEnd = " resumed>";
  const std::size_t end = text.find(kEnd);
  if (end == std::string_view::npos) return;
  line.kind = StraceLine::Kind::kResumed;
  line.name = text.substr(kBegin.size(), end - kBegin.size());
  line.text = text.substr(end + kEnd.size());
}

// Whether a line begins like the row of a table of counts: "  0.00    0.000000           0
// 4".
bool IsTableRow(std::string_view text) {
  for (int column = 0; column < 3; ++column) {
    SkipBlanks(text);
    const std::string_view word = TakeWhile(text, "0123456789.");
    if (word.empty() || !text.starts_with(' ')) return false;
    if (column == 0 && word.find('.') == std::string_view::npos) return false;
  }
  return true;
}

// Words of strace that begin no call: tables (-c, -C), stacks (-k), dumps (-e read), messages.
bool IsOwn(std::string_view line) {
  for (const std::string_view begin :
       {"strace: ", "[ Process PID=", " > ", "% time ", "------ -", "System call usage summary",
        " | 0", "umovestr: ", "upeek: ", "ptrace: umoven", "PANIC: "}) {
    if (line.starts_with(begin)) return true;
  }
  const std::string_view text = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  return text == "<detached ...>" || text == "<unfinished ...>" || IsTableRow(line) ||
         (text.starts_with("* ") && text.find(" bytes in buffer ") != std::string_view::npos);
}

// "strace: Process 8 attached", older ones without "strace: ". What they detach from is gone.
bool ReadProcessMessage(std::string_view line, StraceLine& into) {
  Take(line, "strace: ");
  if (!Take(line, "Process ")) return false;
  const auto thread = ToNumber<std::uint32_t>(TakeWhile(line, kDigits));
  if (!thread) return false;
  if (line.starts_with(" attached")) {
    into = {.kind = StraceLine::Kind::kAttached, .other = *thread};
  } else if (line.starts_with(" detached")) {
    into = {.kind = StraceLine::Kind::kExited, .thread = *thread};
  } else if (line.starts_with(" suspended") || line.starts_with(" resumed") ||
             line.starts_with(" runs in ")) {
    into = {.kind = StraceLine::Kind::kOwn};
  } else {
    return false;
  }
  return true;
}

}  // namespace

StraceLine ParseStraceLine(std::string_view whole) {
  StraceLine line;
  std::string_view text = whole;
  SkipBlanks(text);
  if (text.empty()) return {.kind = StraceLine::Kind::kEmpty};
  if (ReadProcessMessage(whole, line)) return line;
  if (IsOwn(whole)) return {.kind = StraceLine::Kind::kOwn};
  TakeThread(text, text.size() < whole.size(), line);
  TakeTimes(text, line.time);
  SkipNumbers(text);
  if (text.starts_with("--- SIG") || text.starts_with("--- stopped by ")) {
    line.kind = StraceLine::Kind::kSignal;
  } else if (text.starts_with("+++ ")) {
    ReadEnd(text, line);
  } else if (text.starts_with("<... ")) {
    ReadResumed(text, line);
  } else {
    std::string_view rest = text;
    // "???" is a call that strace doesn't know.
    const std::string_view name = TakeWhile(rest, "abcdefghijklmnopqrstuvwxyz_0123456789?SY");
    if (!name.empty() && !IsDigit(name.front()) && rest.starts_with('(')) {
      line.kind = StraceLine::Kind::kCall;
      line.name = name;
      line.text = text;
    }
  }
  return line;
}

std::optional<std::uint64_t> StraceClock::Next(const StraceTime& time) {
  if (time.clock_ns) {
    std::uint64_t now = *time.clock_ns;
    if (now < StraceTime::kDayNs) {
      if (day_ns_ + now + StraceTime::kDayNs / 2 < now_ns_) day_ns_ += StraceTime::kDayNs;
      now += day_ns_;
    }
    now_ns_ = now;
    absolute_ = true;
  } else if (time.difference_ns) {
    constexpr std::uint64_t kLatest = std::numeric_limits<std::int64_t>::max();
    now_ns_ = std::min(now_ns_ + std::min(*time.difference_ns, kLatest), kLatest);
  } else {
    return std::nullopt;
  }
  return now_ns_;
}

}  // namespace faultline
