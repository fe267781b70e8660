// Child processes: how they talk, how they end, and that nothing of them is left.
#include "harness/os/child_process.h"

#include <sys/mman.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "harness/os/file_mapping.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;

Channel::Deadline InAMinute() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(600);
}

void Hang() {
  while (true) ::pause();
}

bool Lives(pid_t id) { return ::kill(id, 0) == 0; }

// A process that was killed is gone a moment later, and is a zombie until the process that inherits
// it has awaited it.
bool EndsSoon(pid_t id) {
  for (int attempt = 0; attempt < 60'000; ++attempt) {
    if (!Lives(id)) return true;
    std::FILE* stat = std::fopen(("/proc/" + std::to_string(id) + "/stat").c_str(), "r");
    char state = 'Z';
    if (stat != nullptr) {
      if (std::fscanf(stat, "%*d %*s %c", &state) != 1) state = 'Z';
      std::fclose(stat);
    }
    if (state == 'Z' || state == 'X') return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

const Registration<ChildMain> kEcho{{"test-echo", [](const std::string& request, Channel& parent) {
                                       std::string line;
                                       parent.ReceiveLine(line);
                                       parent.SendLine(request + " " + line);
                                       return 3;
                                     }}};

const Registration<ChildMain> kSignal{{"test-signal", [](const std::string& request, Channel&) {
                                         ::raise(std::stoi(request));
                                         return 0;
                                       }}};

const Registration<ChildMain> kThrow{{"test-throw", [](const std::string&, Channel&) -> int {
                                        throw std::runtime_error("nobody catches this");
                                      }}};

const Registration<ChildMain> kHang{{"test-hang", [](const std::string&, Channel& parent) {
                                       parent.SendLine("ready");
                                       Hang();
                                       return 0;
                                     }}};

// Starts one process as this harness does and one as any library may, and tells their numbers.
const Registration<ChildMain> kFamily{
    {"test-family", [](const std::string& request, Channel& parent) {
       ChildProcess registered = ChildProcess::Start("test-hang", "");
       const pid_t plain = ::fork();
       if (plain == 0) Hang();
       parent.SendLine(std::to_string(registered.id()));
       parent.SendLine(std::to_string(plain));
       if (request == "end") ::_exit(0);
       Hang();
       return 0;
     }}};

const Registration<ChildMain> kAllocate{{"test-allocate", [](const std::string& request, Channel&) {
                                           const std::size_t bytes = std::stoul(request);
                                           void* memory = ::mmap(
                                               nullptr, bytes, PROT_READ | PROT_WRITE,
                                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
                                           return memory == MAP_FAILED ? 1 : 0;
                                         }}};

const Registration<ChildMain> kGroup{{"test-group", [](const std::string&, Channel& parent) {
                                        parent.SendLine(std::to_string(::getpgid(0)));
                                        return 0;
                                      }}};

const Registration<ChildMain> kQuiet{
    {"test-quiet", [](const std::string&, Channel&) { return 0; }}};

std::string Line(ChildProcess& child) {
  std::string line;
  REQUIRE(child.channel().ReceiveLine(line, InAMinute()) == Channel::Result::kLine);
  return line;
}

TEST_CASE("a child gets its request and talks over the channel and returns its code", "[child]") {
  ChildProcess child = ChildProcess::Start("test-echo", "request");
  CHECK(child.running());
  REQUIRE(child.channel().SendLine("line"));
  CHECK(Line(child) == "request line");
  const ChildEnd end = child.Wait();
  CHECK_FALSE(child.running());
  CHECK(end.kind == ChildEnd::Kind::kExited);
  CHECK(end.code == 3);
  CHECK_FALSE(end.Succeeded());
  CHECK(end.Description() == "exit code 3");
}

TEST_CASE("an unregistered name is refused with the nearest one", "[child]") {
  CHECK_THROWS_WITH(ChildProcess::Start("test-ecko", ""),
                    Catch::Matchers::ContainsSubstring("test-echo"));
}

TEST_CASE("a signal ends a child and its description tells the likely cause", "[child]") {
  const std::pair<int, const char*> expected[] = {{SIGBUS, "SIGBUS (access beyond the end"},
                                                  {SIGSEGV, "SIGSEGV (access to memory"},
                                                  {SIGKILL, "SIGKILL (killed from outside"},
                                                  {SIGABRT, "SIGABRT (it aborted"},
                                                  {SIGXFSZ, "SIGXFSZ (the limit of a file"}};
  for (const auto& [number, text] : expected) {
    const ChildEnd end = ChildProcess::Start("test-signal", std::to_string(number)).Wait();
    CHECK(end.kind == ChildEnd::Kind::kSignalled);
    CHECK(end.code == number);
    CHECK_THAT(end.Description(), Catch::Matchers::ContainsSubstring(text));
  }
  CHECK(ChildEnd{.kind = ChildEnd::Kind::kSignalled, .code = 63}.Description() ==
        "killed by signal 63");
}

TEST_CASE("a signal that the parent handles or blocks still ends a child", "[child]") {
  struct sigaction ignore = {};
  struct sigaction old = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGTERM, &ignore, &old);
  sigset_t set;
  sigset_t old_set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &set, &old_set);
  const ChildEnd ignored = ChildProcess::Start("test-signal", std::to_string(SIGTERM)).Wait();
  const ChildEnd blocked = ChildProcess::Start("test-signal", std::to_string(SIGUSR1)).Wait();
  ::sigaction(SIGTERM, &old, nullptr);
  ::sigprocmask(SIG_SETMASK, &old_set, nullptr);
  CHECK(ignored.code == SIGTERM);
  CHECK(blocked.code == SIGUSR1);
}

TEST_CASE("an exception that leaves a child becomes its exit code", "[child]") {
  const ChildEnd end = ChildProcess::Start("test-throw", "").Wait();
  CHECK(end.kind == ChildEnd::Kind::kExited);
  CHECK(end.code == ChildMain::kUncaughtException);
}

TEST_CASE("a child leads a process group of its own", "[child]") {
  ChildProcess child = ChildProcess::Start("test-group", "");
  const auto id = child.id();
  CHECK(Line(child) == std::to_string(id));
  CHECK(child.Wait().Succeeded());
}

TEST_CASE("a hanging child can be killed", "[child]") {
  ChildProcess child = ChildProcess::Start("test-hang", "");
  CHECK(Line(child) == "ready");
  child.Kill();
  CHECK(child.Wait().code == SIGKILL);
  child.Kill();
}

TEST_CASE("the destructor and an assignment end a running child", "[child]") {
  pid_t first = 0;
  pid_t second = 0;
  {
    ChildProcess child = ChildProcess::Start("test-hang", "");
    first = static_cast<pid_t>(child.id());
    ChildProcess other = ChildProcess::Start("test-hang", "");
    second = static_cast<pid_t>(other.id());
    child = std::move(other);
    CHECK_FALSE(Lives(first));
    CHECK(Lives(second));
  }
  CHECK_FALSE(Lives(second));
}

TEST_CASE("killing a child ends what it started", "[child]") {
  ChildProcess child = ChildProcess::Start("test-family", "");
  const pid_t registered = std::stoi(Line(child));
  const pid_t plain = std::stoi(Line(child));
  CHECK(Lives(registered));
  CHECK(Lives(plain));
  child.Kill();
  child.Wait();
  CHECK(EndsSoon(registered));
  CHECK(EndsSoon(plain));
}

TEST_CASE("the end of a child ends what it left behind", "[child]") {
  ChildProcess child = ChildProcess::Start("test-family", "end");
  const pid_t registered = std::stoi(Line(child));
  const pid_t plain = std::stoi(Line(child));
  CHECK(child.Wait().Succeeded());
  CHECK(EndsSoon(registered));
  CHECK(EndsSoon(plain));
}

TEST_CASE("a parent that is killed takes its child along", "[child]") {
  auto [ours, theirs] = Channel::Pair();
  Forked parent([&ends = theirs] {
    ChildProcess child = ChildProcess::Start("test-hang", "");
    std::string line;
    child.channel().ReceiveLine(line, InAMinute());
    ends.SendLine(std::to_string(child.id()));
    Hang();
    return 0;
  });
  std::string line;
  REQUIRE(ours.ReceiveLine(line, InAMinute()) == Channel::Result::kLine);
  const pid_t child = std::stoi(line);
  CHECK(Lives(child));
  parent.Kill();
  CHECK(EndsSoon(child));
}

TEST_CASE("a small child after a large one reports its own peak", "[child]") {
  constexpr std::uint64_t kMebibyte = 1 << 20;
  const ChildEnd none = ChildProcess::Start("test-allocate", "4096").Wait();
  const ChildEnd large =
      ChildProcess::Start("test-allocate", std::to_string(200 * kMebibyte)).Wait();
  const ChildEnd small = ChildProcess::Start("test-allocate", std::to_string(5 * kMebibyte)).Wait();
  CHECK(none.Succeeded());
  CHECK(large.usage.peak_resident_bytes >= 200 * kMebibyte);
  CHECK(small.usage.peak_resident_bytes >= 5 * kMebibyte);
  CHECK(small.usage.peak_resident_bytes < none.usage.peak_resident_bytes + 20 * kMebibyte);
  CHECK(large.usage.minor_faults > none.usage.minor_faults);
  CHECK(large.usage.system_seconds > 0);
}

// Counts in memory that it shares with its parent, for ever.
const Registration<ChildMain> kCount{{"test-count", [](const std::string&, Channel& parent) {
                                        const FileMapping mapping =
                                            FileMapping::ReceiveFrom(parent);
                                        const View view = mapping.Map();
                                        auto* count =
                                            reinterpret_cast<volatile std::uint64_t*>(view.data());
                                        while (true) *count = *count + 1;
                                        return 0;
                                      }}};

TEST_CASE("a paused child stands still until it is resumed", "[child]") {
  const FileMapping mapping = FileMapping::FromMemory(4096);
  const View view = mapping.Map();
  const auto* count = reinterpret_cast<volatile std::uint64_t*>(view.data());
  ChildProcess child = ChildProcess::Start("test-count", "");
  mapping.SendTo(child.channel());
  for (int round = 0; round < 3; ++round) {
    const std::uint64_t begin = *count;
    while (*count == begin) {
    }
    REQUIRE(child.Pause());
    const std::uint64_t seen = *count;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    CHECK(*count == seen);
    child.Resume();
  }
  REQUIRE(child.Pause());
  child.Kill();
  CHECK(child.Wait().Description().find("SIGKILL") != std::string::npos);
}

TEST_CASE("a child that has ended can't be paused and its end is still told", "[child]") {
  ChildProcess child = ChildProcess::Start("test-signal", std::to_string(SIGSEGV));
  std::string line;
  child.channel().ReceiveLine(line);
  CHECK_FALSE(child.Pause());
  CHECK(child.Wait().Description().find("SIGSEGV") != std::string::npos);
}

TEST_CASE("what the parent has not flushed is written once", "[child]") {
  const TemporaryDirectory directory;
  const auto path = directory / "buffered";
  std::FILE* stream = std::fopen(path.c_str(), "w");
  REQUIRE(stream != nullptr);
  std::fputs("once", stream);
  CHECK(ChildProcess::Start("test-quiet", "").Wait().Succeeded());
  std::fclose(stream);
  CHECK(std::filesystem::file_size(path) == 4);
}

}  // namespace
}  // namespace faultline::os
