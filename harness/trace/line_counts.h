// What the lines of an imported text were worth, so that nothing is left out in silence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace faultline {

// Where a line stands.
struct TextPlace {
  std::string_view text;   // the text's name; "" where there is only one
  std::uint64_t line = 0;  // from 1
};

// A piece of a text in quotes for a message: cut, and without control characters.
std::string QuotedPiece(std::string_view text);

// "line 12", or "NAME:12" where there are several texts.
std::string PlaceText(const TextPlace& place);

// Lines, and parts of lines, by who wrote them. Memory: the first that was skipped.
class LineCounts {
 public:
  // A line that says what the text is imported for, or that there is nothing to import in it.
  void CountUnderstood() { ++understood_; }

  // What the tracer wrote besides: tables, stacks, messages.
  void CountOwn(const TextPlace& place, std::string_view text) {
    ++own_;
    KeepFirst(place, text);
  }

  // What the tracer did not write: output of programs, prompts, a line that was cut.
  void CountForeign(const TextPlace& place, std::string_view text) {
    ++foreign_;
    KeepFirst(place, text);
  }

  std::uint64_t understood() const { return understood_; }
  std::uint64_t own() const { return own_; }
  std::uint64_t foreign() const { return foreign_; }

  // How much was skipped, by kind, and the first of it; "" where nothing was. `tracer` names what
  // wrote the text.
  std::string SkippedText(std::string_view tracer) const;

  // "line 3: 'text'" of what was skipped and stands first. REQUIRES: something was.
  const std::string& first() const { return first_; }

 private:
  void KeepFirst(const TextPlace& place, std::string_view text);

  std::uint64_t understood_ = 0;
  std::uint64_t own_ = 0;
  std::uint64_t foreign_ = 0;
  std::string first_;
  std::uint64_t first_line_ = 0;
};

}  // namespace faultline
