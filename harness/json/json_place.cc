#include "harness/json/json_place.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>

#include "faultline/error.h"
#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

using nlohmann::json;

std::string Kind(const json* value) {
  if (value == nullptr || value->is_null()) return "null";
  if (value->is_number()) return fmt::format("the number {}", value->dump());
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
  return fmt::format("line {}, column {}", line, end - before.base() + 1);
}

}  // namespace

std::string TextOf(const JsonScalar& scalar) {
  if (const auto* text = std::get_if<std::string>(&scalar)) return *text;
  return std::visit([](const auto& value) { return json(value).dump(); }, scalar);
}

bool JsonPlace::IsNull() const { return value_ == nullptr || value_->is_null(); }

JsonPlace JsonPlace::Get(const std::string& key) const {
  std::string place = place_.empty() ? key : fmt::format("{}.{}", place_, key);
  if (IsNull()) return {nullptr, source_, std::move(place)};
  RequireObject();
  const auto found = value_->find(key);
  return {found == value_->end() ? nullptr : &*found, source_, std::move(place)};
}

std::vector<std::pair<std::string, JsonPlace>> JsonPlace::Members() const {
  RequireObject();
  std::vector<std::pair<std::string, JsonPlace>> members;
  for (const auto& [key, value] : value_->items()) {
    const std::string name = Clean(key);
    members.emplace_back(
        name,
        JsonPlace(&value, source_, place_.empty() ? name : fmt::format("{}.{}", place_, name)));
  }
  return members;
}

std::vector<JsonPlace> JsonPlace::Elements() const {
  if (IsNull() || !value_->is_array()) Fail("an array");
  std::vector<JsonPlace> elements;
  elements.reserve(value_->size());
  for (std::size_t i = 0; i < value_->size(); ++i) {
    elements.emplace_back(&(*value_)[i], source_, fmt::format("{}[{}]", place_, i));
  }
  return elements;
}

std::vector<JsonPlace> JsonPlace::Elements(std::size_t count) const {
  std::vector<JsonPlace> elements = Elements();
  if (elements.size() != count) {
    Reject(fmt::format("expected {} elements, found {}", count, elements.size()));
  }
  return elements;
}

double JsonPlace::AsNumber() const {
  if (IsThere() && value_->is_null()) return std::numeric_limits<double>::quiet_NaN();
  if (!IsThere() || !value_->is_number()) Fail("a number");
  return value_->get<double>();
}

std::uint64_t JsonPlace::AsCount() const {
  const bool whole = !IsNull() && value_->is_number_integer();
  if (!whole || (!value_->is_number_unsigned() && value_->get<std::int64_t>() < 0)) {
    Fail("a whole number");
  }
  return value_->get<std::uint64_t>();
}

std::int64_t JsonPlace::AsWhole() const {
  if (IsNull() || !value_->is_number_integer()) Fail("a whole number");
  return value_->get<std::int64_t>();
}

bool JsonPlace::AsBool() const {
  if (IsNull() || !value_->is_boolean()) Fail("true or false");
  return value_->get<bool>();
}

std::string JsonPlace::AsText() const {
  if (IsNull() || !value_->is_string()) Fail("a text");
  return Clean(value_->get_ref<const std::string&>());
}

JsonScalar JsonPlace::AsScalar() const {
  if (!IsThere() || value_->is_structured()) Fail("a text, a number, true, false or null");
  if (value_->is_null()) return nullptr;
  if (value_->is_boolean()) return AsBool();
  if (value_->is_number_unsigned()) return AsCount();
  if (value_->is_number_integer()) return AsWhole();
  if (value_->is_number()) return AsNumber();
  return AsText();
}

const nlohmann::json& JsonPlace::AsIs() const {
  if (!IsThere()) Fail("a value");
  return *value_;
}

void JsonPlace::RequireObject() const {
  if (IsNull() || !value_->is_object()) Fail("an object");
}

void JsonPlace::Fail(const std::string& expected) const {
  Reject(fmt::format("expected {}, found {}", expected, Kind(value_)));
}

void JsonPlace::Reject(const std::string& why) const {
  throw UsageError(
      fmt::format("{}: {}: {}", source_->name, place_.empty() ? "the document" : place_, why));
}

void JsonPlace::RejectName(std::string_view name, std::span<const std::string> known) const {
  Reject(fmt::format("unknown '{}'; known are {}", name.substr(0, 40), Join(known, ", ")));
}

std::string JsonPlace::Clean(std::string_view text) const {
  return source_->own ? std::string(text) : WithoutControls(text);
}

JsonText::JsonText(std::string name, const std::string& text) : source_{.name = std::move(name)} {
  try {
    root_ = std::make_unique<json>(json::parse(text));
  } catch (const json::parse_error& error) {
    throw UsageError(fmt::format("{}: {}: malformed JSON; was the file cut off or edited?",
                                 source_.name, LineAndColumn(text, error.byte)));
  } catch (const json::exception&) {
    throw UsageError(
        fmt::format("{}: a number is too large for JSON as this program reads it", source_.name));
  }
}

JsonText::~JsonText() = default;

JsonPlace JsonText::Root() const { return {root_.get(), &source_, ""}; }

}  // namespace faultline
