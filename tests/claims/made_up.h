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
inline Figures Ratio(const std::string& name, double low, double high, double noise = 0.01,
                     double repetitions = 9) {
  return {{name, (low + high) / 2},
          {name + "_low", low},
          {name + "_high", high},
          {name + "_noise", noise},
          {name + "_repetitions", repetitions}};
}

inline Figures Both(Figures one, const Figures& other) {
  one.insert(other.begin(), other.end());
  return one;
}

}  // namespace faultline::testing
