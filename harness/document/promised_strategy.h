// A strategy with its durability, as documents name it that have no trials.
#pragma once

#include <string>

#include "strategies/strategy_choice.h"

namespace faultline::document {

struct PromisedStrategy {
  std::string name;
  std::string spec;
  Durability durability = Durability::kAfterFlush;
};

PromisedStrategy PromisedStrategyOf(const StrategyChoice& strategy);

}  // namespace faultline::document
