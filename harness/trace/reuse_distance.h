// How soon pages are used again, and how many are used at a time, from a sample of the pages in
// bounded memory: SHARDS of fixed size (Waldspurger, Park, Garthwaite, Ahmad, "Efficient MRC
// Construction with SHARDS", FAST 2015). A page is in the sample when its hash is below a
// threshold, which sinks so that the sample never exceeds its size; what is counted stands for one
// divided by the rate of the moment.
#pragma once

#include <array>
#include <cstdint>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

namespace faultline {

class PageSample {
 public:
  static constexpr std::size_t kSize = std::size_t{1} << 14;  // pages
  static constexpr std::size_t kDistanceBins = 42;

  // An access to a page, numbered in any way, in interval `interval` of the trace's time; intervals
  // never go back.
  void Access(std::uint64_t page, std::uint64_t interval);

  // Different pages so far: an estimate, exact while they all fit the sample.
  double distinct_pages() const { return distinct_; }

  // Different pages of each interval, which had one at least.
  const std::vector<double>& pages_per_interval() const { return per_interval_; }

  // Accesses by how many other pages were used since the page's own use before: bin 0 for none, bin
  // n for 2^(n-1) to 2^n - 1.
  const std::array<double, kDistanceBins>& distances() const { return distances_; }
  double first_uses() const { return first_uses_; }

  // The share of accesses that goes to the most used `share` of the pages.
  double AccessesOfHottest(double share) const;

  double rate() const { return rate_; }  // the sampled share of pages at the end; 1: all

 private:
  struct Page {
    std::uint64_t used = 0;  // the place of its latest use
    std::uint64_t interval = 0;
    std::uint64_t accesses = 0;
  };

  void Shrink();
  void Compact();
  void Mark(std::uint64_t place, int change);
  std::uint64_t MarkedUpTo(std::uint64_t place) const;

  static constexpr std::uint64_t kHashes = std::uint64_t{1} << 32;

  std::unordered_map<std::uint64_t, Page> pages_;
  std::priority_queue<std::pair<std::uint64_t, std::uint64_t>> by_hash_;  // hash, page
  std::uint64_t threshold_ = kHashes;
  double rate_ = 1;
  // A Fenwick tree with a mark at the place of each page's latest use, in order of time.
  std::vector<std::uint32_t> tree_ = std::vector<std::uint32_t>(4 * kSize + 1);
  std::uint64_t next_place_ = 0;
  double distinct_ = 0;
  double first_uses_ = 0;
  std::vector<double> per_interval_;
  std::array<double, kDistanceBins> distances_ = {};
};

}  // namespace faultline
