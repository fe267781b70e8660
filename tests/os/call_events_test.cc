// Calls one by one, where the kernel tells them.
#include "harness/os/call_events.h"

#include <fcntl.h>

#include <algorithm>
#include <map>
#include <thread>

#include "harness/os/posix/call_source.h"
#include "harness/os/system_info.h"
#include "tests/catch.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using Words = std::vector<std::string>;

// Runs `tracer` in a process, and returns the ended calls of what it starts.
template <class Tracer>
std::vector<CallWords> CallsBelow(CallSource& source, Tracer tracer) {
  // Before it starts, so that all that it does passes the filters; itself it is left out below.
  source.LeaveOut(ProcessId());
  testing::Forked process(tracer);
  const auto tracer_id = static_cast<std::uint32_t>(process.id());
  CHECK(process.ExitCode() == 0);
  std::vector<CallEvent> events;
  source.Take(events);
  std::stable_sort(events.begin(), events.end(),
                   [](const CallEvent& a, const CallEvent& b) { return a.time_ns < b.time_ns; });
  std::map<std::uint32_t, CallEvent> begun;
  std::vector<CallWords> calls;
  int opened = 0;
  for (const CallEvent& event : events) {
    if (event.thread == static_cast<std::uint32_t>(ProcessId()) || event.thread == tracer_id) {
      continue;
    }
    CHECK(event.time_ns > 1'500'000'000'000'000'000);
    if (event.part == CallEvent::Part::kOpened) {
      opened += event.result >= 0 ? 1 : 0;
    } else if (event.part == CallEvent::Part::kWhole) {
      CallEvents::Describe(event, event.result, calls.emplace_back());
    } else if (event.part == CallEvent::Part::kBeginning) {
      begun[event.thread] = event;
    } else if (begun.contains(event.thread)) {
      CHECK(begun[event.thread].number == event.number);
      CallEvents::Describe(begun[event.thread], event.result, calls.emplace_back());
    }
  }
  CHECK(opened > 0);
  return calls;
}

// Runs `body` in a process, and returns its exit code.
template <class Body>
int InChild(Body body) {
  return testing::Forked(body).ExitCode();
}

bool Has(const std::vector<CallWords>& calls, std::string_view name, const Words& arguments,
         const std::string& result) {
  return std::any_of(calls.begin(), calls.end(), [&](const CallWords& call) {
    return call.name == name && call.arguments == arguments && call.result == result;
  });
}

// Calls `check` with each source that is there.
template <class Check>
void WithEachSource(Check check) {
  struct Named {
    const char* name;
    std::unique_ptr<CallSource> (*make)();
  };
  for (const auto& [name, make] :
       {Named{"programs", MakeBpfCalls}, Named{"events", MakePerfCalls}}) {
    INFO(name);
    std::unique_ptr<CallSource> source;
    try {
      source = make();
    } catch (const UnsupportedError& error) {
      WARN("SKIPPED: calls by " << name << ": " << error.what());
      continue;
    }
    check(*source);
    CHECK(source->lost() == 0);
    CHECK(source->foreign() == 0);
  }
}

int RunShell(const char* command) {
  ::execlp("sh", "sh", "-c", command, nullptr);
  return 99;
}

TEST_CASE("the calls of what a tracer starts are told with arguments and results") {
  WithEachSource([](CallSource& source) {
    const std::vector<CallWords> calls = CallsBelow(source, [] {
      return InChild([] { return RunShell("exec 7> /dev/null; echo 1234567 >&7; exec 7>&-"); });
    });
    CHECK(Has(calls, "write", {"1", "0", "8"}, "8"));
    CHECK(Has(calls, "close", {"7"}, "0"));
    CHECK(std::any_of(calls.begin(), calls.end(), [](const CallWords& call) {
      return call.name == "mmap" && call.arguments.size() == 6 && call.result.starts_with("0x") &&
             call.arguments[3].starts_with("MAP_PRIVATE");
    }));
  });
}

TEST_CASE("of fcntl what it does to descriptors is told, and locks are not") {
  const TemporaryDirectory directory;
  WriteBytes(directory / "data", "word");
  WithEachSource([&](CallSource& source) {
    const std::vector<CallWords> calls = CallsBelow(source, [&] {
      return InChild([&] {
        const int file = ::open((directory / "data").c_str(), O_RDONLY);
        const int copy = ::fcntl(file, F_DUPFD, 50);
        ::fcntl(copy, F_SETFD, FD_CLOEXEC);
        ::fcntl(copy, F_SETFL, O_APPEND);
        struct flock lock = {};
        lock.l_type = F_RDLCK;
        for (int i = 0; i < 100; ++i) ::fcntl(file, F_SETLK, &lock);
        return ::dup2(file, 40) == 40 && copy == 50 ? 0 : 1;
      });
    });
    const auto file = std::find_if(calls.begin(), calls.end(),
                                   [](const CallWords& call) { return call.name == "dup2"; });
    REQUIRE(file != calls.end());
    CHECK(Has(calls, "fcntl", {file->arguments.front(), "F_DUPFD", "50"}, "50"));
    CHECK(Has(calls, "fcntl", {"50", "F_SETFD", "FD_CLOEXEC"}, "0"));
    CHECK(Has(calls, "fcntl", {"50", "F_SETFL", "O_APPEND"}, "0"));
    CHECK(std::count_if(calls.begin(), calls.end(),
                        [](const CallWords& call) { return call.name == "fcntl"; }) < 20);
  });
}

TEST_CASE("threads are told, also one that takes its process's number when it executes a program") {
  WithEachSource([](CallSource& source) {
    const std::vector<CallWords> calls = CallsBelow(source, [] {
      return InChild([] {
        std::thread([] { static_cast<void>(::lseek(99, 4711, SEEK_SET)); }).join();
        std::thread([] { RunShell("exec 7> /dev/null; echo 1234567 >&7"); }).join();
        return 1;
      });
    });
    CHECK(Has(calls, "lseek", {"99", "4711", "SEEK_SET"}, "-1"));
    CHECK(Has(calls, "write", {"1", "0", "8"}, "8"));
  });
}

TEST_CASE("calls are told where one of the sources is there") {
  if (const std::string why = CallEvents::WhyUnavailable(); !why.empty()) {
    CHECK_THROWS_AS(CallEvents(), UnsupportedError);
    WARN("SKIPPED: " << why);
    return;
  }
  CallEvents events;
  testing::Forked tracer([] { return InChild([] { return ::fsync(99) == 0 ? 1 : 0; }); });
  events.LeaveOut(tracer.id());
  CHECK(tracer.ExitCode() == 0);
  std::vector<CallEvent> taken;
  events.Take(taken);
  CHECK_FALSE(taken.empty());
  CHECK(events.lost() == 0);
}

TEST_CASE("calls that have names behind addresses are not told") {
  const std::vector<std::string_view> names = CallEvents::Names();
  for (const std::string_view name : {"read", "pwrite64", "fsync", "mmap", "dup3", "fcntl"}) {
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  }
  for (const std::string_view name :
       {"openat", "rename", "execve", "clone", "io_submit", "pipe2"}) {
    CHECK(std::find(names.begin(), names.end(), name) == names.end());
  }
}

}  // namespace
}  // namespace faultline::os
