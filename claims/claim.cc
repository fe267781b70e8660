#include "claims/claim.h"

#include "faultline/error.h"
#include "harness/os/system_info.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(ClaimInfo);

namespace {

constexpr Outcome kOutcomes[] = {Outcome::kHolds, Outcome::kDoesNotHold, Outcome::kInconclusive,
                                 Outcome::kNotTestable, Outcome::kFailed};

}  // namespace

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kHolds:
      return "holds";
    case Outcome::kDoesNotHold:
      return "does not hold";
    case Outcome::kInconclusive:
      return "inconclusive";
    case Outcome::kNotTestable:
      return "not testable here";
    case Outcome::kFailed:
      return "failed";
  }
  throw Error("an outcome that does not exist was asked for its name");
}

Outcome ParseOutcome(std::string_view name) {
  for (const Outcome outcome : kOutcomes) {
    if (name == OutcomeName(outcome)) return outcome;
  }
  throw Error(Concat("there is no outcome '", name, "'"));
}

std::string FileSystemOf(const Laboratory& laboratory) {
  return Concat("file system ",
                os::StorageFacts(laboratory.directory)["file_system"].value_or("unknown"));
}

Judgement HoldsUnless(const std::string& wrong, const std::string& otherwise_said) {
  if (wrong.empty()) return {Outcome::kHolds, otherwise_said};
  return {Outcome::kDoesNotHold, wrong};
}

}  // namespace faultline
