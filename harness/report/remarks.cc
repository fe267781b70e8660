#include "harness/report/remarks.h"

#include "harness/base/text.h"

namespace faultline {

std::string InAFewWords(const Measurement& measurement) {
  if (measurement.status == Status::kFailed) return "FAILED";
  const std::optional<double> ns = measurement.NsPerOperation();
  return ns ? FormatSignificant(*ns) + " ns/op" : std::string(StatusName(measurement.status));
}

std::string CacheWarning(const Measurement& measurement) {
  if (!measurement.cache || measurement.cache->before.proved) return {};
  return Concat("page cache state '", CacheStateName(measurement.cache->before.state),
                "' could not be proved: ", measurement.cache->before.why_not);
}

std::string LimitWarning(const LimitProof& proof) {
  if (proof.held) return {};
  return Concat("the memory limit of ", FormatSize(proof.limit_bytes),
                " did not hold in the control trial (peak ", FormatBytes(proof.peak_bytes),
                "): figures under it mean nothing on this machine");
}

}  // namespace faultline
