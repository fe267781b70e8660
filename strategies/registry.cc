#include "strategies/registry.h"

#include <algorithm>
#include <fmt/format.h>

#include "strategies/strategy_choice.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(StrategyInfo);

std::string WhyContradictory(const StrategyInfo& info) {
  const auto& [every, wait] = info.periodic_flush;
  const auto find = [&info](const std::string& name) {
    return std::find_if(info.options.begin(), info.options.end(),
                        [&name](const OptionInfo& option) { return option.name == name; });
  };
  if (info.durability != Durability::kPeriodic) {
    return every.empty() && wait.empty()
               ? ""
               : "its periodic_flush has options, but its durability is not kPeriodic";
  }
  if (every.empty()) {
    return "its durability is kPeriodic, but its periodic_flush.every names no option that says "
           "the period";
  }
  const auto period = find(every);
  if (period == info.options.end() || period->kind != OptionKind::kCount || period->minimum < 1) {
    return fmt::format(
        "its periodic_flush.every is '{}', but it has no option of that name that is a count of at "
        "least 1",
        every);
  }
  if (wait.empty()) return {};
  const auto waits = find(wait);
  if (waits == info.options.end() || waits->kind != OptionKind::kFlag) {
    return fmt::format(
        "its periodic_flush.wait is '{}', but it has no option of that name that is a flag", wait);
  }
  return {};
}

std::unique_ptr<Strategy> MakeStrategy(std::string_view spec) {
  return StrategyChoice(spec).Make();
}

}  // namespace faultline
