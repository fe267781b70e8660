// A workload as a user chose it by a spec: read from its text and made once, and carried as a value
// from then on.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "workloads/workload.h"

namespace faultline {

class WorkloadChoice {
 public:
  // None, whose text is "". REQUIRES for all other questions: another one.
  WorkloadChoice() = default;

  // Reads "mixed:reads=0.9". Throws UsageError for a name that isn't registered, and for options
  // that the workload doesn't take.
  explicit WorkloadChoice(std::string_view spec);

  const std::string& text() const { return text_; }  // the spec as it was given
  const WorkloadInfo& info() const { return *info_; }

  // The workload itself, which copies of the choice share, as it never changes.
  const Workload& operator*() const { return *workload_; }
  const Workload* operator->() const { return workload_.get(); }

  // Whether both were given in the same words.
  bool operator==(const WorkloadChoice& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  const WorkloadInfo* info_ = nullptr;
  std::shared_ptr<const Workload> workload_;
};

}  // namespace faultline
