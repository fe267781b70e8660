#include "harness/trial/workers.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "harness/record/uniform_parts.h"

namespace faultline {
namespace {

// Operations of a slice, after which a worker reads the clock: enough that the clock costs nothing
// and strategies see some of what comes, and few enough that the time series is fine.
constexpr std::uint64_t kFirstSlice = 64;
constexpr std::uint64_t kLeastSlice = 16;
constexpr double kSliceSeconds = 0.01;
// Operations of the same kind and length that are worth slices of their own. Each such run ends a
// slice before it, for which a strategy may end a transaction or let a queue run empty: they are
// enough that this costs nothing.
constexpr std::size_t kLongRun = 4096;

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
  explicit Worker(const std::optional<OpenLoad>& load)
      : open_loop(SteadyLoopClock(), load && load->batches) {}

  Share share;
  std::vector<Operation> buffer;
  std::vector<std::int64_t> due_ns;  // of an open loop's operations, beside the buffer
  std::size_t filled = 0;
  std::vector<Part> parts;  // of what a closed loop has in its buffer
  bool setup = false;       // what the buffer holds
  std::size_t begin = 0;    // of the operations in the buffer that are still to do
  std::size_t end = 0;      // of those of an open loop's coming stretch
  std::unique_ptr<OperationStream> stream;
  std::unique_ptr<Session> session;
  std::uint64_t sequence = 0;
  std::uint64_t set_up = 0;  // operations of setups, which have sequence numbers too
  std::uint64_t checksum = 0;
  std::uint64_t asked_read_bytes = 0;
  std::uint64_t asked_changed_bytes = 0;
  std::uint64_t slice = kFirstSlice;
  double ran_seconds = 0;  // of all stretches in the series
  std::vector<std::uint64_t> series;
  Histogram latency;
  std::optional<ArrivalTimes> arrivals;
  OpenLoop open_loop;
  SteadyClock::time_point started;
  SteadyClock::time_point ended;
  std::exception_ptr failure;
  std::thread thread;
};

Workers::Workers(const Plan& plan, std::uint64_t first_share, std::uint64_t threads,
                 std::uint64_t shares, std::optional<OpenLoad> load, std::uint64_t share_operations)
    : plan_(plan), load_(load), gate_(static_cast<std::ptrdiff_t>(threads)) {
  for (std::uint64_t i = 0; i < threads; ++i) {
    auto worker = std::make_unique<Worker>(load_);
    worker->share = {.index = first_share + i, .count = shares};
    // Written now, so that no page of it is touched for the first time inside a phase. That takes
    // longer than a small trial does, so there is no more of it than the plan's flushes may need.
    const std::uint64_t wanted = 2 * std::min(share_operations, kBufferedOperations) + kLongRun;
    const std::uint64_t room = std::max<std::uint64_t>(kBufferedOperations / threads, 1);
    worker->buffer.assign(std::min(wanted, room), Operation());
    if (load_) worker->due_ns.assign(worker->buffer.size(), 0);
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

// Fills the buffer when it is used up.
void Workers::Generate(Worker& worker) try {
  if (worker.begin < worker.filled) return;
  const bool recorded = load_ && !load_->rate;
  worker.begin = 0;
  worker.filled = recorded ? worker.stream->NextTimed(worker.buffer, worker.due_ns)
                           : worker.stream->Next(worker.buffer);
  worker.setup = worker.filled > 0 && worker.stream->IsSetup();
  if (worker.setup) return;
  if (load_ && load_->rate) {
    for (std::size_t i = 0; i < worker.filled; ++i) worker.due_ns[i] = worker.arrivals->NextNs();
  }
  const auto operations = std::span<const Operation>(worker.buffer).first(worker.filled);
  if (!load_) worker.parts = UniformParts(operations, kLongRun);
  for (const Operation& operation : operations) {
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

void Workers::SetUp(Worker& worker) try {
  if (!worker.setup) return;
  if (!first_pass_) {
    SilentObserver observer;
    worker.session->Execute({std::span(worker.buffer).first(worker.filled), worker.sequence},
                            observer);
  }
  worker.sequence += worker.filled;
  worker.set_up += worker.filled;
  worker.begin = worker.filled;
} catch (...) {
  worker.failure = std::current_exception();
}

// A stretch of an open loop ends at one time for all workers: where the first of them may have to
// generate more.
void Workers::ChooseOpenStretch() {
  std::int64_t until_ns = std::numeric_limits<std::int64_t>::max();
  for (const auto& worker : workers_) {
    const bool more = worker->filled == worker->buffer.size();
    if (more) until_ns = std::min(until_ns, worker->due_ns[worker->filled - 1]);
  }
  for (const auto& worker : workers_) {
    const auto due = worker->due_ns.begin();
    worker->end = static_cast<std::size_t>(
        std::upper_bound(due + static_cast<std::ptrdiff_t>(worker->begin),
                         due + static_cast<std::ptrdiff_t>(worker->filled), until_ns) -
        due);
  }
}

void Workers::CountSeries(Worker& worker, SteadyClock::time_point begin,
                          SteadyClock::time_point end, std::uint64_t operations) {
  if (!in_series_) return;
  AddToSeries(worker.ran_seconds + Seconds(begin - worker.started),
              worker.ran_seconds + Seconds(end - worker.started), operations, kSeriesSeconds,
              worker.series);
}

// Each operation at its time, or what is due of them.
void Workers::PlayStretch(Worker& worker) try {
  worker.started = SteadyClock::now();
  worker.open_loop.BeginStretch(origin_ns_);
  while (worker.begin < worker.end) {
    const std::size_t left = worker.end - worker.begin;
    const OpenLoop::Done done = worker.open_loop.Execute(
        *worker.session, {std::span(worker.buffer).subspan(worker.begin, left), worker.sequence},
        std::span<const std::int64_t>(worker.due_ns).subspan(worker.begin, left), worker.latency);
    worker.begin += done.operations;
    worker.sequence += done.operations;
    const SteadyClock::time_point ended(std::chrono::nanoseconds(origin_ns_ + done.ended_ns));
    CountSeries(worker, ended, ended, done.operations);
  }
  worker.ended = SteadyClock::now();
  if (in_series_) worker.ran_seconds += Seconds(worker.ended - worker.started);
} catch (...) {
  worker.failure = std::current_exception();
}

void Workers::ExecuteStretch(Worker& worker) try {
  LatencyObserver observer(sample_every_, worker.latency);
  std::span<const Operation> left = std::span(worker.buffer).first(worker.filled);
  worker.begin = worker.filled;
  worker.started = SteadyClock::now();
  SteadyClock::time_point last = worker.started;
  auto part = worker.parts.begin();
  while (!left.empty()) {
    if (part->operations == 0) ++part;
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(worker.slice, part->operations));
    worker.session->Execute({left.first(count), worker.sequence, part->uniform}, observer);
    left = left.subspan(count);
    part->operations -= count;
    worker.sequence += count;
    const SteadyClock::time_point now = SteadyClock::now();
    CountSeries(worker, last, now, count);
    const double slice_seconds = std::max(Seconds(now - last), 1e-7);
    const double wished = static_cast<double>(count) * kSliceSeconds / slice_seconds;
    worker.slice = std::clamp(static_cast<std::uint64_t>(wished), kLeastSlice, kBufferedOperations);
    last = now;
  }
  worker.ended = SteadyClock::now();
  if (in_series_) worker.ran_seconds += Seconds(worker.ended - worker.started);
} catch (...) {
  worker.failure = std::current_exception();
}

double Workers::RunPass(std::uint64_t sample_every, bool in_series, const StretchHooks& hooks) {
  sample_every_ = sample_every;
  in_series_ = in_series;
  for (auto& worker : workers_) {
    worker->stream = plan_.Stream(worker->share);
    if (load_ && load_->rate) {
      worker->arrivals.emplace(*load_, worker->share.index, worker->share.count);
    }
    worker->open_loop.BeginPass();
  }
  double seconds = 0;
  while (true) {
    RunJob(&Workers::Generate);
    const bool done = std::all_of(workers_.begin(), workers_.end(),
                                  [](const auto& worker) { return worker->filled == 0; });
    if (done) {
      EndPass();
      return seconds;
    }
    const bool setup = std::any_of(workers_.begin(), workers_.end(),
                                   [](const auto& worker) { return worker->setup; });
    if (setup) {
      RunJob(&Workers::SetUp);
      continue;
    }
    if (load_) ChooseOpenStretch();
    hooks.before();
    // The time that an open loop's plan has come to stands still between stretches, and what they
    // left late stays late.
    origin_ns_ = SteadyLoopClock().NowNs() - static_cast<std::int64_t>(seconds * 1e9);
    RunJob(load_ ? &Workers::PlayStretch : &Workers::ExecuteStretch);
    hooks.after();
    SteadyClock::time_point first = SteadyClock::time_point::max();
    SteadyClock::time_point last = SteadyClock::time_point::min();
    for (const auto& worker : workers_) {
      first = std::min(first, worker->started);
      last = std::max(last, worker->ended);
    }
    seconds += Seconds(last - first);
    if (in_series_) {
      stretches_.push_back({Nanoseconds(first.time_since_epoch()), Seconds(last - first)});
    }
  }
}

void Workers::EndPass() {
  first_pass_ = false;
  std::int64_t due_ns = 0;
  std::int64_t begin_ns = 0;
  for (const auto& worker : workers_) {
    due_ns = std::max(due_ns, worker->open_loop.last_due_ns());
    begin_ns = std::max(begin_ns, worker->open_loop.last_begin_ns());
  }
  intended_ns_ += due_ns;
  achieved_ns_ += begin_ns;
}

PlayedLoad Workers::Played() const {
  PlayedLoad played = {
      .harness_late = {}, .intended_ns = intended_ns_, .achieved_ns = achieved_ns_};
  for (const auto& worker : workers_) {
    played.late_operations += worker->open_loop.late_operations();
    played.due_together += worker->open_loop.due_together();
    played.harness_late.Merge(worker->open_loop.harness_late());
  }
  return played;
}

template <class Figure>
std::uint64_t Workers::Sum(Figure figure) const {
  std::uint64_t sum = 0;
  for (const auto& worker : workers_) sum += figure(*worker);
  return sum;
}

std::uint64_t Workers::read_checksum() const {
  return Sum([](const Worker& worker) {
    return worker.checksum + (worker.session ? worker.session->read_checksum() : 0);
  });
}

std::uint64_t Workers::operations() const {
  return Sum([](const Worker& worker) { return worker.sequence - worker.set_up; });
}

std::uint64_t Workers::asked_read_bytes() const {
  return Sum([](const Worker& worker) { return worker.asked_read_bytes; });
}

std::uint64_t Workers::asked_changed_bytes() const {
  return Sum([](const Worker& worker) { return worker.asked_changed_bytes; });
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
    const auto start = SteadyClock::now();
    const auto end = SteadyClock::now();
    cost = static_cast<std::uint64_t>(Nanoseconds(end - start));
  }
  std::nth_element(costs.begin(), costs.begin() + costs.size() / 2, costs.end());
  return costs[costs.size() / 2];
}

}  // namespace faultline
