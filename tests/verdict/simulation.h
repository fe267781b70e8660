// Noise as machines have it, from seeds: what the judge is held against.
#pragma once

#include <cmath>
#include <numbers>
#include <string>

#include "harness/base/random.h"

namespace faultline::verdict {

enum class Noise {
  kLogNormal,
  kBimodal,      // a fifth of the values is 30 % slower: another frequency, another layout
  kHeavyTailed,  // Student's t of three degrees of freedom: stalls
};

// Draws the logarithm of a repetition's cost, of which the deviation is about `deviation`.
class NoiseSource {
 public:
  NoiseSource(Noise noise, double deviation, std::uint64_t seed)
      : noise_(noise), deviation_(deviation), random_(seed) {}

  double Draw() {
    switch (noise_) {
      case Noise::kLogNormal:
        return deviation_ * Normal();
      case Noise::kBimodal:
        return deviation_ * (Normal() / 2 + (random_.Unit() < 0.2 ? 2.0 : 0.0));
      case Noise::kHeavyTailed: {
        double squares = 0;
        for (int i = 0; i < 3; ++i) {
          const double normal = Normal();
          squares += normal * normal;
        }
        return deviation_ * Normal() / std::sqrt(squares / 3) / std::numbers::sqrt3;
      }
    }
    return 0;
  }

  double Normal() {  // Box and Muller
    const double radius = std::sqrt(-2 * std::log(1 - random_.Unit()));
    return radius * std::cos(2 * std::numbers::pi * random_.Unit());
  }

 private:
  Noise noise_;
  double deviation_;
  Random random_;
};

inline std::string NoiseName(Noise noise) {
  static constexpr const char* kNames[] = {"log-normal", "bimodal", "heavy-tailed"};
  return kNames[static_cast<int>(noise)];
}

inline constexpr Noise kNoises[] = {Noise::kLogNormal, Noise::kBimodal, Noise::kHeavyTailed};

}  // namespace faultline::verdict
