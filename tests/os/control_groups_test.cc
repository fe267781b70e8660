// The pure parts of control groups and mounts, on made-up directories of both versions.
#include "harness/os/posix/control_groups.h"

#include "harness/os/posix/kernel_text.h"
#include "harness/os/system_info.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Put;

Mount MountAt(const std::filesystem::path& point, const std::string& kind,
              const std::string& super_options, const std::string& root = "/") {
  return {.root = root, .point = point, .kind = kind, .super_options = super_options};
}

TEST_CASE("a line of the mount list is understood whatever optional words it has", "[groups]") {
  const auto plain = ParseMount("36 35 98:0 / / rw,noatime - ext4 /dev/vda1 rw,discard");
  REQUIRE(plain);
  CHECK(plain->id == 36);
  CHECK(plain->root == "/");
  CHECK(plain->point == "/");
  CHECK(plain->options == "rw,noatime");
  CHECK(plain->kind == "ext4");
  CHECK(plain->source == "/dev/vda1");
  CHECK(plain->super_options == "rw,discard");
  const auto shared =
      ParseMount(R"(7 1 0:31 /a\040b /mnt/c\134d ro shared:1 master:2 - tmpfs none rw)");
  REQUIRE(shared);
  CHECK(shared->root == "/a b");
  CHECK(shared->point == R"(/mnt/c\d)");
  CHECK(shared->kind == "tmpfs");
  CHECK_FALSE(ParseMount("36 35 98:0 / / rw"));
  CHECK_FALSE(ParseMount(""));
}

TEST_CASE("the version 2 hierarchy is used only when it has the memory controller", "[groups]") {
  const TemporaryDirectory directory;
  const Mount mounts[] = {MountAt(directory.path(), "cgroup2", "rw")};
  const std::string memberships[] = {"4:memory:/not-this", "0::/user/session"};
  Put(directory / "cgroup.controllers", "cpu hugetlb\n");
  Put(directory / "user/session/cgroup.procs", "");
  CHECK_FALSE(FindHierarchy(2, mounts, memberships));
  Put(directory / "cgroup.controllers", "cpu memory pids\n");
  const auto found = FindHierarchy(2, mounts, memberships);
  REQUIRE(found);
  CHECK(found->version == 2);
  CHECK(found->root == directory.path().string());
  CHECK(found->own == (directory / "user/session").string());
}

TEST_CASE("the version 1 hierarchy is the one mounted with the memory controller", "[groups]") {
  const TemporaryDirectory directory;
  const Mount mounts[] = {MountAt(directory / "cpu", "cgroup", "rw,cpu"),
                          MountAt(directory / "memory", "cgroup", "rw,memory")};
  const std::string memberships[] = {"5:cpu:/other", "4:hugetlb,memory:/mine", "0::/"};
  Put(directory / "memory/mine/cgroup.procs", "");
  const auto found = FindHierarchy(1, mounts, memberships);
  REQUIRE(found);
  CHECK(found->own == (directory / "memory/mine").string());
  CHECK_FALSE(FindHierarchy(1, std::span(mounts).first(1), memberships));
  CHECK_FALSE(FindHierarchy(1, mounts, std::span(memberships).first(1)));
}

TEST_CASE("a hierarchy is found by the controller that is asked for", "[groups]") {
  const TemporaryDirectory directory;
  const Mount mounts[] = {MountAt(directory / "memory", "cgroup", "rw,memory"),
                          MountAt(directory / "cpu", "cgroup", "rw,cpu,cpuacct"),
                          MountAt(directory / "both", "cgroup2", "rw")};
  const std::string memberships[] = {"5:cpu,cpuacct:/a/b", "4:memory:/mine", "0::/c"};
  Put(directory / "cpu/a/b/cgroup.procs", "");
  Put(directory / "both/c/cgroup.procs", "");
  const auto first = FindHierarchy(1, mounts, memberships, "cpu");
  REQUIRE(first);
  CHECK(first->own == (directory / "cpu/a/b").string());
  Put(directory / "both/cgroup.controllers", "memory\n");
  CHECK_FALSE(FindHierarchy(2, mounts, memberships, "cpu"));
  Put(directory / "both/cgroup.controllers", "cpu\n");
  CHECK(FindHierarchy(2, mounts, memberships, "cpu")->own == (directory / "both/c").string());
}

TEST_CASE("groups upwards are the own one and all above it up to the root", "[groups]") {
  CHECK(GroupsUpwards({.version = 1, .root = "/cpu", .own = "/cpu/a/b"}) ==
        std::vector<std::string>{"/cpu/a/b", "/cpu/a", "/cpu"});
  CHECK(GroupsUpwards({.version = 2, .root = "/g", .own = "/g"}) == std::vector<std::string>{"/g"});
}

