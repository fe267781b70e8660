#include <fmt/format.h>

#include "claims/comparison.h"
#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"
#include "harness/os/machine_counters.h"

namespace faultline::a21 {
namespace {

constexpr const char* kObject = "object";
constexpr const char* kAtMapping = "at_mapping";
constexpr const char* kAtTouching = "at_touching";

double Committed() {
  return static_cast<double>(Known(os::CommittedBytes(), "the memory that it has promised"));
}

// What the system promises for one object, as a share of its size. Others make it promise memory,
// too, and give it back.
Cost ShareAtCreation(std::uint64_t bytes) {
  const double before = Committed();
  const os::FileMapping object = os::FileMapping::FromMemory(bytes);
  const double created = Committed();
  const os::View view = object.Map();
  const double mapped = Committed();
  StoreToEveryPage(view.bytes());
  const double touched = Committed();
  const auto size = static_cast<double>(bytes);
  return {
      .value = (created - before) / size,
      .facts = {{kAtMapping, (mapped - created) / size}, {kAtTouching, (touched - mapped) / size}}};
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t bytes = laboratory.Count<std::uint64_t>(256, 64) << 20;
  const Comparison objects(laboratory, {{kObject, [&] { return ShareAtCreation(bytes); }}},
                           verdict::kFewestRounds);
  Evidence evidence;
  objects.EnterMedian("share_committed_at_creation", kObject, evidence);
  objects.EnterMedian("share_committed_at_mapping", fmt::format("{}/{}", kObject, kAtMapping),
                      evidence);
  objects.EnterMedian("share_committed_at_touching", fmt::format("{}/{}", kObject, kAtTouching),
                      evidence);
  evidence.figures["object_bytes"] = static_cast<double>(bytes);
  evidence.regime = fmt::format("objects of {} of no file, machine-wide count", FormatSize(bytes));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const auto percent = [&](const char* name) { return FormatReal(100 * evidence.Figure(name), 0); };
  const std::string deciding =
      fmt::format("{} % committed at creation, {} % at mapping, {} % at touching, of {}",
                  percent("share_committed_at_creation"), percent("share_committed_at_mapping"),
                  percent("share_committed_at_touching"),
                  FormatBytes(static_cast<std::uint64_t>(evidence.Figure("object_bytes"))));
  // What others commit and release meanwhile is in no round twice.
  using verdict::Reached;
  if (AtLeast(evidence, "share_committed_at_creation", 0.9) == Reached::kYes) {
    return {Outcome::kHolds, deciding};
  }
  if (AtMost(evidence, "share_committed_at_creation", 0.1) == Reached::kYes) {
    return {Outcome::kDoesNotHold, deciding};
  }
  return {Outcome::kInconclusive,
          fmt::format("{}; others' promises make it differ from round to round", deciding)};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A21",
    .title = "An object of no file reserves its size of the pagefile when it is created",
    .section = "Creating a mapping object",
    .method =
        "Watch the memory that the system has promised while an object of 256 MiB is created, "
        "mapped and touched, in six rounds or more. Holds if at least nine tenths come at "
        "creation, "
        "by the whole interval of the median; does not hold if at most a tenth does. Others' "
        "promises, which the count has in it, differ from round to round.",
    .why =
        "Where an object may be larger than what is ever touched, a system can promise its pages "
        "one by one, at their first touch, and fail then.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a21
