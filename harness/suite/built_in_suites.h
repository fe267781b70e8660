// The suites of workloads/suites/*.ini, compiled into the program, so that it finds them wherever
// it is installed.
#pragma once

#include <span>
#include <string_view>

namespace faultline {

struct BuiltInSuite {
  std::string_view name;
  std::string_view text;
};

extern const std::span<const BuiltInSuite> kBuiltInSuites;

}  // namespace faultline
