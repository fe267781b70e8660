#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"
#include "harness/os/machine_counters.h"

namespace faultline::a21 {
namespace {

// So much that what other processes do meanwhile is small beside it.
constexpr std::uint64_t kBytes = std::uint64_t{256} << 20;

double Committed() {
  return static_cast<double>(Known(os::CommittedBytes(), "the memory that it has promised"));
}

Evidence Experiment(const Laboratory&) {
  const double before = Committed();
  const os::FileMapping object = os::FileMapping::FromMemory(kBytes);
  const double created = Committed();
  const os::View view = object.Map();
  const double mapped = Committed();
  for (std::uint64_t at = 0; at < kBytes; at += os::PageSize()) view.data()[at] = std::byte{1};
  const double touched = Committed();
  return {.figures = {{"object_bytes", static_cast<double>(kBytes)},
                      {"committed_bytes_at_creation", created - before},
                      {"committed_bytes_at_mapping", mapped - created},
                      {"committed_bytes_at_touching", touched - mapped}},
          .words = {},
          .regime = "one object of 256 MiB of no file, machine-wide count"};
}

Judgement Judge(const Evidence& evidence) {
  const double bytes = evidence.Figure("object_bytes");
  const double created = evidence.Figure("committed_bytes_at_creation");
  const auto mebibytes = [](double value) { return FormatReal(value / (1 << 20), 0); };
  const std::string deciding =
      Concat(mebibytes(created), " MiB committed at creation, ",
             mebibytes(evidence.Figure("committed_bytes_at_mapping")), " at mapping, ",
             mebibytes(evidence.Figure("committed_bytes_at_touching")), " at touching, of ",
             mebibytes(bytes));
  // Others commit and release meanwhile.
  if (created >= 0.9 * bytes) return {Outcome::kHolds, deciding};
  return {created <= 0.1 * bytes ? Outcome::kDoesNotHold : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A21",
    .title = "An object of no file reserves its size of the pagefile when it is created",
    .section = "Creating a mapping object",
    .method =
        "Watch the memory that the system has promised while an object of 256 MiB is created, "
        "mapped and touched. Holds if at least nine tenths come at creation; does not hold if "
        "at most a tenth does.",
    .why =
        "Where an object may be larger than what is ever touched, a system can promise its pages "
        "one by one, at their first touch, and fail then.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a21
