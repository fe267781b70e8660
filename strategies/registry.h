// All strategies by name: the built-in ones, and those of loaded plug-ins.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "faultline/strategy.h"
#include "harness/base/enum_names.h"
#include "harness/base/registry.h"
#include "harness/base/spec.h"

namespace faultline {

FAULTLINE_DECLARE_REGISTRY(StrategyInfo);

inline constexpr EnumNames<Durability> kDurabilityNames{"never", "after-flush", "periodic"};
inline std::string_view DurabilityName(Durability durability) {
  return kDurabilityNames(durability);
}

// What contradicts itself in what a strategy declares, such as a period that none of its options
// says; "" if nothing does.
std::string WhyContradictory(const StrategyInfo& info);

// Makes the strategy that `spec` names, with its options checked. Throws UsageError, or
// UnsupportedError for one that is unavailable.
std::unique_ptr<Strategy> MakeStrategy(std::string_view spec);

}  // namespace faultline
