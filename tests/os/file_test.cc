// Files: what their header promises, on the file system of the temporary directory.
#include "faultline/file.h"

#include <fcntl.h>
#include <sys/resource.h>

#include <array>
#include <cstring>
#include <fmt/format.h>

#include "harness/os/file_status.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Bytes;
using testing::FileWith;
using testing::Forked;
using testing::KindThrownBy;
using testing::Text;

TEST_CASE("a file that is not there is not found and the message says what to try", "[file]") {
  const TemporaryDirectory directory;
  const auto open = [&] { File::Open(directory / "absent", FileAccess::kRead); };
  CHECK(KindThrownBy(open) == ErrorKind::kNotFound);
  CHECK_THROWS_WITH(open(), "cannot open " + (directory / "absent").native() +
                                ": No such file or directory; check the path");
}

TEST_CASE("creating never touches what has the name already", "[file]") {
  const TemporaryDirectory directory;
  FileWith(directory / "a", "kept");
  CHECK(KindThrownBy([&] { File::Create(directory / "a"); }) == ErrorKind::kExists);
  CHECK(ReadText(directory / "a") == "kept");
}

TEST_CASE("a symbolic link is followed only when asked", "[file]") {
  const TemporaryDirectory directory;
  FileWith(directory / "target", "text");
  std::filesystem::create_symlink(directory / "target", directory / "link");
  CHECK(KindThrownBy([&] { File::Open(directory / "link", FileAccess::kReadWrite); }) ==
        ErrorKind::kInvalid);
  CHECK(File::Open(directory / "link", FileAccess::kRead, /*follow_links=*/true).Size() == 4);
}

TEST_CASE("a positioned read is short only at the end of the file", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  std::array<std::byte, 4> into = {};
  CHECK(file.ReadAt(2, into) == 4);
  CHECK(Text(into) == "2345");
  CHECK(file.ReadAt(8, into) == 2);
  CHECK(Text(into) == "8945");
  CHECK(file.ReadAt(10, into) == 0);
}

TEST_CASE("an exact read past the end says where the file ends", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  std::array<std::byte, 4> into = {};
  CHECK_THROWS_WITH(file.ReadExactlyAt(8, into),
                    ContainsSubstring("cannot read 4 bytes at offset 8 of") &&
                        ContainsSubstring("the file ends at 10"));
  file.ReadExactlyAt(6, into);
  CHECK(Text(into) == "6789");
  file.Seek(9);
  CHECK_THROWS_WITH(file.ReadExactly(into), ContainsSubstring("at offset 9 of") &&
                                                ContainsSubstring("the file ends at 10"));
}

TEST_CASE("sequential transfers go on where the last one ended", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  std::array<std::byte, 3> into = {};
  file.Seek(1);
  file.ReadExactly(into);
  CHECK(Text(into) == "123");
  file.Write(Bytes("xy"));
  file.ReadExactly(into);
  CHECK(Text(into) == "678");
  CHECK(ReadText(directory / "a") == "0123xy6789");
}

TEST_CASE("positioned transfers leave the position alone", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  std::array<std::byte, 2> into = {};
  file.Seek(5);
  file.ReadExactlyAt(0, into);
  file.WriteAt(8, Bytes("zz"));
  NextData(file, 0);
  NextHole(file, 0);
  file.ReadExactly(into);
  CHECK(Text(into) == "56");
}

TEST_CASE("offsets beyond 4 GiB reach their own bytes", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "first");
  constexpr std::uint64_t kFar = (std::uint64_t{5} << 30) + 3;
  file.WriteAt(kFar, Bytes("far"));
  CHECK(file.Size() == kFar + 3);
  std::array<std::byte, 3> into = {};
  file.ReadExactlyAt(kFar, into);
  CHECK(Text(into) == "far");
  file.Seek(kFar);
  file.ReadExactly(into);
  CHECK(Text(into) == "far");
  file.ReadExactlyAt(kFar & 0xffffffff, into);
  CHECK(into == std::array<std::byte, 3>{});
}

