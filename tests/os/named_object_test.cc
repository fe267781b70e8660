// Named mapping objects: how long a name lasts, however its holders end.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <thread>

#include "harness/os/file_mapping.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Forked;
using testing::KindThrownBy;
using Result = Channel::Result;

// A name that no other run of the tests has.
std::string Name(std::string_view word) { return fmt::format("test-{}-{}", word, ::getpid()); }

std::optional<ErrorKind> OpenKind(const std::string& name) {
  return KindThrownBy([&] { FileMapping::OpenNamed(name, Protection::kReadWrite); });
}

// Where the system shows shared memory as files, that nothing of the name is left there.
bool LeavesNothing(const std::string& name) {
  return !std::filesystem::exists("/dev/shm/faultline-" + name);
}

TEST_CASE("a name is found during its object's life and neither before nor after", "[named]") {
  const std::string name = Name("life");
  CHECK(OpenKind(name) == ErrorKind::kNotFound);
  auto created = FileMapping::CreateNamed(name, 12345);
  CHECK(created.protection() == Protection::kReadWrite);
  auto opened = FileMapping::OpenNamed(name, Protection::kReadOnly);
  CHECK(opened.size() == 12345);
  CHECK(opened.protection() == Protection::kReadOnly);
  CHECK(KindThrownBy([&] { opened.Map(); }) == ErrorKind::kDenied);
  *created.Map().data() = std::byte{42};
  CHECK(*opened.Map({.access = ViewAccess::kRead}).data() == std::byte{42});
  created.Close();
  {
    const auto again = FileMapping::OpenNamed(name, Protection::kReadWrite);
    CHECK(*again.Map().data() == std::byte{42});
  }
  opened.Close();
  CHECK(OpenKind(name) == ErrorKind::kNotFound);
  CHECK(LeavesNothing(name));
}

TEST_CASE("a destroyed object frees its name and its views stay", "[named]") {
  const std::string name = Name("destroyed");
  View view;
  {
    const auto created = FileMapping::CreateNamed(name, PageSize());
    view = created.Map();
  }
  CHECK(LeavesNothing(name));
  *view.data() = std::byte{1};
  const auto fresh = FileMapping::CreateNamed(name, PageSize());
  CHECK(*fresh.Map().data() == std::byte{0});
}

TEST_CASE("a name that lives is refused to a second creator and unharmed", "[named]") {
  const std::string name = Name("second");
  const auto first = FileMapping::CreateNamed(name, PageSize());
  *first.Map().data() = std::byte{7};
  for (int attempt = 0; attempt < 2; ++attempt) {
    CHECK(KindThrownBy([&] { FileMapping::CreateNamed(name, 1); }) == ErrorKind::kExists);
    const auto opened = FileMapping::OpenNamed(name, Protection::kReadWrite);
    CHECK(opened.size() == PageSize());
    CHECK(*opened.Map().data() == std::byte{7});
  }
}

TEST_CASE("names are letters and digits and two signs", "[named]") {
  for (const std::string name : {"", "a/b", "a.b", "..", "a b", "ä"}) {
    CHECK(KindThrownBy([&] { FileMapping::CreateNamed(name, 1); }) == ErrorKind::kInvalid);
    CHECK(OpenKind(name) == ErrorKind::kInvalid);
  }
  CHECK_NOTHROW(FileMapping::CreateNamed(Name("Az_09-"), 1));
  CHECK(KindThrownBy([] { FileMapping::CreateNamed(std::string(300, 'a'), 1); }) ==
        ErrorKind::kInvalid);
}

TEST_CASE("a size that can't be had leaves no name", "[named]") {
  const std::string name = Name("huge");
  CHECK_THROWS_AS(FileMapping::CreateNamed(name, std::uint64_t{1} << 63), SystemError);
  CHECK(LeavesNothing(name));
}

