#include "claims/claim.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/os/system_info.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(ClaimInfo);

Outcome ParseOutcome(std::string_view name) {
  if (const auto outcome = kOutcomeNames.Find(name)) return *outcome;
  throw Error(fmt::format("there is no outcome '{}'", name));
}

std::string FileSystemOf(const Laboratory& laboratory) {
  return fmt::format("file system {}",
                     os::StorageFacts(laboratory.directory)["file_system"].value_or("unknown"));
}

Judgement HoldsUnless(const std::string& wrong, const std::string& otherwise_said) {
  if (wrong.empty()) return {Outcome::kHolds, otherwise_said};
  return {Outcome::kDoesNotHold, wrong};
}

}  // namespace faultline
