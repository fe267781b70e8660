// The names of an enumeration's values, listed once for all that writes or reads them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/error.h"

namespace faultline {

// In the order of the values, which count from 0 on:
//   inline constexpr EnumNames<Phase> kPhaseNames{"open", "first", "steady"};
template <class Enum>
class EnumNames {
 public:
  // REQUIRES: no more of them than kMost, of texts that last.
  constexpr EnumNames(std::initializer_list<std::string_view> names) : count_(names.size()) {
    std::copy(names.begin(), names.end(), names_.begin());
  }

  constexpr std::string_view operator()(Enum value) const {
    const auto index = static_cast<std::size_t>(value);
    return index < count_ ? names_[index] : throw Error("a value without a name was asked for it");
  }

  constexpr std::optional<Enum> Find(std::string_view name) const {
    for (std::size_t i = 0; i < count_; ++i) {
      if (names_[i] == name) return static_cast<Enum>(i);
    }
    return std::nullopt;
  }

  std::vector<std::string> All() const { return {names_.begin(), names_.begin() + count_}; }

  // The names of the first `count` values alone. REQUIRES: there are that many.
  constexpr EnumNames First(std::size_t count) const {
    EnumNames first = *this;
    first.count_ = count;
    return first;
  }

 private:
  static constexpr std::size_t kMost = 12;

  std::array<std::string_view, kMost> names_ = {};
  std::size_t count_;
};

}  // namespace faultline
