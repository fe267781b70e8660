// Reading JSON documents that somebody else may have written, cut off or edited: each value knows
// its place, and says it when it isn't what it has to be.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace faultline {

// `text` without control characters and those that turn the direction of writing, which could move
// a terminal's cursor or hide what stands beside them: a blank stands in the place of each.
std::string WithoutControls(std::string_view text);

// A value of a document with its place in it. Valid as long as the document. All functions throw
// UsageError, one line with file, place, what was expected and what was found. Texts are given
// WithoutControls.
class JsonPlace {
 public:
  // `file`, its name, and `value` outlive it.
  JsonPlace(const nlohmann::json* value, const std::string* file, std::string place)
      : value_(value), file_(file), place_(std::move(place)) {}

  bool IsNull() const;  // null, or not there

  // A member of this object; a null one when it isn't there, or when this is null itself.
  JsonPlace Get(const std::string& key) const;

  // None for null.
  std::vector<std::pair<std::string, JsonPlace>> Members() const;
  std::vector<JsonPlace> Elements() const;

  // Nothing for null.
  std::optional<double> Number() const;
  std::optional<std::uint64_t> Count() const;  // a whole number that isn't negative
  std::optional<bool> Truth() const;
  std::optional<std::string> Text() const;
  std::optional<std::string> Plain() const;  // a text, number or truth value as text

  // Of what must be there.
  JsonPlace NotNull(const char* expected) const;
  std::string RequiredText() const;
  std::uint64_t RequiredCount() const;

  [[noreturn]] void Fail(const std::string& expected) const;
  [[noreturn]] void Refuse(const std::string& why) const;  // a value of the right type

 private:
  const nlohmann::json* value_;
  const std::string* file_;
  std::string place_;
};

// A JSON document in memory.
class JsonText {
 public:
  // `file` names it in errors. Throws UsageError for what is no JSON, with line and column.
  JsonText(std::string file, const std::string& text);
  ~JsonText();

  JsonPlace Root() const;

 private:
  std::string file_;
  std::unique_ptr<nlohmann::json> root_;
};

}  // namespace faultline
