// The symbol that a library of strategies must refer to. It covers the public headers
// (include/faultline) and nothing else, since a library sees nothing else.
#pragma once

#include <string_view>

namespace faultline {

// How the name of every Faultline's symbol begins; version and a digest of the public headers
// follow.
inline constexpr std::string_view kAbiTagPrefix = "faultline_strategies_";

// This one's whole name. Generated from the public headers (cmake/AbiTag.cmake).
extern const std::string_view kAbiTag;

// What the strategies' side of it leaves in a library that was compiled without optimisation.
inline constexpr std::string_view kNotOptimizedMark = "faultline: compiled without optimisation";

}  // namespace faultline
