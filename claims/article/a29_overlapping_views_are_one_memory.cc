#include <algorithm>
#include <fmt/format.h>

#include "claims/shared_pages.h"

namespace faultline::a29 {
namespace {

constexpr std::uint64_t kUnits = 16;  // of what views are aligned to

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t unit = os::ViewGranularity();
  const os::File file = NewFile(laboratory, "data", kUnits * unit);
  const os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  // [0, 12) and [4, 16): units 4 to 12 are in both.
  const os::View low = object.Map({.offset = 0, .length = 12 * unit});
  const os::View high = object.Map({.offset = 4 * unit});
  const std::span<std::byte> of_low = low.bytes().subspan(4 * unit, 8 * unit);
  const std::span<std::byte> of_high = high.bytes().first(8 * unit);
  std::uint64_t wrong = 0;
  for (std::size_t i = 0; i < of_low.size(); i += 64) {
    const auto mark = static_cast<std::byte>(i / 64 % 251);
    const bool forth = i / 64 % 2 == 0;
    (forth ? of_low : of_high)[i] = mark;
    wrong += *static_cast<volatile std::byte*>(&(forth ? of_high : of_low)[i]) != mark;
  }
  const auto low_frames = FramesOf(low);
  const auto high_frames = FramesOf(high);
  const std::uint64_t shift = 4 * unit / os::PageSize();
  const std::uint64_t pages = 8 * unit / os::PageSize();
  std::uint64_t same = 0;
  for (std::uint64_t i = 0; i < pages; ++i) same += low_frames[shift + i] == high_frames[i];
  // The same by another process.
  const Evidence between = TwoProcessesShare(object, {.path = file.path().string()});
  Evidence evidence;
  evidence.figures["pages"] = static_cast<double>(pages);
  evidence.figures["pages_in_the_same_frame"] = static_cast<double>(same);
  evidence.figures["pages_between_processes"] = between.Figure("pages");
  evidence.figures["pages_in_the_same_frame_between_processes"] =
      between.Figure("pages_in_the_same_frame");
  evidence.figures["wrong_bytes"] = static_cast<double>(wrong) + between.Figure("wrong_bytes");
  evidence.figures["addresses_differ"] = of_low.data() != of_high.data();
  evidence.regime =
      fmt::format("{}, views of {} that overlap", FileSystemOf(laboratory), FormatSize(12 * unit));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::string wrong;
  if (evidence.Figure("addresses_differ") == 0) wrong = "the views have one address";
  if (evidence.Figure("pages_in_the_same_frame") != evidence.Figure("pages")) {
    wrong = "pages of two views in one process have frames of their own";
  }
  if (evidence.Figure("pages_in_the_same_frame_between_processes") !=
      evidence.Figure("pages_between_processes")) {
    wrong = "pages of two processes have frames of their own";
  }
  if (evidence.Figure("wrong_bytes") != 0) {
    wrong = fmt::format("{:g} bytes differ between views", evidence.Figure("wrong_bytes"));
  }
  return HoldsUnless(
      wrong, fmt::format(
                 "{:g} of the overlap's {:g} pages in one frame at two addresses, every store seen",
                 evidence.Figure("pages_in_the_same_frame"), evidence.Figure("pages")));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A29",
    .title = "Overlapping views have addresses of their own and one physical page",
    .section = "Mapping a view",
    .method = "Two overlapping views in one process, and one in a second. Holds if addresses "
              "differ, the frames of the overlap are the same, and every store through one view is "
              "loaded through the other.",
    .why = "Each view is a range of page-table entries of its own; the entries of an overlap point "
           "to the same pages.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a29