TEST_CASE("a container's own group is found below the part that it can see", "[groups]") {
  const TemporaryDirectory directory;
  const std::string memberships[] = {"4:memory:/docker/abc/inner"};
  Put(directory / "inner/cgroup.procs", "");
  const Mount inside[] = {MountAt(directory.path(), "cgroup", "memory", "/docker/abc")};
  CHECK(FindHierarchy(1, inside, memberships)->own == (directory / "inner").string());
  const Mount elsewhere[] = {MountAt(directory.path(), "cgroup", "memory", "/docker/ab")};
  CHECK(FindHierarchy(1, elsewhere, memberships)->own == directory.path().string());
  const std::string outside[] = {"4:memory:/../sibling"};
  const Mount whole[] = {MountAt(directory.path(), "cgroup", "memory")};
  CHECK(FindHierarchy(1, whole, outside)->own == directory.path().string());
}

TEST_CASE("a group's name tells who made it and no other name does", "[groups]") {
  const GroupMaker maker{.process_id = 123, .start_ticks = 4567890};
  CHECK(GroupName(maker, 7) == "faultline-123-4567890-7");
  CHECK(ParseGroupName("faultline-123-4567890-7") == maker);
  for (const char* other :
       {"faultline", "faultline-", "faultline-1-2", "faultline-1-2-3-4", "faultline-1-2-x",
        "faultline-a-2-3", "Faultline-1-2-3", "x-faultline-1-2-3", "faultline-1-2-3 "}) {
    CHECK_FALSE(ParseGroupName(other));
  }
}

TEST_CASE("a process's start is read past any name that the process may have", "[groups]") {
  std::string stat = "42 (a) b (c)) S";
  for (int field = 4; field <= 21; ++field) stat += " " + std::to_string(field);
  CHECK(ParseStartTicks(stat + " 987654 23 24") == 987654u);
  CHECK_FALSE(ParseStartTicks("42 name S 1 2"));
  CHECK(StartTicks(static_cast<std::uint64_t>(ProcessId())).has_value());
  CHECK_FALSE(StartTicks(0));
}

TEST_CASE("version 2 reads its own files", "[groups]") {
  const TemporaryDirectory directory;
  Put(directory / "memory.max", "67108864\n");
  Put(directory / "memory.current", "5000000\n");
  Put(directory / "memory.stat", "anon_thp 1\nanon 1000\nfile_mapped 2\nfile 4000\n");
  Put(directory / "memory.events", "low 0\nhigh 1\nmax 12\noom 3\noom_kill 2\n");
  LimitedMemory memory = ReadGroup(2, directory.path());
  CHECK(memory.limit_bytes == 67108864);
  CHECK(memory.current_bytes == 5000000);
  CHECK(memory.peak_bytes == 5000000);
  CHECK(memory.anonymous_bytes == 1000u);
  CHECK(memory.file_bytes == 4000u);
  CHECK(memory.limit_hits == 12u);
  CHECK(memory.kills == 2u);
  Put(directory / "memory.peak", "6000000\n");
  CHECK(ReadGroup(2, directory.path()).peak_bytes == 6000000);
}

