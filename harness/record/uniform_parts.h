// Finds the parts of a plan whose operations differ in their offsets alone, before the clock
// starts, so that no loop has to find out while it runs.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "faultline/operation.h"

namespace faultline {

// Consecutive operations. `uniform`: all of them have the same kind and length.
struct Part {
  std::size_t operations = 0;
  bool uniform = false;

  bool operator==(const Part&) const = default;
};

// How many operations at the front have the same kind and length: at least 1, unless there is none.
std::size_t UniformAtFront(std::span<const Operation> operations);

// Cuts `operations` into parts, in order: each longest run of the same kind and length that has at
// least `long_run` operations, and what lies before, between and behind those, uncut. No part is
// empty.
std::vector<Part> UniformParts(std::span<const Operation> operations, std::size_t long_run);

}  // namespace faultline
