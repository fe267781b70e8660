#include "harness/trial/workers.h"

#include <algorithm>
#include <array>
#include <span>

namespace faultline {
namespace {

// Operations of a slice, after which a worker looks at the clock: so many that the clock costs
// nothing, and so few that the time series has no gaps.
constexpr std::uint64_t kFirstSlice = 256;
constexpr std::uint64_t kLeastSlice = 16;
constexpr double kSliceSeconds = 0.01;

double Seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

class LatencyObserver final : public Observer {
 public:
  LatencyObserver(std::uint64_t sample_every, Histogram& histogram)
      : Observer(sample_every), histogram_(histogram) {}

  void Record(std::uint64_t elapsed_ns) override { histogram_.Record(elapsed_ns); }

 private:
  Histogram& histogram_;
};

}  // namespace

struct Workers::Worker {
  Share share;
  std::vector<Operation> buffer;
  std::size_t filled = 0;
  std::unique_ptr<OperationStream> stream;
  std::unique_ptr<Session> session;
  std::uint64_t sequence = 0;
  std::uint64_t checksum = 0;
  std::uint64_t asked_read_bytes = 0;
  std::uint64_t asked_changed_bytes = 0;
  std::uint64_t slice = kFirstSlice;
  double ran_seconds = 0;  // of all stretches in the series
  std::vector<std::uint64_t> series;
  Histogram latency;
  Clock::time_point started;
  Clock::time_point ended;
  std::exception_ptr failure;
  std::thread thread;
};

Workers::Workers(const Plan& plan, std::uint64_t first_share, std::uint64_t threads,
                 std::uint64_t shares)
    : plan_(plan), gate_(static_cast<std::ptrdiff_t>(threads)) {
  for (std::uint64_t i = 0; i < threads; ++i) {
    auto worker = std::make_unique<Worker>();
    worker->share = {.index = first_share + i, .count = shares};
    // Written now, so that no page of it is touched for the first time inside a phase.
    worker->buffer.assign(std::max<std::uint64_t>(kBufferedOperations / threads, 1), Operation());
    worker->series.reserve(1 << 14);
    workers_.push_back(std::move(worker));
  }
  for (std::uint64_t i = 1; i < threads; ++i) {
    workers_[i]->thread = std::thread([this, worker = workers_[i].get()] { ThreadMain(*worker); });
  }
}

Workers::~Workers() {
  stopping_ = true;
  if (workers_.size() > 1) gate_.arrive_and_wait();
  for (auto& worker : workers_) {
    if (worker->thread.joinable()) worker->thread.join();
  }
}

void Workers::ThreadMain(Worker& worker) {
  while (true) {
    gate_.arrive_and_wait();
    if (stopping_) return;
    (this->*job_)(worker);
    gate_.arrive_and_wait();
  }
}

// The calling thread is the first worker.
void Workers::RunJob(void (Workers::*job)(Worker&)) {
  job_ = job;
  if (workers_.size() == 1) {
    (this->*job)(*workers_.front());
  } else {
    gate_.arrive_and_wait();
    (this->*job)(*workers_.front());
    gate_.arrive_and_wait();
  }
  for (auto& worker : workers_) {
    if (worker->failure) std::rethrow_exception(std::exchange(worker->failure, nullptr));
  }
}

void Workers::MakeSessions(Strategy& strategy) {
  for (auto& worker : workers_) worker->session = strategy.NewSession();
}

void Workers::DropSessions() {
  for (auto& worker : workers_) {
    if (worker->session) worker->checksum += worker->session->read_checksum();
    worker->session.reset();
  }
}

void Workers::Generate(Worker& worker) try {
  worker.filled = worker.stream->Next(worker.buffer);
  for (const Operation& operation : std::span(worker.buffer).first(worker.filled)) {
    const OperationKind kind = operation.kind();
    if (kind == OperationKind::kRead || kind == OperationKind::kUpdate) {
      worker.asked_read_bytes += operation.length();
    }
    if (kind == OperationKind::kUpdate || kind == OperationKind::kWrite) {
      worker.asked_changed_bytes += operation.length();
    }
  }
} catch (...) {
  worker.failure = std::current_exception();
}

void Workers::ExecuteStretch(Worker& worker) try {
  LatencyObserver observer(sample_every_, worker.latency);
  std::span<const Operation> left = std::span(worker.buffer).first(worker.filled);
  worker.started = Clock::now();
  Clock::time_point last = worker.started;
  while (!left.empty()) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(worker.slice, left.size()));
    worker.session->Execute({left.first(count), worker.sequence}, observer);
    left = left.subspan(count);
    worker.sequence += count;
    const Clock::time_point now = Clock::now();
    if (in_series_) {
      const double at = worker.ran_seconds + Seconds(now - worker.started);
      const auto bin = static_cast<std::size_t>(at / kSeriesSeconds);
      if (worker.series.size() <= bin) worker.series.resize(bin + 1);
      worker.series[bin] += count;
    }
    const double slice_seconds = std::max(Seconds(now - last), 1e-7);
    const double wished = static_cast<double>(count) * kSliceSeconds / slice_seconds;
    worker.slice = std::clamp(static_cast<std::uint64_t>(wished), kLeastSlice, kBufferedOperations);
    last = now;
  }
  worker.ended = Clock::now();
  if (in_series_) worker.ran_seconds += Seconds(worker.ended - worker.started);
} catch (...) {
  worker.failure = std::current_exception();
}

