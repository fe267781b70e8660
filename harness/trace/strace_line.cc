#include "harness/trace/strace_line.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

constexpr std::string_view kUnfinishedMark = "<unfinished ...>";
constexpr std::string_view kDigits = "0123456789";
// A quotation of a line in an error is cut here.
constexpr std::size_t kQuotedLength = 80;

[[noreturn]] void Fail(std::string_view why, std::string_view text) {
  throw Error(fmt::format("{}: '{}'", why, text.substr(0, kQuotedLength)));
}

bool IsDigit(char letter) { return letter >= '0' && letter <= '9'; }

template <class Number>
Number ToNumber(std::string_view text, int base, std::string_view whole) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) {
    Fail("no number", whole);
  }
  return number;
}

std::uint64_t ToUnsigned(std::string_view text) {
  if (text.starts_with("0x")) return ToNumber<std::uint64_t>(text.substr(2), 16, text);
  if (text.starts_with("0") && text.size() > 1) return ToNumber<std::uint64_t>(text, 8, text);
  return ToNumber<std::uint64_t>(text, 10, text);
}

// The digits and dots that `text` begins with, with a blank behind them; taken away with the
// blanks.
std::string_view TakeWord(std::string_view& text, std::string_view letters) {
  const std::size_t end = text.find_first_not_of(letters);
  if (end == std::string_view::npos || end == 0 || text[end] != ' ') return {};
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(text.find_first_not_of(' ', end), text.size()));
  return word;
}

// "1795412201.051413", "12:34:56.789" or "12:34:56" in ns.
std::uint64_t ToNanoseconds(std::string_view word) {
  constexpr std::uint64_t kSecond = 1'000'000'000;
  constexpr std::uint64_t kMostSeconds = std::uint64_t{1} << 32;
  std::uint64_t seconds = 0;
  std::size_t at = 0;
  for (std::uint64_t part = 0; at < word.size() && word[at] != '.'; ++at) {
    if (word[at] == ':') {
      seconds = (seconds + part) * 60;
      part = 0;
    } else {
      part = part * 10 + static_cast<std::uint64_t>(word[at] - '0');
    }
    if (seconds + part > kMostSeconds) Fail("no time", word);
    if (at + 1 == word.size() || word[at + 1] == '.') seconds += part;
  }
  std::uint64_t nanoseconds = 0;
  std::uint64_t unit = kSecond;
  for (++at; at < word.size() && unit > 1; ++at) {
    if (!IsDigit(word[at])) Fail("no time", word);
    unit /= 10;
    nanoseconds += unit * static_cast<std::uint64_t>(word[at] - '0');
  }
  return seconds * kSecond + nanoseconds;
}

std::uint32_t ToThread(std::string_view word) { return ToNumber<std::uint32_t>(word, 10, word); }

// "[pid 123] " or "123 ", then a time, all of them optional.
void TakePrefix(std::string_view& text, StraceLine& line) {
  if (text.starts_with("[pid ")) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) Fail("no line of strace", text);
    line.thread = ToThread(Trim(text.substr(5, end - 5)));
    text = text.substr(end + 1);
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  } else if (const std::string_view thread = TakeWord(text, kDigits); !thread.empty()) {
    line.thread = ToThread(thread);
  }
  if (const std::string_view time = TakeWord(text, "0123456789.:"); !time.empty()) {
    line.time_ns = ToNanoseconds(time);
  }
}

std::string_view TakeName(std::string_view text) {
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789");
  return text.substr(0, std::min(end, text.size()));
}

void ParsePluses(std::string_view text, StraceLine& line) {
  constexpr std::string_view kBy = "superseded by execve in pid ";
  if (const std::size_t at = text.find(kBy); at != std::string_view::npos) {
    line.kind = StraceLine::Kind::kSuperseded;
    const std::string_view rest = text.substr(at + kBy.size());
    line.successor = ToThread(rest.substr(0, rest.find(' ')));
  } else if (text.find("exited with") != std::string_view::npos ||
             text.find("killed by") != std::string_view::npos) {
    line.kind = StraceLine::Kind::kExited;
  }
}

// Where the text in quotes that begins at `at` ends, one past the quote.
std::size_t EndOfQuotes(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  Fail("quotes are not closed", text);
}

// Where a descriptor's path ends, one past its '>'; there may be another in it ("</dev/null<char
// 1:3>>"), and arrows of addresses.
std::size_t EndOfPath(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '<') ++depth;
    if (text[at] == '>' && text[at - 1] != '-' && --depth == 0) return at + 1;
  }
  Fail("a descriptor's path is not closed", text);
}

bool BeginsPath(std::string_view text, std::size_t at) {
  if (at == 0 || text[at] != '<' || (at + 1 < text.size() && text[at + 1] == '<')) return false;
  return IsDigit(text[at - 1]) || text.substr(0, at).ends_with("AT_FDCWD");
}

int OctalDigit(char letter) { return letter >= '0' && letter <= '7' ? letter - '0' : -1; }

int HexDigit(char letter) {
  if (IsDigit(letter)) return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

std::string Unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      plain += text[at];
      continue;
    }
    const char letter = text[++at];
    if (OctalDigit(letter) >= 0) {
      int value = OctalDigit(letter);
      for (int more = 0; more < 2 && at + 1 < text.size() && OctalDigit(text[at + 1]) >= 0;
           ++more) {
        value = value * 8 + OctalDigit(text[++at]);
      }
      plain += static_cast<char>(value);
    } else if (letter == 'x' && at + 2 < text.size() && HexDigit(text[at + 1]) >= 0 &&
               HexDigit(text[at + 2]) >= 0) {
      plain += static_cast<char>(HexDigit(text[at + 1]) * 16 + HexDigit(text[at + 2]));
      at += 2;
    } else {
      constexpr std::string_view kLetters = "ntrvf";
      constexpr std::string_view kMeanings = "\n\t\r\v\f";
      const std::size_t known = kLetters.find(letter);
      plain += known == std::string_view::npos ? letter : kMeanings[known];
    }
  }
  return plain;
}

}  // namespace

