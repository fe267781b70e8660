#include "harness/document/promised_strategy.h"

namespace faultline::document {

PromisedStrategy PromisedStrategyOf(const StrategyChoice& strategy) {
  return {.name = strategy.info().name,
          .spec = strategy.text(),
          .durability = strategy.info().durability};
}

}  // namespace faultline::document
