// Channels: lines and handles in order, ends that go away, deadlines.
#include "harness/os/channel.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <array>
#include <thread>

#include "faultline/file.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using namespace std::chrono_literals;
using testing::Bytes;
using testing::Forked;
using testing::KindThrownBy;

using Result = Channel::Result;

Channel::Deadline Soon() { return std::chrono::steady_clock::now() + 20ms; }

TEST_CASE("lines arrive whole and in order in both directions", "[channel]") {
  auto [here, there] = Channel::Pair();
  CHECK(here.SendLine("one"));
  CHECK(here.SendLine(""));
  CHECK(here.SendLine("three words here"));
  CHECK(there.SendLine("back"));
  std::string line;
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line == "one");
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line.empty());
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line == "three words here");
  REQUIRE(here.ReceiveLine(line) == Result::kLine);
  CHECK(line == "back");
}

TEST_CASE("a line larger than any buffer arrives whole", "[channel]") {
  auto [here, there] = Channel::Pair();
  std::string sent;
  for (int i = 0; i < 300000; ++i) sent += std::to_string(i);
  Forked child([&, &here = here] { return here.SendLine(sent) ? 0 : 1; });
  std::string line;
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line == sent);
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("a line may end anywhere in what is received at once", "[channel]") {
  auto [here, there] = Channel::Pair();
  // 65536 is what one receive takes in.
  for (const std::size_t length : {65534, 65535, 65536, 65537}) {
    const std::string sent(length, 'x');
    here.SendLine(sent);
    std::string line;
    REQUIRE(there.ReceiveLine(line, std::chrono::steady_clock::now() + 600s) == Result::kLine);
    CHECK(line == sent);
  }
}

TEST_CASE("what was sent before the end closed is still received", "[channel]") {
  auto [here, there] = Channel::Pair();
  CHECK(there.SendLine("never read"));
  CHECK(here.SendLine("last words"));
  here.Close();
  std::string line;
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line == "last words");
  CHECK(there.ReceiveLine(line) == Result::kClosed);
  CHECK(there.ReceiveLine(line) == Result::kClosed);
}

TEST_CASE("sending to an end that is gone returns false and raises no signal", "[channel]") {
  auto [here, there] = Channel::Pair();
  there.Close();
  CHECK_FALSE(here.SendLine("anybody?"));
  const File file = File::CreateTemporary(std::filesystem::temp_directory_path());
  CHECK_THROWS_AS(here.SendHandle(file.handle()), SystemError);
}

TEST_CASE("a killed process closes its end and its half-sent line is no line", "[channel]") {
  auto [here, there] = Channel::Pair();
  Forked child([end = &there, other = &here] {
    other->Close();
    const std::string endless(100 << 20, 'x');
    return end->SendLine(endless) ? 0 : 1;
  });
  there.Close();
  std::string line;
  CHECK(here.ReceiveLine(line, Soon()) == Result::kTimedOut);
  child.Kill();
  CHECK(here.ReceiveLine(line) == Result::kClosed);
}

TEST_CASE("a wait ends at its deadline and what came in part is kept", "[channel]") {
  auto [here, there] = Channel::Pair();
  std::string line = "untouched";
  CHECK(there.ReceiveLine(line, Soon()) == Result::kTimedOut);
  CHECK(line == "untouched");
  CHECK(here.SendLine("late"));
  // A deadline in the past takes what is there already.
  CHECK(there.ReceiveLine(line, Channel::Deadline{}) == Result::kLine);
  CHECK(line == "late");
  CHECK(there.ReceiveLine(line, Channel::Deadline{}) == Result::kTimedOut);
}

TEST_CASE("a line that comes during the wait ends it", "[channel]") {
  auto [here, there] = Channel::Pair();
  std::thread sender([end = &here] {
    std::this_thread::sleep_for(20ms);
    end->SendLine("now");
  });
  std::string line;
  const Result result = there.ReceiveLine(line, std::chrono::steady_clock::now() + 600s);
  sender.join();
  CHECK(result == Result::kLine);
  CHECK(line == "now");
}

