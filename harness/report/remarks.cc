#include "harness/report/remarks.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"

namespace faultline {
namespace {

struct InterferenceKind {
  const char* mark;  // a word that only these reasons have
  const char* text;
};

constexpr InterferenceKind kInterferenceKinds[] = {
    {"processor", "other processes used the processors"},
    {"computed", "other processes used the processors"},
    {"hypervisor", "the hypervisor ran other machines"},
    {"limit held it back", "a control group's limit held it back"},
    {"swapped", "the machine swapped"},
    {"device", "others used the device"},
};

}  // namespace

std::vector<std::string> InterferenceKinds(const std::string& reasons) {
  std::vector<std::string> kinds;
  for (const InterferenceKind& kind : kInterferenceKinds) {
    if (reasons.find(kind.mark) == std::string::npos) continue;
    if (std::find(kinds.begin(), kinds.end(), kind.text) == kinds.end()) {
      kinds.emplace_back(kind.text);
    }
  }
  if (kinds.empty()) kinds.emplace_back("other activity");
  return kinds;
}

std::string ShortStatus(const Measurement& measurement) {
  if (measurement.status == Status::kFailed) return "FAILED";
  const std::optional<double> ns = measurement.NsPerOperation();
  return ns ? FormatSignificant(*ns) + " ns/op" : std::string(StatusName(measurement.status));
}

std::string CacheWarnings::Next(const Measurement& measurement) {
  if (!measurement.cache || measurement.cache->before.proved) return {};
  const PreparedCache& before = measurement.cache->before;
  if (!told_.insert(before.state).second) return {};
  return fmt::format("page cache state '{}' could not be proved: {}", CacheStateName(before.state),
                     before.why_not);
}

std::string LimitWarning(const LimitProof& proof) {
  if (proof.held) return {};
  return fmt::format(
      "the memory limit of {} did not hold in the control trial (peak {}): figures under it mean "
      "nothing on this machine",
      FormatSize(proof.limit_bytes), FormatBytes(proof.peak_bytes));
}

}  // namespace faultline
