#include "harness/trace/reuse_distance.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "harness/base/random.h"

namespace faultline {

void PageSample::Access(std::uint64_t page, std::uint64_t interval) {
  const std::uint64_t hash = Mix64(page) >> 32;
  if (hash >= threshold_) return;
  const double weight = 1 / rate_;
  if (per_interval_.size() <= interval) per_interval_.resize(interval + 1);
  if (next_place_ + 1 == tree_.size()) Compact();
  const auto [found, is_new] = pages_.try_emplace(page);
  Page& entry = found->second;
  if (is_new) {
    distinct_ += weight;
    first_uses_ += weight;
    by_hash_.emplace(hash, page);
  } else {
    const std::uint64_t since = pages_.size() - MarkedUpTo(entry.used);
    const auto distance = static_cast<std::uint64_t>(std::llround(since * weight));
    distances_[std::min<std::size_t>(std::bit_width(distance), kDistanceBins - 1)] += weight;
    Mark(entry.used, -1);
  }
  if (is_new || entry.interval != interval) per_interval_[interval] += weight;
  entry.interval = interval;
  entry.used = next_place_++;
  ++entry.accesses;
  Mark(entry.used, 1);
  if (pages_.size() > kSize) Shrink();
}

// Takes the pages of the highest hash out, and all that share it.
void PageSample::Shrink() {
  threshold_ = by_hash_.top().first;
  rate_ = static_cast<double>(threshold_) / static_cast<double>(kHashes);
  while (!by_hash_.empty() && by_hash_.top().first >= threshold_) {
    const auto found = pages_.find(by_hash_.top().second);
    Mark(found->second.used, -1);
    pages_.erase(found);
    by_hash_.pop();
  }
}

// Gives the latest uses new places, from 0 on, in the same order.
void PageSample::Compact() {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> uses;
  for (const auto& [page, entry] : pages_) uses.emplace_back(entry.used, page);
  std::sort(uses.begin(), uses.end());
  std::fill(tree_.begin(), tree_.end(), 0);
  next_place_ = 0;
  for (const auto& [used, page] : uses) {
    pages_[page].used = next_place_;
    Mark(next_place_++, 1);
  }
}

void PageSample::Mark(std::uint64_t place, int change) {
  for (std::uint64_t at = place + 1; at < tree_.size(); at += at & -at) {
    tree_[at] += static_cast<std::uint32_t>(change);
  }
}

// Pages whose latest use is at `place` or before.
std::uint64_t PageSample::MarkedUpTo(std::uint64_t place) const {
  std::uint64_t sum = 0;
  for (std::uint64_t at = place + 1; at > 0; at -= at & -at) sum += tree_[at];
  return sum;
}

double PageSample::AccessesOfHottest(double share) const {
  std::vector<std::uint64_t> accesses;
  std::uint64_t all = 0;
  for (const auto& [page, entry] : pages_) {
    accesses.push_back(entry.accesses);
    all += entry.accesses;
  }
  std::sort(accesses.rbegin(), accesses.rend());
  const auto count =
      static_cast<std::size_t>(std::ceil(share * static_cast<double>(accesses.size())));
  std::uint64_t hot = 0;
  for (std::size_t i = 0; i < std::min(count, accesses.size()); ++i) hot += accesses[i];
  return all == 0 ? 0 : static_cast<double>(hot) / static_cast<double>(all);
}

}  // namespace faultline
