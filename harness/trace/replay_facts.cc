// What is to be known about a replay, in words.
#include <algorithm>
#include <fmt/format.h>
#include <numeric>

#include "harness/base/text.h"
#include "harness/trace/replay.h"

namespace faultline {
namespace {

constexpr std::size_t kMostPaths = 3;

// "my.db (4.0 MiB), my.db-journal (16.5 KiB) and 2 more", the largest first.
std::string LargestFiles(const TraceScan& scan) {
  std::vector<std::size_t> order(scan.files.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t shown = std::min(order.size(), kMostPaths);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&scan](std::size_t first, std::size_t second) {
                      return std::pair(scan.extents[second], first) <
                             std::pair(scan.extents[first], second);
                    });
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string& path = scan.files[order[i]].path;
    parts.push_back(fmt::format("{} ({})", path.substr(path.rfind('/') + 1),
                                FormatBytes(scan.extents[order[i]])));
  }
  if (shown < order.size()) parts.push_back(FormatCount(order.size() - shown) + " more");
  return Listing(parts);
}

std::string GrowthText(const TraceScan& scan, const ReplayLayout& layout) {
  std::vector<std::string> parts;
  const std::uint64_t grown_bytes = GrownBytes(layout);
  const bool grows = std::any_of(layout.regions.begin(), layout.regions.end(),
                                 [](const auto& region) { return region.grows; });
  if (grown_bytes > 0) {
    parts.push_back(
        fmt::format("before the clock of each pass {} are discarded", FormatBytes(grown_bytes)));
  } else if (grows) {
    parts.emplace_back("the first pass begins with holes, later ones overwrite");
  }
  if (scan.cuts > 0) {
    parts.push_back(fmt::format("{} {}",
                                CountOf(scan.cuts, "truncation discards", "truncations discard"),
                                FormatBytes(scan.cut_bytes)));
  }
  if (scan.discards > 0) {
    parts.push_back(fmt::format(
        "{} {}", CountOf(scan.discards, "hole or trim discards", "holes or trims discard"),
        FormatBytes(scan.discarded_bytes)));
  }
  if (scan.cuts + scan.discards > 0) {
    parts.back() += fmt::format(" ({} of the operations)", FormatCount(layout.discards));
  }
  return parts.empty() ? "no file grows or is cut" : Join(parts, ", ");
}

std::string AccessesText(const TraceScan& scan) {
  const std::uint64_t calls = scan.CountOf(EventKind::kRead) + scan.CountOf(EventKind::kWrite);
  const std::uint64_t faults =
      scan.CountOf(EventKind::kFaultRead) + scan.CountOf(EventKind::kFaultWrite);
  std::vector<std::string> parts;
  if (calls > 0) parts.push_back(fmt::format("{} by calls", FormatCount(calls)));
  if (faults > 0)
    parts.push_back(fmt::format("{} by page faults of mappings", FormatCount(faults)));
  return Join(parts, ", ");
}

}  // namespace

std::map<std::string, std::string> ReplayFacts(const TraceScan& scan, const ReplayLayout& layout) {
  std::map<std::string, std::string> facts = {
      {"recorder", scan.header.recorder},
      {"command", scan.header.command},
      {"files", FormatCount(scan.files.size())},
      {"largest files", LargestFiles(scan)},
      {"accesses", AccessesText(scan)},
      {"block", FormatSize(layout.geometry.record_size)},
      {"split", fmt::format("{} of {} accesses lie in several blocks",
                            FormatCount(layout.split_accesses), FormatCount(scan.accesses))},
      {"growth", GrowthText(scan, layout)},
  };
  if (const std::uint64_t bytes = GrownBytes(layout); bytes > 0) {
    facts["setup"] = fmt::format("{} discarded before each pass", FormatBytes(bytes));
  }
  if (layout.compact) {
    facts["compact"] = fmt::format(
        "{} of {}: blocks that the trace never touches are left out, so what lies far apart in the "
        "files lies side by side, and reading ahead finds more of use than it would",
        FormatBytes(layout.geometry.file_size()), FormatBytes(layout.whole_bytes));
  }
  if (layout.discards > 0) facts["discards"] = FormatCount(layout.discards);
  if (scan.CountOf(EventKind::kFlush) > 0) {
    facts["flushes"] = "of one file each in the trace, of everything here";
  }
  if (scan.CountOf(EventKind::kMap) > 0) {
    facts["mapped accesses"] =
        scan.end.faults ? "as page faults: to pages that the program's page tables didn't show yet"
                        : "not recorded, and not played";
  }
  return facts;
}

}  // namespace faultline
