// The open loop: every operation is due at a time of its own, whether or not the one before it is
// done, and its latency counts from then. Nothing that a stall delays goes uncounted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "faultline/strategy.h"
#include "harness/base/enum_names.h"
#include "harness/base/random.h"
#include "harness/trial/histogram.h"

namespace faultline {

// How the operations of a rate follow each other.
enum class Arrivals {
  kEven,     // at equal distances, the workers taking turns
  kPoisson,  // at exponentially distributed ones, as users do who don't know of each other
};

inline constexpr EnumNames<Arrivals> kArrivalsNames{"even", "poisson"};

// When the operations of an open loop are due.
struct OpenLoad {
  // Operations per second of all workers together; absent: as the plan has recorded.
  std::optional<double> rate;
  Arrivals arrivals = Arrivals::kEven;
  std::uint64_t seed = 1;
  bool batches = false;  // sessions work on several operations at a time (StrategyInfo::batches)
};

// The time that an open loop goes by. Tests make their own.
class LoopClock {
 public:
  virtual ~LoopClock() = default;

  virtual std::int64_t NowNs() const = 0;

  // Returns the time when `ns` has come: at once, if it has passed.
  virtual std::int64_t WaitUntil(std::int64_t ns) const = 0;
};

// The steady clock. Sleeps until shortly before the time, then spins, since a sleeper wakes late.
const LoopClock& SteadyLoopClock();

// The open loop of one worker. Times are ns since the beginning of the pass, of which a pause
// between two stretches is no part.
class OpenLoop {
 public:
  // `batches`: the session works on several operations at a time.
  OpenLoop(const LoopClock& clock, bool batches) : clock_(clock), batches_(batches) {}

  void BeginPass();

  // The pass's beginning is at `origin_ns` of the clock.
  void BeginStretch(std::int64_t origin_ns) { origin_ns_ = origin_ns; }

  struct Done {
    std::size_t operations = 0;
    std::int64_t ended_ns = 0;
  };

  // Waits until the batch's first operation is due and executes it: in a session that works on
  // several at a time all that are due by then, up to kMostTogether, else that one or one run of
  // discards. Records in `latency` how long after its time each was done: they are done when the
  // session returns. What is late goes on at once. REQUIRES: a time for each operation, none less
  // than the one before it, also of the pass's last call, all less than 2⁶²; an operation at least.
  Done Execute(Session& session, const Batch& batch, std::span<const std::int64_t> due_ns,
               Histogram& latency);

  static constexpr std::size_t kMostTogether = 4096;

  // Of all passes: operations that came due while the session was busy with one that was due
  // before.
  std::uint64_t late_operations() const { return late_operations_; }
  // Of all passes: operations due at the very time of the one before.
  std::uint64_t due_together() const { return due_together_; }
  // Of all passes: how late operations began that found the session idle, in ns. Harness and
  // scheduler cause it, not the strategy.
  const Histogram& harness_late() const { return harness_late_; }
  // Of this pass's last operation: several may have begun together.
  std::int64_t last_due_ns() const { return last_due_ns_; }
  std::int64_t last_begin_ns() const { return last_begin_ns_; }

 private:
  // How many of the operations, of which the first is due, are executed at once: for a session that
  // does not work on several, those of a discard that are due at its time, as it is one that was
  // cut at the records' borders.
  std::size_t CountTogether(std::span<const Operation> operations,
                            std::span<const std::int64_t> due_ns, std::int64_t now_ns) const;

  // Takes down an operation that began and ended then.
  void Note(std::int64_t due_ns, std::int64_t begin_ns, std::int64_t end_ns, Histogram& latency);

  const LoopClock& clock_;
  const bool batches_;
  std::int64_t origin_ns_ = 0;
  std::int64_t busy_until_ns_ = 0;
  std::int64_t last_due_ns_ = -1;  // of no operation
  std::int64_t last_begin_ns_ = 0;
  bool group_late_ = false;  // the operations that are due at last_due_ns_
  std::uint64_t late_operations_ = 0;
  std::uint64_t due_together_ = 0;
  Histogram harness_late_;
};

// When one of `workers` workers is due, operation by operation, by the rate of all together: ns
// since the pass began, never less than before. The same in every pass. Several workers, each with
// a share of a Poisson process, are one together.
class ArrivalTimes {
 public:
  // REQUIRES: a rate.
  ArrivalTimes(const OpenLoad& load, std::uint64_t worker, std::uint64_t workers);

  std::int64_t NextNs();

 private:
  double gap_ns_;  // the mean
  double next_ns_;
  std::optional<Random> random_;
  std::uint64_t taken_ = 0;
};

}  // namespace faultline
