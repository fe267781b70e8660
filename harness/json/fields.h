// A struct's fields, listed once for both directions of its JSON. In the struct's namespace, in a
// .cc file (these templates and nlohmann's take long to compile):
//
//   template <class Fields>
//   void Describe(Fields& fields, Repetition& repetition) {
//     fields("round", repetition.round);
//     fields("status", repetition.status, kStatusNames);  // an enumerator by its name
//     fields("verified", repetition.verified);            // std::optional: null for none
//     fields.EmptyIsNull("error", repetition.error);      // a text: null for ""
//     fields.Later("stages", repetition.stages);          // documents of older versions lack it
//   }
//
// JsonOf(repetition) is its JSON then, and ReadJson(place, repetition) reads it. Fields are
// numbers, texts, truth values, described structs, and of these std::optional, std::vector,
// std::map by text, std::pair and std::array (arrays of that length); and JSON as it is. JSON has
// no NaN and no infinity: null stands for them.
//
// What is read: each field must be there, but for those that may be null, and of its type;
// JsonPlace says what isn't. A member that isn't listed is passed over, as later versions add some.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/json/json_place.h"

namespace faultline {

// A condition on a number that is read, beyond its type.
struct NumberRule {
  bool (*holds)(double);
  const char* why_not;
};

template <class T>
nlohmann::json JsonOf(const T& value);

template <class T>
void ReadJson(const JsonPlace& place, T& value);

template <class Enum>
void ReadName(const JsonPlace& place, std::string_view name, const EnumNames<Enum>& names,
              Enum& value) {
  const std::optional<Enum> found = names.Find(name);
  if (!found) place.RejectName(name, names.All());
  value = *found;
}

// Makes the JSON of a struct.
class FieldWriter {
 public:
  static constexpr bool kReads = false;

  template <class T>
  void operator()(const char* name, const T& value) {
    object_[name] = JsonOf(value);
  }

  template <class T>
  void operator()(const char* name, const T& value, const NumberRule&) {
    object_[name] = JsonOf(value);
  }

  template <class Enum>
  void operator()(const char* name, const Enum& value, const EnumNames<Enum>& names) {
    object_[name] = names(value);
  }

  template <class Enum>
  void operator()(const char* name, const std::optional<Enum>& value,
                  const EnumNames<Enum>& names) {
    object_[name] = value ? nlohmann::json(names(*value)) : nlohmann::json(nullptr);
  }

  // An object with a member for each entry, by the name of its key.
  template <class Enum, class T>
  void ByName(const char* name, const std::map<Enum, T>& entries, const EnumNames<Enum>& names) {
    nlohmann::json members = nlohmann::json::object();
    for (const auto& [key, value] : entries) members[std::string(names(key))] = JsonOf(value);
    object_[name] = std::move(members);
  }

  // What documents of older versions lack: it keeps the value that it had.
  template <class... Field>
  void Later(const char* name, const Field&... field) {
    (*this)(name, field...);
  }

  void EmptyIsNull(const char* name, const std::string& text) {
    object_[name] = text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text);
  }

  // Left out where the value is that of a new object.
  template <class T>
  void DefaultLeftOut(const char* name, const T& value) {
    if (value != T()) (*this)(name, value);
  }

  // In another form than the value's: pack(value) is written, unpack(read, place) is the value.
  template <class T, class Pack, class Unpack>
  void As(const char* name, const T& value, Pack pack, Unpack) {
    (*this)(name, pack(value));
  }

  // A text that is always the same.
  void Constant(const char* name, const char* text) { object_[name] = text; }

  // All members that are not listed before it.
  void Others(const std::map<std::string, JsonScalar>& others) {
    for (const auto& [name, value] : others) object_[name] = JsonOf(value);
  }

  nlohmann::json Take() { return std::move(object_); }

 private:
  nlohmann::json object_ = nlohmann::json::object();
};

// Reads a struct. The same functions, so that one list of fields serves both.
class FieldReader {
 public:
  static constexpr bool kReads = true;

  // `place` outlives this.
  explicit FieldReader(const JsonPlace& place) : place_(place) { place.RequireObject(); }

  const JsonPlace& place() const { return place_; }

  template <class T>
  void operator()(const char* name, T& value) {
    ReadJson(Member(name), value);
  }

  template <class T>
  void operator()(const char* name, T& value, const NumberRule& rule) {
    const JsonPlace member = Member(name);
    ReadJson(member, value);
    if (!Holds(value, rule)) member.Reject(rule.why_not);
  }

  template <class Enum>
  void operator()(const char* name, Enum& value, const EnumNames<Enum>& names) {
    const JsonPlace member = Member(name);
    ReadName(member, member.AsText(), names, value);
  }

  template <class Enum>
  void operator()(const char* name, std::optional<Enum>& value, const EnumNames<Enum>& names) {
    const JsonPlace member = Member(name);
    value.reset();
    if (!member.IsNull()) ReadName(member, member.AsText(), names, value.emplace());
  }

  template <class Enum, class T>
  void ByName(const char* name, std::map<Enum, T>& entries, const EnumNames<Enum>& names) {
    entries.clear();
    for (const auto& [key, member] : Member(name).Members()) {
      Enum entry{};
      ReadName(member, key, names, entry);
      ReadJson(member, entries[entry]);
    }
  }

  template <class... Field>
  void Later(const char* name, Field&... field) {
    if (Member(name).IsThere()) (*this)(name, field...);
  }

  void EmptyIsNull(const char* name, std::string& text) {
    const JsonPlace member = Member(name);
    text = member.IsNull() ? std::string() : member.AsText();
  }

  template <class T>
  void DefaultLeftOut(const char* name, T& value) {
    Later(name, value);
  }

