// Data files on disks that can't hold them.
#include <csignal>
#include <string>
#include <thread>

#include "faultline/error.h"
#include "harness/os/program.h"
#include "harness/os/system_info.h"
#include "harness/record/dataset.h"
#include "tests/catch.h"
#include "tests/record/fixture.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr Geometry kTooLarge{48 * 1024, 1024};  // 48 MiB

// A small file system in memory. Not mounted where this process may not.
class SmallFileSystem {
 public:
  explicit SmallFileSystem(const std::string& size)
      : mounted_(os::RunProgram({"mount", "-t", "tmpfs", "-o", "size=" + size, "faultline-test",
                                 directory_.path().string()},
                                /*quiet=*/true) == 0) {}
  ~SmallFileSystem() {
    if (mounted_) os::RunProgram({"umount", directory_.path().string()}, /*quiet=*/true);
  }

  bool mounted() const { return mounted_; }
  const TemporaryDirectory& directory() const { return directory_; }

 private:
  TemporaryDirectory directory_;
  bool mounted_;
};

TEST_CASE("a disk without room is told from its free space and nothing is left behind") {
  const SmallFileSystem small("40m");
  if (!small.mounted()) {
    WARN("SKIPPED: mounting a tmpfs needs root");
    return;
  }
  const fs::path& path = small.directory().path();
  CHECK_THROWS_AS(Dataset::Prepare(path / "a" / "b", kTooLarge, kSeed), UnsupportedError);
  // 48 MiB and the slack of 1.75 MiB, less 40 MiB.
  CHECK_THROWS_WITH(Dataset::Prepare(path / "a" / "b", kTooLarge, kSeed),
                    ContainsSubstring("9.75 MiB are missing"));
  CHECK(small.directory().Entries() == 0);
  CHECK(Dataset::Prepare(path, {kTooLarge.records, 1024, true}, kSeed).IsPristine());
}

// Takes all space of the file system as soon as `path` has begun to grow.
void TakeAllSpaceOnce(const fs::path& path, const fs::path& filler_path) {
  std::error_code error;
  while (fs::file_size(path, error) == 0 || error) {
  }
  const os::File filler = os::File::Create(filler_path);
  const std::vector<std::byte> block(1 << 20, std::byte{1});
  try {
    for (std::uint64_t offset = 0;; offset += block.size()) filler.WriteAt(offset, block);
  } catch (const os::SystemError&) {
  }
}

TEST_CASE("a disk that gets full during the build is named and nothing is left behind") {
  const SmallFileSystem small("60m");
  if (!small.mounted()) {
    WARN("SKIPPED: mounting a tmpfs needs root");
    return;
  }
  const fs::path& path = small.directory().path();
  const fs::path data = path / "new" / "faultline-49152x1024-7.data";
  // The two writers race; the build may win when this process gets one processor only.
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::thread filler([&] { TakeAllSpaceOnce(data, path / "filler"); });
    std::string message;
    try {
      Dataset::Prepare(path / "new", kTooLarge, kSeed);
      Dataset::Remove(data);
    } catch (const UnsupportedError& error) {
      message = error.what();
    }
    // Should the build have failed before it wrote a byte, this ends the filler's wait.
    if (!fs::exists(path / "filler")) {
      fs::create_directories(path / "new");
      WriteBytes(data, "x");
      filler.join();
      fs::remove_all(path / "new");
    } else {
      filler.join();
    }
    fs::remove(path / "filler");
    if (message.empty()) {
      fs::remove(path / "new");
      continue;
    }
    CHECK_THAT(message, ContainsSubstring("got full while " + data.string()));
    CHECK_THAT(message, ContainsSubstring("are missing"));
    CHECK(small.directory().Entries() == 0);
    return;
  }
  WARN("SKIPPED: the build was faster than the test's filler in all of 20 attempts");
}

TEST_CASE("a build that fails for any other reason leaves nothing behind") {
  const TemporaryDirectory directory;
  const std::string process = std::to_string(os::ProcessId());
  const auto limit = [&](const std::string& bytes) {
    return os::RunProgram({"prlimit", "--pid", process, "--fsize=" + bytes}, /*quiet=*/true) == 0;
  };
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  if (!limit("1000000:")) {
    WARN("SKIPPED: the program prlimit is missing");
    return;
  }
  CHECK_THROWS_AS(Dataset::Prepare(directory.path() / "new", kTooLarge, kSeed), os::SystemError);
  CHECK(directory.Entries() == 0);
  CHECK(limit("unlimited:"));
  std::signal(SIGXFSZ, previous);
}

}  // namespace
}  // namespace faultline
