#include <fmt/format.h>

#include "claims/shared_pages.h"

namespace faultline::a15 {
namespace {

constexpr std::uint64_t kPages = 256;

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  Evidence evidence = TwoProcessesShare(os::FileMapping::FromFile(file, os::Protection::kReadWrite),
                                        {.path = file.path().string()});
  evidence.regime = fmt::format("{}, {} pages, two processes", FileSystemOf(laboratory), kPages);
  return evidence;
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A15",
    .title = "Two processes that map a file share one physical page",
    .section = "Sharing memory",
    .method = "A second process opens and maps the same file. Holds if every page shows the same "
              "frame in both, is mapped twice, and counts half for each process.",
    .why = "Views of a file show the pages of the file's cache, of which there is one for all.",
    .experiment = Experiment,
    .judge = JudgeSharing,
}};

}  // namespace
}  // namespace faultline::a15
