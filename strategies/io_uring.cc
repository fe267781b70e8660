// io-uring: many operations in flight, submitted and completed through rings shared with the
// kernel.
//
// System calls per record: one io_uring_enter submits all operations that there is room for and
// waits for the first of those in flight, so between 1 and 1/depth per operation; with poll=on none
// while the kernel's thread is awake. A read is one transfer, an update two, one after the other. A
// run of discards is 1 (fallocate), after all operations before it.
//
// Operations whose bytes overlap (with direct=on: whose blocks do) never are in flight together, so
// that the result is that of executing them in order.
//
// Not to be compared with strategies of one operation at a time as if a program could always do so:
// it must know its next `depth` operations.
#include <fmt/format.h>

#include "faultline/strategy.h"
#include "strategies/block_file.h"
#include "strategies/ring_session.h"

namespace faultline::io_uring {
namespace {

#if FAULTLINE_HAVE_LIBURING

class IoUring final : public Strategy {
 public:
  explicit IoUring(const RingOptions& options) : options_(options) {}

  void Open(const DatasetFile& file) override {
    file_.record_bytes = file.geometry.record_size;
    if (options_.direct) {
      file_.blocks.Open(file, options_.block_bytes);
    } else {
      file_.cached = OpenDataFile(file, os::FileAccess::kReadWrite);
    }
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<RingSession>(file_, options_);
  }

  void Flush() override {
    if (options_.direct) {
      file_.blocks.Sync();
    } else {
      file_.cached.SyncData();
    }
  }

  void Close() override {
    if (options_.direct) {
      file_.blocks.Close();
    } else {
      file_.cached.Close();
    }
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"depth", fmt::format("{} per session", options_.depth)},
            {"cache", options_.direct ? "passed by" : "used"},
            {"registered", options_.registered ? "buffers and file" : "nothing"},
            {"poll", options_.poll ? "by a thread of the kernel per session" : "off"}};
  }

 private:
  RingOptions options_;
  RingFile file_;
};

std::unique_ptr<Strategy> Make(const Options& options) {
  return std::make_unique<IoUring>(
      RingOptions{.depth = static_cast<unsigned>(options.Count("depth")),
                  .direct = options.Flag("direct"),
                  .registered = options.Flag("registered"),
                  .poll = options.Flag("poll"),
                  .block_bytes = BlockBytes(options)});
}

constexpr const char* kUnavailable = "";

#else

std::unique_ptr<Strategy> Make(const Options&) { return nullptr; }

constexpr const char* kUnavailable =
    "built without liburing; install its development package and build again";

#endif

const Registration<StrategyInfo> kRegistered{{
    .name = "io-uring",
    .summary = "many operations in flight at a time, through rings shared with the kernel",
    .calls = "1/depth to 1 per transfer: io_uring_enter; a read is 1 transfer, an update 2",
    .copies = "1 per read, 2 per update, 1 per write; none with direct=on",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back, when all "
                "operations before are done",
    .capabilities = {.processes = false, .gives_back = true},
    .batches = [](const Options&) { return true; },
    .options = {{.name = "depth",
                 .kind = OptionKind::kCount,
                 .default_value = "32",
                 .summary = "operations of a session in flight",
                 .minimum = 1,
                 .maximum = 4096},
                {.name = "direct",
                 .kind = OptionKind::kFlag,
                 .default_value = "off",
                 .summary = "past the system's cache, in blocks"},
                {.name = "registered",
                 .kind = OptionKind::kFlag,
                 .default_value = "on",
                 .summary = "buffers and file made known to the kernel once, not with every call"},
                {.name = "poll",
                 .kind = OptionKind::kFlag,
                 .default_value = "off",
                 .summary =
                     "a thread of the kernel looks for submissions, so that they need no call"},
                BlockOption()},
    .unavailable = kUnavailable,
    .make = Make,
}};

}  // namespace
}  // namespace faultline::io_uring
