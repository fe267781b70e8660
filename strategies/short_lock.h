// A one-byte lock, for large arrays of briefly held locks.
#pragma once

#include <atomic>

namespace faultline {

// For std::lock_guard. No thread owns it: another one than the locker may release it.
class ShortLock {
 public:
  void lock() {
    while (!try_lock()) taken_.wait(true, std::memory_order_relaxed);
  }

  bool try_lock() { return !taken_.test_and_set(std::memory_order_acquire); }

  void unlock() {
    taken_.clear(std::memory_order_release);
    taken_.notify_one();
  }

 private:
  std::atomic_flag taken_;
};

}  // namespace faultline
