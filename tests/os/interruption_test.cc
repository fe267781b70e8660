// Requests to stop: noticed once, fatal twice, and never lost between a look and a wait.
#include "harness/os/interruption.h"

#include <sys/resource.h>

#include <chrono>
#include <thread>

#include "harness/os/channel.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using namespace std::chrono_literals;
using testing::Forked;
using Result = Channel::Result;

TEST_CASE("the first request sets the flag and one of a second later ends the process",
          "[interruption]") {
  for (const int first : {SIGINT, SIGTERM, SIGHUP}) {
    Forked child([first] {
      ::signal(SIGHUP, SIG_DFL);
      CatchInterruption();
      if (Interrupted()) return 1;
      ::raise(first);
      if (!Interrupted()) return 2;
      std::this_thread::sleep_for(1001ms);
      ::raise(SIGTERM);
      return 3;
    });
    CHECK(child.Signal() == SIGTERM);
  }
}

TEST_CASE("two signals at once are one request", "[interruption]") {
  Forked child([] {
    CatchInterruption();
    sigset_t both;
    ::sigemptyset(&both);
    ::sigaddset(&both, SIGINT);
    ::sigaddset(&both, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &both, nullptr);
    ::raise(SIGINT);
    ::raise(SIGTERM);
    ::pthread_sigmask(SIG_UNBLOCK, &both, nullptr);
    return Interrupted() ? 0 : 1;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("after clearing a request counts as the first again", "[interruption]") {
  Forked child([] {
    CatchInterruption();
    auto [here, there] = Channel::Pair();
    std::string line;
    for (int i = 0; i < 3; ++i) {
      ::raise(SIGINT);
      if (!Interrupted()) return 1;
      if (there.ReceiveLine(line) != Result::kInterrupted) return 2;
      ClearInterruption();
      if (Interrupted()) return 3;
      if (there.ReceiveLine(line, std::chrono::steady_clock::now() + 20ms) != Result::kTimedOut) {
        return 4;
      }
    }
    return 0;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("a program started under nohup outlives its terminal", "[interruption]") {
  Forked child([] {
    ::signal(SIGHUP, SIG_IGN);
    CatchInterruption();
    ::raise(SIGHUP);
    return Interrupted() ? 1 : 0;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("a request before the wait ends it and a line that is there comes first",
          "[interruption]") {
  Forked child([] {
    CatchInterruption();
    auto [here, there] = Channel::Pair();
    here.SendLine("already here");
    ::raise(SIGINT);
    std::string line;
    if (there.ReceiveLine(line) != Result::kLine) return 1;
    if (there.ReceiveLine(line) != Result::kInterrupted) return 2;
    here.SendLine("later");
    if (there.ReceiveLine(line) != Result::kLine || line != "later") return 3;
    try {
      there.ReceiveHandle();
    } catch (const SystemError& error) {
      return error.code() == EINTR ? 0 : 4;
    }
    return 5;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("a request during the wait ends it whichever thread gets the signal", "[interruption]") {
  for (const bool other_thread : {false, true}) {
    Forked child([other_thread] {
      CatchInterruption();
      auto [here, there] = Channel::Pair();
      const pthread_t waiter = ::pthread_self();
      std::thread sender([&] {
        std::this_thread::sleep_for(20ms);
        // It is caught. NOLINTNEXTLINE(bugprone-bad-signal-to-kill-thread)
        ::pthread_kill(other_thread ? ::pthread_self() : waiter, SIGTERM);
      });
      std::string line;
      const Result result = there.ReceiveLine(line);
      sender.join();
      return result == Result::kInterrupted ? 0 : 1;
    });
    CHECK(child.ExitCode() == 0);
  }
}

TEST_CASE("a request of a forked child wakes the child and not its parent", "[interruption]") {
  Forked parent([] {
    CatchInterruption();
    auto [here, there] = Channel::Pair();
    Forked child([end = &there] {
      ::raise(SIGINT);  // before the child has waited for anything
      ClearInterruption();
      auto [mine, other] = Channel::Pair();
      std::thread sender([] {
        std::this_thread::sleep_for(20ms);
        ::pthread_kill(::pthread_self(), SIGINT);
      });
      std::string line;
      const Result result = mine.ReceiveLine(line, std::chrono::steady_clock::now() + 600s);
      sender.join();
      end->SendLine("done");
      return result == Result::kInterrupted ? 0 : 1;
    });
    std::string line;
    if (here.ReceiveLine(line) != Result::kLine) return 1;
    if (child.ExitCode() != 0) return 2;
    if (Interrupted()) return 3;
    // Had the child's signal got into a pipe of both, this would end at once.
    const Result result = here.ReceiveLine(line, std::chrono::steady_clock::now() + 20ms);
    return result == Result::kTimedOut ? 0 : 4;
  });
  CHECK(parent.ExitCode() == 0);
}

TEST_CASE("a process forked after a request knows of it", "[interruption]") {
  Forked parent([] {
    CatchInterruption();
    ::raise(SIGINT);
    Forked child([] {
      auto [here, there] = Channel::Pair();
      std::string line;
      ::alarm(600);  // ends a child that would wait forever
      return there.ReceiveLine(line) == Result::kInterrupted ? 0 : 1;
    });
    return child.ExitCode();
  });
  CHECK(parent.ExitCode() == 0);
}

TEST_CASE("calls that are no waits go on after a request", "[interruption]") {
  Forked child([] {
    CatchInterruption();
    int ends[2];
    if (::pipe(ends) != 0) return 1;
    const pthread_t reader = ::pthread_self();
    std::thread sender([&] {
      std::this_thread::sleep_for(20ms);
      ::pthread_kill(reader, SIGINT);
      std::this_thread::sleep_for(20ms);
      [[maybe_unused]] const ssize_t written = ::write(ends[1], "x", 1);
    });
    char byte = 0;
    const ssize_t count = ::read(ends[0], &byte, 1);
    sender.join();
    return count == 1 && Interrupted() ? 0 : 2;
  });
  CHECK(child.ExitCode() == 0);
}

}  // namespace
}  // namespace faultline::os
