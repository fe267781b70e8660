#include "strategies/strategy_choice.h"

#include <fmt/format.h>

#include "faultline/error.h"

namespace faultline {

StrategyChoice::StrategyChoice(std::string_view spec_text) : text_(spec_text) {
  const Spec spec = ParseSpec(spec_text);
  info_ = &Registry<StrategyInfo>::Instance().Find(spec.name);
  if (const std::string why = WhyContradictory(*info_); !why.empty()) {
    throw Error(fmt::format("strategy '{}' contradicts itself: {}", info_->name, why));
  }
  options_ = Options(spec, info_->options);
}

std::unique_ptr<Strategy> StrategyChoice::Make() const {
  if (!info_->unavailable.empty()) {
    throw UnsupportedError(
        fmt::format("strategy '{}' is unavailable: {}", info_->name, info_->unavailable));
  }
  return info_->make(options_);
}

std::optional<std::uint64_t> StrategyChoice::FlushPeriod() const {
  const auto& [every, wait] = info_->periodic_flush;
  if (every.empty() || (!wait.empty() && !options_.Flag(wait))) return std::nullopt;
  return options_.Count(every);
}

}  // namespace faultline
