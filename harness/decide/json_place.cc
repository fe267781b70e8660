#include "harness/decide/json_place.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

using nlohmann::json;

std::string Kind(const json* value) {
  if (value == nullptr || value->is_null()) return "null";
  if (value->is_number()) return Concat("the number ", value->dump());
  if (value->is_boolean()) return value->get<bool>() ? "true" : "false";
  if (value->is_string()) return "a text";
  return value->is_array() ? "an array" : "an object";
}

// "line 3, column 14" of a byte, counted from 1 as the parser does.
std::string LineAndColumn(const std::string& text, std::size_t byte) {
  const auto end = text.begin() +
                   static_cast<std::ptrdiff_t>(std::min(byte == 0 ? byte : byte - 1, text.size()));
  const auto line = std::count(text.begin(), end, '\n') + 1;
  const auto before = std::find(std::make_reverse_iterator(end), text.rend(), '\n');
  return Concat("line ", line, ", column ", end - before.base() + 1);
}

// Bytes of the control that `text`, in UTF-8, begins with; 0 if it begins with something else.
std::size_t ControlAt(std::string_view text) {
  const auto byte = [&text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  if (byte(0) < 0x20 || byte(0) == 0x7f) return 1;
  if (byte(0) == 0xc2 && byte(1) >= 0x80 && byte(1) < 0xa0) return 2;  // U+0080 to U+009F
  if (byte(0) != 0xe2) return 0;
  // What turns the direction of writing: U+202A to U+202E and U+2066 to U+2069.
  const bool turns = (byte(1) == 0x80 && byte(2) >= 0xaa && byte(2) <= 0xae) ||
                     (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
  return turns ? 3 : 0;
}

}  // namespace

std::string WithoutControls(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  while (!text.empty()) {
    const std::size_t control = ControlAt(text);
    clean += control == 0 ? text.front() : ' ';
    text.remove_prefix(std::max<std::size_t>(control, 1));
  }
  return clean;
}

bool JsonPlace::IsNull() const { return value_ == nullptr || value_->is_null(); }

JsonPlace JsonPlace::Get(const std::string& key) const {
  const std::string place = place_.empty() ? key : Concat(place_, ".", key);
  if (IsNull()) return {nullptr, file_, place};
  if (!value_->is_object()) Fail("an object");
  const auto found = value_->find(key);
  return {found == value_->end() ? nullptr : &*found, file_, place};
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::Members() const {
  std::vector<std::pair<std::string, JsonPlace>> members;
  if (IsNull()) return members;
  if (!value_->is_object()) Fail("an object");
  for (const auto& [key, value] : value_->items()) {
    const std::string name = WithoutControls(key);
    members.emplace_back(name, JsonPlace(&value, file_, Concat(place_, ".", name)));
  }
  return members;
}

std::vector<JsonPlace> JsonPlace::Elements() const {
  std::vector<JsonPlace> elements;
  if (IsNull()) return elements;
  if (!value_->is_array()) Fail("an array");
  for (std::size_t i = 0; i < value_->size(); ++i) {
    elements.emplace_back(&(*value_)[i], file_, Concat(place_, "[", i, "]"));
  }
  return elements;
}

std::optional<double> JsonPlace::Number() const {
  if (IsNull()) return std::nullopt;
  if (!value_->is_number()) Fail("a number or null");
  return value_->get<double>();
}

std::optional<std::uint64_t> JsonPlace::Count() const {
  if (IsNull()) return std::nullopt;
  if (!value_->is_number_unsigned()) Fail("a whole number or null");
  return value_->get<std::uint64_t>();
}

std::optional<bool> JsonPlace::Truth() const {
  if (IsNull()) return std::nullopt;
  if (!value_->is_boolean()) Fail("true, false or null");
  return value_->get<bool>();
}

std::optional<std::string> JsonPlace::Text() const {
  if (IsNull()) return std::nullopt;
  if (!value_->is_string()) Fail("a text or null");
  return WithoutControls(value_->get<std::string>());
}

std::optional<std::string> JsonPlace::Plain() const {
  if (IsNull() || value_->is_string()) return Text();
  if (value_->is_structured()) Fail("a text, a number, true, false or null");
  return value_->dump();
}

JsonPlace JsonPlace::NotNull(const char* expected) const {
  if (IsNull()) Fail(expected);
  return *this;
}

std::string JsonPlace::RequiredText() const { return *NotNull("a text").Text(); }

std::uint64_t JsonPlace::RequiredCount() const { return *NotNull("a whole number").Count(); }

void JsonPlace::Fail(const std::string& expected) const {
  Refuse(Concat("expected ", expected, ", found ", Kind(value_)));
}

void JsonPlace::Refuse(const std::string& why) const {
  throw UsageError(Concat(*file_, ": ", place_.empty() ? "the document" : place_, ": ", why));
}

JsonText::JsonText(std::string file, const std::string& text) : file_(std::move(file)) {
  try {
    root_ = std::make_unique<json>(json::parse(text));
  } catch (const json::parse_error& error) {
    throw UsageError(Concat(file_, ": ", LineAndColumn(text, error.byte),
                            ": malformed JSON; was the file cut off or edited?"));
  } catch (const json::exception&) {
    throw UsageError(Concat(file_, ": a number is too large for JSON as this program reads it"));
  }
}

JsonText::~JsonText() = default;

JsonPlace JsonText::Root() const { return {root_.get(), &file_, ""}; }

}  // namespace faultline
