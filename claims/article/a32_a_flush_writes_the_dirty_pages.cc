#include <algorithm>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a32 {
namespace {

constexpr std::uint64_t kBytes = 125'000'000;
constexpr std::uint64_t kSmallViewBytes = std::uint64_t{8} << 20;
constexpr std::uint64_t kDirtyOfSmallView = 100;
constexpr std::uint64_t kTries = 3;
// Pages changed before a flush; the last one stands for all there are.
constexpr std::uint64_t kChanged[] = {0, 1, 10, 100, 1000, ~std::uint64_t{0}};

struct Flushed {
  double dirty = 0;         // pages before it, as the system counts them
  double left = 0;          // dirty pages after it
  double device_bytes = 0;  // least of the tries: others use the device too
  double ns = 0;            // likewise
};

std::string FillWords(const std::string& fill) {
  return fill == "paged" ? "page by page" : "by large reads";
}

// Stores to `pages` pages, evenly spread over the view, and flushes it.
Flushed FlushOf(const os::File& file, const std::string& device, const os::View& view,
                std::uint64_t pages) {
  Flushed best;
  for (std::uint64_t attempt = 0; attempt < kTries; ++attempt) {
    const std::uint64_t total = view.size() / os::PageSize();
    for (std::uint64_t i = 0; i < pages; ++i) {
      std::byte& byte = view.bytes()[total * i / pages * os::PageSize()];
      byte = static_cast<std::byte>(std::to_integer<int>(byte) + 1);
    }
    best.dirty = static_cast<double>(DirtyPages(file));
    const std::uint64_t written = device.empty() ? 0 : DeviceBytesWritten(device);
    const double ns = SecondsOf([&] { view.Flush(); }) * 1e9;
    const auto device_bytes =
        static_cast<double>(device.empty() ? 0 : DeviceBytesWritten(device) - written);
    best.left = static_cast<double>(DirtyPages(file));
    best.device_bytes = attempt == 0 ? device_bytes : std::min(best.device_bytes, device_bytes);
    best.ns = attempt == 0 ? ns : std::min(best.ns, ns);
  }
  return best;
}

// Of two dirty pages far apart, one is in the flushed range.
double LeftBesideARange(const os::File& file, const os::View& view) {
  const std::uint64_t page = os::PageSize();
  view.bytes()[0] = std::byte{1};
  view.bytes()[view.size() / 2 / page * page] = std::byte{1};
  view.Flush(0, page);
  const auto left = static_cast<double>(DirtyPages(file));
  view.Flush();
  return left;
}

// One way of filling the cache: d dirty pages from none to all.
Curve Slope(const std::string& fill, const os::File& file, const std::string& device,
            Evidence& evidence) {
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  const std::uint64_t total = view.size() / os::PageSize();
  Curve curve{.label = "cache filled " + FillWords(fill), .points = {}};
  double left = 0;
  for (const std::uint64_t wanted : kChanged) {
    const std::uint64_t pages = std::min(wanted, total);
    const Flushed flushed = FlushOf(file, device, view, pages);
    const std::string of = Concat("_of_", pages, "_", fill);
    evidence.figures["dirty_pages" + of] = flushed.dirty;
    evidence.figures["device_bytes" + of] = flushed.device_bytes;
    evidence.figures["flush_ns" + of] = flushed.ns;
    left = std::max(left, flushed.left);
    curve.points.push_back({.x = static_cast<double>(pages), .y = flushed.ns});
  }
  evidence.figures["left_dirty_" + fill] = left;
  return curve;
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kBytes / os::PageSize() * os::PageSize());
  const std::string device = RequireDevice(file);
  Evidence evidence;
  FillPageByPage(file);
  const Curve paged = Slope("paged", file, device, evidence);
  {
    // The same dirty pages in a view of a sixteenth: whether the size costs by itself.
    const auto object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
    const Flushed in_small =
        FlushOf(file, device, object.Map({.length = kSmallViewBytes}), kDirtyOfSmallView);
    const Flushed in_large = FlushOf(file, device, object.Map(), kDirtyOfSmallView);
    evidence.figures["large_view_flush_by_small_view_flush"] = in_large.ns / in_small.ns;
    evidence.figures["left_beside_a_flushed_range"] = LeftBesideARange(file, object.Map());
  }
  FillByLargeReads(file);
  const Curve streamed = Slope("streamed", file, device, evidence);
  evidence.figures["page_bytes"] = static_cast<double>(os::PageSize());
  evidence.figures["pages"] = static_cast<double>(file.Size() / os::PageSize());
  const Point& least = paged.points[1];
  const Point& most = paged.points.back();
  evidence.charts.push_back(
      {.name = "time_by_dirty_pages",
       .title = Concat("Time of a flush of a view of ", FormatBytes(kBytes)),
       .x = {.label = "pages changed before the flush", .scale = "log"},
       .y = {.label = "time of the flush", .unit = "ns", .scale = "log"},
       .reading = Concat("With 1 page changed the flush took ", FormatSeconds(least.y / 1e9),
                         ", with all ", FormatCount(static_cast<std::uint64_t>(most.x)), " ",
                         FormatSeconds(most.y / 1e9),
                         "; what the cache was filled by decides how much goes with one page."),
       .curves = {paged, streamed}});
  evidence.regime = Concat(FileSystemOf(laboratory), ", a view of ", FormatBytes(kBytes),
                           ", changed pages spread evenly, cache filled in two ways");
  return evidence;
}

