#include <algorithm>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "faultline/effect.h"
#include "harness/base/random.h"
#include "harness/os/file_mapping.h"

namespace faultline::a09 {
namespace {

constexpr std::uint64_t kRecords = 1'000'000;
constexpr std::uint64_t kRecordBytes = 125;
constexpr double kFew = 0.05;  // of the pages that became dirty

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kRecords * kRecordBytes);
  const std::string device = RequireDevice(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  Random random(9);
  const auto updates = laboratory.Count<std::uint64_t>(kRecords, kRecords / 5);
  Evidence evidence;
  const IdleFile idle(laboratory);
  const std::uint64_t dirtied = PagesDirtiedSoFar();
  const std::uint64_t before = DeviceBytesWritten(device);
  for (std::uint64_t i = 0; i < updates; ++i) {
    UpdateEffect(view.bytes().subspan(random.Below(kRecords) * kRecordBytes, kRecordBytes));
  }
  const std::uint64_t updated = DeviceBytesWritten(device);
  evidence.figures["unwritten_pages_after_the_updates"] =
      static_cast<double>(PagesNotYetWritten(file));
  evidence.figures["pages_dirtied_by_the_updates"] =
      static_cast<double>(PagesDirtiedSoFar() - dirtied);
  idle.Enter(evidence);
  view.Flush();
  evidence.figures["unwritten_pages_after_the_flush"] =
      static_cast<double>(PagesNotYetWritten(file));
  evidence.figures["device_bytes_during_the_updates"] = static_cast<double>(updated - before);
  evidence.figures["device_bytes_during_the_flush"] =
      static_cast<double>(DeviceBytesWritten(device) - updated);
  evidence.figures["updates"] = static_cast<double>(updates);
  evidence.figures["page_bytes"] = static_cast<double>(os::PageSize());
  evidence.regime = fmt::format(
      "{}, {} updates of 1,000,000 records of 125 bytes, shorter than the write-back period, "
      "memory plentiful",
      FileSystemOf(laboratory), FormatCount(updates));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double dirtied = evidence.Figure("pages_dirtied_by_the_updates");
  const double unwritten = evidence.Figure("unwritten_pages_after_the_updates");
  const double device =
      evidence.Figure("device_bytes_during_the_updates") / evidence.Figure("page_bytes");
  // Each time that a page becomes dirty counts, so those that aren't any more were written.
  const double written = std::max(0.0, dirtied - unwritten);
  const auto count = [](double value) { return FormatCount(static_cast<std::uint64_t>(value)); };
  const std::string deciding = fmt::format(
      "{} pages dirty after the updates, {} written before; {} written by the device for all",
      count(unwritten), count(written), count(device));
  if (dirtied == 0) {
    return {Outcome::kInconclusive, fmt::format("{}; dirty pages are not counted here", deciding)};
  }
  if (written <= kNotesPages) return {Outcome::kHolds, deciding};
  if (written < dirtied * kFew) return {Outcome::kInconclusive, deciding};
  // A page that a flush leaves dirty is in a journal: the file system itself writes all twice.
  if (evidence.Figure("unwritten_pages_after_the_flush") > 0) {
    return {Outcome::kDoesNotHold, fmt::format("{}; the file system journals data", deciding)};
  }
  if (const std::string who = WhoElseWrote(evidence); !who.empty()) {
    return {Outcome::kInconclusive, fmt::format("{}; {}", deciding, who)};
  }
  const bool explained = device >= written && device <= written * 1.1 + kNotesPages;
  return {explained ? Outcome::kDoesNotHold : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A09",
    .title = "No disk I/O is required until the file is closed or flushed",
    .section = "What mapping offers",
    .method =
        "A whole run of updates without a flush. Holds if every page that became dirty still is "
        "when it ends; inconclusive if less than a twentieth isn't, if pages of an idle file were "
        "written as well, and if the device wrote other than these pages.",
    .why = "The system writes dirty pages back when they are old, when there are too many of them, "
           "or when it is asked to.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a09