TEST_CASE("an offset that no file can have is refused", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  std::array<std::byte, 4> into = {};
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 63;
  CHECK(KindThrownBy([&] { file.ReadAt(kHuge, into); }) == ErrorKind::kInvalid);
  CHECK(KindThrownBy([&] { file.WriteAt(kHuge, into); }) == ErrorKind::kInvalid);
  CHECK(KindThrownBy([&] { file.Seek(kHuge); }) == ErrorKind::kInvalid);
  CHECK(KindThrownBy([&] { file.Resize(kHuge); }) == ErrorKind::kInvalid);
  CHECK(file.Size() == 10);
}

TEST_CASE("a file opened for reading refuses to be written", "[file]") {
  const TemporaryDirectory directory;
  FileWith(directory / "a", "0123456789");
  const File file = File::Open(directory / "a", FileAccess::kRead);
  CHECK_THROWS_WITH(file.WriteAt(4, Bytes("xy")),
                    ContainsSubstring("cannot write 2 bytes at offset 4 of"));
  CHECK_THROWS_AS(file.Write(Bytes("xy")), SystemError);
  CHECK_THROWS_AS(file.Resize(3), SystemError);
  CHECK(ReadText(directory / "a") == "0123456789");
}

TEST_CASE("resizing grows by a hole of zeros and cuts", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "0123456789");
  file.Resize(3);
  CHECK(ReadText(directory / "a") == "012");
  file.Resize(5);
  CHECK(ReadText(directory / "a") == std::string("012\0\0", 5));
}

TEST_CASE("data and holes of a sparse file are distinguished", "[file]") {
  const TemporaryDirectory directory;
  constexpr std::uint64_t kMebibyte = 1 << 20;
  const File file = File::Create(directory / "a");
  file.Resize(4 * kMebibyte);
  file.WriteAt(2 * kMebibyte, std::vector<std::byte>(kMebibyte, std::byte{7}));
  file.SyncAll();
  CHECK(AllocatedBytes(file) >= kMebibyte);
  CHECK(AllocatedBytes(file) < 2 * kMebibyte);
  CHECK(NextData(file, 0) == 2 * kMebibyte);
  CHECK(NextHole(file, 2 * kMebibyte) == 3 * kMebibyte);
  CHECK(NextHole(file, 1) == 1);
  CHECK(NextData(file, 3 * kMebibyte) == 4 * kMebibyte);
  CHECK(NextData(file, 9 * kMebibyte) == 4 * kMebibyte);
}

TEST_CASE("a file is known by its identity whatever its name", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", "text");
  const FileIdentity identity = IdentityOf(file);
  CHECK(identity.regular);
  CHECK(identity.links == 1);
  std::filesystem::create_hard_link(directory / "a", directory / "b");
  const FileIdentity linked = IdentityOf(File::Open(directory / "b", FileAccess::kRead));
  CHECK(linked.number == identity.number);
  CHECK(linked.device == identity.device);
  CHECK(linked.born_ns == identity.born_ns);
  CHECK(linked.links == 2);
  CHECK(IdentityOf(FileWith(directory / "c", "text")).number != identity.number);
  CHECK_FALSE(IdentityOf(File::Open(directory.path(), FileAccess::kRead)).regular);
}

TEST_CASE("a temporary file has no name and holds what is written", "[file]") {
  const TemporaryDirectory directory;
  const File file = File::CreateTemporary(directory.path());
  CHECK(directory.Entries() == 0);
  file.WriteAt(0, Bytes("text"));
  std::array<std::byte, 4> into = {};
  file.ReadExactlyAt(0, into);
  CHECK(Text(into) == "text");
  CHECK(IdentityOf(file).links == 0);
  CHECK(KindThrownBy([&] { File::CreateTemporary(directory / "absent"); }) == ErrorKind::kNotFound);
}

