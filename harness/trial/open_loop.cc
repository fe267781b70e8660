#include "harness/trial/open_loop.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "harness/base/clock.h"
namespace faultline {
namespace {

// Timers may be 50 µs late by default, and a sleeper has to be scheduled after that; what is left
// is spun.
constexpr std::int64_t kSpinNs = 150'000;

class RealClock final : public LoopClock {
 public:
  std::int64_t NowNs() const override { return static_cast<std::int64_t>(SteadyNowNs()); }

  std::int64_t WaitUntil(std::int64_t ns) const override {
    std::int64_t now = NowNs();
    while (now < ns) {
      if (ns - now > kSpinNs) {
        std::this_thread::sleep_for(std::chrono::nanoseconds(ns - now - kSpinNs));
      }
      now = NowNs();
    }
    return now;
  }
};

}  // namespace

const LoopClock& SteadyLoopClock() {
  static const RealClock kClock;
  return kClock;
}

void OpenLoop::BeginPass() {
  busy_until_ns_ = 0;
  last_due_ns_ = -1;
  last_begin_ns_ = 0;
  group_late_ = false;
}

std::size_t OpenLoop::CountTogether(std::span<const Operation> operations,
                                    std::span<const std::int64_t> due_ns,
                                    std::int64_t now_ns) const {
  const auto most = due_ns.first(std::min(due_ns.size(), kMostTogether));
  const auto due =
      static_cast<std::size_t>(std::upper_bound(most.begin(), most.end(), now_ns) - most.begin());
  if (batches_) return due;
  std::size_t discards = 0;
  while (discards < due && due_ns[discards] == due_ns.front() &&
         operations[discards].kind() == OperationKind::kDiscard) {
    ++discards;
  }
  return std::max<std::size_t>(discards, 1);
}

OpenLoop::Done OpenLoop::Execute(Session& session, const Batch& batch,
                                 std::span<const std::int64_t> due_ns, Histogram& latency) {
  SilentObserver observer;
  const std::int64_t begin_ns = clock_.WaitUntil(origin_ns_ + due_ns.front()) - origin_ns_;
  const std::size_t count = CountTogether(batch.operations, due_ns, begin_ns);
  session.Execute({batch.operations.first(count), batch.first_sequence}, observer);
  const std::int64_t end_ns = clock_.NowNs() - origin_ns_;
  for (const std::int64_t due : due_ns.first(count)) Note(due, begin_ns, end_ns, latency);
  busy_until_ns_ = end_ns;
  last_begin_ns_ = begin_ns;
  return {.operations = count, .ended_ns = end_ns};
}

void OpenLoop::Note(std::int64_t due_ns, std::int64_t begin_ns, std::int64_t end_ns,
                    Histogram& latency) {
  // Operations that are due together are late when the first of them is: not because one session
  // can't begin them all at one time.
  const bool same = due_ns == last_due_ns_;
  if (!same) group_late_ = busy_until_ns_ > due_ns;
  latency.Record(static_cast<std::uint64_t>(end_ns - due_ns));
  due_together_ += same;
  late_operations_ += group_late_;
  if (!same && !group_late_) harness_late_.Record(static_cast<std::uint64_t>(begin_ns - due_ns));
  last_due_ns_ = due_ns;
}

ArrivalTimes::ArrivalTimes(const OpenLoad& load, std::uint64_t worker, std::uint64_t workers)
    : gap_ns_(static_cast<double>(workers) * 1e9 / *load.rate),
      next_ns_(static_cast<double>(worker) * 1e9 / *load.rate) {
  if (load.arrivals == Arrivals::kEven) return;
  random_.emplace(Mix64(load.seed) + worker);
  next_ns_ = 0;
}

std::int64_t ArrivalTimes::NextNs() {
  if (!random_) {
    // Multiplied, not added up, which would add up its rounding.
    return static_cast<std::int64_t>(next_ns_ + static_cast<double>(taken_++) * gap_ns_);
  }
  next_ns_ -= std::log1p(-random_->Unit()) * gap_ns_;
  return static_cast<std::int64_t>(next_ns_);
}

}  // namespace faultline
