#include "workloads/workload_choice.h"

namespace faultline {

WorkloadChoice::WorkloadChoice(std::string_view spec_text) : text_(spec_text) {
  const Spec spec = ParseSpec(spec_text);
  info_ = &Registry<WorkloadInfo>::Instance().Find(spec.name);
  workload_ = info_->make(Options(spec, info_->options));
}

}  // namespace faultline
