#include "harness/trace/strace_syntax.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "harness/base/text.h"
#include "harness/trace/line_counts.h"
#include "harness/trace/scanning.h"

namespace faultline {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

[[noreturn, gnu::cold]] void ThrowUnreadable(std::string_view why, std::string_view text) {
  throw UnreadableCall(fmt::format("{}: {}", why, QuotedPiece(text)));
}

// Where the text in quotes that begins at `at` ends, one past the quote.
std::size_t EndOfQuotes(std::string_view text, std::size_t at) {
  while (true) {
    at = text.find_first_of("\\\"", at + 1);
    if (at == kNowhere) return kNowhere;
    if (text[at] == '"') return at + 1;
    ++at;
  }
}

bool BeginsPath(std::string_view text, std::size_t at) {
  if (at == 0 || text[at] != '<' || text.substr(at + 1, 1) == "<") return false;
  return scanning::IsDigit(text[at - 1]) || text.substr(0, at).ends_with("AT_FDCWD");
}

// Where a descriptor's path ends, one past its '>'; there may be another in it ("</dev/null<char
// 1:3>>"), and arrows of addresses.
std::size_t EndOfPath(std::string_view text, std::size_t at) {
  int depth = 0;
  for (; at < text.size(); ++at) {
    if (text[at] == '<') ++depth;
    if (text[at] == '>' && text[at - 1] != '-' && --depth == 0) return at + 1;
  }
  return kNowhere;
}

// Letters of a constant that others' words may follow without a blank: "O_RDONLYloading".
constexpr std::size_t kLeastConstant = 4;

class CallScanner {
 public:
  CallScanner(std::string_view text, StraceCall& call) : text_(text), call_(call) {}

  CallScan Run() {
    call_.arguments.clear();
    call_.result = {};
    at_ = text_.find('(') + 1;
    call_.name = text_.substr(0, at_ - 1);
    begin_ = good_ = at_;
    for (bool wants_value = true;;) {
      SkipBlanks();
      if (Next(')') && (!wants_value || (call_.arguments.empty() && begin_ == good_))) {
        return Result();
      }
      if (wants_value) {
        if (!Value()) return Open();
        wants_value = false;
      } else if (Next(',')) {
        TakeArgument();
        begin_ = ++at_;
        wants_value = true;
      } else if (Operator()) {
        wants_value = true;
        continue;
      } else if (!Comment()) {
        return Open();
      }
      good_ = at_;
    }
  }

 private:
  CallScan Open() const { return {.complete = false, .end = good_, .argument = begin_}; }

  bool Next(char letter) const { return at_ < text_.size() && text_[at_] == letter; }

