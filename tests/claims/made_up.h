// Verdicts on made-up evidence.
#pragma once

#include <map>
#include <string>

#include "claims/claim.h"
#include "tests/catch.h"

namespace faultline::testing {

using Figures = std::map<std::string, double>;
using Words = std::map<std::string, std::string>;

inline Outcome OutcomeOf(const char* id, Figures figures, Words words = {}) {
  const Judgement judgement = Registry<ClaimInfo>::Instance().Find(id).judge(
      {.figures = std::move(figures), .words = std::move(words), .regime = "made up"});
  INFO(id << ": " << judgement.deciding);
  CHECK(judgement.deciding != "");
  return judgement.outcome;
}

// `map` with some of its values changed.
template <class Map>
Map With(Map map, const Map& changes) {
  for (const auto& [name, value] : changes) {
    REQUIRE(map.contains(name));
    map[name] = value;
  }
  return map;
}

// A ratio as Comparison::Enter leaves it.
inline Figures Ratio(const std::string& name, double low, double high, double rounds = 9) {
  return {{name, (low + high) / 2},
          {name + "_low", low},
          {name + "_high", high},
          {name + "_rounds", rounds}};
}

// The same of too few rounds for an interval.
inline Figures RatioOfFewRounds(const std::string& name, double median) {
  return {{name, median}, {name + "_rounds", 5}};
}

// What Comparison::Enter adds when it judged the twins different.
inline Figures TwinsOf(const std::string& name) {
  return {{name + "_twins", 1.2}, {name + "_twins_low", 1.1}, {name + "_twins_high", 1.3}};
}
inline Words TwinsDifferOf(const std::string& name) { return {{name + "_twins", "faster"}}; }

inline Figures Both(Figures one, const Figures& other) {
  one.insert(other.begin(), other.end());
  return one;
}

}  // namespace faultline::testing
