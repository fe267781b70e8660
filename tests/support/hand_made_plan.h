// A plan whose operations a test has chosen.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "faultline/operation.h"
#include "harness/record/plan.h"

namespace faultline {

// The same operations for each worker at every asking.
class HandMadePlan final : public Plan {
 public:
  explicit HandMadePlan(std::vector<std::vector<Operation>> workers)
      : workers_(std::move(workers)) {}

  // Of the only worker.
  static HandMadePlan Of(std::vector<Operation> operations) {
    std::vector<std::vector<Operation>> workers;
    workers.push_back(std::move(operations));
    return HandMadePlan(std::move(workers));
  }

  std::unique_ptr<OperationStream> Stream(Share share) const override {
    return std::make_unique<HandMadeStream>(workers_[share.index]);
  }

  const std::vector<std::vector<Operation>>& workers() const { return workers_; }

 private:
  class HandMadeStream final : public OperationStream {
   public:
    explicit HandMadeStream(std::span<const Operation> left) : left_(left) {}

    std::size_t Next(std::span<Operation> into) override {
      const std::size_t count = std::min(into.size(), left_.size());
      std::copy_n(left_.begin(), count, into.begin());
      left_ = left_.subspan(count);
      return count;
    }

   private:
    std::span<const Operation> left_;
  };

  std::vector<std::vector<Operation>> workers_;
};

}  // namespace faultline
