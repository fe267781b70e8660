// Facts about the machine and its storage: complete, and true where a second source can tell.
#include "harness/os/system_info.h"

#include <sys/statvfs.h>
#include <sys/utsname.h>

#include "faultline/file.h"
#include "harness/os/machine_counters.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::KindThrownBy;

std::vector<std::string> NamesOf(const Facts& facts) {
  std::vector<std::string> names;
  for (const auto& [name, value] : facts) names.push_back(name);
  return names;
}

TEST_CASE("the machine's facts have fixed names and no empty value", "[system_info]") {
  const Facts facts = MachineFacts();
  CHECK(NamesOf(facts) == std::vector<std::string>{"architecture",
                                                   "c_library",
                                                   "dirty_background_ratio",
                                                   "dirty_expire",
                                                   "dirty_ratio",
                                                   "dirty_writeback",
                                                   "kernel",
                                                   "memory_bytes",
                                                   "memory_limit_in_force",
                                                   "multi_generational_reclaim",
                                                   "overcommit",
                                                   "page_size",
                                                   "processor",
                                                   "processors",
                                                   "swap_bytes",
                                                   "swappiness",
                                                   "system",
                                                   "transparent_huge_pages",
                                                   "transparent_huge_pages_shared",
                                                   "virtualization"});
  for (const auto& [name, value] : facts) {
    CAPTURE(name);
    if (value) {
      CHECK_FALSE(value->empty());
      CHECK(value->find('\n') == std::string::npos);
      CHECK(value->find('"') == std::string::npos);
    }
  }
}

TEST_CASE("the machine's facts agree with what the system says elsewhere", "[system_info]") {
  const Facts facts = MachineFacts();
  utsname names = {};
  ::uname(&names);
  CHECK(facts.at("kernel") == std::string(names.sysname) + " " + names.release);
  CHECK(facts.at("architecture") == names.machine);
  CHECK(facts.at("page_size") == std::to_string(::sysconf(_SC_PAGESIZE)));
  CHECK(facts.at("processors") == std::to_string(ProcessorCount()));
  CHECK(ProcessorCount() >= 1);
  CHECK(ProcessorCount() <= static_cast<std::uint64_t>(::sysconf(_SC_NPROCESSORS_CONF)));
  CHECK(std::stoull(*facts.at("memory_bytes")) == PhysicalMemoryBytes());
  CHECK(*facts.at("swappiness") + "\n" == ReadText("/proc/sys/vm/swappiness"));
  CHECK(RunningAsRoot() == (::geteuid() == 0));
  CHECK(ProcessId() == ::getpid());
}

TEST_CASE("settings with units carry them", "[system_info]") {
  const Facts facts = MachineFacts();
  const auto expire = std::stoull(ReadText("/proc/sys/vm/dirty_expire_centisecs"));
  CHECK(facts.at("dirty_expire") == std::to_string(expire * 10) + " ms");
  CHECK((facts.at("dirty_ratio")->ends_with(" %") || facts.at("dirty_ratio")->ends_with(" bytes")));
  if (facts.at("transparent_huge_pages")) {
    const std::string& choice = *facts.at("transparent_huge_pages");
    CHECK((choice == "always" || choice == "madvise" || choice == "never"));
  }
}

TEST_CASE("storage facts have fixed names and describe the directory's device", "[system_info]") {
  const TemporaryDirectory directory;
  const Facts facts = StorageFacts(directory.path());
  CHECK(NamesOf(facts) == std::vector<std::string>{
                              "block_size", "device", "device_model", "device_physical_block_size",
                              "file_system", "free_bytes", "mount_options", "read_ahead_bytes",
                              "rotational", "scheduler", "write_cache"});
  const std::string device = DeviceOf(File::Create(directory / "data"));
  CHECK(facts.at("device").value_or("") == device);
  struct statvfs file_system = {};
  ::statvfs(directory.path().c_str(), &file_system);
  CHECK(facts.at("block_size") == std::to_string(file_system.f_bsize));
  if (device.empty()) return;
  const bool whole_disk = std::filesystem::exists("/sys/class/block/" + device + "/queue");
  const std::string disk = "/sys/class/block/" + device + (whole_disk ? "" : "/..");
  CHECK(std::stoull(*facts.at("read_ahead_bytes")) ==
        std::stoull(ReadText(disk + "/queue/read_ahead_kb")) * 1024);
  CHECK_THAT(ReadText(disk + "/queue/scheduler"),
             Catch::Matchers::ContainsSubstring(*facts.at("scheduler")));
  CHECK(facts.at("scheduler")->find(' ') == std::string::npos);
}

TEST_CASE("a file system without a device is described without one", "[system_info]") {
  const Facts facts = StorageFacts("/proc");
  CHECK(facts.at("file_system") == "proc");
  CHECK_FALSE(facts.at("device").has_value());
  CHECK_FALSE(facts.at("read_ahead_bytes").has_value());
  REQUIRE(facts.at("mount_options"));
  CHECK(facts.at("mount_options")->starts_with("r"));
}

TEST_CASE("storage facts of a directory that is not there are an error", "[system_info]") {
  const TemporaryDirectory directory;
  CHECK(KindThrownBy([&] { StorageFacts(directory / "absent"); }) == ErrorKind::kNotFound);
}

}  // namespace
}  // namespace faultline::os
