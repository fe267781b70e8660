// Memory limits on the machine's real controller: that they hold, count what they should, and never
// stay behind.
#include "harness/os/memory_limit.h"

#include <sys/mman.h>

#include <chrono>
#include <cstring>

#include "harness/os/child_process.h"
#include "harness/os/page_cache.h"
#include "harness/os/posix/control_groups.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;

constexpr std::uint64_t kMebibyte = 1 << 20;

Channel::Deadline Soon() { return std::chrono::steady_clock::now() + std::chrono::seconds(600); }

bool CanLimit() {
  const std::string why = MemoryLimit::WhyUnavailable();
  if (why.empty()) return true;
  WARN("SKIPPED: " << why);
  return false;
}

// Directories of all groups of ours, whichever process made them.
std::vector<std::string> Groups() {
  std::vector<std::string> groups;
  for (const int version : {1, 2}) {
    const auto hierarchy = FindHierarchy(version);
    if (!hierarchy) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             hierarchy->root, std::filesystem::directory_options::skip_permission_denied)) {
      if (ParseGroupName(entry.path().filename().string())) groups.push_back(entry.path().string());
    }
  }
  return groups;
}

// Those made by the process `id`.
std::vector<std::string> GroupsOf(std::int64_t id) {
  std::vector<std::string> groups = Groups();
  std::erase_if(groups, [id](const std::string& group) {
    const auto maker = ParseGroupName(std::filesystem::path(group).filename().string());
    return maker->process_id != static_cast<std::uint64_t>(id);
  });
  return groups;
}

const Registration<ChildMain> kRead{
    {"test-read-file", [](const std::string& request, Channel& parent) {
       const File file = File::Open(request, FileAccess::kRead);
       FillByReading(file, kMebibyte, false);
       parent.SendLine("read");
       std::string line;
       parent.ReceiveLine(line, Soon());
       return 0;
     }}};

const Registration<ChildMain> kTouch{
    {"test-touch", [](const std::string& request, Channel& parent) {
       const std::size_t bytes = std::stoul(request);
       void* memory =
           ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       if (memory == MAP_FAILED) return 1;
       std::memset(memory, 1, bytes);
       parent.SendLine("touched");
       std::string line;
       parent.ReceiveLine(line, Soon());
       return 0;
     }}};

TEST_CASE("a limit that leaves no room is refused", "[memory_limit]") {
  CHECK_THROWS_AS(MemoryLimit::Create(4 * kMebibyte - 1), UsageError);
}

TEST_CASE("a limited child that reads four times its limit stays under it", "[memory_limit]") {
  if (!CanLimit()) return;
  constexpr std::uint64_t kLimit = 16 * kMebibyte;
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  file.WriteAt(0, std::vector<std::byte>(4 * kLimit, std::byte{1}));
  if (Evict(file).cached_pages != 0) {
    WARN("SKIPPED: the temporary directory's files can't leave memory");
    return;
  }
  const MemoryLimit limit = MemoryLimit::Create(kLimit);
  ChildProcess child = ChildProcess::Start("test-read-file", (directory / "data").string(), &limit);
  std::string line;
  REQUIRE(child.channel().ReceiveLine(line, Soon()) == Channel::Result::kLine);
  const LimitedMemory usage = limit.Usage();
  const Residency residency = MeasureResidency(file);
  child.channel().SendLine("done");
  CHECK(child.Wait().Succeeded());
  CHECK(usage.limit_bytes == kLimit);
  CHECK(usage.peak_bytes <= kLimit);
  CHECK(usage.peak_bytes > kLimit / 2);
  CHECK(usage.current_bytes <= kLimit);
  CHECK(usage.file_bytes > kLimit / 2);
  CHECK(usage.limit_hits > 0u);
  CHECK(usage.kills == 0u);
  CHECK(residency.cached_pages < residency.total_pages / 3);
}

TEST_CASE("anonymous memory counts and memory beyond the limit kills the child", "[memory_limit]") {
  if (!CanLimit()) return;
  const MemoryLimit limit = MemoryLimit::Create(64 * kMebibyte);
  ChildProcess modest = ChildProcess::Start("test-touch", std::to_string(20 * kMebibyte), &limit);
  std::string line;
  REQUIRE(modest.channel().ReceiveLine(line, Soon()) == Channel::Result::kLine);
  CHECK(limit.Usage().anonymous_bytes >= 19 * kMebibyte);
  CHECK(limit.Usage().kills == 0u);
  modest.Kill();
  modest.Wait();
  const ChildEnd greedy =
      ChildProcess::Start("test-touch", std::to_string(200 * kMebibyte), &limit).Wait();
  CHECK(greedy.kind == ChildEnd::Kind::kSignalled);
  CHECK(greedy.code == SIGKILL);
  CHECK(limit.Usage().kills >= 1u);
  CHECK(limit.Usage().peak_bytes <= 64 * kMebibyte);
}

TEST_CASE("a limit ends with its owner and the processes under it", "[memory_limit]") {
  if (!CanLimit()) return;
  Forked child([] {
    ::pause();
    return 0;
  });
  {
    MemoryLimit first = MemoryLimit::Create(32 * kMebibyte);
    const MemoryLimit second = MemoryLimit::Create(32 * kMebibyte);
    CHECK(GroupsOf(::getpid()).size() == 2);
    first.Admit(child.id());
    const MemoryLimit moved = std::move(first);
    CHECK(moved.Usage().limit_bytes == 32 * kMebibyte);
    CHECK_THAT(moved.mechanism(), Catch::Matchers::ContainsSubstring("memory controller, version"));
  }
  CHECK(GroupsOf(::getpid()).empty());
  CHECK(child.Signal() == SIGKILL);
}

TEST_CASE("a process that is gone can't be put under a limit", "[memory_limit]") {
  if (!CanLimit()) return;
  const MemoryLimit limit = MemoryLimit::Create(32 * kMebibyte);
  Forked child([] { return 0; });
  const pid_t id = child.id();
  child.Status();
  CHECK_THROWS_AS(limit.Admit(id), SystemError);
}

TEST_CASE("a limit left behind by a killed run is removed with its processes", "[memory_limit]") {
  if (!CanLimit()) return;
  auto [ours, theirs] = Channel::Pair();
  Forked run([&ends = theirs] {
    const MemoryLimit limit = MemoryLimit::Create(32 * kMebibyte);
    const pid_t worker = ::fork();
    if (worker == 0) {
      while (true) ::pause();
    }
    limit.Admit(worker);
    ends.SendLine(std::to_string(worker));
    while (true) ::pause();
    return 0;
  });
  std::string line;
  REQUIRE(ours.ReceiveLine(line, Soon()) == Channel::Result::kLine);
  const pid_t id = run.id();
  const pid_t worker = std::stoi(line);
  const MemoryLimit own = MemoryLimit::Create(32 * kMebibyte);
  MemoryLimit::RemoveAbandoned();
  CHECK(GroupsOf(id).size() == 1);
  run.Kill();
  CHECK(GroupsOf(id).size() == 1);
  MemoryLimit::RemoveAbandoned();
  CHECK(GroupsOf(id).empty());
  CHECK(GroupsOf(::getpid()).size() == 1);
  for (const std::string& group : GroupsOf(::getpid())) CHECK(GroupMembers(group).empty());
  // Another process awaits its end, and may take a moment.
  for (int attempt = 0; attempt < 60'000 && ::kill(worker, 0) == 0; ++attempt) ::usleep(10'000);
  CHECK(::kill(worker, 0) != 0);
}

}  // namespace
}  // namespace faultline::os
