// A whole plan in memory, with the changes of each record at hand.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/powercut/record_verdict.h"
#include "harness/record/plan.h"

namespace faultline {

// One pass of one worker. Immutable. Takes about 40 bytes per operation and 8 per record.
class PlanHistory {
 public:
  // Throws Error for a plan with an operation that leaves its record.
  PlanHistory(const Plan& plan, const Geometry& geometry);

  const Geometry& geometry() const { return geometry_; }
  std::span<const Operation> operations() const { return operations_; }

  // Changes among the first `operations` operations.
  std::uint64_t ChangesWithin(std::uint64_t operations) const {
    return changes_before_[operations];
  }

  // The changes of a record among the first `operations` operations, in order.
  std::span<const Change> ChangesOf(std::uint64_t record, std::uint64_t operations) const;

 private:
  Geometry geometry_;
  std::vector<Operation> operations_;
  std::vector<std::uint64_t> changes_before_;  // each operation, and one more for all
  std::vector<std::uint64_t> first_change_;    // of each record in changes_, and one more
  std::vector<Change> changes_;                // by record, then in order
};

}  // namespace faultline