  bool Take(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  void SkipBlanks() { at_ = std::min(text_.find_first_not_of(' ', at_), text_.size()); }

  void TakeArgument() {
    const std::string_view argument = Trim(text_.substr(begin_, at_ - begin_));
    if (!argument.empty()) call_.arguments.push_back(argument);
  }

  bool MoveTo(std::size_t end) {
    if (end == kNowhere) return false;
    at_ = end;
    return true;
  }

  bool Comment() {
    if (!text_.substr(at_).starts_with("/*")) return false;
    const std::size_t end = text_.find("*/", at_ + 2);
    return MoveTo(end == kNowhere ? kNowhere : end + 2);
  }

  // What stands between two values of one argument; older versions couldn't tell some requests from
  // others ("TCGETS or SNDCTL_TMR_TIMEBASE").
  bool Operator() { return Take("|") || Take("=>") || Take("<<") || Take("*") || Take("or "); }

  bool Value() {
    while (Next('~') || Next('-') || Next('&') || Next('@')) ++at_;
    if (at_ >= text_.size()) return false;
    const char letter = text_[at_];
    if (letter == '"') {
      if (!MoveTo(EndOfQuotes(text_, at_))) return false;
      Take("...");
      return true;
    }
    if (letter == '[' || letter == '{') return MoveTo(EndOfGroup(text_, at_));
    if (letter == '<') return Words();
    if (scanning::IsDigit(letter)) return Number();
    if (letter == '?') return MoveTo(std::min(text_.find_first_not_of('?', at_), text_.size()));
    if (scanning::IsUpper(letter) || letter == '_') return Constant();
    return scanning::IsLower(letter) && NamedValue();
  }

  // "<... resuming interrupted read ...>"
  bool Words() {
    if (!text_.substr(at_).starts_with("<... ")) return false;
    const std::size_t end = text_.find(" ...>", at_);
    return MoveTo(end == kNowhere ? kNowhere : end + 5);
  }

  bool Number() {
    const bool hexadecimal = text_.substr(at_).starts_with("0x");
    at_ += hexadecimal ? 2 : 0;
    const std::size_t end =
        text_.find_first_not_of(hexadecimal ? "0123456789abcdef" : "0123456789.", at_);
    if (end == at_) return false;
    at_ = std::min(end, text_.size());
    return Path();
  }

  // What a descriptor is called, if that was printed.
  bool Path() {
    if (!Next('<') || !BeginsPath(text_, at_)) return true;
    if (!MoveTo(EndOfPath(text_, at_))) return false;
    Take("(deleted)");
    return true;
  }

  bool Constant() {
    const std::size_t first = at_;
    while (at_ < text_.size() && scanning::IsWordLetter(text_[at_])) {
      // Others' words begin with a capital, or follow at once.
      if (scanning::IsLower(text_[at_])) return at_ - first >= kLeastConstant;
      ++at_;
    }
    return Next('(') ? MoveTo(EndOfGroup(text_, at_)) : Path();
  }

  // "flags=O_RDWR", "makedev(0x8, 0x1)"
  bool NamedValue() {
    while (at_ < text_.size() && scanning::IsWordLetter(text_[at_])) ++at_;
    if (Next('(')) return MoveTo(EndOfGroup(text_, at_));
    return Take("=") && at_ < text_.size() && text_[at_] != '=' && UnnamedValue();
  }

  // A name before each value nests nothing.
  bool UnnamedValue() { return !scanning::IsLower(text_[at_]) && Value(); }

  CallScan Result() {
    std::size_t at = text_.find_first_not_of(' ', at_ + 1);
    if (at == kNowhere || text_[at] != '=') return Open();
    const std::string_view result = Trim(text_.substr(at + 1));
    const std::string_view digits = result.substr(result.starts_with('-') ? 1 : 0);
    const std::size_t end = digits.find_first_not_of("0123456789abcdefx");
    const bool number = !digits.empty() && scanning::IsDigit(digits.front()) &&
                        (end == kNowhere || digits[end] == ' ' || digits[end] == '<');
    if (!number && !result.starts_with('?')) return Open();
    TakeArgument();
    call_.result = result;
    return {.complete = true, .end = text_.size(), .argument = begin_};
  }

  std::string_view text_;
  StraceCall& call_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;  // of the argument
  std::size_t good_ = 0;   // all before is of the call
};

int HexDigit(char letter) {
  if (scanning::IsDigit(letter)) return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return -1;
}

int OctalDigit(char letter) { return letter >= '0' && letter <= '7' ? letter - '0' : -1; }

// The letters that C's escapes stand for.
std::string Unescaped(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
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
      plain += known == kNowhere ? letter : kMeanings[known];
    }
  }
  return plain;
}

std::optional<std::uint64_t> ToUnsigned(std::string_view text) {
  if (scanning::Take(text, "0x")) return ToNumber<std::uint64_t>(text, 16);
  const int base = text.starts_with('0') && text.size() > 1 ? 8 : 10;
  return ToNumber<std::uint64_t>(text, base);
}

}  // namespace

CallScan ScanStraceCall(std::string_view text, StraceCall& call) {
  return CallScanner(text, call).Run();
}

std::size_t EndOfGroup(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char letter = text[at];
    if (letter == '"') {
      at = EndOfQuotes(text, at);
      if (at == kNowhere) return kNowhere;
      continue;
    }
    if (letter == '<' && BeginsPath(text, at)) {
      at = EndOfPath(text, at);
      if (at == kNowhere) return kNowhere;
      continue;
    }
    ++at;
    if (letter == '(' || letter == '[' || letter == '{') ++depth;
    if ((letter == ')' || letter == ']' || letter == '}') && --depth == 0) return at;
  }
  return kNowhere;
}

