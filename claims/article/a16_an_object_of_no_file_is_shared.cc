#include "claims/shared_pages.h"

namespace faultline {
namespace {

constexpr std::uint64_t kPages = 256;

Evidence Experiment(const Laboratory&) {
  Evidence evidence = TwoProcessesShare(os::FileMapping::FromMemory(kPages * os::PageSize()), "");
  evidence.regime = Concat("memory of no file, ", kPages, " pages, two processes");
  return evidence;
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A16",
    .title = "An object of no file, backed by the pagefile, is shared in the same way",
    .section = "Sharing memory",
    .method = "An object of no file is handed to a second process. Holds if every page shows the "
              "same frame in both, is mapped twice, and counts half for each process.",
    .why = "Such an object is a file of the system's own that lives in memory, so that views of it "
           "work like views of any file.",
    .experiment = Experiment,
    .judge = JudgeSharing,
}};

}  // namespace
}  // namespace faultline
