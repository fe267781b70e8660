#include "benchmarks/calibration/planted_interference.h"

#include <atomic>
#include <vector>

#include "faultline/file.h"
#include "harness/os/system_info.h"

namespace faultline::calibration {
namespace {

constexpr std::uint64_t kWriteBytes = std::uint64_t{1} << 20;
constexpr std::uint64_t kFileBytes = std::uint64_t{64} << 20;

const Registration<os::ChildMain> kLoop{{
    .name = "calibration-loop",
    .run =
        [](const std::string&, os::Channel&) {
          std::atomic<std::uint64_t> count = 0;
          while (true) count.fetch_add(1, std::memory_order_relaxed);
          return 0;
        },
}};

const Registration<os::ChildMain> kWriter{{
    .name = "calibration-writer",
    .run =
        [](const std::string& path, os::Channel&) {
          const os::File file = os::File::Create(path);
          const std::vector<std::byte> block(kWriteBytes, std::byte{0x5a});
          for (std::uint64_t offset = 0;; offset = (offset + kWriteBytes) % kFileBytes) {
            file.WriteAt(offset, block);
            file.SyncData();
          }
          return 0;
        },
}};

}  // namespace

std::vector<Condition> AllConditions() {
  return {{"quiet", false, false},
          {"busy loops", true, false},
          {"writer", false, true},
          {"busy loops and writer", true, true}};
}

PlantedInterference::PlantedInterference(const Condition& condition,
                                         const std::filesystem::path& directory)
    : file_(directory / "planted-writes") {
  if (condition.loops) {
    for (std::uint64_t i = 0; i < os::ProcessorCount(); ++i) {
      children_.push_back(os::ChildProcess::Start("calibration-loop", ""));
    }
  }
  if (condition.writer) {
    children_.push_back(os::ChildProcess::Start("calibration-writer", file_.string()));
  }
}

PlantedInterference::~PlantedInterference() {
  children_.clear();  // kills and awaits each
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

}  // namespace faultline::calibration
