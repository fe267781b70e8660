// What a process has open.
#include "harness/os/open_files.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "faultline/file.h"
#include "harness/os/system_info.h"
#include "tests/catch.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

TEST_CASE("open files are told with name and offset") {
  const std::filesystem::path path =
      std::filesystem::temp_directory_path() / fmt::format("faultline-open-{}", ProcessId());
  std::filesystem::remove(path);
  const File file = File::Create(path);
  file.Resize(100);
  file.Seek(42);
  const auto number = static_cast<std::int32_t>(file.handle());
  for (const std::int64_t process : {std::int64_t{0}, ProcessId()}) {
    const std::vector<OpenFileInfo> files = ReadOpenFiles(process);
    const auto found = std::find_if(files.begin(), files.end(), [&](const OpenFileInfo& info) {
      return info.number == number;
    });
    REQUIRE(found != files.end());
    CHECK(found->name == path.native());
    CHECK(found->offset == 42);
    CHECK(found->close_on_exec);
    CHECK_FALSE(found->append);
    CHECK_FALSE(found->direct);
    CHECK_FALSE(found->durable);
    CHECK(NameOfDescriptor(process, number) == path.native());
    CHECK(WorkingDirectory(process) == std::filesystem::current_path().native());
  }
  std::filesystem::remove(path);
  CHECK(NameOfDescriptor(0, number) == path.native() + " (deleted)");
  CHECK(NameOfDescriptor(0, 123456) == "");
}

TEST_CASE("threads are told of processes that there are") {
  const std::vector<std::uint32_t> threads = ThreadsOf(ProcessId());
  CHECK(std::find(threads.begin(), threads.end(), static_cast<std::uint32_t>(ProcessId())) !=
        threads.end());
  CHECK(ThreadsOf(1 << 30).empty());
  CHECK(ReadOpenFiles(1 << 30).empty());
  CHECK(WorkingDirectory(1 << 30) == "");
}

}  // namespace
}  // namespace faultline::os
