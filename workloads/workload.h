// The contract of a workload: a generator of operations that knows nothing of strategies.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/options.h"
#include "harness/base/registry.h"
#include "harness/record/plan.h"

namespace faultline {

// What a plan is made of.
struct PlanRequest {
  Geometry geometry;
  std::uint64_t operations = 0;  // of all workers together; shares differ by at most one
  std::uint64_t workers = 1;
  std::uint64_t seed = 0;
};

// One workload with its options; workload_choice.h makes it from a spec. Immutable.
class Workload {
 public:
  virtual ~Workload() = default;

  // The file that this workload wants when the user did not say: nothing for the default (1,000,000
  // records).
  virtual std::optional<std::uint64_t> DefaultRecords(std::uint64_t record_size) const;

  // The only file that this workload can work on, if it is not the user's to choose.
  virtual std::optional<Geometry> OwnGeometry() const { return std::nullopt; }

  // How many operations make one pass when the user did not say; one per record unless overridden.
  virtual std::uint64_t DefaultOperations(const Geometry& geometry) const;

  // Whether the file begins as a hole instead of being filled.
  virtual bool WantsSparse() const { return false; }

  // Whether the plan has flushes of its own, which a strategy has to keep.
  virtual bool NeedsDurability() const { return false; }

  // What a reader of the results is to know about the plan, by name, beside the options.
  virtual std::map<std::string, std::string> Facts() const { return {}; }

  // Throws UsageError when the request makes no sense for this workload (more workers than records,
  // parts larger than a record).
  virtual std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const = 0;
};

struct WorkloadInfo {
  static constexpr std::string_view kKind = "workload";

  std::string name;     // "random-update": of the file random_update.cc
  std::string summary;  // one line
  std::vector<OptionInfo> options = {};
  std::function<std::unique_ptr<Workload>(const Options&)> make;
};

FAULTLINE_DECLARE_REGISTRY(WorkloadInfo);

}  // namespace faultline
