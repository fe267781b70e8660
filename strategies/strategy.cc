#include "strategies/strategy.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(StrategyInfo);

std::string_view DurabilityName(Durability durability) {
  switch (durability) {
    case Durability::kNever:
      return "never";
    case Durability::kAfterFlush:
      return "after-flush";
    case Durability::kPeriodic:
      return "periodic";
  }
  return "?";
}

std::unique_ptr<Strategy> MakeStrategy(std::string_view spec_text) {
  const Spec spec = ParseSpec(spec_text);
  const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(spec.name);
  const Options options(spec, info.options);
  if (!info.unavailable.empty()) {
    throw UnsupportedError(Concat("strategy '", info.name, "' is unavailable: ", info.unavailable));
  }
  return info.make(options);
}

}  // namespace faultline