TEST_CASE("every file is closed in a program that is started", "[file]") {
  const TemporaryDirectory directory;
  const File created = FileWith(directory / "a", "text");
  const File opened = File::Open(directory / "a", FileAccess::kRead);
  const File temporary = File::CreateTemporary(directory.path());
  for (const File* file : {&created, &opened, &temporary}) {
    CHECK(::fcntl(static_cast<int>(file->handle()), F_GETFD) == FD_CLOEXEC);
  }
}

TEST_CASE("closing twice is harmless and a moved file is open once", "[file]") {
  const TemporaryDirectory directory;
  File file = FileWith(directory / "a", "text");
  const std::intptr_t first_handle = file.handle();
  File moved = std::move(file);
  CHECK_FALSE(file.is_open());
  CHECK(moved.is_open());
  CHECK(moved.path() == directory / "a");
  File other = FileWith(directory / "b", "other");
  moved = std::move(other);
  CHECK_FALSE(other.is_open());
  CHECK(::fcntl(static_cast<int>(first_handle), F_GETFD) == -1);
  CHECK(moved.path() == directory / "b");
  const std::intptr_t second_handle = moved.handle();
  moved.Close();
  CHECK(::fcntl(static_cast<int>(second_handle), F_GETFD) == -1);
  CHECK_FALSE(moved.is_open());
  CHECK_NOTHROW(moved.Close());
}

TEST_CASE("syncing and advice are accepted for a file and refused for a closed one", "[file]") {
  const TemporaryDirectory directory;
  File file = FileWith(directory / "a", "text");
  const auto advise = [&](FileAdvice advice) { file.Advise(advice); };
  const auto all = {FileAdvice::kNormal, FileAdvice::kRandom, FileAdvice::kSequential,
                    FileAdvice::kWillNeed};
  for (const FileAdvice advice : all) CHECK_NOTHROW(advise(advice));
  CHECK_NOTHROW(file.SyncData());
  CHECK_NOTHROW(file.SyncAll());
  CHECK_NOTHROW(SyncDirectory(directory.path()));
  file.Close();
  for (const FileAdvice advice : all) CHECK_THROWS_AS(advise(advice), SystemError);
  CHECK_THROWS_AS(file.SyncData(), SystemError);
  CHECK_THROWS_AS(file.SyncAll(), SystemError);
  CHECK_THROWS_AS(file.Size(), SystemError);
  CHECK(KindThrownBy([&] { SyncDirectory(directory / "a"); }) == ErrorKind::kInvalid);
}

TEST_CASE("replacing a file leaves the new text and nothing beside it", "[file]") {
  const TemporaryDirectory directory;
  ReplaceFile(directory / "a", "one");
  CHECK(ReadText(directory / "a") == "one");
  const auto before = File::Open(directory / "a", FileAccess::kRead);
  ReplaceFile(directory / "a", "two and more");
  CHECK(ReadText(directory / "a") == "two and more");
  // Whoever has the old one open still reads all of it.
  std::array<std::byte, 3> into = {};
  before.ReadExactlyAt(0, into);
  CHECK(Text(into) == "one");
  CHECK(directory.Entries() == 1);
}

