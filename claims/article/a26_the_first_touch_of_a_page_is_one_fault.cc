#include <algorithm>
#include <bit>
#include <functional>
#include <vector>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline {
namespace {

constexpr std::uint64_t kPages = 30'518;  // of the article's database
constexpr std::uint64_t kStreamBytes = std::uint64_t{1} << 20;

// How the cache is filled before the touches, and by what they touch.
struct Way {
  std::string name;   // of the figure: "paged_load"
  std::string label;  // of the curve, or "" for none
  std::function<void(const os::File&)> fill;
  bool store = false;
  bool read_ahead = true;
};

void Evict(const os::File& file) { EvictOrRefuse(file); }

void Stream(const os::File& file) {
  EvictOrRefuse(file);
  os::FillByReading(file, kStreamBytes, false);
}

void Page(const os::File& file) {
  EvictOrRefuse(file);
  os::FillByReading(file, os::PageSize(), true);
}

// As the writer of the file left it, when nobody has evicted anything yet: to be the first.
void LeaveAsWritten(const os::File&) {}

std::vector<Way> Ways() {
  return {{"written_load", "as its writer left it", LeaveAsWritten},
          {"written_store", "", LeaveAsWritten, true},
          {"streamed_load", "filled by large reads", Stream},
          {"streamed_store", "", Stream, true},
          {"paged_load", "filled page by page", Page},
          {"paged_store", "filled page by page, stores", Page, true},
          {"cold_load", "empty", Evict},
          {"cold_store", "", Evict, true},
          {"cold_without_read_ahead_load", "empty, no read-ahead", Evict, false, false}};
}

// Faults of touching every page once, in order, through a new view: after 1, 2, 4 … pages, and all.
std::vector<Point> Faults(const os::File& file, const Way& way) {
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  if (!way.read_ahead) view.Advise(os::ViewAdvice::kRandom);
  auto* bytes = static_cast<volatile std::byte*>(view.data());
  std::vector<Point> points;
  points.reserve(64);
  const std::uint64_t before = FaultsSoFar();
  for (std::uint64_t page = 0; page < kPages; ++page) {
    if (way.store) {
      bytes[page * os::PageSize()] = std::byte{1};
    } else {
      static_cast<void>(bytes[page * os::PageSize()]);
    }
    if (std::has_single_bit(page + 1) || page + 1 == kPages) {
      points.push_back(
          {static_cast<double>(page + 1), static_cast<double>(FaultsSoFar() - before)});
    }
  }
  return points;
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  Evidence evidence;
  Chart chart{.name = "faults_by_pages",
              .title = "Page faults of touching pages for the first time",
              .x = {.label = "pages touched, in order", .scale = "log"},
              .y = {.label = "page faults", .scale = "log"},
              .reading = "",
              .curves = {}};
  double least = static_cast<double>(kPages);
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
  chart.reading = Concat("The same ", FormatCount(kPages), " pages took ",
                         FormatCount(static_cast<std::uint64_t>(least)), " to ",
                         FormatCount(static_cast<std::uint64_t>(most)),
                         " faults, depending on how the file's cache had been filled.");
  evidence.charts.push_back(std::move(chart));
  evidence.figures["pages"] = static_cast<double>(kPages);
  evidence.regime = Concat(FileSystemOf(laboratory), ", ", FormatCount(kPages),
                           " pages touched in order, one thread");
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double pages = evidence.Figure("pages");
  double least = 0;
  double most = 0;
  for (const auto& [name, value] : evidence.figures) {
    if (!name.starts_with("faults_")) continue;
    if (least == 0 || value < least) least = value;
    most = std::max(most, value);
  }
  // A hundredth to spare: other code of the process may fault meanwhile.
  const bool holds = least >= pages * 0.99 && most <= pages * 1.01;
  return {holds ? Outcome::kHolds : Outcome::kDoesNotHold,
          Concat(FormatCount(static_cast<std::uint64_t>(least)), " to ",
                 FormatCount(static_cast<std::uint64_t>(most)), " faults for the same ",
                 FormatCount(static_cast<std::uint64_t>(pages)), " pages")};
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
    .effort = 3,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline
