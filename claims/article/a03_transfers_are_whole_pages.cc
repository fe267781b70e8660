#include <cmath>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a03 {
namespace {

constexpr std::uint64_t kPages = 8192;
constexpr std::uint64_t kChanged = 64;  // pages, each in one byte

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

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t page = os::PageSize();
  const os::File file = NewFile(laboratory, "data", kPages * page);
  const std::string device = RequireDevice(file);
  Evidence evidence;
  TouchOne(file, "with_read_ahead", true, evidence);
  TouchOne(file, "without_read_ahead", false, evidence);
  FillPageByPage(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  for (std::uint64_t i = 0; i < kChanged; ++i) {
    view.data()[i * (kPages / kChanged) * page + 17] = std::byte{1};
  }
  const std::uint64_t before = DeviceBytesWritten(device);
  view.Flush();
  evidence.figures["bytes_written"] = static_cast<double>(DeviceBytesWritten(device) - before);
  evidence.figures["bytes_changed"] = static_cast<double>(kChanged);
  evidence.figures["page_bytes"] = static_cast<double>(page);
  evidence.regime = Concat(FileSystemOf(laboratory), ", a file of ", FormatCount(kPages), " pages");
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double page = evidence.Figure("page_bytes");
  const double with = evidence.Figure("bytes_read_with_read_ahead");
  const double without = evidence.Figure("bytes_read_without_read_ahead");
  const double written = evidence.Figure("bytes_written");
  const double changed = evidence.Figure("bytes_changed");
  const auto whole = [page](double bytes) { return bytes > 0 && std::fmod(bytes, page) == 0; };
  const auto pages = [page](double bytes) { return FormatSignificant(bytes / page); };
  const bool holds = whole(with) && whole(without) && whole(written) && written >= changed * page;
  return {holds ? Outcome::kHolds : Outcome::kDoesNotHold,
          Concat("one byte touched: ", pages(with), " pages read with read-ahead, ", pages(without),
                 " without; ", changed, " bytes changed: ", pages(written), " pages written")};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A03",
    .title = "All transfers between file and memory are whole pages",
    .section = "What mapping offers",
    .method =
        "Touch one byte of a cold file, with and without read-ahead; change one byte in each "
        "of 64 scattered pages and flush. Holds if all transfers are multiples of a page, and "
        "each changed page was written whole.",
    .why = "The cache keeps pages, and read-ahead brings in many when one is asked for; the file "
           "system's own notes on the change come on top.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a03