TEST_CASE("a replacement that fails leaves the old text and nothing beside it", "[file]") {
  const TemporaryDirectory directory;
  ReplaceFile(directory / "a", "old");
  Forked child([&] {
    const rlimit limit = {4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::signal(SIGXFSZ, SIG_IGN);
    try {
      ReplaceFile(directory / "a", std::string(100000, 'x'));
    } catch (const SystemError& error) {
      return std::strstr(error.what(), "replace") != nullptr ? 0 : 1;
    }
    return 2;
  });
  CHECK(child.ExitCode() == 0);
  CHECK(ReadText(directory / "a") == "old");
  CHECK(directory.Entries() == 1);

  std::filesystem::create_directory(directory / "b");
  CHECK(KindThrownBy([&] { ReplaceFile(directory / "b", "text"); }) == ErrorKind::kInvalid);
  CHECK(directory.Entries() == 2);
  CHECK(KindThrownBy([&] { ReplaceFile(directory / "c/d", "text"); }) == ErrorKind::kNotFound);
}

TEST_CASE("a replacement goes through over what a killed process left", "[file]") {
  const TemporaryDirectory directory;
  FileWith(directory / fmt::format(".a.{}.new", ::getpid()), "half-writ");
  ReplaceFile(directory / "a", "whole");
  CHECK(ReadText(directory / "a") == "whole");
  CHECK(directory.Entries() == 1);
}

TEST_CASE("a text longer than any buffer is read whole", "[file]") {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 20000; ++i) text += std::to_string(i) + '\n';
  ReplaceFile(directory / "a", text);
  CHECK(ReadText(directory / "a") == text);
  CHECK(KindThrownBy([&] { ReadText(directory.path()); }) == ErrorKind::kInvalid);
}

TEST_CASE("a full device says that there is no space", "[file]") {
  const File full = File::Open("/dev/full", FileAccess::kReadWrite);
  CHECK(KindThrownBy([&] { full.WriteAt(0, Bytes("x")); }) == ErrorKind::kNoSpace);
  CHECK_THROWS_WITH(full.Write(Bytes("x")), ContainsSubstring("free some space"));
}

TEST_CASE("free space is that of the file system of the path", "[file]") {
  const TemporaryDirectory directory;
  CHECK(FreeBytes(directory.path()) <= std::filesystem::space(directory.path()).capacity);
  CHECK(FreeBytes(directory.path()) > 0);
  CHECK(KindThrownBy([&] { FreeBytes(directory / "absent"); }) == ErrorKind::kNotFound);
}

TEST_CASE("kinds of errors are those that callers act on", "[error]") {
  const auto kind = [](int code) { return SystemError("do", "it", code).kind(); };
  CHECK(kind(EACCES) == ErrorKind::kDenied);
  CHECK(kind(EPERM) == ErrorKind::kDenied);
  CHECK(kind(EROFS) == ErrorKind::kDenied);
  CHECK(kind(ENOSPC) == ErrorKind::kNoSpace);
  CHECK(kind(EDQUOT) == ErrorKind::kNoSpace);
  CHECK(kind(ENOSYS) == ErrorKind::kNotSupported);
  CHECK(kind(EOPNOTSUPP) == ErrorKind::kNotSupported);
  CHECK(kind(EIO) == ErrorKind::kOther);
  CHECK(SystemError("do", "it", EIO).code() == EIO);
}

TEST_CASE("a discarded range is zeros, its blocks are given back, and all else stays", "[file]") {
  const TemporaryDirectory directory;
  const File file = FileWith(directory / "a", std::string(64 << 10, 'x'));
  file.SyncAll();
  const std::uint64_t before = AllocatedBytes(file);
  try {
    file.Discard(5000, 40'000);
  } catch (const UnsupportedError&) {
    WARN("SKIPPED: the file system of the temporary directory makes no holes");
    return;
  }
  const std::string expected =
      std::string(5000, 'x') + std::string(40'000, '\0') + std::string((64 << 10) - 45'000, 'x');
  CHECK(ReadText(directory / "a") == expected);
  CHECK(file.Size() == 64 << 10);
  CHECK(AllocatedBytes(file) < before);
  file.Discard(0, 1);
  CHECK(ReadText(directory / "a") == '\0' + expected.substr(1));
}

TEST_CASE("what can't be discarded is said with its range", "[file]") {
  const TemporaryDirectory directory;
  FileWith(directory / "a", "0123456789");
  const File file = File::Open(directory / "a", FileAccess::kRead);
  CHECK_THROWS_WITH(file.Discard(2, 3), ContainsSubstring("discard 3 bytes at offset 2 of"));
  CHECK(ReadText(directory / "a") == "0123456789");
}

}  // namespace
}  // namespace faultline::os