TEST_CASE("version 1 reads its own files", "[groups]") {
  const TemporaryDirectory directory;
  Put(directory / "memory.limit_in_bytes", "67108864\n");
  Put(directory / "memory.usage_in_bytes", "5000000\n");
  Put(directory / "memory.max_usage_in_bytes", "6000000\n");
  Put(directory / "memory.stat", "cache 4000\nrss 1000\nrss_huge 9\ntotal_cache 8\n");
  Put(directory / "memory.failcnt", "12\n");
  Put(directory / "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\n");
  LimitedMemory memory = ReadGroup(1, directory.path());
  CHECK(memory.limit_bytes == 67108864);
  CHECK(memory.current_bytes == 5000000);
  CHECK(memory.peak_bytes == 6000000);
  CHECK(memory.anonymous_bytes == 1000u);
  CHECK(memory.file_bytes == 4000u);
  CHECK(memory.limit_hits == 12u);
  CHECK_FALSE(memory.kills.has_value());
  Put(directory / "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
  CHECK(ReadGroup(1, directory.path()).kills == 2u);
}

TEST_CASE("a limit closes the way round by swap space in both versions", "[groups]") {
  const TemporaryDirectory directory;
  for (const char* name :
       {"memory.max", "memory.swap.max", "memory.limit_in_bytes", "memory.swappiness"}) {
    Put(directory / name, "");
  }
  CHECK(SetGroupLimit(2, directory.path(), 5000000) == 0);
  CHECK(ReadText(directory / "memory.max") == "5000000");
  CHECK(ReadText(directory / "memory.swap.max") == "0");
  CHECK(SetGroupLimit(1, directory.path(), 6000000) == 0);
  CHECK(ReadText(directory / "memory.limit_in_bytes") == "6000000");
  CHECK(ReadText(directory / "memory.swappiness") == "0");
  CHECK(SetGroupLimit(2, directory / "absent", 5000000) != 0);
}

TEST_CASE("a refused group tries every group above and leaves nothing", "[groups]") {
  const TemporaryDirectory directory;
  std::filesystem::create_directories(directory / "a/b");
  std::vector<std::string> refusals;
  // Plain directories never get the files of a control group, so that every attempt is refused.
  const GroupHierarchy hierarchy{
      .version = 1, .root = directory.path(), .own = (directory / "a/b").string()};
  CHECK(MakeLimitedGroup(hierarchy, "faultline-1-2-3", 5000000, refusals).empty());
  REQUIRE(refusals.size() == 3);
  CHECK_THAT(refusals[0], Catch::Matchers::ContainsSubstring("a/b/faultline-1-2-3"));
  CHECK_THAT(refusals[1], Catch::Matchers::ContainsSubstring("a/faultline-1-2-3"));
  CHECK_FALSE(std::filesystem::exists(directory / "a/b/faultline-1-2-3"));
  CHECK_FALSE(std::filesystem::exists(directory / "faultline-1-2-3"));
}

TEST_CASE("version 2 asks for the controller only where it is not handed down", "[groups]") {
  const TemporaryDirectory directory;
  Put(directory / "cgroup.subtree_control", "cpu memory\n");
  Put(directory / "own/cgroup.subtree_control", "");
  std::vector<std::string> refusals;
  const GroupHierarchy hierarchy{
      .version = 2, .root = directory.path(), .own = (directory / "own").string()};
  MakeLimitedGroup(hierarchy, "faultline-1-2-3", 5000000, refusals);
  REQUIRE(refusals.size() == 2);
  // First the group that hands it down already, though it is farther away.
  CHECK_THAT(refusals[0], !Catch::Matchers::ContainsSubstring("own/faultline-1-2-3"));
  CHECK_THAT(refusals[1], Catch::Matchers::ContainsSubstring("own/faultline-1-2-3"));
  CHECK(ReadText(directory / "own/cgroup.subtree_control") == "+memory");
  CHECK(ReadText(directory / "cgroup.subtree_control") == "cpu memory\n");
}

TEST_CASE("only groups whose maker is gone count as abandoned", "[groups]") {
  const TemporaryDirectory directory;
  const auto self = static_cast<std::uint64_t>(ProcessId());
  const std::uint64_t start = *StartTicks(self);
  const std::string alive = GroupName({.process_id = self, .start_ticks = start}, 0);
  const std::string reused = GroupName({.process_id = self, .start_ticks = start - 1}, 0);
  // No process has the number 0 or one this large.
  const std::string gone = GroupName({.process_id = 4'000'000'000, .start_ticks = 5}, 0);
  const std::string hidden = GroupName({.process_id = 4'000'000'000, .start_ticks = 5}, 1);
  Put(directory / alive / "cgroup.procs", "");
  Put(directory / reused / "cgroup.procs", "");
  Put(directory / "somebody/deep" / gone / "cgroup.procs", "");
  Put(directory / hidden / "cgroup.procs", "0\n");
  Put(directory / "other/cgroup.procs", "");
  std::vector<std::string> abandoned = AbandonedGroups({.version = 1, .root = directory.path()});
  std::sort(abandoned.begin(), abandoned.end());
  CHECK(abandoned ==
        std::vector{(directory / reused).string(), (directory / "somebody/deep" / gone).string()});
}

TEST_CASE("removing a group that is gone already succeeds", "[groups]") {
  const TemporaryDirectory directory;
  std::filesystem::create_directories(directory / "group");
  CHECK(RemoveGroup(directory / "group"));
  CHECK_FALSE(std::filesystem::exists(directory / "group"));
  CHECK(RemoveGroup(directory / "group"));
}

TEST_CASE("lines come whole across the buffer's end and the last one needs no break", "[groups]") {
  const TemporaryDirectory directory;
  std::vector<std::string> written;
  std::string text;
  for (int line = 0; line < 3000; ++line) {
    written.push_back("line " + std::to_string(line));
    text += (line == 0 ? "" : "\n") + written.back();
  }
  Put(directory / "text", text);
  std::vector<std::string> read;
  KernelLines lines((directory / "text").c_str());
  std::string_view line;
  while (lines.Next(line)) read.emplace_back(line);
  CHECK(read == written);
  CHECK_FALSE(KernelLines((directory / "absent").c_str()).is_open());
}

}  // namespace
}  // namespace faultline::os
