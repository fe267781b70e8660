// A strategy that is right, but sleeps before every write: what `advise` doesn't wait for.
// Built by plugin_test.py.
#include <chrono>
#include <thread>
#include <utility>

#include "planted.h"

namespace {

using namespace faultline;

class Sleeping : public PlainAccess {
 public:
  Sleeping(const os::File& file, std::uint64_t record_bytes, std::uint64_t seconds)
      : PlainAccess(file, record_bytes), seconds_(seconds) {}

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    std::this_thread::sleep_for(std::chrono::seconds(seconds_));
    PlainAccess::Write(offset, length, std::forward<Produce>(produce));
  }

 private:
  std::uint64_t seconds_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "sluggard",
    .summary = "sleeps before writes",
    .calls = "2 per update: pread, pwrite",
    .options = {{.name = "seconds",
                 .kind = OptionKind::kCount,
                 .default_value = "1",
                 .summary = "how long it sleeps"}},
    .make = [](const Options& options) -> std::unique_ptr<Strategy> {
      return std::make_unique<Planted<Sleeping>>(options.Count("seconds"));
    },
}};

}  // namespace
