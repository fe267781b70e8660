// How a session reports the latency of single operations without every operation paying for it.
#pragma once

#include <cstdint>

namespace faultline {

class Observer {
 public:
  virtual ~Observer() = default;

  // Time every n-th operation; 0 for none, 1 for all. Constant during a call of Execute.
  std::uint64_t sample_every() const { return sample_every_; }

  // The time of one operation, the clock's own cost included.
  virtual void Record(std::uint64_t elapsed_ns) = 0;

 protected:
  explicit Observer(std::uint64_t sample_every) : sample_every_(sample_every) {}

 private:
  std::uint64_t sample_every_;
};

// For executions of which no operation is timed.
class SilentObserver final : public Observer {
 public:
  SilentObserver() : Observer(0) {}
  void Record(std::uint64_t) override {}
};

}  // namespace faultline
