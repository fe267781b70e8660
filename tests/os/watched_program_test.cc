// Programs that report through a pipe.
#include "harness/os/watched_program.h"

#include <chrono>
#include <fmt/format.h>

#include "faultline/system_error.h"
#include "tests/catch.h"

namespace faultline::os {
namespace {

using Words = std::vector<std::string>;

WatchedProgram::Result ReadAll(WatchedProgram& program, std::string& text) {
  while (true) {
    std::string_view piece;
    const WatchedProgram::Result result = program.Read(piece, std::chrono::seconds(600));
    if (result != WatchedProgram::Result::kData) return result;
    text += piece;
  }
}

Words Shell(const std::string& script) { return {"sh", "-c", script}; }

TEST_CASE("what a program writes to its report is read to the end") {
  WatchedProgram program([](const std::string& report) {
    return Shell(fmt::format("exec 3> {}; echo one >&3; echo two >&3; exit 5", report));
  });
  std::string text;
  CHECK(ReadAll(program, text) == WatchedProgram::Result::kEnd);
  CHECK(text == "one\ntwo\n");
  CHECK(program.Wait().Description() == "exit code 5");
}

TEST_CASE("a program that writes nothing has an end too") {
  WatchedProgram program([](const std::string&) { return Words{"true"}; });
  std::string text;
  CHECK(ReadAll(program, text) == WatchedProgram::Result::kEnd);
  CHECK(text.empty());
  CHECK(program.Wait().Succeeded());
}

TEST_CASE("a program that can not be started is an error") {
  CHECK_THROWS_AS(WatchedProgram([](const std::string&) { return Words{"/no/such"}; }),
                  SystemError);
}

TEST_CASE("what a killed program has started ends with it") {
  WatchedProgram program([](const std::string& report) {
    return Shell(fmt::format("exec 3> {}; sleep 1000 & echo >&3; wait", report));
  });
  std::string_view piece;
  CHECK(program.Read(piece, std::chrono::seconds(600)) == WatchedProgram::Result::kData);
  CHECK(program.Read(piece, std::chrono::milliseconds(1)) == WatchedProgram::Result::kTimedOut);
  program.Kill();
  CHECK(program.Wait().Description().starts_with("killed by SIGKILL"));
  // Its end is seen only when no process has the pipe open any more.
  CHECK(program.Read(piece, std::chrono::seconds(600)) == WatchedProgram::Result::kEnd);
}

TEST_CASE("programs are found as a shell finds them") {
  CHECK(FindProgram("sh").ends_with("/sh"));
  CHECK(FindProgram("/bin/sh") == "/bin/sh");
  CHECK(FindProgram("/bin").empty());
  CHECK(FindProgram("no-such-program-anywhere").empty());
}

}  // namespace
}  // namespace faultline::os
