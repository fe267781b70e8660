#include <chrono>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/os/file_mapping.h"

namespace faultline {
namespace {

using nlohmann::json;

constexpr std::uint64_t kHuge = std::uint64_t{1} << 40;
constexpr std::uint64_t kLeast = std::uint64_t{1} << 32;
constexpr std::uint64_t kTouches[] = {1, 16, 256, 4096};

double Resident() {
  return static_cast<double>(Known(os::ReadProcessMemory().resident_bytes, "resident memory"));
}

// Opens and maps the file and touches some of its pages, far from each other. A process for each
// number of touches, so that none finds the other's pages mapped.
const Registration<os::ChildMain> kToucher{
    PartnerMain("huge-toucher", [](const json& request, os::Channel&) -> Answering {
      return [request](const json&) -> json {
        // Once to no end: the code for it becomes resident too.
        os::FileMapping::FromMemory(os::PageSize()).Map().Advise(os::ViewAdvice::kRandom);
        os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kRead);
        Resident();
        const double before = Resident();
        const auto start = std::chrono::steady_clock::now();
        const os::File file =
            os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kRead);
        const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadOnly)
                                  .Map({.access = os::ViewAccess::kRead});
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - start;
        const double mapped = Resident() - before;
        view.Advise(os::ViewAdvice::kRandom);
        const auto touches = request.at("touches").get<std::uint64_t>();
        for (std::uint64_t i = 0; i < touches; ++i) {
          static_cast<void>(
              *static_cast<volatile std::byte*>(view.data() + view.size() / touches * i));
        }
        return {{"open_ns", took.count()}, {"mapping", mapped}, {"touching", ResidentBytes(view)}};
      };
    })};

// The largest file of 1 TiB or less that this file system takes.
os::File HugeFile(const Laboratory& laboratory) {
  os::File file = os::File::Create(laboratory.directory / "huge");
  for (std::uint64_t size = kHuge; size >= kLeast; size /= 2) {
    try {
      file.Resize(size);
      return file;
    } catch (const os::SystemError&) {
      continue;  // too large for it
    }
  }
  throw UnsupportedError("this file system takes no file of 4 GiB");
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = HugeFile(laboratory);
  const double page = static_cast<double>(os::PageSize());
  Evidence evidence;
  evidence.figures["file_bytes"] = static_cast<double>(file.Size());
  evidence.figures["page_bytes"] = page;
  for (const std::uint64_t touches : kTouches) {
    os::Evict(file);
    Partner toucher("huge-toucher", {{"path", file.path().string()}, {"touches", touches}});
    const json answer = toucher.Ask({});
    toucher.End();
    const std::string of = Concat("_of_", touches);
    evidence.figures["resident_pages_touching" + of] = answer.at("touching").get<double>() / page;
    evidence.figures["cached_pages" + of] =
        static_cast<double>(os::MeasureResidency(file, 0, file.Size()).cached_pages);
    evidence.figures["resident_bytes_mapping"] = answer.at("mapping");
    evidence.figures["open_and_map_ns"] = answer.at("open_ns");
  }
  evidence.figures["most_touches"] = static_cast<double>(*std::rbegin(kTouches));
  evidence.regime = Concat(FileSystemOf(laboratory), ", a sparse file of ", FormatSize(file.Size()),
                           ", touched without read-ahead");
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double most = evidence.Figure("most_touches");
  const std::string of_most = Concat("_of_", most);
  const double resident = evidence.Figure("resident_pages_touching" + of_most);
  const double cached = evidence.Figure("cached_pages" + of_most);
  const std::string deciding =
      Concat(FormatBytes(static_cast<std::uint64_t>(evidence.Figure("file_bytes"))), " opened in ",
             FormatSignificant(evidence.Figure("open_and_map_ns") / 1000), " us; ", most,
             " touches: ", FormatSignificant(resident), " pages resident, ",
             FormatSignificant(cached), " cached");
  // A page a touch, a half more for the program's own, and for the smallest unit of a hole.
  const bool little =
      resident <= 1.5 * most && cached <= 1.5 * most &&
      evidence.Figure("resident_bytes_mapping") <= 256 * evidence.Figure("page_bytes");
  const bool any = resident >= 0.5 * most;
  return {little && any ? Outcome::kHolds : Outcome::kDoesNotHold, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A11",
    .title = "A huge file can be opened, and a small part reached, without reading it all",
    .section = "What mapping offers",
    .method = "Map a sparse file of 1 TiB (or the largest that the file system takes), touch 1 to "
              "4,096 pages far apart. Holds if mapping takes less than 1 MiB of memory, and 4,096 "
              "touches leave no more than half again as many pages resident and cached.",
    .why = "A view is a note of a range; pages and page tables come with the touches.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline
