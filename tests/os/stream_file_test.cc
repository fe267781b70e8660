// Streams of the C library: positions beyond 32 bits, durability, and errors.
#include "harness/os/stream_file.h"

#include <fcntl.h>
#include <stdio.h>

#include <memory>

#include "faultline/file.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::KindThrownBy;

struct Closer {
  void operator()(std::FILE* stream) const { std::fclose(stream); }
};
using Stream = std::unique_ptr<std::FILE, Closer>;

TEST_CASE("a stream reads and writes an existing file", "[stream]") {
  const TemporaryDirectory directory;
  ReplaceFile(directory / "a", "0123456789");
  const Stream stream(OpenStream(directory / "a"));
  REQUIRE(SeekStream(stream.get(), 4));
  CHECK(std::fgetc(stream.get()) == '4');
  REQUIRE(SeekStream(stream.get(), 8));
  CHECK(std::fputc('x', stream.get()) == 'x');
  SyncStream(stream.get(), directory / "a");
  CHECK(ReadText(directory / "a") == "01234567x9");
  CHECK(::fcntl(::fileno(stream.get()), F_GETFD) == FD_CLOEXEC);
}

TEST_CASE("a stream reaches bytes beyond 4 GiB", "[stream]") {
  const TemporaryDirectory directory;
  constexpr std::uint64_t kFar = (std::uint64_t{4} << 30) + 5;
  const File file = File::Create(directory / "a");
  file.WriteAt(kFar, std::as_bytes(std::span("far", 3)));
  const Stream stream(OpenStream(directory / "a"));
  REQUIRE(SeekStream(stream.get(), kFar));
  CHECK(std::fgetc(stream.get()) == 'f');
  REQUIRE(SeekStream(stream.get(), 5));
  CHECK(std::fgetc(stream.get()) == 0);
}

TEST_CASE("a position that no file can have fails without moving", "[stream]") {
  const TemporaryDirectory directory;
  ReplaceFile(directory / "a", "0123456789");
  const Stream stream(OpenStream(directory / "a"));
  REQUIRE(SeekStream(stream.get(), 3));
  CHECK_FALSE(SeekStream(stream.get(), std::uint64_t{1} << 63));
  CHECK(std::fgetc(stream.get()) == '3');
}

TEST_CASE("a stream is opened only on an existing file and never through a link", "[stream]") {
  const TemporaryDirectory directory;
  CHECK(KindThrownBy([&] { OpenStream(directory / "a"); }) == ErrorKind::kNotFound);
  CHECK(directory.Entries() == 0);
  ReplaceFile(directory / "a", "text");
  std::filesystem::create_symlink(directory / "a", directory / "link");
  CHECK(KindThrownBy([&] { OpenStream(directory / "link"); }) == ErrorKind::kInvalid);
}

TEST_CASE("a stream whose buffer does not fit the device says so when synced", "[stream]") {
  const Stream stream(OpenStream("/dev/full"));
  std::fputc('x', stream.get());
  CHECK(KindThrownBy([&] { SyncStream(stream.get(), "/dev/full"); }) == ErrorKind::kNoSpace);
  const Stream null(OpenStream("/dev/null"));
  // Written without fault, but nothing there can be made durable.
  CHECK(KindThrownBy([&] { SyncStream(null.get(), "/dev/null"); }) == ErrorKind::kInvalid);
}

}  // namespace
}  // namespace faultline::os
