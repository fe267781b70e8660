// What a strategy promises about single updates.
#pragma once

#include <cstdint>
#include <optional>

#include "faultline/operation.h"

namespace faultline {

// Follows a session, operation by operation, and knows how many of them it has made durable by its
// own declaration.
class PromiseKeeper {
 public:
  // `flush_period`: after how many changes the session flushes by itself
  // (StrategyChoice::FlushPeriod); absent if it doesn't.
  explicit PromiseKeeper(std::optional<std::uint64_t> flush_period) : flush_period_(flush_period) {}

  // Takes in an operation that the session has returned from. Returns how many of all so far are
  // durable.
  std::uint64_t Done(const Operation& operation);

 private:
  std::optional<std::uint64_t> flush_period_;
  std::uint64_t done_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t changes_ = 0;  // since the last flush
};

}  // namespace faultline
