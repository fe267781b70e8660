#include "claims/claim.h"

#include "harness/base/error.h"
#include "harness/os/system_info.h"

namespace faultline {
namespace {

constexpr Outcome kOutcomes[] = {Outcome::kHolds, Outcome::kDoesNotHold, Outcome::kInconclusive,
                                 Outcome::kNotTestable, Outcome::kFailed};

template <class Map>
const auto& At(const Map& map, const std::string& name) {
  const auto found = map.find(name);
  if (found == map.end()) throw Error(Concat("the evidence has no '", name, "'"));
  return found->second;
}

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

double Evidence::Figure(const std::string& name) const { return At(figures, name); }

const std::string& Evidence::Words(const std::string& name) const { return At(words, name); }

std::string FileSystemOf(const Laboratory& laboratory) {
  return Concat("file system ",
                os::StorageFacts(laboratory.directory)["file_system"].value_or("unknown"));
}

Judgement HoldsUnless(const std::string& wrong, const std::string& otherwise_said) {
  if (wrong.empty()) return {Outcome::kHolds, otherwise_said};
  return {Outcome::kDoesNotHold, wrong};
}

}  // namespace faultline
