// Claims beside a writer on the same device: what it writes never decides.
#include <iostream>
#include <nlohmann/json.hpp>

#include "claims/ledger.h"
#include "harness/os/child_process.h"
#include "harness/os/loop_device.h"
#include "tests/os/support.h"

namespace faultline {
namespace {

using os::testing::InPrivateMounts;

constexpr std::uint64_t kRoomBytes = std::uint64_t{500} << 20;

// Writes a file and flushes it, over and over, until its channel is closed. Says "writing" once it
// has done so for the first time.
const Registration<os::ChildMain> kWriter{{
    .name = "planted-writer",
    .run =
        [](const std::string& request, os::Channel& parent) {
          const auto path = nlohmann::json::parse(request).get<std::string>();
          const os::File file = os::File::Create(path);
          const std::vector<std::byte> block(std::size_t{256} << 10, std::byte{7});
          std::string line;
          for (std::uint64_t round = 0;; ++round) {
            file.WriteAt(round % 32 * block.size(), block);
            file.SyncAll();
            if (round == 0) parent.SendLine("writing");
            if (parent.ReceiveLine(line, std::chrono::steady_clock::now()) !=
                os::Channel::Result::kTimedOut) {
              return 0;
            }
          }
        },
}};

// A writer beside it for as long as this lives.
class PlantedWriter {
 public:
  explicit PlantedWriter(const std::filesystem::path& path)
      : child_(os::ChildProcess::Start("planted-writer", nlohmann::json(path.string()).dump())) {
    std::string line;
    if (child_.channel().ReceiveLine(line, os::DeadlineIn(100)) != os::Channel::Result::kLine) {
      throw Error("the planted writer did not begin");
    }
  }
  PlantedWriter(const PlantedWriter&) = delete;
  PlantedWriter& operator=(const PlantedWriter&) = delete;
  ~PlantedWriter() {
    child_.channel().SendLine("enough");
    child_.Wait();
  }

 private:
  os::ChildProcess child_;
};

// What the claim's own evidence leaves, whatever other processes write.
Outcome OutcomeByItself(const ClaimResult& result) {
  if (result.id == "A34") return Outcome::kDoesNotHold;
  if (result.id != "A32") return Outcome::kHolds;
  // The cache's units decide, which differ between systems.
  const bool units_are_pages = result.evidence.Figure("dirty_pages_of_100_streamed") <= 174;
  return units_are_pages ? Outcome::kHolds : Outcome::kDoesNotHold;
}

// On an ext4 of its own, so that only the planted traffic is on the device.
TEST_CASE("beside a writer a claim's verdict is the quiet one, or inconclusive") {
  InPrivateMounts([](const std::filesystem::path& memory) {
    os::File image = os::File::CreateTemporary(memory);
    image.Resize(os::DeviceBytesFor("ext4", kRoomBytes));
    const auto device = os::LoopDevice::Attach(image);
    os::MakeFileSystem("ext4", device.path());
    std::filesystem::create_directory(memory / "mounted");
    const auto mounted = os::MountedFileSystem::Mount("ext4", device.path(), memory / "mounted");
    const PlantedWriter writer(mounted.point() / "foreign");
    int wrong = 0;
    for (const char* id : {"A02", "A03", "A04", "A08", "A09", "A32", "A33", "A34"}) {
      const std::filesystem::path place = mounted.point() / id;
      std::filesystem::create_directory(place);
      const auto result = RunClaim(id, place, true, 300);
      std::filesystem::remove_all(place);
      if (!result) return 1;
      const Outcome outcome = result->judgement.outcome;
      if (outcome == Outcome::kInconclusive || outcome == Outcome::kNotTestable ||
          outcome == OutcomeByItself(*result)) {
        continue;
      }
      std::cerr << id << ": " << OutcomeName(outcome) << ", " << result->judgement.deciding << "\n";
      ++wrong;
    }
    return wrong;
  });
}

}  // namespace
}  // namespace faultline
