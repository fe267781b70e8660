// Reads JSON that may be foreign, cut off or edited: each value knows its place in the document,
// and errors name it.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace faultline {

// A value without parts. What is read has a whole number as std::int64_t only below 0.
using JsonScalar =
    std::variant<std::nullptr_t, bool, std::uint64_t, std::int64_t, double, std::string>;

// As people read it: a text without quotes, null as "null".
std::string TextOf(const JsonScalar& scalar);

// Where JSON comes from.
struct JsonSource {
  std::string name;  // for people: a file's path
  // Made by another process of this run: texts are taken as they are. Any other source's are read
  // WithoutControls.
  bool own = false;
};

// A value with its place in the document. Valid as long as the document and its source. All
// functions but the questions throw UsageError, one line with source, place, what was expected and
// what was found.
class JsonPlace {
 public:
  // `value`: nullptr for one that isn't there.
  JsonPlace(const nlohmann::json* value, const JsonSource* source, std::string place)
      : value_(value), source_(source), place_(std::move(place)) {}

  bool IsThere() const { return value_ != nullptr; }
  bool IsNull() const;  // null, or not there

  // A member of this object; one that isn't there when this is null itself.
  JsonPlace Get(const std::string& key) const;

  std::vector<std::pair<std::string, JsonPlace>> Members() const;
  std::vector<JsonPlace> Elements() const;
  std::vector<JsonPlace> Elements(std::size_t count) const;  // exactly `count`

  double AsNumber() const;        // NaN for null, which is what JSON has for it
  std::uint64_t AsCount() const;  // a whole number that isn't negative
  std::int64_t AsWhole() const;
  bool AsBool() const;
  std::string AsText() const;
  JsonScalar AsScalar() const;
  const nlohmann::json& AsIs() const;  // whatever it is

  void RequireObject() const;

  [[noreturn]] void Fail(const std::string& expected) const;
  [[noreturn]] void Reject(const std::string& why) const;  // a value of the right type
  // A name that is none of the known ones.
  [[noreturn]] void RejectName(std::string_view name, std::span<const std::string> known) const;

 private:
  std::string Clean(std::string_view text) const;

  const nlohmann::json* value_;
  const JsonSource* source_;
  std::string place_;
};

// A JSON document in memory.
class JsonText {
 public:
  // `name`: of the file, in errors. Throws UsageError for what is no JSON, with line and column.
  JsonText(std::string name, const std::string& text);
  ~JsonText();

  JsonText(const JsonText&) = delete;
  JsonText& operator=(const JsonText&) = delete;

  nlohmann::json& value() { return *root_; }

  JsonPlace Root() const;

 private:
  JsonSource source_;
  std::unique_ptr<nlohmann::json> root_;
};

}  // namespace faultline
