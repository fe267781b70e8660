
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/base/clock.h"
#include "harness/os/file_mapping.h"

namespace faultline::a11 {
namespace {

using nlohmann::json;

constexpr std::uint64_t kHuge = std::uint64_t{1} << 40;
constexpr std::uint64_t kTouches[] = {1, 16, 256, 4096};
constexpr std::uint64_t kTouchesWithReadAhead = 16;  // each may bring thousands of pages

double Resident() {
  return static_cast<double>(Known(os::ReadProcessMemory().resident_bytes, "resident memory"));
}

// Opens and maps the file and touches some of its pages, far from each other. A process for each
// number of touches, so that none finds the other's pages mapped.
const Registration<os::ChildMain> kToucher{
    PartnerMain("huge-toucher", [](const json& request, os::Channel&) -> Answering {
      return [request](const json&) -> json {
        // A rehearsal: the code for it becomes resident too.
        os::FileMapping::FromMemory(os::PageSize()).Map().Advise(os::ViewAdvice::kRandom);
        os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kRead);
        Resident();
        const double before = Resident();
        const SteadyClock::time_point start = SteadyClock::now();
        const os::File file =
            os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kRead);
        const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadOnly)
                                  .Map({.access = os::ViewAccess::kRead});
        const std::int64_t open_ns = NanosecondsSince(start);
        const double mapped = Resident() - before;
        if (!request.at("read_ahead").get<bool>()) view.Advise(os::ViewAdvice::kRandom);
        const auto touches = request.at("touches").get<std::uint64_t>();
        for (std::uint64_t i = 0; i < touches; ++i) {
          static_cast<void>(
              *static_cast<volatile std::byte*>(view.data() + view.size() / touches * i));
        }
        return {{"open_ns", open_ns}, {"mapping", mapped}, {"touching", ResidentBytes(view)}};
      };
    })};

// A new file for each number of touches, of which nothing is in memory yet.
json Touch(const Laboratory& laboratory, std::uint64_t touches, bool read_ahead,
           Evidence& evidence) {
  const os::File file = NewSparseFile(laboratory, "huge", kHuge);
  Partner toucher(
      "huge-toucher",
      {{"path", file.path().string()}, {"touches", touches}, {"read_ahead", read_ahead}});
  const json answer = toucher.Ask({});
  toucher.End();
  const std::string of = fmt::format("{}_of_{}", read_ahead ? "_with_read_ahead" : "", touches);
  evidence.figures["resident_pages_touching" + of] =
      answer.at("touching").get<double>() / static_cast<double>(os::PageSize());
  evidence.figures["cached_pages" + of] =
      static_cast<double>(os::MeasureResidency(file, 0, file.Size()).cached_pages);
  evidence.figures["file_bytes"] = static_cast<double>(file.Size());
  std::filesystem::remove(file.path());
  return answer;
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  for (const std::uint64_t touches : kTouches) {
    const json answer = Touch(laboratory, touches, false, evidence);
    evidence.figures["resident_bytes_mapping"] = answer.at("mapping");
    evidence.figures["open_and_map_ns"] = answer.at("open_ns");
  }
  Touch(laboratory, kTouchesWithReadAhead, true, evidence);
  evidence.figures["page_bytes"] = static_cast<double>(os::PageSize());
  evidence.regime = fmt::format(
      "{}, a sparse file of {}, touched far apart, with advice of random access; {} touches "
      "without advice",
      FileSystemOf(laboratory),
      FormatSize(static_cast<std::uint64_t>(evidence.Figure("file_bytes"))), kTouchesWithReadAhead);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double page = evidence.Figure("page_bytes");
  const double file_pages = evidence.Figure("file_bytes") / page;
  std::string wrong;
  for (const std::uint64_t touches : kTouches) {
    for (const char* what : {"resident_pages_touching_of_", "cached_pages_of_"}) {
      // A page a touch, a half more for the smallest unit of a hole.
      const double pages = evidence.Figure(fmt::format("{}{}", what, touches));
      if (pages <= 1.5 * static_cast<double>(touches)) continue;
      wrong = fmt::format("{} pages in memory for {} touched",
                          FormatCount(static_cast<std::uint64_t>(pages)), touches);
    }
  }
  if (evidence.Figure("resident_bytes_mapping") > 256 * page) wrong = "mapping alone took memory";
  const double most =
      evidence.Figure(fmt::format("cached_pages_with_read_ahead_of_{}", kTouchesWithReadAhead));
  if (most > file_pages / 100) wrong = "read-ahead brought a large part of the file";
  if (evidence.Figure("resident_pages_touching_of_1") == 0) {
    return {Outcome::kInconclusive, "a touched page was not counted as resident"};
  }
  return HoldsUnless(
      wrong, fmt::format("{} opened in {} us; 4,096 touches: {} pages resident; without advice, {} "
                         "touches: {} cached",
                         FormatBytes(static_cast<std::uint64_t>(evidence.Figure("file_bytes"))),
                         FormatSignificant(evidence.Figure("open_and_map_ns") / 1000),
                         FormatSignificant(evidence.Figure("resident_pages_touching_of_4096")),
                         kTouchesWithReadAhead, FormatSignificant(most)));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A11",
    .title = "A huge file can be opened, and a small part reached, without reading it all",
    .section = "What mapping offers",
    .method =
        "Map a sparse file of 1 TiB (or the largest that the file system takes), touch 1 to "
        "4,096 pages far apart, advised of random access, and 16 without advice. Holds if "
        "mapping takes less than 256 pages of memory, an advised touch no more than one and a "
        "half pages of memory and cache, and the others less than a hundredth of the file.",
    .why = "A view is a note of a range; pages and page tables come with the touches.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a11
