#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <functional>
#include <limits>
#include <vector>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a26 {
namespace {

constexpr std::uint64_t kBytes = 125'000'000;  // of the article's database

// How the cache is filled before the touches, and by what they touch.
struct Way {
  std::string name;   // of the figure: "paged_load"
  std::string label;  // of the curve, or "" for none
  std::function<void(const os::File&)> fill;
  bool store = false;
  bool read_ahead = true;
};

// As the writer of the file left it. It has to come first, before anything is evicted.
void LeaveAsWritten(const os::File&) {}

std::vector<Way> Ways() {
  return {{"written_load", "as its writer left it", LeaveAsWritten},
          {"written_store", "", LeaveAsWritten, true},
          {"streamed_load", "filled by large reads", FillByLargeReads},
          {"streamed_store", "", FillByLargeReads, true},
          {"paged_load", "filled page by page", FillPageByPage},
          {"paged_store", "filled page by page, stores", FillPageByPage, true},
          {"cold_load", "empty", EvictOrRefuse},
          {"cold_store", "", EvictOrRefuse, true},
          {"cold_without_read_ahead_load", "empty, no read-ahead", EvictOrRefuse, false, false}};
}

// Faults of touching every page once, in order, through a new view: after 1, 2, 4 … pages, and all.
std::vector<Point> Faults(const os::File& file, const Way& way) {
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  if (!way.read_ahead) view.Advise(os::ViewAdvice::kRandom);
  auto* bytes = static_cast<volatile std::byte*>(view.data());
  std::vector<Point> points;
  points.reserve(64);
  const std::uint64_t before = FaultsSoFar();
  const std::uint64_t pages = view.size() / os::PageSize();
  for (std::uint64_t page = 0; page < pages; ++page) {
    if (way.store) {
      bytes[page * os::PageSize()] = std::byte{1};
    } else {
      static_cast<void>(bytes[page * os::PageSize()]);
    }
    if (std::has_single_bit(page + 1) || page + 1 == pages) {
      points.push_back(
          {static_cast<double>(page + 1), static_cast<double>(FaultsSoFar() - before)});
    }
  }
  return points;
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t pages = (kBytes + os::PageSize() - 1) / os::PageSize();
  const os::File file = NewFile(laboratory, "data", pages * os::PageSize());
  Evidence evidence;
  Chart chart{.name = "faults_by_pages",
              .title = "Page faults of touching pages for the first time",
              .x = {.label = "pages touched, in order", .scale = "log"},
              .y = {.label = "page faults", .scale = "log"},
              .reading = "",
              .curves = {}};
  double least = static_cast<double>(pages);
  double most = 0;
  for (const Way& way : Ways()) {
    way.fill(file);
    std::vector<Point> points = Faults(file, way);
    const double faults = points.back().y;
    evidence.figures["faults_" + way.name] = faults;
    least = std::min(least, faults);
    most = std::max(most, faults);
    if (!way.label.empty()) chart.curves.push_back({way.label, std::move(points)});
  }
  chart.reading = fmt::format(
      "The same {} pages took {} to {} faults, depending on how the file's cache had been filled.",
      FormatCount(pages), FormatCount(static_cast<std::uint64_t>(least)),
      FormatCount(static_cast<std::uint64_t>(most)));
  evidence.charts.push_back(std::move(chart));
  evidence.figures["pages"] = static_cast<double>(pages);
  evidence.regime = fmt::format("{}, {} pages touched in order, one thread",
                                FileSystemOf(laboratory), FormatCount(pages));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double pages = evidence.Figure("pages");
  double least = std::numeric_limits<double>::infinity();
  double most = 0;
  for (const auto& [name, value] : evidence.figures) {
    if (!name.starts_with("faults_")) continue;
    least = std::min(least, value);
    most = std::max(most, value);
  }
  // A hundredth to spare: other code of the process may fault meanwhile.
  const bool holds = least >= pages * 0.99 && most <= pages * 1.01;
  return {holds ? Outcome::kHolds : Outcome::kDoesNotHold,
          fmt::format("{} to {} faults for the same {} pages",
                      FormatCount(static_cast<std::uint64_t>(least)),
                      FormatCount(static_cast<std::uint64_t>(most)),
                      FormatCount(static_cast<std::uint64_t>(pages)))};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A26",
    .title = "A view takes addresses but no memory; the first touch of each page is one fault",
    .section = "Mapping a view",
    .method = "Touch every page of a view once, by loads and by stores, after each way of filling "
              "the cache. Holds if every way takes one fault a page, within a hundredth.",
    .why = "A fault may enter the neighbours that are resident into the page table too, and where "
           "the cache keeps large units, a whole unit at a time: so it matters who brought the "
           "pages in, and how.",
    .relative_duration = 3,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a26