StraceLine ParseStraceLine(std::string_view whole) {
  StraceLine line;
  std::string_view text = whole;
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.empty() || text.starts_with("strace: ")) return line;
  TakePrefix(text, line);
  if (text.starts_with("---")) return line;
  if (text.starts_with("+++")) {
    ParsePluses(text, line);
    return line;
  }
  constexpr std::string_view kResumedBegin = "<... ";
  constexpr std::string_view kResumedEnd = " resumed>";
  if (text.starts_with(kResumedBegin)) {
    const std::size_t end = text.find(kResumedEnd);
    if (end == std::string_view::npos) Fail("no line of strace", whole);
    line.kind = StraceLine::Kind::kResumed;
    line.name = text.substr(kResumedBegin.size(), end - kResumedBegin.size());
    line.text = text.substr(end + kResumedEnd.size());
    return line;
  }
  line.name = TakeName(text);
  if (line.name.empty() || text.substr(line.name.size(), 1) != "(") {
    Fail("no line of strace", whole);
  }
  line.kind = StraceLine::Kind::kCall;
  line.text = text;
  // Behind a mark there may be a result yet, of an exit that never returns.
  if (const std::string_view end = Trim(text); end.ends_with(kUnfinishedMark)) {
    line.kind = StraceLine::Kind::kUnfinished;
    line.text = end.substr(0, end.size() - kUnfinishedMark.size());
  }
  return line;
}

StraceCall ParseStraceCall(std::string_view text) {
  StraceCall call;
  call.name = TakeName(text);
  if (text.substr(call.name.size(), 1) != "(") Fail("no call", text);
  std::size_t at = call.name.size() + 1;
  std::size_t begin = at;
  int depth = 0;
  auto take_argument = [&] {
    const std::string_view argument = Trim(text.substr(begin, at - begin));
    if (!argument.empty()) call.arguments.push_back(argument);
    begin = at + 1;
  };
  for (;; ++at) {
    if (at >= text.size()) Fail("the call does not end", text);
    const char letter = text[at];
    if (letter == '"') {
      at = EndOfQuotes(text, at) - 1;
    } else if (BeginsPath(text, at)) {
      at = EndOfPath(text, at) - 1;
    } else if (letter == '(' || letter == '[' || letter == '{') {
      ++depth;
    } else if (letter == ')' && depth == 0) {
      take_argument();
      break;
    } else if (letter == ')' || letter == ']' || letter == '}') {
      --depth;
    } else if (letter == ',' && depth == 0) {
      take_argument();
    }
  }
  const std::string_view rest = Trim(text.substr(at + 1));
  if (!rest.starts_with("=")) Fail("the call has no result", text);
  call.result = Trim(rest.substr(1));
  return call;
}

std::optional<std::uint64_t> StraceCall::Returned() const {
  if (result.empty() || result.front() == '?' || result.front() == '-') return std::nullopt;
  const std::size_t end = result.find_first_not_of("0123456789abcdefx");
  return ToUnsigned(result.substr(0, end));
}

std::string_view StraceCall::Argument(std::size_t index) const {
  if (index >= arguments.size()) {
    throw Error(fmt::format("'{}' has no argument {}", name, index + 1));
  }
  return arguments[index];
}

std::uint64_t StraceCall::Number(std::size_t index) const { return ToUnsigned(Argument(index)); }

std::int64_t StraceCall::SignedNumber(std::size_t index) const {
  const std::string_view text = Argument(index);
  return ToNumber<std::int64_t>(text, 10, text);
}

std::optional<std::uint64_t> StraceCall::NumberInBrackets(std::size_t index) const {
  const std::string_view text = Argument(index);
  if (text == "NULL") return std::nullopt;
  const std::size_t end = text.find(']');
  if (!text.starts_with("[") || end == std::string_view::npos) Fail("no number in brackets", text);
  return ToUnsigned(text.substr(1, end - 1));
}

std::string StraceCall::Path(std::size_t index) const {
  const std::string_view text = Argument(index);
  if (!text.starts_with("\"")) Fail("no text in quotes", text);
  return Unescaped(text.substr(1, EndOfQuotes(text, 0) - 2));
}

bool StraceCall::Has(std::size_t index, std::string_view flag) const {
  std::string_view text = Argument(index);
  while (!text.empty()) {
    const std::size_t end = text.find('|');
    if (text.substr(0, end) == flag) return true;
    if (end == std::string_view::npos) return false;
    text.remove_prefix(end + 1);
  }
  return false;
}

StraceDescriptor ParseStraceDescriptor(std::string_view text) {
  StraceDescriptor descriptor;
  const std::size_t path = text.find('<');
  const std::string_view number = text.substr(0, path);
  descriptor.number = number == "AT_FDCWD" ? StraceDescriptor::kCurrentDirectory
                                           : ToNumber<std::int32_t>(number, 10, text);
  if (path == std::string_view::npos) return descriptor;
  const std::size_t end = EndOfPath(text, path);
  descriptor.path = Unescaped(text.substr(path + 1, end - path - 2));
  descriptor.deleted = text.substr(end).find("(deleted)") != std::string_view::npos;
  constexpr std::string_view kOldForm = " (deleted)";
  if (descriptor.path.ends_with(kOldForm)) {
    descriptor.deleted = true;
    descriptor.path.resize(descriptor.path.size() - kOldForm.size());
  }
  return descriptor;
}

}  // namespace faultline
