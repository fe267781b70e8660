// Every field of a document, taken away or made something else: the reader names each.
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline::document {

struct FieldPlace {
  nlohmann::json::json_pointer pointer;
  std::string name;    // as errors have it: "trials[0].id"
  std::string member;  // "id"; "" for an element of an array
  std::string parent;  // the member that it lies in: "trials"; "" for the document
};

// Those in `value`, which is that member of the document, or an element of it.
inline void AddPlaces(const nlohmann::json& value, const FieldPlace& place,
                      const std::string& member, std::vector<FieldPlace>& places) {
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      const FieldPlace element{place.pointer / i, fmt::format("{}[{}]", place.name, i), "", member};
      places.push_back(element);
      AddPlaces(value[i], element, member, places);
    }
  } else if (value.is_object()) {
    for (const auto& [key, part] : value.items()) {
      const std::string name = place.name.empty() ? key : fmt::format("{}.{}", place.name, key);
      const FieldPlace field{place.pointer / key, name, key, member};
      places.push_back(field);
      AddPlaces(part, field, key, places);
    }
  }
}

// `read` reads a document whose file is called "made", and throws UsageError. `may_be_missing`:
// fields as "parent.member" that stand for none where they are missing, or that came later. `maps`:
// members whose own are entries.
inline void CheckEachField(const std::string& text, const std::set<std::string>& may_be_missing,
                           const std::set<std::string>& maps,
                           const std::function<void(const std::string&)>& read) {
  const auto error_of = [&read](const nlohmann::json& document) -> std::string {
    try {
      read(document.dump());
    } catch (const UsageError& error) {
      return error.what();
    }
    return "no error";
  };
  const nlohmann::json document = nlohmann::json::parse(text);
  std::vector<FieldPlace> places;
  AddPlaces(document, FieldPlace(), "", places);
  REQUIRE(error_of(document) == "no error");
  std::set<std::string> never_missed = may_be_missing;
  for (const FieldPlace& place : places) {
    CAPTURE(place.name);
    nlohmann::json other = document;
    other[place.pointer] = nlohmann::json::array({nlohmann::json::array({true})});
    const std::string wrong = error_of(other);
    CHECK(wrong.starts_with(fmt::format("made: {}", place.name)));
    CHECK(wrong.find('\n') == std::string::npos);
    if (place.member.empty() || maps.contains(place.parent)) continue;
    nlohmann::json without = document;
    without[place.pointer.parent_pointer()].erase(place.member);
    const std::string missing = error_of(without);
    const std::string field = fmt::format("{}.{}", place.parent, place.member);
    if (missing == "no error") {
      CHECK(may_be_missing.contains(field));
      never_missed.erase(field);
    } else {
      CHECK(missing.starts_with("made: "));
    }
  }
  CHECK(never_missed == std::set<std::string>());
}

}  // namespace faultline::document