// What a flush may write for so many changed pages: the file system's own notes come on top.
double Allowed(double pages) { return pages * 1.1 + 64; }

Judgement Judge(const Evidence& evidence) {
  const double page = evidence.Figure("page_bytes");
  const double all = evidence.Figure("pages");
  std::string wrong;
  std::string unseen;
  double worst = 0;
  for (const char* fill : {"paged", "streamed"}) {
    for (const std::uint64_t changed : kChanged) {
      const double pages = std::min(static_cast<double>(changed), all);
      const std::string of = Concat("_of_", static_cast<std::uint64_t>(pages), "_", fill);
      const double written = evidence.Figure("device_bytes" + of) / page;
      const double dirty = evidence.Figure("dirty_pages" + of);
      if (written < pages) unseen = "the device shows less than what was changed";
      if (written <= Allowed(pages) || written / Allowed(pages) <= worst) continue;
      worst = written / Allowed(pages);
      const auto count = [](double value) {
        return FormatCount(static_cast<std::uint64_t>(value));
      };
      wrong = Concat(count(written), " pages written for ", count(pages),
                     " changed, in a cache filled ", FillWords(fill), ", which counted ",
                     count(dirty), " as dirty");
    }
    if (evidence.Figure(Concat("left_dirty_", fill)) != 0) wrong = "dirty pages were left";
  }
  if (evidence.Figure("left_beside_a_flushed_range") != 1) {
    wrong = Concat("of 2 changed pages, ", evidence.Figure("left_beside_a_flushed_range"),
                   " are left dirty after a flush of one");
  }
  if (wrong.empty() && !unseen.empty()) return {Outcome::kInconclusive, unseen};
  return HoldsUnless(wrong,
                     "what was changed and little else was written; what was changed beside "
                     "the range was left");
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A32",
    .title = "A flush writes only the dirty pages of its range",
    .section = "Flushing a view",
    .method = "Change 0, 1, 10 … all pages of a 125 MB view, flush, and count what the device "
              "wrote (least of three); change two pages and flush one's range. Holds if no more "
              "than 64 pages and a tenth beyond the changed ones are written, and exactly one is "
              "left dirty beside the range, however the cache was filled; a page counts as changed "
              "by the program's stores, whatever the system counts as dirty.",
    .why = "Dirt is kept by the unit in which the cache holds the file, and units brought in by "
           "large transfers can be hundreds of pages.",
    .effort = 5,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a32
