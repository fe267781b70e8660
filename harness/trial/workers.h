// The threads of one process of a trial: each generates its share of the plan, outside the clock,
// and executes it.
#pragma once

#include <barrier>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "faultline/strategy.h"
#include "harness/base/clock.h"
#include "harness/record/plan.h"
#include "harness/trial/histogram.h"
#include "harness/trial/open_loop.h"
#include "harness/trial/timeline.h"

namespace faultline {

// What a pass needs from outside: called right before the clock starts and right after it stops, on
// the calling thread, while all workers wait. A pass of more operations than fit the buffers runs
// in several stretches.
struct StretchHooks {
  std::function<void()> before;
  std::function<void()> after;
};

// How an open loop went: the workers together, over all passes.
struct PlayedLoad {
  std::uint64_t late_operations = 0;  // OpenLoop says what these are
  std::uint64_t due_together = 0;
  Histogram harness_late;        // ns
  std::int64_t intended_ns = 0;  // from each pass's beginning to when its last operation was due
  std::int64_t achieved_ns = 0;  // to when its last operation began
};

class Workers {
 public:
  // Operations that all threads of a process together hold at a time: 8 MiB, and as much again for
  // the times of an open load.
  static constexpr std::uint64_t kBufferedOperations = std::uint64_t{1} << 20;
  // The time series' resolution.
  static constexpr double kSeriesSeconds = 0.1;

  // Threads for shares [first_share, first_share + threads) of `shares`. They start at once, and
  // wait. With a load they play an open loop, else a closed one. Room for operations is taken at
  // once: twice `share_operations`, about as many as a pass of a share has, as far as the buffer
  // goes; a plan with more is played in more pieces. The plan outlives this.
  Workers(const Plan& plan, std::uint64_t first_share, std::uint64_t threads, std::uint64_t shares,
          std::optional<OpenLoad> load = std::nullopt,
          std::uint64_t share_operations = kBufferedOperations);
  ~Workers();

  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  // Makes each thread's session, on the calling thread.
  void MakeSessions(Strategy& strategy);

  // Executes the whole plan once, but for the first time its setup first, timing every
  // `sample_every`-th operation (0: none; an open loop times all) and adding to series if
  // `in_series`. Neither sees the setup, which of the first pass SetUpFirstPass has done.
  // Returns the seconds of its stretches: each from the first worker's start to the last one's end.
  // Rethrows the first exception of a worker.
  double RunPass(std::uint64_t sample_every, bool in_series, const StretchHooks& hooks);

  // Frees the sessions.
  void DropSessions();

  std::uint64_t read_checksum() const;        // of all sessions; survives DropSessions
  std::uint64_t operations() const;           // executed so far, but for setup
  std::uint64_t asked_read_bytes() const;     // reads and updates generated so far
  std::uint64_t asked_changed_bytes() const;  // by updates and writes, so far
  Histogram MergedLatency() const;
  PlayedLoad Played() const;
  const std::vector<Stretch>& stretches() const { return stretches_; }  // those in the series
  std::vector<std::uint64_t> MergedSeries() const;  // operations in each kSeriesSeconds of running

 private:
  struct Worker;

  template <class Figure>
  std::uint64_t Sum(Figure figure) const;  // of all workers
  void ThreadMain(Worker& worker);
  void Generate(Worker& worker);
  void SetUp(Worker& worker);
  void ExecuteStretch(Worker& worker);
  void PlayStretch(Worker& worker);
  void CountSeries(Worker& worker, SteadyClock::time_point begin, SteadyClock::time_point end,
                   std::uint64_t operations);
  void ChooseOpenStretch();
  void EndPass();
  void RunJob(void (Workers::*job)(Worker&));

  const Plan& plan_;
  const std::optional<OpenLoad> load_;
  std::int64_t origin_ns_ = 0;  // of an open loop's pass, on its clock
  std::int64_t intended_ns_ = 0;
  std::int64_t achieved_ns_ = 0;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::barrier<> gate_;  // before and after every job
  void (Workers::*job_)(Worker&) = nullptr;
  bool stopping_ = false;
  std::uint64_t sample_every_ = 0;
  bool in_series_ = false;
  bool first_pass_ = true;
  std::vector<Stretch> stretches_;
};

// What reading the clock twice in a row costs, in ns: the median of many tries.
std::uint64_t TimerCostNs();

}  // namespace faultline
