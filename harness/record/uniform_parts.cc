#include "harness/record/uniform_parts.h"

#include <algorithm>

namespace faultline {

std::size_t UniformAtFront(std::span<const Operation> operations) {
  const auto other = std::find_if(
      operations.begin(), operations.end(),
      [&](const Operation& operation) { return !operation.HasShapeOf(operations.front()); });
  return static_cast<std::size_t>(other - operations.begin());
}

std::vector<Part> UniformParts(std::span<const Operation> operations, std::size_t long_run) {
  std::vector<Part> parts;
  bool extends = false;  // whether the last part consists of short runs, and takes more of them
  while (!operations.empty()) {
    const std::size_t run = UniformAtFront(operations);
    const bool is_long = run >= long_run;
    if (extends && !is_long) {
      parts.back() = {.operations = parts.back().operations + run, .uniform = false};
    } else {
      parts.push_back({.operations = run, .uniform = true});
    }
    extends = !is_long;
    operations = operations.subspan(run);
  }
  return parts;
}

}  // namespace faultline
