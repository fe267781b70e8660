#include "harness/powercut/plan_history.h"

#include <algorithm>

#include "harness/record/execute.h"

namespace faultline {

PlanHistory::PlanHistory(const Plan& plan, const Geometry& geometry)
    : geometry_(geometry), changes_before_{0}, first_change_(geometry.records + 1) {
  ForEachBatch(plan, 1, 1, [this](std::span<const Operation> batch, std::uint64_t) {
    operations_.insert(operations_.end(), batch.begin(), batch.end());
  });
  const std::uint64_t size = geometry.record_size;
  for (const Operation& operation : operations_) {
    changes_before_.push_back(changes_before_.back() + (operation.IsChange() ? 1 : 0));
    if (!operation.IsChange()) continue;
    if (operation.offset() % size + operation.length() > size) {
      ThrowStraddling(operation.offset(), operation.length());
    }
    ++first_change_[operation.offset() / size + 1];
  }
  for (std::uint64_t record = 0; record < geometry.records; ++record) {
    first_change_[record + 1] += first_change_[record];
  }
  changes_.resize(changes_before_.back());
  std::vector<std::uint64_t> next(first_change_.begin(), first_change_.end() - 1);
  for (std::uint64_t sequence = 0; sequence < operations_.size(); ++sequence) {
    const Operation& operation = operations_[sequence];
    if (operation.IsChange()) changes_[next[operation.offset() / size]++] = {operation, sequence};
  }
}

std::span<const Change> PlanHistory::ChangesOf(std::uint64_t record,
                                               std::uint64_t operations) const {
  const auto all = std::span(changes_).subspan(first_change_[record],
                                               first_change_[record + 1] - first_change_[record]);
  const auto end = std::partition_point(
      all.begin(), all.end(), [=](const Change& change) { return change.sequence < operations; });
  return all.first(static_cast<std::size_t>(end - all.begin()));
}

}  // namespace faultline
