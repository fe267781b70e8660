#include <fmt/format.h>

#include "claims/shared_pages.h"
#include "harness/os/system_info.h"

namespace faultline::a16 {
namespace {

constexpr std::uint64_t kPages = 256;

Evidence Experiment(const Laboratory&) {
  const std::string name = fmt::format("claim-a16-{}", os::ProcessId());
  Evidence evidence = TwoProcessesShare(os::FileMapping::CreateNamed(name, kPages * os::PageSize()),
                                        {.name = name});
  evidence.regime = fmt::format("a named object of no file, {} pages, two processes", kPages);
  return evidence;
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A16",
    .title = "An object of no file, backed by the pagefile, is shared in the same way",
    .section = "Sharing memory",
    .method =
        "A second process opens an object of no file by its name. Holds if every page shows the "
        "same frame in both, is mapped twice, and counts half for each process.",
    .why = "Such an object is a file of the system's own that lives in memory, so that views of it "
           "work like views of any file.",
    .experiment = Experiment,
    .judge = JudgeSharing,
}};

}  // namespace
}  // namespace faultline::a16
