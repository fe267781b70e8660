// What a trial and its machine did over time, sampled from outside the trial's processes, so that
// sampling is not counted as theirs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "faultline/file.h"
#include "harness/probe/probe.h"

namespace faultline {

// The time between two samples, in seconds.
inline constexpr double kTimelineSeconds = 0.1;

// One sample: the counters' totals, and levels.
//   device_read_bytes, device_write_bytes   traffic of the file's device, from all processes
//   cached_pages, dirty_pages               of the file, now
//   major_faults                            of the trial's processes
//   tlb_shootdowns                          of the machine
//   reclaimed_pages                         taken from the trial's memory limit, or where there is
//                                           none, from any process of the machine
//   memory_bytes                            charged to the memory limit, now
inline constexpr const char* kTimelineLevels[] = {"cached_pages", "dirty_pages", "memory_bytes"};

struct TimelineSample {
  std::int64_t at_ns = 0;  // the steady clock's
  Counters counters;
};

// Samples from its construction until Stop.
class TimelineSampler {
 public:
  // `read` reads the counters; it is called by a thread of this object's.
  explicit TimelineSampler(std::function<Counters()> read);
  ~TimelineSampler();

  TimelineSampler(const TimelineSampler&) = delete;
  TimelineSampler& operator=(const TimelineSampler&) = delete;

  // Takes one more sample, and returns all.
  std::vector<TimelineSample> Stop();

 private:
  struct Watcher;
  std::unique_ptr<Watcher> watcher_;
};

// Adds operations done between `begin` and `end` (seconds) to the bins of a series, of
// `bin_seconds` each, evenly over that time: all to one bin would make gaps and peaks of a slow
// device's operations. At once where begin = end. REQUIRES: 0 ≤ begin ≤ end.
void AddToSeries(double begin, double end, std::uint64_t operations, double bin_seconds,
                 std::vector<std::uint64_t>& series);

// A stretch of passes that ran without a pause.
struct Stretch {
  std::int64_t start_ns = 0;  // the steady clock's
  double seconds = 0;
};

// A sample of a trial at work.
struct TimelineRow {
  double seconds = 0;            // that the passes had run
  std::uint64_t operations = 0;  // done by then
  Counters counters;
};

// The samples that fell into the stretches, with the operations of `series` (seconds, operations so
// far; ascending).
std::vector<TimelineRow> MakeTimeline(std::span<const TimelineSample> samples,
                                      std::span<const Stretch> stretches,
                                      std::span<const std::pair<double, std::uint64_t>> series);

}  // namespace faultline
