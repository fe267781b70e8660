// slowed: another strategy, slowed by a factor. Registered in the calibration only.
//
// After each open, batch and flush it computes until the processor time of that is `by` times as
// long, so that the planted difference is in the strategy's own time, whatever the machine does.
#include <ctime>
#include <memory>

#include "strategies/registry.h"

namespace faultline {
namespace {

// Seconds that this thread has computed for.
double ProcessorSeconds() {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

template <class Action>
void Slowed(double by, Action action) {
  const double begin = ProcessorSeconds();
  action();
  const double end = begin + (ProcessorSeconds() - begin) * by;
  while (ProcessorSeconds() < end) {
  }
}

class SlowedSession final : public Session {
 public:
  SlowedSession(std::unique_ptr<Session> inner, double by) : inner_(std::move(inner)), by_(by) {}

  void Execute(const Batch& batch, Observer& observer) override {
    Slowed(by_, [&] { inner_->Execute(batch, observer); });
    read_checksum_ = inner_->read_checksum();
  }

 private:
  std::unique_ptr<Session> inner_;
  double by_;
};

class SlowedStrategy final : public Strategy {
 public:
  SlowedStrategy(const std::string& inner, double by) : inner_(MakeStrategy(inner)), by_(by) {}

  void Open(const DatasetFile& file) override {
    Slowed(by_, [&] { inner_->Open(file); });
  }
  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<SlowedSession>(inner_->NewSession(), by_);
  }
  void Flush() override {
    Slowed(by_, [&] { inner_->Flush(); });
  }
  void Close() override { inner_->Close(); }

 private:
  std::unique_ptr<Strategy> inner_;
  double by_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "slowed",
    .summary = "another strategy, slowed by a factor",
    .calls = "those of the other one",
    .copies = "those of the other one",
    .discards = "as the other one",
    .options = {{.name = "by",
                 .kind = OptionKind::kReal,
                 .default_value = "1",
                 .summary = "factor of its processor time",
                 .minimum = 1,
                 .maximum = 100},
                {.name = "strategy",
                 .kind = OptionKind::kText,
                 .default_value = "read-write",
                 .summary = "the other one"}},
    .make =
        [](const Options& options) {
          return std::make_unique<SlowedStrategy>(options.Text("strategy"), options.Real("by"));
        },
}};

}  // namespace
}  // namespace faultline
