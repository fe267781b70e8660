// Mapping objects and views: what is shared, what is refused, and what is left alone.
#include "harness/os/file_mapping.h"

#include <array>
#include <fmt/format.h>

#include "harness/os/whole_file.h"
#include "tests/os/mapping_support.h"

namespace faultline::os {
namespace {

using testing::Bytes;
using testing::DirtyPages;
using testing::FileWith;
using testing::Forked;
using testing::KindThrownBy;
using testing::Load;
using testing::Store;
using testing::Text;

TEST_CASE("a view shows the file and its stores reach the file", "[mapping]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  const auto mapping = FileMapping::FromFile(file, Protection::kReadWrite);
  CHECK(mapping.size() == 10);
  const View view = mapping.Map();
  CHECK(view.size() == 10);
  CHECK(Load(view, 0, 10) == "0123456789");
  Store(view, 3, "xyz");
  CHECK(ReadText(directory / "a") == "012xyz6789");
}

TEST_CASE("views of one object agree at once and have addresses of their own", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(3 * PageSize());
  const View one = mapping.Map();
  const View two = mapping.Map();
  const View part = mapping.Map({.offset = PageSize(), .length = 5});
  CHECK(one.data() != two.data());
  CHECK(Load(one, PageSize(), 5) == std::string(5, '\0'));
  Store(one, PageSize(), "hello");
  CHECK(Load(two, PageSize(), 5) == "hello");
  CHECK(part.size() == 5);
  CHECK(Load(part, 0, 5) == "hello");
}

TEST_CASE("a view of no length reaches to the end of the object", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(2 * PageSize() + 7);
  CHECK(mapping.Map().size() == 2 * PageSize() + 7);
  CHECK(mapping.Map({.offset = 2 * PageSize()}).size() == 7);
}

TEST_CASE("views that are not aligned or leave the object are refused", "[mapping]") {
  const std::uint64_t page = ViewGranularity();
  const auto mapping = FileMapping::FromMemory(2 * page + 7);
  const auto kind = [&](std::uint64_t offset, std::uint64_t length) {
    return KindThrownBy([&] { mapping.Map({.offset = offset, .length = length}); });
  };
  CHECK(kind(1, 1) == ErrorKind::kInvalid);
  CHECK(kind(page / 2, 1) == ErrorKind::kInvalid);
  CHECK(kind(0, 2 * page + 8) == ErrorKind::kInvalid);
  CHECK(kind(2 * page, 8) == ErrorKind::kInvalid);
  CHECK(kind(3 * page, 0) == ErrorKind::kInvalid);
  CHECK(kind(page, ~std::uint64_t{0} - page + 1) == ErrorKind::kInvalid);
  CHECK(kind(2 * page, 7) == std::nullopt);
  FileMapping closed;
  CHECK(KindThrownBy([&] { closed.Map(); }) == ErrorKind::kInvalid);
}

TEST_CASE("a view beyond 4 GiB shows the bytes that are there", "[mapping]") {
  const TemporaryDirectory directory;
  const std::uint64_t far = (std::uint64_t{4} << 30) + 3 * ViewGranularity();
  const File file = FileWith(directory / "a", "near");
  file.WriteAt(far, Bytes("far"));
  const auto mapping = FileMapping::FromFile(file, Protection::kReadWrite);
  CHECK(mapping.size() == far + 3);
  const View view = mapping.Map({.offset = far});
  CHECK(Load(view, 0, 3) == "far");
  Store(view, 0, "FAR");
  view.StartFlush();
  view.Flush();
  std::array<std::byte, 3> into = {};
  file.ReadExactlyAt(far, into);
  CHECK(Text(into) == "FAR");
}

TEST_CASE("a larger size extends the file and a smaller one never cuts it", "[mapping]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  const auto smaller = FileMapping::FromFile(file, Protection::kReadWrite, 4);
  CHECK(smaller.size() == 4);
  CHECK(smaller.Map().size() == 4);
  CHECK(file.Size() == 10);
  const auto larger = FileMapping::FromFile(file, Protection::kReadWrite, 5 * PageSize());
  CHECK(file.Size() == 5 * PageSize());
  Store(larger.Map(), 5 * PageSize() - 1, "z");
  CHECK(ReadText(directory / "a").back() == 'z');
  CHECK(ReadText(directory / "a").substr(0, 10) == "0123456789");
}

TEST_CASE("objects of nothing are refused", "[mapping]") {
  const TemporaryDirectory directory;
  const File empty = File::Create(directory / "a");
  const auto kind = [](auto action) { return KindThrownBy(action); };
  CHECK(kind([&] { FileMapping::FromFile(empty, Protection::kReadWrite); }) == ErrorKind::kInvalid);
  CHECK(kind([&] { FileMapping::FromMemory(0); }) == ErrorKind::kInvalid);
  CHECK(kind([&] { FileMapping::FromTemporaryFile(directory.path(), 0); }) == ErrorKind::kInvalid);
  CHECK(kind([&] { FileMapping::CreateNamed("test-nothing", 0); }) == ErrorKind::kInvalid);
  CHECK(empty.Size() == 0);
}

TEST_CASE("a file opened for reading refuses a writable object and a larger one", "[mapping]") {
  const TemporaryDirectory directory;
  FileWith(directory / "a", "0123456789");
  const File file = File::Open(directory / "a", FileAccess::kRead);
  CHECK(KindThrownBy([&] { FileMapping::FromFile(file, Protection::kReadWrite); }) ==
        ErrorKind::kDenied);
  CHECK(KindThrownBy([&] { FileMapping::FromFile(file, Protection::kReadOnly, 11); }) ==
        ErrorKind::kDenied);
  CHECK(file.Size() == 10);
  const auto mapping = FileMapping::FromFile(file, Protection::kReadOnly);
  CHECK(Load(mapping.Map({.access = ViewAccess::kRead}), 0, 3) == "012");
  CHECK(KindThrownBy([&] { mapping.Map({.access = ViewAccess::kReadWrite}); }) ==
        ErrorKind::kDenied);
}

TEST_CASE("a read-only object of a writable file refuses writable views", "[mapping]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  const auto mapping = FileMapping::FromFile(file, Protection::kReadOnly);
  CHECK(mapping.protection() == Protection::kReadOnly);
  CHECK(KindThrownBy([&] { mapping.Map({.access = ViewAccess::kReadWrite}); }) ==
        ErrorKind::kDenied);
}

TEST_CASE("a store through a view for reading ends the process", "[mapping]") {
  const auto mapping = FileMapping::FromMemory(PageSize());
  const View view = mapping.Map({.access = ViewAccess::kRead});
  Forked child([&] {
    ::signal(SIGSEGV, SIG_DFL);  // a sanitizer has its own
    *const_cast<volatile std::byte*>(view.data()) = std::byte{1};
    return 0;
  });
  CHECK(child.Signal() == SIGSEGV);
}

TEST_CASE("what is stored to a copy-on-write view never reaches the file", "[mapping]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  for (const Protection protection : {Protection::kReadOnly, Protection::kReadWrite}) {
    const auto mapping = FileMapping::FromFile(file, protection);
    const View copy = mapping.Map({.access = ViewAccess::kCopyOnWrite});
    const View shared = mapping.Map({.access = ViewAccess::kRead});
    Store(copy, 0, "changed");
    copy.StartFlush();
    copy.Flush();
    CHECK(Load(copy, 0, 10) == "changed789");
    CHECK(Load(shared, 0, 10) == "0123456789");
    CHECK(ReadText(directory / "a") == "0123456789");
  }
}

TEST_CASE("objects and files and views may be closed in any order", "[mapping]") {
  const TemporaryDirectory directory;
  File file = FileWith(directory / "a", "0123456789");
  FileMapping mapping = FileMapping::FromFile(file, Protection::kReadWrite);
  file.Close();
  View view = mapping.Map();
  mapping.Close();
  CHECK_FALSE(mapping.is_open());
  Store(view, 0, "ab");
  view.StartFlush();
  view.Flush();
  view.Unmap();
  CHECK(ReadText(directory / "a") == "ab23456789");
  CHECK_NOTHROW(view.Unmap());
  CHECK_NOTHROW(mapping.Close());
}

TEST_CASE("a view keeps memory alive that has no other holder", "[mapping]") {
  View view = FileMapping::FromMemory(PageSize()).Map();
  Store(view, 0, "alive");
  CHECK(Load(view, 0, 5) == "alive");
}

TEST_CASE("a temporary file has no name and is shared by its views", "[mapping]") {
  const TemporaryDirectory directory;
  const auto mapping = FileMapping::FromTemporaryFile(directory.path(), PageSize());
  CHECK(directory.Entries() == 0);
  Store(mapping.Map(), 5, "text");
  CHECK(Load(mapping.Map(), 5, 4) == "text");
  CHECK(KindThrownBy([&] { FileMapping::FromTemporaryFile(directory / "absent", 1); }) ==
        ErrorKind::kNotFound);
}

std::size_t OpenHandles() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}));
}

