#include "harness/powercut/promise.h"

namespace faultline {

std::uint64_t PromiseKeeper::Done(const Operation& operation) {
  ++done_;
  const bool asked = operation.kind() == OperationKind::kFlush;
  if (operation.IsChange()) ++changes_;
  if (asked || (flush_period_ && changes_ >= *flush_period_)) {
    durable_ = done_;
    changes_ = 0;
  }
  return durable_;
}

}  // namespace faultline
