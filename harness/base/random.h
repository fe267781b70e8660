// Seeded pseudo-random numbers whose sequence is the same on every platform and library: the
// standard library's engines are specified exactly, its distributions are not, and a plan must be
// the same everywhere.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "faultline/mix64.h"

namespace faultline {

// xoshiro256++ (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2019). Not
// for secrets.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) {
    for (auto& word : state_) word = seed = Mix64(seed);
  }

  constexpr std::uint64_t Next() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound), without bias (Lemire, "Fast Random Integer Generation in an Interval",
  // 2019). REQUIRES: bound > 0.
  constexpr std::uint64_t Below(std::uint64_t bound) {
    auto product = static_cast<unsigned __int128>(Next()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t threshold = -bound % bound;
      while (static_cast<std::uint64_t>(product) < threshold) {
        product = static_cast<unsigned __int128>(Next()) * bound;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  // Uniform in [0, 1), 53 bits.
  constexpr double Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_[4] = {};
};

// Puts the items in an order of which each is as likely as any other (Durstenfeld, "Random
// Permutation", 1964). `items` has size() and operator[].
template <class Items>
constexpr void Shuffle(Items& items, Random& random) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[random.Below(left)]);
  }
}

}  // namespace faultline