TEST_CASE("a name held by another process lasts until that process ends", "[named]") {
  const std::string name = Name("other");
  auto [here, there] = Channel::Pair();
  Forked child([&, end = &there] {
    const auto created = FileMapping::CreateNamed(name, PageSize());
    end->SendLine("created");
    ::pause();
    return 0;
  });
  std::string line;
  REQUIRE(here.ReceiveLine(line) == Result::kLine);
  CHECK(KindThrownBy([&] { FileMapping::CreateNamed(name, 1); }) == ErrorKind::kExists);
  CHECK(OpenKind(name) == std::nullopt);

  SECTION("killed and then it counts as not there") {
    child.Kill();
    CHECK_FALSE(LeavesNothing(name));
    CHECK(OpenKind(name) == ErrorKind::kNotFound);
    CHECK(LeavesNothing(name));
  }
  SECTION("killed and then it can be created anew") {
    child.Kill();
    const auto created = FileMapping::CreateNamed(name, 5);
    CHECK(FileMapping::OpenNamed(name, Protection::kReadOnly).size() == 5);
  }
  SECTION("killed while another process has it open") {
    auto opened = FileMapping::OpenNamed(name, Protection::kReadWrite);
    child.Kill();
    CHECK(OpenKind(name) == std::nullopt);
    opened.Close();
    CHECK(LeavesNothing(name));
  }
}

TEST_CASE("a duplicate keeps the name like the first", "[named]") {
  const std::string name = Name("duplicate");
  auto first = FileMapping::CreateNamed(name, PageSize());
  auto second = first.Duplicate();
  CHECK(second.size() == PageSize());
  *first.Map().data() = std::byte{3};
  CHECK(*second.Map().data() == std::byte{3});
  first.Close();
  CHECK(OpenKind(name) == std::nullopt);
  second.Close();
  CHECK(OpenKind(name) == ErrorKind::kNotFound);
}

TEST_CASE("a forked child's copy does not take the name from its parent", "[named]") {
  const std::string name = Name("forked");
  auto created = FileMapping::CreateNamed(name, PageSize());
  Forked child([&] {
    created.Close();
    return 0;
  });
  CHECK(child.ExitCode() == 0);
  CHECK(OpenKind(name) == std::nullopt);
  CHECK(KindThrownBy([&] { FileMapping::CreateNamed(name, 1); }) == ErrorKind::kExists);
  created.Close();
  CHECK(LeavesNothing(name));
}

