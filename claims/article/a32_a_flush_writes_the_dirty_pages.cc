#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "claims/comparison.h"
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

// The most dirty pages of the tries, and the least of what others add to.
struct Flushed {
  double dirty = 0;         // pages before it, as the system counts them
  double left = 0;          // dirty pages after it
  double device_bytes = 0;  // while it ran, of all processes
  double ns = 0;
};

std::string FillWords(const std::string& fill) {
  return fill == "paged" ? "page by page" : "by large reads";
}

// Stores to `pages` pages, evenly spread over the view.
void Change(const os::View& view, std::uint64_t pages) {
  const std::uint64_t total = view.size() / os::PageSize();
  for (std::uint64_t i = 0; i < pages; ++i) {
    std::byte& byte = view.bytes()[total * i / pages * os::PageSize()];
    byte = static_cast<std::byte>(std::to_integer<int>(byte) + 1);
  }
}

Flushed FlushOf(const os::File& file, const std::string& device, const os::View& view,
                std::uint64_t pages) {
  Flushed flushed{.device_bytes = std::numeric_limits<double>::infinity(),
                  .ns = std::numeric_limits<double>::infinity()};
  for (std::uint64_t attempt = 0; attempt < kTries; ++attempt) {
    Change(view, pages);
    flushed.dirty = std::max(flushed.dirty, static_cast<double>(DirtyPages(file)));
    const std::uint64_t written = DeviceBytesWritten(device);
    flushed.ns = std::min(flushed.ns, SecondsOf([&] { view.Flush(); }) * 1e9);
    flushed.device_bytes =
        std::min(flushed.device_bytes, static_cast<double>(DeviceBytesWritten(device) - written));
    flushed.left = std::max(flushed.left, static_cast<double>(PagesNotYetWritten(file)));
  }
  return flushed;
}

// Of two dirty pages far apart, one is in the flushed range. The most of the tries that are left:
// others may have everything written meanwhile.
double LeftBesideARange(const os::File& file, const os::View& view) {
  const std::uint64_t page = os::PageSize();
  double most = 0;
  for (std::uint64_t attempt = 0; attempt < kTries && most == 0; ++attempt) {
    view.bytes()[0] = std::byte{1};
    view.bytes()[view.size() / 2 / page * page] = std::byte{1};
    view.Flush(0, page);
    most = static_cast<double>(DirtyPages(file));
    view.Flush();
  }
  return most;
}

// The same dirty pages in a view of a sixteenth: whether the size costs by itself.
void CompareViews(const Laboratory& laboratory, const os::FileMapping& object, Evidence& evidence) {
  const os::View small = object.Map({.length = kSmallViewBytes});
  const os::View large = object.Map();
  const auto arm = [](const char* name, const os::View& view) {
    return Arm{name, [&view] {
                 Change(view, kDirtyOfSmallView);
                 return Timed([&view] { view.Flush(); });
               }};
  };
  const Comparison comparison(laboratory, {arm("small", small), arm("large", large)},
                              verdict::kFewestRounds);
  comparison.Enter({{"large_view_flush_by_small_view_flush", "large", "small"}}, evidence);
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
    const std::string of = fmt::format("_of_{}_{}", pages, fill);
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
    const auto object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
    CompareViews(laboratory, object, evidence);
    evidence.figures["left_beside_a_flushed_range"] = LeftBesideARange(file, object.Map());
  }
  FillByLargeReads(file);
  const Curve streamed = Slope("streamed", file, device, evidence);
  evidence.figures["page_bytes"] = static_cast<double>(os::PageSize());
  const std::uint64_t pages = file.Size() / os::PageSize();
  evidence.figures["pages"] = static_cast<double>(pages);
  const Point& least = paged.points[1];
  const Point& most = paged.points.back();
  evidence.charts.push_back(
      {.name = "time_by_dirty_pages",
       .title = fmt::format("Time of a flush of a view of {}", FormatBytes(kBytes)),
       .x = {.label = "pages changed before the flush", .scale = "log"},
       .y = {.label = "time of the flush", .unit = "ns", .scale = "log"},
       .reading = fmt::format("With 1 page changed the flush took {}, with all {} {}; what the "
                              "cache was filled by decides how much goes with one page.",
                              FormatSeconds(least.y / 1e9),
                              FormatCount(static_cast<std::uint64_t>(most.x)),
                              FormatSeconds(most.y / 1e9)),
       .curves = {paged, streamed}});
  evidence.regime =
      fmt::format("{}, a view of {}, changed pages spread evenly, cache filled in two ways",
                  FileSystemOf(laboratory), FormatBytes(kBytes));
  return evidence;
}

