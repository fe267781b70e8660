#include <cmath>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a03 {
namespace {

constexpr std::uint64_t kPages = 8192;
constexpr std::uint64_t kChanged = 512;  // pages, each in one byte
constexpr int kTries = 4;

// Touches one byte in the middle of a cold file.
void TouchOne(const os::File& file, const std::string& how, bool read_ahead, Evidence& evidence) {
  EvictOrRefuse(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  if (!read_ahead) view.Advise(os::ViewAdvice::kRandom);
  const std::uint64_t before = BytesReadSoFar();
  static_cast<void>(static_cast<volatile std::byte*>(view.data())[view.size() / 2 + 123]);
  evidence.figures["bytes_read_" + how] = static_cast<double>(BytesReadSoFar() - before);
  evidence.figures["pages_resident_" + how] =
      static_cast<double>(os::MeasureResidency(file).cached_pages);
}

// Changes some pages and flushes them, several times: of what the device wrote meanwhile, the
// least, since others add to it.
void FlushSome(const os::File& file, const std::string& device, Evidence& evidence) {
  FillPageByPage(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  std::uint64_t least = ~std::uint64_t{0};
  for (int attempt = 0; attempt < kTries; ++attempt) {
    for (std::uint64_t i = 0; i < kChanged; ++i) {
      view.data()[i * (kPages / kChanged) * os::PageSize() + 17] = static_cast<std::byte>(attempt);
    }
    const std::uint64_t unwritten = PagesNotYetWritten(file);
    const std::uint64_t before = DeviceBytesWritten(device);
    view.Flush();
    const std::uint64_t written = DeviceBytesWritten(device) - before;
    const std::uint64_t left = PagesNotYetWritten(file);
    if (written >= least) continue;
    least = written;
    evidence.figures["unwritten_pages_before_the_flush"] = static_cast<double>(unwritten);
    evidence.figures["unwritten_pages_after_the_flush"] = static_cast<double>(left);
    evidence.figures["device_bytes_during_the_flush"] = static_cast<double>(written);
  }
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t page = os::PageSize();
  const os::File file = NewFile(laboratory, "data", kPages * page);
  const std::string device = RequireDevice(file);
  Evidence evidence;
  TouchOne(file, "with_read_ahead", true, evidence);
  TouchOne(file, "without_read_ahead", false, evidence);
  FlushSome(file, device, evidence);
  evidence.figures["bytes_changed"] = static_cast<double>(kChanged);
  evidence.figures["page_bytes"] = static_cast<double>(page);
  evidence.regime =
      fmt::format("{}, a file of {} pages", FileSystemOf(laboratory), FormatCount(kPages));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double page = evidence.Figure("page_bytes");
  const double with = evidence.Figure("bytes_read_with_read_ahead");
  const double without = evidence.Figure("bytes_read_without_read_ahead");
  const double changed = evidence.Figure("bytes_changed");  // one in each page
  const double flushed = evidence.Figure("unwritten_pages_before_the_flush");
  const double left = evidence.Figure("unwritten_pages_after_the_flush");
  const double written = evidence.Figure("device_bytes_during_the_flush") / page;
  const auto whole = [page](double bytes) { return bytes > 0 && std::fmod(bytes, page) == 0; };
  const auto count = [](double value) { return FormatCount(static_cast<std::uint64_t>(value)); };
  const std::string deciding = fmt::format(
      "one byte touched: {} pages read with read-ahead, {} without; {} bytes changed: {} pages "
      "flushed, {} written by the device",
      count(with / page), count(without / page), count(changed), count(flushed - left),
      count(written));
  if (!whole(with) || !whole(without)) return {Outcome::kDoesNotHold, deciding};
  if (flushed < changed || left != 0) {
    return {Outcome::kInconclusive,
            fmt::format("{}: they were not all flushed by the flush itself", deciding)};
  }
  // What the device wrote is an upper bound, as others use it, too.
  if (written < flushed) return {Outcome::kDoesNotHold, deciding};
  if (written > flushed + kNotesPages) {
    return {Outcome::kInconclusive, fmt::format("{}, others' among them", deciding)};
  }
  return {Outcome::kHolds, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A03",
    .title = "All transfers between file and memory are whole pages",
    .section = "What mapping offers",
    .method =
        "Touch one byte of a cold file, with and without read-ahead; change one byte in each "
        "of 512 scattered pages and flush. Holds if reads are multiples of a page, and the device "
        "wrote as many pages as were flushed, and at most 64 beside them; inconclusive where it "
        "wrote more, which may be others'.",
    .why = "The cache keeps pages, and read-ahead brings in many when one is asked for; the file "
           "system's own notes on the change come on top.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a03
