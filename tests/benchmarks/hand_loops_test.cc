#include "benchmarks/hand_loops.h"

#include <cstring>
#include <string>
#include <system_error>
#include <vector>

#include "tests/catch.h"
#include "tests/support/temporary_directory.h"

namespace faultline::peers {
namespace {

constexpr std::size_t kRecordBytes = 125;
constexpr std::size_t kRecords = 100;

class RecordFile {
 public:
  RecordFile() { WriteBytes(path(), std::string(kRecordBytes * kRecords, '\x41')); }

  std::filesystem::path path() const { return directory_ / "records"; }

  std::string Content() const { return ReadBytes(path()); }

 private:
  TemporaryDirectory directory_;
};

// Three updates of one record, one of the last, and one that straddles a page.
const std::vector<std::uint64_t> kOffsets = {250, 250, 99 * kRecordBytes, 4093, 250};

std::string Expected() {
  std::string content(kRecordBytes * kRecords, '\x41');
  for (const std::uint64_t offset : kOffsets) {
    std::uint64_t word;
    std::memcpy(&word, content.data() + offset, sizeof word);
    ++word;
    std::memcpy(content.data() + offset, &word, sizeof word);
  }
  return content;
}

TEST_CASE("the mapped loop increments each word as often as it is named") {
  const RecordFile file;
  MappedRecords(file.path()).Increment(kOffsets);
  CHECK(file.Content() == Expected());
}

TEST_CASE("the mapped loops copy whole records and nothing else") {
  const RecordFile file;
  const MappedRecords records(file.path());
  const std::vector<std::byte> in(kRecordBytes, std::byte{0x42});
  records.CopyIn(std::vector<std::uint64_t>{3 * kRecordBytes, 99 * kRecordBytes}, in);
  std::string expected(kRecordBytes * kRecords, '\x41');
  expected.replace(3 * kRecordBytes, kRecordBytes, kRecordBytes, '\x42');
  expected.replace(99 * kRecordBytes, kRecordBytes, kRecordBytes, '\x42');
  CHECK(file.Content() == expected);
  std::vector<std::byte> out(kRecordBytes);
  records.CopyOut(std::vector<std::uint64_t>{0, 99 * kRecordBytes}, out);
  CHECK(out == in);
  records.CopyOut(std::vector<std::uint64_t>{4 * kRecordBytes}, out);
  CHECK(out == std::vector<std::byte>(kRecordBytes, std::byte{0x41}));
}

TEST_CASE("the touching loop reads one byte of each page that it is given") {
  const RecordFile file;
  const MappedRecords records(file.path());
  records.AdviseRandom();
  CHECK(records.TouchAtRandom(7, kRecordBytes, 1) == 7 * 0x41);
}

TEST_CASE("the loop in memory increments each word as often as it is named") {
  std::vector<std::byte> memory(64);
  IncrementAt(memory, std::vector<std::uint64_t>{8, 48, 8});
  std::vector<std::byte> expected(64);
  expected[8] = std::byte{2};
  expected[48] = std::byte{1};
  CHECK(memory == expected);
}

TEST_CASE("the loop of calls increments each word as often as it is named") {
  const RecordFile file;
  RecordsBehindCalls(file.path(), kRecordBytes).Increment(kOffsets);
  CHECK(file.Content() == Expected());
}

TEST_CASE("loops on a file that is not there say so") {
  const std::filesystem::path nowhere = "/nonexistent/records";
  CHECK_THROWS_AS(MappedRecords(nowhere), std::system_error);
  CHECK_THROWS_AS(RecordsBehindCalls(nowhere, kRecordBytes), std::system_error);
}

}  // namespace
}  // namespace faultline::peers