TEST_CASE("no handle is left open and none is opened per view", "[mapping]") {
  const TemporaryDirectory directory;
  const std::size_t before = OpenHandles();
  {
    const File file = FileWith(directory / "a", "0123456789");
    FileMapping mapping = FileMapping::FromFile(file, Protection::kReadWrite);
    const std::size_t with_object = OpenHandles();
    const View one = mapping.Map();
    const View two = mapping.Map();
    CHECK(OpenHandles() == with_object);
    const FileMapping copy = mapping.Duplicate();
    const auto memory = FileMapping::FromMemory(PageSize());
    const auto named =
        FileMapping::CreateNamed(fmt::format("test-handles-{}", ::getpid()), PageSize());
    mapping = FileMapping::FromMemory(PageSize());
  }
  CHECK(OpenHandles() == before);
}

TEST_CASE("a handle is passed on to started programs only when asked", "[mapping]") {
  FileMapping mapping = FileMapping::FromMemory(PageSize());
  CHECK_FALSE(mapping.IsInheritable());
  mapping.SetInheritable(true);
  CHECK(mapping.IsInheritable());
  CHECK_FALSE(mapping.Duplicate().IsInheritable());
  mapping.SetInheritable(false);
  CHECK_FALSE(mapping.IsInheritable());
  FileMapping closed;
  CHECK_THROWS_AS(closed.IsInheritable(), SystemError);
  CHECK_THROWS_AS(closed.SetInheritable(true), SystemError);
  CHECK_THROWS_AS(closed.Duplicate(), SystemError);
}

