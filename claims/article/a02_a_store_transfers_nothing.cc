#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a02 {
namespace {

Evidence Experiment(const Laboratory& laboratory) {
  constexpr std::uint64_t kPages = 256;
  const os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  const std::string device = RequireDevice(file);
  FillPageByPage(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  const std::uint64_t before = DeviceBytesWritten(device);
  static_cast<volatile std::byte*>(view.data())[100] = std::byte{1};
  const std::uint64_t dirty = DirtyPages(file);
  const std::uint64_t stored = DeviceBytesWritten(device);
  view.Flush();
  const std::uint64_t flushed = DeviceBytesWritten(device);
  return {.figures = {{"dirty_pages_after_the_store", static_cast<double>(dirty)},
                      {"device_bytes_during_the_store", static_cast<double>(stored - before)},
                      {"dirty_pages_after_the_flush", static_cast<double>(DirtyPages(file))},
                      {"device_bytes_during_the_flush", static_cast<double>(flushed - stored)},
                      {"page_bytes", static_cast<double>(os::PageSize())}},
          .words = {},
          .regime = Concat(FileSystemOf(laboratory), ", one byte of a file of ", kPages,
                           " pages, filled page by page")};
}

Judgement Judge(const Evidence& evidence) {
  const double dirty = evidence.Figure("dirty_pages_after_the_store");
  const double stored = evidence.Figure("device_bytes_during_the_store");
  const double flushed = evidence.Figure("device_bytes_during_the_flush");
  const std::string deciding =
      Concat(dirty, " dirty after the store, ", FormatBytes(static_cast<std::uint64_t>(stored)),
             " to the device; ", FormatBytes(static_cast<std::uint64_t>(flushed)), " at the flush");
  // A page that is still dirty was not written; one that is clean already was.
  if (dirty == 0) return {Outcome::kDoesNotHold, deciding};
  const bool flush_wrote = evidence.Figure("dirty_pages_after_the_flush") == 0 &&
                           flushed >= evidence.Figure("page_bytes");
  if (!flush_wrote) return {Outcome::kDoesNotHold, deciding};
  // Bytes that went to the device meanwhile may be somebody else's.
  return {stored == 0 ? Outcome::kHolds : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A02",
    .title = "A store into a view transfers nothing to the disk; the system keeps the page",
    .section = "What mapping offers",
    .method = "Store one byte, then flush. Holds if the page is dirty and nothing has gone to the "
              "device before the flush, and at least a page has after it.",
    .why = "A store marks the page in the cache; the system writes it back when it is asked to, "
           "when the page is old, or when memory is short.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a02