double Workers::RunPass(std::uint64_t sample_every, bool in_series, const StretchHooks& hooks) {
  sample_every_ = sample_every;
  in_series_ = in_series;
  for (auto& worker : workers_) worker->stream = plan_.Stream(worker->share);
  double seconds = 0;
  while (true) {
    RunJob(&Workers::Generate);
    const bool done = std::all_of(workers_.begin(), workers_.end(),
                                  [](const auto& worker) { return worker->filled == 0; });
    if (done) return seconds;
    hooks.before();
    RunJob(&Workers::ExecuteStretch);
    hooks.after();
    Clock::time_point first = Clock::time_point::max();
    Clock::time_point last = Clock::time_point::min();
    for (const auto& worker : workers_) {
      first = std::min(first, worker->started);
      last = std::max(last, worker->ended);
    }
    seconds += Seconds(last - first);
    if (in_series_) {
      stretches_.push_back(
          {std::chrono::duration_cast<std::chrono::nanoseconds>(first.time_since_epoch()).count(),
           Seconds(last - first)});
    }
  }
}

std::uint64_t Workers::read_checksum() const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) {
    sum += worker->checksum + (worker->session ? worker->session->read_checksum() : 0);
  }
  return sum;
}

std::uint64_t Workers::operations() const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->sequence;
  return sum;
}

std::uint64_t Workers::asked_read_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->asked_read_bytes;
  return sum;
}

std::uint64_t Workers::asked_changed_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += worker->asked_changed_bytes;
  return sum;
}

Histogram Workers::MergedLatency() const {
  Histogram merged;
  for (const auto& worker : workers_) merged.Merge(worker->latency);
  return merged;
}

std::vector<std::uint64_t> Workers::MergedSeries() const {
  std::vector<std::uint64_t> merged;
  for (const auto& worker : workers_) {
    merged.resize(std::max(merged.size(), worker->series.size()));
    for (std::size_t i = 0; i < worker->series.size(); ++i) merged[i] += worker->series[i];
  }
  return merged;
}

std::uint64_t TimerCostNs() {
  std::array<std::uint64_t, 1001> costs;
  for (auto& cost : costs) {
    const auto start = std::chrono::steady_clock::now();
    const auto end = std::chrono::steady_clock::now();
    cost = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(end - start).count());
  }
  std::nth_element(costs.begin(), costs.begin() + costs.size() / 2, costs.end());
  return costs[costs.size() / 2];
}

}  // namespace faultline
