#include "harness/trial/timeline.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/base/clock.h"

namespace faultline {
namespace {

// Operations done after `seconds`: in a straight line between two entries of the series.
std::uint64_t OperationsAt(double seconds,
                           std::span<const std::pair<double, std::uint64_t>> series) {
  std::pair<double, std::uint64_t> before = {0, 0};
  for (const auto& after : series) {
    if (after.first >= seconds) {
      const double share = (seconds - before.first) / (after.first - before.first);
      return before.second +
             static_cast<std::uint64_t>(share * static_cast<double>(after.second - before.second));
    }
    before = after;
  }
  return before.second;
}

// The seconds that the passes had run at that time; nothing between two stretches.
std::optional<double> RunningSeconds(std::int64_t at_ns, std::span<const Stretch> stretches) {
  double before = 0;
  for (const Stretch& stretch : stretches) {
    const double since = static_cast<double>(at_ns - stretch.start_ns) / 1e9;
    if (since >= 0 && since <= stretch.seconds) return before + since;
    before += stretch.seconds;
  }
  return std::nullopt;
}

}  // namespace

struct TimelineSampler::Watcher {
  std::function<Counters()> read;
  std::vector<TimelineSample> samples;
  std::mutex mutex;
  std::condition_variable stop_asked;
  bool stopping = false;
  std::jthread thread;

  void SampleNow() {
    const auto at = static_cast<std::int64_t>(SteadyNowNs());
    try {
      samples.push_back({at, read()});
    } catch (const std::exception&) {
      // A sample that failed is missing; why, the trial itself will tell.
    }
  }

  void Run() {
    const SteadyClock::duration interval = DurationOf(kTimelineSeconds);
    SteadyClock::time_point next = SteadyClock::now();
    std::unique_lock lock(mutex);
    while (!stopping) {
      SampleNow();
      next += interval;
      stop_asked.wait_until(lock, next, [this] { return stopping; });
    }
  }
};

TimelineSampler::TimelineSampler(std::function<Counters()> read)
    : watcher_(std::make_unique<Watcher>()) {
  watcher_->read = std::move(read);
  watcher_->thread = std::jthread([watcher = watcher_.get()] { watcher->Run(); });
}

TimelineSampler::~TimelineSampler() {
  if (watcher_->thread.joinable()) Stop();
}

std::vector<TimelineSample> TimelineSampler::Stop() {
  {
    const std::lock_guard lock(watcher_->mutex);
    watcher_->stopping = true;
  }
  watcher_->stop_asked.notify_one();
  watcher_->thread.join();
  watcher_->SampleNow();
  return std::move(watcher_->samples);
}

void AddToSeries(double begin, double end, std::uint64_t operations, double bin_seconds,
                 std::vector<std::uint64_t>& series) {
  const auto last = static_cast<std::size_t>(end / bin_seconds);
  if (series.size() <= last) series.resize(last + 1);
  std::uint64_t added = 0;
  for (auto bin = static_cast<std::size_t>(begin / bin_seconds); bin < last; ++bin) {
    const double share = (static_cast<double>(bin + 1) * bin_seconds - begin) / (end - begin);
    const auto by_then = static_cast<std::uint64_t>(share * static_cast<double>(operations));
    series[bin] += by_then - added;
    added = by_then;
  }
  series[last] += operations - added;
}

std::vector<TimelineRow> MakeTimeline(std::span<const TimelineSample> samples,
                                      std::span<const Stretch> stretches,
                                      std::span<const std::pair<double, std::uint64_t>> series) {
  std::vector<TimelineRow> rows;
  for (const TimelineSample& sample : samples) {
    const std::optional<double> seconds = RunningSeconds(sample.at_ns, stretches);
    if (!seconds) continue;
    rows.push_back({*seconds, OperationsAt(*seconds, series), sample.counters});
  }
  return rows;
}

}  // namespace faultline
