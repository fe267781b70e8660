#include "benchmarks/program_run.h"

#include <string>

#include "faultline/error.h"
#include "harness/os/system_info.h"
#include "tests/catch.h"

namespace faultline::peers {
namespace {

class FreshDirectory {
 public:
  FreshDirectory()
      : path_(std::filesystem::temp_directory_path() /
              ("faultline-program-run-" + std::to_string(os::ProcessId()))) {
    std::filesystem::create_directories(path_);
  }
  ~FreshDirectory() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_CASE("a program runs in the directory and both of its streams are kept") {
  const FreshDirectory directory;
  const ProgramRun run =
      RunToItsEnd({"sh", "-c", "echo here > file; echo out; echo err >&2"}, directory.path());
  CHECK(run.output == "out\nerr\n");
  CHECK(std::filesystem::exists(directory.path() / "file"));
}

TEST_CASE("the peak memory is that of the hungriest process of the program") {
  const FreshDirectory directory;
  const std::string hungry = "head -c 100000000 /dev/zero | tail -c 90000000 > /dev/null";
  CHECK(RunToItsEnd({"sh", "-c", hungry}, directory.path()).peak_resident_bytes >= 90'000'000);
  CHECK(RunToItsEnd({"sh", "-c", "true"}, directory.path()).peak_resident_bytes < 90'000'000);
}

TEST_CASE("a failing program is an error with its exit code and its last line") {
  const FreshDirectory directory;
  CHECK_THROWS_WITH(
      RunToItsEnd({"sh", "-c", "echo first; echo why it failed; exit 3"}, directory.path()),
      ContainsSubstring("exit code 3") && ContainsSubstring("last words: why it failed"));
  CHECK_THROWS_WITH(RunToItsEnd({"sh", "-c", "kill -9 $$"}, directory.path()),
                    ContainsSubstring("signal 9"));
}

TEST_CASE("a program that is not there counts as unsupported") {
  const FreshDirectory directory;
  CHECK_THROWS_AS(RunToItsEnd({"no-such-program-anywhere"}, directory.path()), UnsupportedError);
}

}  // namespace
}  // namespace faultline::peers
