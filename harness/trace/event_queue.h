// Events of one source in the order of their times, until they are handed on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace faultline {

// `Event` has a member `time_ns`. Events come nearly in order and many at a time, so putting them
// in their places takes hardly longer than copying them.
template <class Event>
class EventQueue {
 public:
  // Takes events in, and leaves them in the order of their times. Those that are earlier than some
  // that were handed on become the next.
  void Add(std::vector<Event>& events) {
    // Moving what is left is worth it when it is less than what was handed on.
    if (next_ > events_.size() / 2) {
      events_.erase(events_.begin(), At(next_));
      next_ = 0;
    }
    if (events.empty()) return;
    if (!std::is_sorted(events.begin(), events.end(), IsEarlier)) {
      std::stable_sort(events.begin(), events.end(), IsEarlier);
    }
    const auto known = static_cast<std::ptrdiff_t>(events_.size());
    events_.insert(events_.end(), events.begin(), events.end());
    const auto behind =
        std::upper_bound(At(next_), events_.begin() + known, events.front(), IsEarlier);
    if (behind != events_.begin() + known) {
      std::inplace_merge(behind, events_.begin() + known, events_.end(), IsEarlier);
    }
  }

  std::size_t size() const { return events_.size() - next_; }

  // Of the next event; later than any where there is none.
  std::uint64_t NextTime() const {
    return size() > 0 ? events_[next_].time_ns : std::numeric_limits<std::uint64_t>::max();
  }

  // REQUIRES: size() > 0, for both. Take's is valid until the next Add.
  std::uint64_t MiddleTime() const { return events_[next_ + size() / 2].time_ns; }
  const Event& Take() { return events_[next_++]; }

 private:
  static bool IsEarlier(const Event& a, const Event& b) { return a.time_ns < b.time_ns; }

  auto At(std::size_t index) { return events_.begin() + static_cast<std::ptrdiff_t>(index); }

  std::vector<Event> events_;
  std::size_t next_ = 0;  // those before were handed on
};

}  // namespace faultline
