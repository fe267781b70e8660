#include <algorithm>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline {
namespace {

constexpr std::uint64_t kPages = 30'518;  // of the article's database
constexpr std::uint64_t kStreamBytes = std::uint64_t{1} << 20;

// Faults of touching every page once, in order, through a new view.
double Faults(const os::File& file, bool store, bool read_ahead) {
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  if (!read_ahead) view.Advise(os::ViewAdvice::kRandom);
  auto* bytes = static_cast<volatile std::byte*>(view.data());
  const std::uint64_t step = os::PageSize();
  const std::uint64_t before = FaultsSoFar();
  for (std::uint64_t at = 0; at < view.size(); at += step) {
    if (store) {
      bytes[at] = std::byte{1};
    } else {
      static_cast<void>(bytes[at]);
    }
  }
  return static_cast<double>(FaultsSoFar() - before);
}

void Enter(const std::string& state, const os::File& file, const std::function<void()>& prepare,
           Evidence& evidence) {
  prepare();
  evidence.figures["faults_" + state + "_load"] = Faults(file, false, true);
  prepare();
  evidence.figures["faults_" + state + "_store"] = Faults(file, true, true);
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  Evidence evidence;
  // As the writer of the file left it, when nobody has evicted anything yet.
  Enter(
      "written", file, [] {}, evidence);
  Enter(
      "streamed", file,
      [&] {
        EvictOrRefuse(file);
        os::FillByReading(file, kStreamBytes, false);
      },
      evidence);
  Enter(
      "paged", file,
      [&] {
        EvictOrRefuse(file);
        os::FillByReading(file, os::PageSize(), true);
      },
      evidence);
  Enter(
      "cold", file, [&] { EvictOrRefuse(file); }, evidence);
  EvictOrRefuse(file);
  evidence.figures["faults_cold_without_read_ahead_load"] = Faults(file, false, false);
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
