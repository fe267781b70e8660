#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a02 {
namespace {

constexpr std::uint64_t kPages = 256;
constexpr int kTries = 3;

// One store, and what it left.
Evidence StoreAndFlush(const os::File& file, const os::View& view, const std::string& device) {
  FillPageByPage(file);
  const std::uint64_t before = DeviceBytesWritten(device);
  static_cast<volatile std::byte*>(view.data())[100] = std::byte{1};
  const std::uint64_t dirty = DirtyPages(file);
  const std::uint64_t stored = DeviceBytesWritten(device);
  view.Flush();
  return {.figures = {{"dirty_pages_after_the_store", static_cast<double>(dirty)},
                      {"device_bytes_during_the_store", static_cast<double>(stored - before)},
                      {"unwritten_pages_after_the_flush",
                       static_cast<double>(PagesNotYetWritten(file))},
                      {"device_bytes_during_the_flush",
                       static_cast<double>(DeviceBytesWritten(device) - stored)},
                      {"page_bytes", static_cast<double>(os::PageSize())}},
          .words = {},
          .regime = {}};
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  const std::string device = RequireDevice(file);
  Evidence evidence;
  for (int attempt = 0; attempt < kTries; ++attempt) {
    const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
    evidence = StoreAndFlush(file, view, device);
    // Another process may have everything written right after the store.
    if (evidence.Figure("dirty_pages_after_the_store") != 0) break;
  }
  evidence.regime = fmt::format("{}, one byte of a file of {} pages, filled page by page",
                                FileSystemOf(laboratory), kPages);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double dirty = evidence.Figure("dirty_pages_after_the_store");
  const double left = evidence.Figure("unwritten_pages_after_the_flush");
  const double stored = evidence.Figure("device_bytes_during_the_store");
  const double flushed = evidence.Figure("device_bytes_during_the_flush");
  std::string deciding = fmt::format(
      "{:g} dirty after the store, {:g} after the flush, in which {} went to the device", dirty,
      left, FormatBytes(static_cast<std::uint64_t>(flushed)));
  if (stored != 0) {
    deciding += fmt::format("; the {} that went there before are others'",
                            FormatBytes(static_cast<std::uint64_t>(stored)));
  }
  // A page that became dirty by one store and still is has not been written.
  if (dirty == 0) return {Outcome::kDoesNotHold, deciding};
  // Others only add to what the device counts.
  if (flushed < evidence.Figure("page_bytes")) return {Outcome::kDoesNotHold, deciding};
  // It may be dirty still where a journal has it.
  return {left == 0 ? Outcome::kHolds : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A02",
    .title = "A store into a view transfers nothing to the disk; the system keeps the page",
    .section = "What mapping offers",
    .method = "Store one byte, then flush. Holds if the page is dirty before the flush and written "
              "after it, with at least a page gone to the device.",
    .why = "A store marks the page in the cache; the system writes it back when it is asked to, "
           "when the page is old, or when memory is short.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a02
