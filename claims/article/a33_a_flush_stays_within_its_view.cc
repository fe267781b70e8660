#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a33 {
namespace {

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t page = os::PageSize();
  const std::uint64_t bytes = 64 * os::ViewGranularity();
  const os::File file = NewFile(laboratory, "data", bytes);
  FillPageByPage(file);
  const os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  // Two views side by side in the file, so that a range may leave the one and reach the other.
  const os::View first = object.Map({.offset = 0, .length = bytes / 2});
  const os::View second = object.Map({.offset = bytes / 2});
  for (std::uint64_t at = 0; at < first.size(); at += page) first.data()[at] = std::byte{1};
  for (std::uint64_t at = 0; at < second.size(); at += page) second.data()[at] = std::byte{2};
  Evidence evidence;
  const std::uint64_t dirty_before = DirtyPages(file);
  std::uint64_t refused = 0;
  const std::pair<std::uint64_t, std::uint64_t> ranges[] = {{0, first.size() + page},
                                                            {first.size() - page, 2 * page},
                                                            {first.size(), page},
                                                            {page, ~std::uint64_t{0}}};
  for (const auto& [offset, length] : ranges) {
    try {
      first.Flush(offset, length);
      evidence.words["range_beyond_the_view"] = "flushed";
    } catch (const os::SystemError& error) {
      ++refused;
      evidence.words.try_emplace("range_beyond_the_view", fmt::format("refused: {}", error.what()));
    }
  }
  evidence.figures["ranges_beyond_the_view"] = static_cast<double>(std::size(ranges));
  evidence.figures["refused"] = static_cast<double>(refused);
  evidence.figures["dirty_pages_before"] = static_cast<double>(dirty_before);
  evidence.figures["dirty_pages_after_refusals"] = static_cast<double>(DirtyPages(file));
  first.Flush();
  evidence.figures["dirty_pages_after_a_flush_of_the_view"] = static_cast<double>(DirtyPages(file));
  evidence.regime =
      fmt::format("{}, two views of {}", FileSystemOf(laboratory), FormatSize(bytes / 2));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double before = evidence.Figure("dirty_pages_before");
  std::string wrong;
  if (evidence.Figure("refused") != evidence.Figure("ranges_beyond_the_view")) {
    wrong = "a range beyond the view was flushed";
  } else if (evidence.Figure("dirty_pages_after_refusals") != before) {
    // The system may have written by itself meanwhile.
    return {Outcome::kInconclusive, "pages were written while the flushes were refused"};
  } else if (evidence.Figure("dirty_pages_after_a_flush_of_the_view") >= before) {
    wrong = "a flush of the whole view wrote nothing";
  }
  return HoldsUnless(
      wrong, fmt::format("{:g} of {:g} ranges beyond the view refused, nothing written",
                         evidence.Figure("refused"), evidence.Figure("ranges_beyond_the_view")));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A33",
    .title = "A flush must stay within one view",
    .section = "Flushing a view",
    .method =
        "Flush ranges that leave a view of dirty pages. Holds if each is refused with no page "
        "written, and a flush of the view itself writes.",
    .why = "The system would flush any mapped addresses, also of several views; the view refuses "
           "what is not its own, as the article's call does.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a33
