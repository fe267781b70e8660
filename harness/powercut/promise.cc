#include "harness/powercut/promise.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "strategies/strategy.h"

namespace faultline {
namespace {

bool Declares(const StrategyInfo& info, std::string_view option) {
  return std::any_of(info.options.begin(), info.options.end(),
                     [&](const OptionInfo& declared) { return declared.name == option; });
}

}  // namespace

std::uint64_t FlushPeriod(const std::string& strategy_spec) {
  const Spec spec = ParseSpec(strategy_spec);
  const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(spec.name);
  const Options options(spec, info.options);
  if (info.durability != Durability::kPeriodic) return 0;
  if (!Declares(info, "every")) {
    throw Error(Concat("strategy ", info.name,
                       " declares a periodic flush, but no option 'every' that says its period"));
  }
  if (Declares(info, "sync") && !options.Flag("sync")) return 0;
  return options.Count("every");
}

std::uint64_t PromiseKeeper::Done(const Operation& operation) {
  ++done_;
  const bool asked = operation.kind() == OperationKind::kFlush;
  if (operation.IsChange()) ++changes_;
  if (asked || (flush_period_ != 0 && changes_ >= flush_period_)) {
    durable_ = done_;
    changes_ = 0;
  }
  return durable_;
}

}  // namespace faultline