TEST_CASE("a child that opens the name itself holds it after its parent", "[named]") {
  const std::string name = Name("opens");
  auto [here, there] = Channel::Pair();
  auto created = FileMapping::CreateNamed(name, PageSize());
  Forked child([&, end = &there] {
    const auto inherited = std::move(created);
    auto own = inherited.Duplicate();
    end->SendLine("opened");
    std::string line;
    end->ReceiveLine(line);
    own.Close();
    return LeavesNothing(name) ? 0 : 1;
  });
  std::string line;
  REQUIRE(here.ReceiveLine(line) == Result::kLine);
  created.Close();
  CHECK(OpenKind(name) == std::nullopt);
  here.SendLine("go on");
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("a name outlives its sender on the way to another process", "[named]") {
  const std::string name = Name("sent");
  auto [here, there] = Channel::Pair();
  {
    const auto created = FileMapping::CreateNamed(name, PageSize());
    *created.Map().data() = std::byte{9};
    created.SendTo(here);
  }
  CHECK(OpenKind(name) == std::nullopt);
  {
    const FileMapping received = FileMapping::ReceiveFrom(there);
    CHECK(received.size() == PageSize());
    CHECK(*received.Map().data() == std::byte{9});
    CHECK(OpenKind(name) == std::nullopt);
  }
  CHECK(LeavesNothing(name));
}

TEST_CASE("an object whose name was given to another is duplicated without it", "[named]") {
  const std::string name = Name("given");
  auto first = FileMapping::CreateNamed(name, PageSize());
  *first.Map().data() = std::byte{5};
  std::filesystem::path file = "/dev/shm/faultline-" + name;
  if (!std::filesystem::remove(file)) {
    WARN("SKIPPED: this system does not show shared memory as files");
    return;
  }
  const auto other = FileMapping::CreateNamed(name, 2 * PageSize());
  {
    const auto copy = first.Duplicate();
    CHECK(copy.size() == PageSize());
    CHECK(*copy.Map().data() == std::byte{5});
    first.Close();
  }
  CHECK(FileMapping::OpenNamed(name, Protection::kReadOnly).size() == 2 * PageSize());
}

TEST_CASE("an object that is just being created is opened when it has its size", "[named]") {
  const std::string name = Name("half");
  const int fd = ::shm_open(("/faultline-" + name).c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  REQUIRE(fd != -1);
  REQUIRE(::flock(fd, LOCK_SH) == 0);
  std::thread creator([fd] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    [[maybe_unused]] const int result = ::ftruncate(fd, 123);
  });
  std::uint64_t size = 0;
  CHECK(KindThrownBy([&] { size = FileMapping::OpenNamed(name, Protection::kReadOnly).size(); }) ==
        std::nullopt);
  creator.join();
  CHECK(size == 123);
  ::close(fd);
  CHECK(OpenKind(name) == ErrorKind::kNotFound);
}

// Processes that create, open and close one name as fast as they can. Each counts what must not be:
// an error but the two that are promised, a name that does not lead to an object although this
// process holds it, and another's contents.
int FaultsOfCreator(const std::string& name, int rounds) {
  int faults = 0;
  for (int round = 0; round < rounds; ++round) {
    std::optional<FileMapping> mine;
    const auto kind = KindThrownBy([&] { mine = FileMapping::CreateNamed(name, 3 * PageSize()); });
    if (!mine) {
      faults += kind != ErrorKind::kExists;
      continue;
    }
    const View view = mine->Map();
    faults += *view.data() != std::byte{0};
    *view.data() = std::byte{1};
    const auto found = KindThrownBy([&] {
      const auto same = FileMapping::OpenNamed(name, Protection::kReadOnly);
      faults += *same.Map({.access = ViewAccess::kRead}).data() != std::byte{1};
    });
    faults += found.has_value();
  }
  return faults;
}

int FaultsOfOpener(const std::string& name, int rounds) {
  int faults = 0;
  for (int round = 0; round < rounds; ++round) {
    std::optional<FileMapping> theirs;
    const auto kind =
        KindThrownBy([&] { theirs = FileMapping::OpenNamed(name, Protection::kReadWrite); });
    if (!theirs) {
      faults += kind != ErrorKind::kNotFound;
      continue;
    }
    faults += theirs->size() != 3 * PageSize();
    // As long as it is held, the name is taken.
    faults += KindThrownBy([&] { FileMapping::CreateNamed(name, 1); }) != ErrorKind::kExists;
  }
  return faults;
}

TEST_CASE("creators and openers that race see whole objects or none", "[named]") {
  const std::string name = Name("race");
  constexpr int kRounds = 3000;
  {
    Forked first([&] { return std::min(FaultsOfCreator(name, kRounds), 90); });
    Forked second([&] { return std::min(FaultsOfCreator(name, kRounds), 90); });
    Forked third([&] { return std::min(FaultsOfOpener(name, kRounds), 90); });
    CHECK(FaultsOfOpener(name, kRounds) == 0);
    CHECK(first.ExitCode() == 0);
    CHECK(second.ExitCode() == 0);
    CHECK(third.ExitCode() == 0);
  }
  CHECK(LeavesNothing(name));
}

TEST_CASE("names that killed processes left are removed, and those in use stay", "[named]") {
  const std::string left = "left-" + std::to_string(::getpid());
  const std::string used = "used-" + std::to_string(::getpid());
  const FileMapping holder = FileMapping::CreateNamed(used, PageSize());
  Forked killed([&] {
    const FileMapping object = FileMapping::CreateNamed(left, PageSize());
    ::kill(::getpid(), SIGKILL);
    return 0;
  });
  CHECK(killed.Signal() == SIGKILL);
  CHECK(std::filesystem::exists("/dev/shm/faultline-" + left));
  FileMapping::RemoveAbandoned();
  CHECK_FALSE(std::filesystem::exists("/dev/shm/faultline-" + left));
  CHECK_NOTHROW(FileMapping::OpenNamed(used, Protection::kReadOnly));
}

}  // namespace
}  // namespace faultline::os
