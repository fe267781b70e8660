// A hash of one 64-bit word: the same on every platform.
#pragma once

#include <cstdint>

namespace faultline {

// One step of SplitMix64 as a pure function: a well-mixed 64-bit value for each input (Steele, Lea,
// Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
constexpr std::uint64_t Mix64(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace faultline
