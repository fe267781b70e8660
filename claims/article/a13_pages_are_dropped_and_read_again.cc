#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a13 {
namespace {

constexpr std::uint64_t kPages = 256;
constexpr int kReclaims = 10;

struct Round {
  double major_faults = 0;  // that waited for storage
  double bytes_read = 0;
  std::uint64_t sum = 0;  // of what was loaded
};

std::uint64_t MajorFaults() {
  return Known(os::ReadProcessUsage().major_faults, "faults that wait for storage");
}

Round TouchAll(const os::View& view) {
  const std::uint64_t faults = MajorFaults();
  const std::uint64_t read = BytesReadSoFar();
  Round round;
  for (std::uint64_t at = 0; at < view.size(); at += os::PageSize()) {
    round.sum = round.sum * 31 +
                std::to_integer<unsigned>(*static_cast<volatile std::byte*>(view.data() + at));
  }
  round.bytes_read = static_cast<double>(BytesReadSoFar() - read);
  round.major_faults = static_cast<double>(MajorFaults() - faults);
  return round;
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  EvictOrRefuse(file);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadOnly)
                            .Map({.access = os::ViewAccess::kRead});
  view.Advise(os::ViewAdvice::kRandom);  // every page by itself
  const Round first = TouchAll(view);
  std::uint64_t left = kPages;
  // A page that is in use at that moment stays.
  for (int attempt = 0; attempt < kReclaims && left > 0; ++attempt) {
    view.Reclaim();
    left = os::MeasureResidency(file).cached_pages;
  }
  const Round second = TouchAll(view);
  Evidence evidence;
  evidence.figures["file_bytes"] = static_cast<double>(view.size());
  evidence.figures["first_major_faults"] = first.major_faults;
  evidence.figures["first_bytes_read"] = first.bytes_read;
  evidence.figures["pages_left_after_dropping"] = static_cast<double>(left);
  evidence.figures["second_major_faults"] = second.major_faults;
  evidence.figures["second_bytes_read"] = second.bytes_read;
  evidence.figures["same_content"] = first.sum == second.sum;
  evidence.regime = fmt::format("{}, {} pages, cold at first, dropped while mapped, no read-ahead",
                                FileSystemOf(laboratory), kPages);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double bytes = evidence.Figure("file_bytes");
  const auto read = [&](const char* name) {
    return FormatBytes(static_cast<std::uint64_t>(evidence.Figure(name)));
  };
  if (evidence.Figure("same_content") == 0) {
    return {Outcome::kDoesNotHold, "the pages came back with other content"};
  }
  if (evidence.Figure("pages_left_after_dropping") != 0) {
    return {Outcome::kInconclusive, fmt::format("{:g} pages stayed in memory when asked to leave",
                                                evidence.Figure("pages_left_after_dropping"))};
  }
  if (evidence.Figure("first_bytes_read") < bytes || evidence.Figure("first_major_faults") == 0) {
    return {Outcome::kInconclusive, "this file system doesn't show what touches read"};
  }
  std::string wrong;
  if (evidence.Figure("second_bytes_read") < bytes || evidence.Figure("second_major_faults") == 0) {
    wrong = fmt::format("touched again, {} were read", read("second_bytes_read"));
  }
  return HoldsUnless(wrong,
                     fmt::format("{} read at first, none left, {} read again, the same content",
                                 read("first_bytes_read"), read("second_bytes_read")));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A13",
    .title = "A page is read when first needed, may be dropped, and is read again when needed",
    .section = "How memory is backed",
    .method = "Touch every page of a cold view (advised of random access, so that each comes by "
              "itself), have the system reclaim them, touch again. Holds if the second round too "
              "waits for storage and reads the whole file, with equal content.",
    .why = "A clean page of a file can be forgotten at any time, since the file has it.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a13