std::optional<std::uint64_t> StraceCall::Returned() const {
  if (result.empty() || !scanning::IsDigit(result.front())) return std::nullopt;
  const std::size_t end = result.find_first_not_of("0123456789abcdefx");
  return ToUnsigned(result.substr(0, end));
}

bool StraceCall::FailedWith(std::string_view error) const {
  std::string_view text = result;
  return scanning::Take(text, "-1 ") && scanning::Take(text, error) &&
         (text.empty() || text.front() == ' ');
}

std::string_view StraceCall::Argument(std::size_t index) const {
  if (index >= arguments.size()) {
    throw UnreadableCall(fmt::format("'{}' has no argument {}", name, index + 1));
  }
  return arguments[index];
}

std::uint64_t StraceCall::Number(std::size_t index) const {
  const std::string_view text = Argument(index);
  const std::optional<std::uint64_t> number = ToUnsigned(text);
  if (!number) ThrowUnreadable("no number", text);
  return *number;
}

std::int64_t StraceCall::SignedNumber(std::size_t index) const {
  const std::string_view text = Argument(index);
  const auto number = ToNumber<std::int64_t>(text);
  if (!number) ThrowUnreadable("no number", text);
  return *number;
}

std::optional<std::uint64_t> StraceCall::NumberInBrackets(std::size_t index) const {
  const std::string_view text = Argument(index);
  if (text == "NULL") return std::nullopt;
  std::string_view rest = text;
  if (scanning::Take(rest, "[")) {
    if (const auto number = ToUnsigned(scanning::TakeWhile(rest, "0123456789abcdefx"))) {
      return number;
    }
  }
  ThrowUnreadable("no number in brackets", text);
}

std::string StraceCall::Path(std::size_t index) const {
  const std::string_view text = Argument(index);
  const std::size_t end = text.starts_with('"') ? EndOfQuotes(text, 0) : kNowhere;
  if (end == kNowhere) ThrowUnreadable("no text in quotes", text);
  return Unescaped(text.substr(1, end - 2));
}

bool StraceCall::Has(std::size_t index, std::string_view flag) const {
  if (index >= arguments.size()) return false;
  const std::string_view text = arguments[index];
  for (std::size_t at = text.find(flag); at != kNowhere; at = text.find(flag, at + 1)) {
    const std::size_t end = at + flag.size();
    if ((at == 0 || !scanning::IsWordLetter(text[at - 1])) &&
        (end == text.size() || !scanning::IsWordLetter(text[end]))) {
      return true;
    }
  }
  return false;
}

StraceDescriptor ParseStraceDescriptor(std::string_view text) {
  StraceDescriptor descriptor;
  // Behind a blank stands how long the call took.
  const std::size_t path = text.find_first_of("< ");
  const std::string_view number = text.substr(0, path);
  if (number == "AT_FDCWD") {
    descriptor.number = StraceDescriptor::kCurrentDirectory;
  } else if (const auto read = ToNumber<std::int32_t>(number)) {
    descriptor.number = *read;
  } else if (const auto raw = ToUnsigned(number); raw && *raw <= ~std::uint32_t{0}) {
    descriptor.number = static_cast<std::int32_t>(*raw);  // as -e raw prints it
  } else {
    ThrowUnreadable("no descriptor", text);
  }
  if (path == kNowhere || text[path] == ' ') return descriptor;
  const std::size_t end = EndOfPath(text, path);
  if (end == kNowhere) ThrowUnreadable("a descriptor's path is not closed", text);
  std::string_view printed = text.substr(path + 1, end - path - 2);
  // Devices have their numbers behind the path.
  if (printed.starts_with('/')) printed = printed.substr(0, printed.find('<'));
  descriptor.SetPath(Unescaped(printed));
  if (text.substr(end).starts_with("(deleted)")) descriptor.deleted = true;
  return descriptor;
}

void StraceDescriptor::SetPath(std::string name) {
  constexpr std::string_view kRemoved = " (deleted)";
  path = std::move(name);
  deleted = path.ends_with(kRemoved);
  if (deleted) path.resize(path.size() - kRemoved.size());
}

}  // namespace faultline