// What a flush may write for `changed` pages: the file system's own notes come on top.
double Allowed(double pages) { return pages * 1.1 + kNotesPages; }

enum class Finding { kAllowed, kTooMuch, kUnclear };

// Only dirty pages can be written, and the device counts others' as well: so each of the two bounds
// what the flush wrote. Where neither is allowed, the device's figure counts if the dirty pages
// explain it, and no other process's is in it.
Finding FindingOf(double changed, double dirty, double device_pages) {
  if (device_pages < changed) return Finding::kUnclear;  // some are not seen
  if (device_pages <= Allowed(changed) || dirty <= Allowed(changed)) return Finding::kAllowed;
  const bool explained = device_pages >= 0.9 * dirty && device_pages <= Allowed(dirty);
  return explained ? Finding::kTooMuch : Finding::kUnclear;
}

// Of all flushes of whole views.
struct Findings {
  int too_much = 0;
  int unclear = 0;
  double worst = 0;  // pages written for one that was allowed
  std::string wrong;
  std::string unclear_one;
};

void Add(const Evidence& evidence, const std::string& fill, double changed, Findings& findings) {
  const std::string of = fmt::format("_of_{}_{}", static_cast<std::uint64_t>(changed), fill);
  const double written = evidence.Figure("device_bytes" + of) / evidence.Figure("page_bytes");
  const double dirty = evidence.Figure("dirty_pages" + of);
  const auto count = [](double value) { return FormatCount(static_cast<std::uint64_t>(value)); };
  const std::string words = fmt::format(
      "{} pages written for {} changed, in a cache filled {}, which counted {} as dirty",
      count(written), count(changed), FillWords(fill), count(dirty));
  const Finding finding = FindingOf(changed, dirty, written);
  if (finding == Finding::kUnclear) {
    ++findings.unclear;
    findings.unclear_one = words;
  }
  if (finding != Finding::kTooMuch) return;
  ++findings.too_much;
  if (written / Allowed(changed) <= findings.worst) return;
  findings.worst = written / Allowed(changed);
  findings.wrong = words;
}

Judgement Judge(const Evidence& evidence) {
  constexpr int kAgreeing = 2;  // one may be others' by chance
  Findings findings;
  const double beside = evidence.Figure("left_beside_a_flushed_range");
  for (const char* fill : {"paged", "streamed"}) {
    for (const std::uint64_t changed : kChanged) {
      Add(evidence, fill, std::min(static_cast<double>(changed), evidence.Figure("pages")),
          findings);
    }
  }
  for (const char* fill : {"paged", "streamed"}) {
    if (evidence.Figure(fmt::format("left_dirty_{}", fill)) != 0) {
      return {Outcome::kInconclusive, "a flush left dirty pages, as where a journal has them"};
    }
  }
  if (beside != 1) {
    return {Outcome::kDoesNotHold,
            fmt::format("of 2 changed pages, {:g} are left dirty after a flush of one", beside)};
  }
  if (findings.too_much >= kAgreeing) return {Outcome::kDoesNotHold, findings.wrong};
  if (findings.too_much + findings.unclear > 0) {
    return {Outcome::kInconclusive,
            fmt::format("{}; others' may be among them",
                        findings.unclear > 0 ? findings.unclear_one : findings.wrong)};
  }
  return {Outcome::kHolds,
          "what was changed and little else was written; what was changed beside the range was "
          "left"};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A32",
    .title = "A flush writes only the dirty pages of its range",
    .section = "Flushing a view",
    .method = "Change 0, 1, 10 … all pages of a 125 MB view, flush, and count what the device "
              "wrote (least of three); change two pages and flush one's range. Holds if no more "
              "than 64 pages and a tenth beyond the changed ones were dirty or are written, and "
              "exactly one is left dirty beside the range, however the cache was filled. Doesn't "
              "hold if at least two flushes wrote more, and as much as was dirty; what the device "
              "wrote beyond that is others', and leaves it inconclusive. A page counts as changed "
              "by the program's stores, whatever the system counts as dirty.",
    .why = "Dirt is kept by the unit in which the cache holds the file, and units brought in by "
           "large transfers can be hundreds of pages.",
    .relative_duration = 5,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a32
