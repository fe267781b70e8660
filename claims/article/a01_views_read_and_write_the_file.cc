#include <cstring>
#include <fmt/format.h>
#include <vector>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a01 {
namespace {

constexpr std::uint64_t kRecords = 1'000'000;
constexpr std::uint64_t kRecordBytes = 125;

// Every record starts with its own number plus `shift`.
std::uint64_t Wanted(std::uint64_t record, std::uint64_t shift) { return record + shift; }

Evidence Experiment(const Laboratory& laboratory) {
  constexpr std::uint64_t kStored = 1'000'000'007;
  constexpr std::uint64_t kWritten = 3'000'000'019;
  const os::File file = NewFile(laboratory, "records", kRecords * kRecordBytes);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  std::uint64_t wrong_after_store = 0;
  std::uint64_t wrong_after_write = 0;
  std::uint64_t found = 0;
  for (std::uint64_t record = 0; record < kRecords; ++record) {
    const std::uint64_t value = Wanted(record, kStored);
    std::memcpy(view.data() + record * kRecordBytes, &value, sizeof value);
  }
  for (std::uint64_t record = 0; record < kRecords; ++record) {
    file.ReadExactlyAt(record * kRecordBytes, std::as_writable_bytes(std::span(&found, 1)));
    wrong_after_store += found != Wanted(record, kStored);
  }
  for (std::uint64_t record = 0; record < kRecords; ++record) {
    const std::uint64_t value = Wanted(record, kWritten);
    file.WriteAt(record * kRecordBytes, std::as_bytes(std::span(&value, 1)));
  }
  for (std::uint64_t record = 0; record < kRecords; ++record) {
    std::memcpy(&found, view.data() + record * kRecordBytes, sizeof found);
    wrong_after_write += found != Wanted(record, kWritten);
  }
  return {.figures = {{"records", static_cast<double>(kRecords)},
                      {"wrong_when_read_after_a_store", static_cast<double>(wrong_after_store)},
                      {"wrong_when_loaded_after_a_write", static_cast<double>(wrong_after_write)}},
          .words = {},
          .regime = fmt::format("{}, 1,000,000 records of 125 bytes", FileSystemOf(laboratory))};
}

Judgement Judge(const Evidence& evidence) {
  const double wrong = evidence.Figure("wrong_when_read_after_a_store") +
                       evidence.Figure("wrong_when_loaded_after_a_write");
  return {wrong == 0 ? Outcome::kHolds : Outcome::kDoesNotHold,
          fmt::format("{} wrong of {}", FormatCount(static_cast<std::uint64_t>(wrong)),
                      FormatCount(static_cast<std::uint64_t>(2 * evidence.Figure("records"))))};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A01",
    .title = "A store through a view writes the file, and a load from it reads the file",
    .section = "What mapping offers",
    .method = "Store a number into each of 1,000,000 records through a view and read them back by "
              "calls; write others by calls and load them through the view. Holds if none differs.",
    .why = "View and calls use the same pages of the system's cache, so there is nothing to bring "
           "into agreement.",
    .relative_duration = 5,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a01
