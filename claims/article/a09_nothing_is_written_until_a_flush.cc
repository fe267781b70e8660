#include "claims/laboratory.h"
#include "harness/base/random.h"
#include "harness/os/file_mapping.h"
#include "harness/record/effect.h"

namespace faultline::a09 {
namespace {

constexpr std::uint64_t kRecords = 1'000'000;
constexpr std::uint64_t kRecordBytes = 125;

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kRecords * kRecordBytes);
  const std::string device = RequireDevice(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  Random random(9);
  const auto updates = laboratory.Count<std::uint64_t>(kRecords, kRecords / 5);
  const std::uint64_t before = DeviceBytesWritten(device);
  for (std::uint64_t i = 0; i < updates; ++i) {
    UpdateEffect(view.bytes().subspan(random.Below(kRecords) * kRecordBytes, kRecordBytes));
  }
  const std::uint64_t updated = DeviceBytesWritten(device);
  const std::uint64_t dirty = DirtyPages(file);
  view.Flush();
  return {
      .figures = {{"updates", static_cast<double>(updates)},
                  {"device_bytes_during_the_updates", static_cast<double>(updated - before)},
                  {"dirty_bytes_after_the_updates", static_cast<double>(dirty * os::PageSize())},
                  {"device_bytes_during_the_flush",
                   static_cast<double>(DeviceBytesWritten(device) - updated)}},
      .words = {},
      .regime = Concat(FileSystemOf(laboratory), ", ", FormatCount(updates),
                       " updates of 1,000,000 records of 125 bytes, shorter than the write-back "
                       "period, memory plentiful")};
}

Judgement Judge(const Evidence& evidence) {
  const double during = evidence.Figure("device_bytes_during_the_updates");
  const double dirty = evidence.Figure("dirty_bytes_after_the_updates");
  const auto bytes = [](double value) { return FormatBytes(static_cast<std::uint64_t>(value)); };
  const std::string deciding =
      Concat(bytes(during), " written during the updates, ", bytes(dirty), " dirty after them, ",
             bytes(evidence.Figure("device_bytes_during_the_flush")), " written by the flush");
  if (dirty == 0) return {Outcome::kDoesNotHold, deciding};
  if (during == 0) return {Outcome::kHolds, deciding};
  // Little may be somebody else's.
  return {during < dirty * 0.05 ? Outcome::kInconclusive : Outcome::kDoesNotHold, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A09",
    .title = "No disk I/O is required until the file is closed or flushed",
    .section = "What mapping offers",
    .method =
        "A whole run of updates without a flush. Holds if nothing has gone to the device when "
        "it ends, with the pages dirty; inconclusive if less than a twentieth of them has.",
    .why = "The system writes dirty pages back when they are old, when there are too many of them, "
           "or when it is asked to.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a09