TEST_CASE("a line with a break or a zero byte is refused", "[channel]") {
  auto [here, there] = Channel::Pair();
  CHECK(KindThrownBy([&here = here] { here.SendLine("a\nb"); }) == ErrorKind::kInvalid);
  CHECK(KindThrownBy([&here = here] { here.SendLine(std::string_view("a\0b", 3)); }) ==
        ErrorKind::kInvalid);
  std::string line;
  CHECK(there.ReceiveLine(line, Channel::Deadline{}) == Result::kTimedOut);
}

TEST_CASE("handles and lines arrive in the order in which they were sent", "[channel]") {
  const TemporaryDirectory directory;
  const File first = File::Create(directory / "first");
  const File second = File::Create(directory / "second");
  auto [here, there] = Channel::Pair();
  here.SendLine("before");
  here.SendHandle(first.handle());
  here.SendHandle(second.handle());
  here.SendLine("after");
  std::string line;
  CHECK_THROWS_WITH(there.ReceiveHandle(), ContainsSubstring("a line comes first"));
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line == "before");
  CHECK_THROWS_WITH(there.ReceiveLine(line), ContainsSubstring("a handle comes first"));
  for (const std::string_view text : {"1", "2"}) {
    const auto fd = static_cast<int>(there.ReceiveHandle());
    CHECK(::fcntl(fd, F_GETFD) == FD_CLOEXEC);
    CHECK(::write(fd, text.data(), 1) == 1);
    ::close(fd);
  }
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  CHECK(line == "after");
  CHECK(ReadText(directory / "first") == "1");
  CHECK(ReadText(directory / "second") == "2");
}

TEST_CASE("a handle reaches a child that did not have the file", "[channel]") {
  const TemporaryDirectory directory;
  auto [here, there] = Channel::Pair();
  Forked child([end = &there] {
    const auto fd = static_cast<int>(end->ReceiveHandle());
    return ::write(fd, "from the child", 14) == 14 ? 0 : 1;
  });
  const File file = File::Create(directory / "a");
  here.SendHandle(file.handle());
  CHECK(child.ExitCode() == 0);
  CHECK(ReadText(directory / "a") == "from the child");
}

TEST_CASE("waiting for a handle ends when the other end is gone", "[channel]") {
  auto [here, there] = Channel::Pair();
  here.Close();
  CHECK_THROWS_AS(there.ReceiveHandle(), SystemError);
}

TEST_CASE("a handle for which there is no room is reported and not taken for another",
          "[channel]") {
  auto [here, there] = Channel::Pair();
  Forked child([end = &there, other = &here] {
    other->SendHandle(STDIN_FILENO);
    rlimit limit = {};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 3;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    try {
      end->ReceiveHandle();
    } catch (const SystemError& error) {
      return error.code() == EMFILE ? 0 : 1;
    }
    return 2;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("received handles that were not asked for are closed with the channel", "[channel]") {
  auto [here, there] = Channel::Pair();
  std::array<int, 2> ends = {};
  REQUIRE(::pipe(ends.data()) == 0);
  here.SendHandle(ends[1]);
  ::close(ends[1]);
  std::string line;
  CHECK_THROWS_AS(there.ReceiveLine(line), Error);  // now it is in
  there.Close();
  char byte;
  CHECK(::read(ends[0], &byte, 1) == 0);  // no writer is left
  ::close(ends[0]);
}

TEST_CASE("a closed channel receives nothing and a moved one goes on", "[channel]") {
  Channel closed;
  CHECK_FALSE(closed.is_open());
  std::string line;
  CHECK(closed.ReceiveLine(line) == Result::kClosed);
  auto [here, there] = Channel::Pair();
  here.SendLine("one");
  here.SendLine("two");
  REQUIRE(there.ReceiveLine(line) == Result::kLine);
  Channel moved = std::move(there);
  CHECK_FALSE(there.is_open());
  REQUIRE(moved.ReceiveLine(line) == Result::kLine);
  CHECK(line == "two");
  moved = Channel();
  CHECK_FALSE(here.SendLine("gone"));
}

}  // namespace
}  // namespace faultline::os
