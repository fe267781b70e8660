// What a strategy promises about single updates, from what it declares.
#pragma once

#include <cstdint>
#include <string>

#include "harness/record/operation.h"

namespace faultline {

// The changes of one session between two flushes of its own; 0 when it flushes only when it is
// told to (also: when it is told not to wait for stable storage). Throws UsageError for a bad spec,
// Error for a strategy that declares a periodic flush without an option `every`.
std::uint64_t FlushPeriod(const std::string& strategy_spec);

// Follows a session, operation by operation, and knows how many of them it has made durable by its
// own declaration.
class PromiseKeeper {
 public:
  explicit PromiseKeeper(std::uint64_t flush_period) : flush_period_(flush_period) {}

  // Takes in an operation that the session has returned from. Returns how many of all so far are
  // durable.
  std::uint64_t Done(const Operation& operation);

 private:
  std::uint64_t flush_period_;
  std::uint64_t done_ = 0;
  std::uint64_t durable_ = 0;
  std::uint64_t changes_ = 0;  // since the last flush
};

}  // namespace faultline
