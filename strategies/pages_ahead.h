// Brings the pages of announced operations into a pool before they are executed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <queue>
#include <vector>

#include "faultline/operation.h"
#include "strategies/batch_reader.h"
#include "strategies/lookahead.h"

namespace faultline {

// A pool has, all for several threads,
//   page_bytes(), file()
//   WhenMissed(number)             nothing if it holds the page, or a time of its own reckoning
//   Install(number, time, bytes)   takes the page as it was read after that time, unless it holds
//                                  another or wrote another meanwhile
//
// One session's, for Lookahead. Pages are read into memory of its own and copied from there.
template <class Pool>
class PagesAhead {
 public:
  // Where operations are announced at this distance and are at most this long. Throws as
  // BatchReader does.
  PagesAhead(Pool& pool, Distance distance, std::uint64_t most_bytes)
      : pool_(&pool),
        places_(Places(distance, (most_bytes - 1) / pool.page_bytes() + 2)),
        coming_(places_),
        reader_(std::make_unique<BatchReader>(pool.file(), places_)) {}

  void operator()(const Operation& operation) {
    const std::uint64_t page_bytes = pool_->page_bytes();
    const std::uint64_t last = (operation.offset() + operation.length() - 1) / page_bytes;
    for (std::uint64_t page = operation.offset() / page_bytes; page <= last; ++page) {
      wanted_.push_back(page);
    }
  }

  // Begins to read what the pool misses. What there is no place for is left for the pool to read
  // when it is used.
  void Finish() {
    std::sort(wanted_.begin(), wanted_.end());
    wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
    unsigned begun = 0;
    for (const std::uint64_t number : wanted_) {
      const auto when = pool_->WhenMissed(number);
      if (!when || IsComing(number)) continue;
      if (in_flight_ == places_) break;
      const unsigned place = (first_ + in_flight_++) % places_;
      coming_[place] = {number, *when};
      reader_->Queue(place, number);
      ++begun;
    }
    if (begun > 0) reader_->Submit();
    wanted_.clear();
    pieces_.push(begun);
  }

  // Hands the pool the pages of the oldest piece that didn't arrive yet.
  void Arrive() {
    for (unsigned left = pieces_.front(); left > 0; --left) {
      reader_->Await(first_);
      pool_->Install(coming_[first_].number, coming_[first_].missed, reader_->BytesOf(first_));
      first_ = (first_ + 1) % places_;
      --in_flight_;
    }
    pieces_.pop();
  }

  std::uint64_t memory_bytes() const { return reader_->memory_bytes(); }

 private:
  static constexpr std::uint64_t kMostPlaces = 8192;

  struct Page {
    std::uint64_t number = 0;
    std::uint64_t missed = 0;  // when
  };

  static unsigned Places(Distance distance, std::uint64_t pages_of_one) {
    const std::uint64_t operations = distance.piece * (distance.pieces + 1);
    return static_cast<unsigned>(std::min(operations * pages_of_one, kMostPlaces));
  }

  bool IsComing(std::uint64_t number) const {
    for (unsigned i = 0; i < in_flight_; ++i) {
      if (coming_[(first_ + i) % places_].number == number) return true;
    }
    return false;
  }

  Pool* pool_;
  unsigned places_;
  std::vector<Page> coming_;  // by place, in_flight_ of them from first_ on, round about
  unsigned first_ = 0;
  unsigned in_flight_ = 0;
  std::queue<unsigned> pieces_;  // how many of them belong to each, the oldest first
  std::unique_ptr<BatchReader> reader_;
  std::vector<std::uint64_t> wanted_;
};

}  // namespace faultline