TEST_CASE("a duplicate is the same object and outlives the first", "[mapping]") {
  FileMapping first = FileMapping::FromMemory(PageSize() + 1);
  const FileMapping second = first.Duplicate();
  Store(first.Map(), 0, "same");
  first.Close();
  CHECK(second.size() == PageSize() + 1);
  CHECK(Load(second.Map(), 0, 4) == "same");
}

TEST_CASE("an object passed to a child is the same one there", "[mapping]") {
  const TemporaryDirectory directory;
  auto [here, there] = Channel::Pair();
  Forked child([end = &there] {
    const FileMapping memory = FileMapping::ReceiveFrom(*end);
    const FileMapping of_file = FileMapping::ReceiveFrom(*end);
    if (memory.size() != PageSize() || of_file.size() != 10) return 1;
    if (memory.protection() != Protection::kReadWrite) return 2;
    if (of_file.protection() != Protection::kReadOnly) return 3;
    const View view = memory.Map();
    if (Load(view, 0, 4) != "ping") return 4;
    Store(view, 0, "pong");
    return Load(of_file.Map({.access = ViewAccess::kRead}), 0, 4) == "0123" ? 0 : 5;
  });
  const auto memory = FileMapping::FromMemory(PageSize());
  const View view = memory.Map();
  Store(view, 0, "ping");
  memory.SendTo(here);
  FileMapping::FromFile(FileWith(directory / "a", "0123456789"), Protection::kReadOnly)
      .SendTo(here);
  CHECK(child.ExitCode() == 0);
  CHECK(Load(view, 0, 4) == "pong");
  CHECK(memory.is_open());
}

TEST_CASE("a received object of a file starts flushes like the first", "[mapping]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", std::string(PageSize(), 'x'));
  file.SyncAll();
  auto [here, there] = Channel::Pair();
  FileMapping::FromFile(file, Protection::kReadWrite).SendTo(here);
  const View view = FileMapping::ReceiveFrom(there).Map();
  Store(view, 0, "y");
  const DirtyPages dirty(file);
  if (!dirty.AreTold() || dirty() == 0) {
    WARN("SKIPPED: this system does not tell dirty pages of the temporary directory's files");
    return;
  }
  view.StartFlush();
  CHECK(dirty() == 0);
}

TEST_CASE("anything else in an object's place is refused", "[mapping]") {
  auto [here, there] = Channel::Pair();
  here.SendLine("mapping of what");
  CHECK_THROWS_WITH(FileMapping::ReceiveFrom(there), ContainsSubstring("'mapping of what'"));
  here.SendLine("picture 10 read-only file");
  CHECK_THROWS_AS(FileMapping::ReceiveFrom(there), Error);
  here.Close();
  CHECK_THROWS_AS(FileMapping::ReceiveFrom(there), SystemError);
  CHECK_THROWS_AS(FileMapping::FromMemory(PageSize()).SendTo(there), SystemError);
}

}  // namespace
}  // namespace faultline::os
