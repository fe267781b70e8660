#include "benchmarks/program_run.h"

#include <string>

#include "faultline/error.h"
#include "harness/os/system_info.h"
#include "tests/catch.h"
#include "tests/support/temporary_directory.h"

namespace faultline::peers {
namespace {

TEST_CASE("a program runs in the directory and both of its streams are kept") {
  const TemporaryDirectory directory;
  const ProgramRun run =
      RunToItsEnd({"sh", "-c", "echo here > file; echo out; echo err >&2"}, directory.path());
  CHECK(run.output == "out\nerr\n");
  CHECK(std::filesystem::exists(directory.path() / "file"));
}

TEST_CASE("the peak memory is that of the hungriest process of the program") {
  const TemporaryDirectory directory;
  const std::string hungry = "head -c 100000000 /dev/zero | tail -c 90000000 > /dev/null";
  CHECK(RunToItsEnd({"sh", "-c", hungry}, directory.path()).peak_resident_bytes >= 90'000'000);
  CHECK(RunToItsEnd({"sh", "-c", "true"}, directory.path()).peak_resident_bytes < 90'000'000);
}

TEST_CASE("a failing program is an error with its exit code and its last line") {
  const TemporaryDirectory directory;
  CHECK_THROWS_WITH(
      RunToItsEnd({"sh", "-c", "echo first; echo why it failed; exit 3"}, directory.path()),
      ContainsSubstring("exit code 3") && ContainsSubstring("last words: why it failed"));
  CHECK_THROWS_WITH(RunToItsEnd({"sh", "-c", "kill -9 $$"}, directory.path()),
                    ContainsSubstring("signal 9"));
}

TEST_CASE("a program that is not there counts as unsupported") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(RunToItsEnd({"no-such-program-anywhere"}, directory.path()), UnsupportedError);
}

}  // namespace
}  // namespace faultline::peers