  template <class T, class Pack, class Unpack>
  void As(const char* name, T& value, Pack, Unpack unpack) {
    const JsonPlace member = Member(name);
    std::decay_t<std::invoke_result_t<Pack, const T&>> packed{};
    ReadJson(member, packed);
    value = unpack(std::move(packed), member);
  }

  void Constant(const char* name, const char* text) {
    const JsonPlace member = Member(name);
    const std::string found = member.AsText();
    if (found == text) return;
    member.Reject("expected \"" + std::string(text) + "\", found \"" + found.substr(0, 60) + "\"");
  }

  void Others(std::map<std::string, JsonScalar>& others) {
    others.clear();
    for (const auto& [name, member] : place_.Members()) {
      if (!listed_.contains(name)) others[name] = member.AsScalar();
    }
  }

 private:
  JsonPlace Member(const char* name) {
    listed_.insert(name);
    return place_.Get(name);
  }

  static bool Holds(double value, const NumberRule& rule) { return rule.holds(value); }
  static bool Holds(const std::optional<double>& value, const NumberRule& rule) {
    return !value || rule.holds(*value);
  }

  const JsonPlace& place_;
  std::set<std::string_view> listed_;
};

namespace json_fields {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;

template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;

template <class T>
inline constexpr bool kIsPair = false;
template <class First, class Second>
inline constexpr bool kIsPair<std::pair<First, Second>> = true;

template <class T>
inline constexpr bool kIsArray = false;
template <class T, std::size_t size>
inline constexpr bool kIsArray<std::array<T, size>> = true;

}  // namespace json_fields

// For a list of fields, which writers and readers share: a writer changes nothing.
template <class T>
T& ToBeShown(const T& value) {
  return const_cast<T&>(value);
}

template <class T>
nlohmann::json JsonOf(const T& value) {
  using nlohmann::json;
  if constexpr (std::is_same_v<T, double>) {
    return std::isfinite(value) ? json(value) : json(nullptr);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    return json(value);
  } else if constexpr (std::is_same_v<T, json>) {
    return value;
  } else if constexpr (std::is_same_v<T, JsonScalar>) {
    return std::visit(
        [](const auto& part) {
          if constexpr (std::is_same_v<decltype(part), const std::nullptr_t&>)
            return json(nullptr);
          else
            return JsonOf(part);
        },
        value);
  } else if constexpr (json_fields::kIsOptional<T>) {
    return value ? JsonOf(*value) : json(nullptr);
  } else if constexpr (json_fields::kIsVector<T> || json_fields::kIsArray<T>) {
    json array = json::array();
    for (const auto& element : value) array.push_back(JsonOf(element));
    return array;
  } else if constexpr (json_fields::kIsMap<T>) {
    json object = json::object();
    for (const auto& [key, element] : value) object[key] = JsonOf(element);
    return object;
  } else if constexpr (json_fields::kIsPair<T>) {
    json array = json::array();
    array.push_back(JsonOf(value.first));
    array.push_back(JsonOf(value.second));
    return array;
  } else {
    FieldWriter fields;
    Describe(fields, ToBeShown(value));
    return fields.Take();
  }
}

template <class T>
void ReadJson(const JsonPlace& place, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    value = place.AsBool();
  } else if constexpr (std::is_same_v<T, double>) {
    value = place.AsNumber();
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    value = place.AsCount();
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    value = place.AsWhole();
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = place.AsText();
  } else if constexpr (std::is_same_v<T, JsonScalar>) {
    value = place.AsScalar();
  } else if constexpr (std::is_same_v<T, nlohmann::json>) {
    value = place.AsIs();
  } else if constexpr (json_fields::kIsOptional<T>) {
    value.reset();
    if (place.IsNull()) return;
    // Not emplace(): Clang 14 takes it for missing where T is nested in a class.
    typename T::value_type found{};
    ReadJson(place, found);
    value = std::move(found);
  } else if constexpr (json_fields::kIsVector<T>) {
    value.clear();
    for (const JsonPlace& element : place.Elements()) ReadJson(element, value.emplace_back());
  } else if constexpr (json_fields::kIsArray<T>) {
    const std::vector<JsonPlace> elements = place.Elements(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) ReadJson(elements[i], value[i]);
  } else if constexpr (json_fields::kIsMap<T>) {
    value.clear();
    for (const auto& [key, member] : place.Members()) ReadJson(member, value[key]);
  } else if constexpr (json_fields::kIsPair<T>) {
    const std::vector<JsonPlace> elements = place.Elements(2);
    ReadJson(elements[0], value.first);
    ReadJson(elements[1], value.second);
  } else {
    FieldReader fields(place);
    Describe(fields, value);
  }
}

// A path may have any bytes, so it travels as their numbers: fields.As("directory", directory,
// PackPath, UnpackPath).
inline std::vector<std::uint64_t> PackPath(const std::filesystem::path& path) {
  std::vector<std::uint64_t> bytes;
  for (const char byte : path.native()) bytes.push_back(static_cast<unsigned char>(byte));
  return bytes;
}
inline std::filesystem::path UnpackPath(const std::vector<std::uint64_t>& bytes, const JsonPlace&) {
  std::string path;
  for (const std::uint64_t byte : bytes) path += static_cast<char>(byte);
  return path;
}

// A whole document, in text; `name` is that of its file. Throws UsageError.
template <class T>
T ReadDocument(const std::string& name, const std::string& text) {
  const JsonText document(name, text);
  T value{};
  ReadJson(document.Root(), value);
  return value;
}

// What another process of this run has sent. Throws UsageError for what it can't have sent.
template <class T>
T FromMessage(const nlohmann::json& message) {
  const JsonSource source{.name = "a message between processes", .own = true};
  T value{};
  ReadJson(JsonPlace(&message, &source, ""), value);
  return value;
}

}  // namespace faultline
