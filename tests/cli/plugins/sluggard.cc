// A strategy that is right, but sleeps before every write: what `advise` doesn't wait for.
// Built by plugin_test.py.
#include <chrono>
#include <thread>
#include <utility>

#include "planted.h"

namespace {

using namespace faultline;

class Sleeping : public PositionedAccess {
 public:
  using PositionedAccess::PositionedAccess;

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    PositionedAccess::Write(offset, length, std::forward<Produce>(produce));
  }
};

const Registration<StrategyInfo> kRegistered{{
    .name = "sluggard",
    .summary = "sleeps before writes",
    .calls = "2 per update: pread, pwrite",
    .make = [](const Options&) -> std::unique_ptr<Strategy> {
      return std::make_unique<Planted<Sleeping>>();
    },
}};

}  // namespace
