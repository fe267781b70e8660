// The random choices that workloads are made of, drawn the same on every platform: only integer
// arithmetic and the basic operations of IEEE doubles are used, since libraries differ in the last
// digit of std::pow and a plan must not. (The build forbids the compiler to contract a × b + c, for
// the same reason.)
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "harness/base/random.h"

namespace faultline {

// log2(x), within 1e-15 absolute for x in [0.5, 2] and relative beyond. REQUIRES: x normal and
// positive.
inline double PortableLog2(double x) {
  // The mantissa is taken from [√½, √2), where the series of the inverse hyperbolic tangent
  // converges fast.
  constexpr std::uint64_t kSquareRootOfHalf = 0x3fe6a09e667f3bcdu;
  constexpr double kTwoOverLogOf2 = 2.8853900817779268147;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<std::int64_t>(bits - kSquareRootOfHalf) >> 52;
  const double mantissa =
      std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
  const double s = (mantissa - 1) / (mantissa + 1);
  const double z = s * s;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  // 1 + z/3 + z²/5 + … + z¹⁰/21 in independent pairs, which a processor computes side by side.
  const double low = (1 + z * (1.0 / 3)) + z2 * (1.0 / 5 + z * (1.0 / 7));
  const double middle = (1.0 / 9 + z * (1.0 / 11)) + z2 * (1.0 / 13 + z * (1.0 / 15));
  const double high = (1.0 / 17 + z * (1.0 / 19)) + z2 * (1.0 / 21);
  return static_cast<double>(exponent) + s * kTwoOverLogOf2 * (low + z4 * (middle + z4 * high));
}

// 2 to the power y, within 1e-15 relative. REQUIRES: -1000 < y < 1000.
inline double PortableExp2(double y) {
  constexpr double kRoundsToWhole = 0x1.8p52;  // adding it leaves no digits after the point
  constexpr double kLogOf2 = 0.69314718055994530942;
  const double whole = (y + kRoundsToWhole) - kRoundsToWhole;
  const double f = (y - whole) * kLogOf2;
  const double f2 = f * f;
  const double f4 = f2 * f2;
  // The exponential series up to f¹³ ÷ 13!, |f| ≤ 0.347, in independent pairs.
  const double low = (1 + f) + f2 * (1.0 / 2 + f * (1.0 / 6));
  const double middle = (1.0 / 24 + f * (1.0 / 120)) + f2 * (1.0 / 720 + f * (1.0 / 5040));
  const double high =
      (1.0 / 40320 + f * (1.0 / 362880)) + f2 * (1.0 / 3628800 + f * (1.0 / 39916800));
  const double highest = 1.0 / 479001600 + f * (1.0 / 6227020800);
  const double fraction = low + f4 * (middle + f4 * (high + f4 * highest));
  const auto shift = static_cast<std::uint64_t>(static_cast<std::int64_t>(whole)) << 52;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(fraction) + shift);
}

// base to the power of exponent. REQUIRES: base normal and positive, and a result of 2^-1000 to
// 2^1000.
inline double PortablePower(double base, double exponent) {
  return PortableExp2(exponent * PortableLog2(base));
}

// Something that happens with a given probability.
class Chance {
 public:
  // REQUIRES: 0 ≤ probability ≤ 1.
  explicit Chance(double probability)
      : below_(static_cast<std::uint64_t>(probability * 0x1.0p53)) {}

  bool Happens(Random& random) const { return random.Next() >> 11 < below_; }

 private:
  std::uint64_t below_;
};

// Ranks 0, 1, … count - 1, where rank r is drawn with a probability proportional to 1 ÷ (r +
// 1)^theta, exactly (but for the rounding of doubles, which joins neighbouring ranks beyond some
// 10¹¹ of them).
//
// By rejection-inversion: Hörmann and Derflinger, "Rejection-Inversion to Generate Variates from
// Monotone Discrete Distributions", ACM TOMACS 6(3), 1996. It needs no zeta constant, so that any
// count, and a growing one, costs the same. The reference implementation of YCSB follows Gray et
// al., "Quickly Generating Billion-Record Synthetic Databases", SIGMOD 1994, which is exact for the
// first two ranks only: it draws the third 18 % too often (theta 0.99).
class ZipfianRanks {
 public:
  static constexpr double kMinimumTheta = 0;  // every rank as likely as any other
  static constexpr double kMaximumTheta = 0.9999;

  // REQUIRES: count ≥ 1, theta within the limits above.
  ZipfianRanks(std::uint64_t count, double theta);

  // Draws from `count` ranks from now on. REQUIRES: count ≥ 1.
  void SetCount(std::uint64_t count) {
    count_ = count;
    width_ = PortablePower(static_cast<double>(count) + 0.5, slope_) - lowest_;
  }

  std::uint64_t Next(Random& random) {
    for (;;) {
      const double area = lowest_ + random.Unit() * width_;
      const double at = PortablePower(area, inverse_slope_);
      const std::uint64_t nearest =
          std::clamp<std::uint64_t>(static_cast<std::uint64_t>(at + 0.5), 1, count_);
      if (static_cast<double>(nearest) - at <= always_accepted_ || IsAccepted(area, nearest)) {
        return nearest - 1;
      }
    }
  }

 private:
  // Whether `area` belongs to the last part of the number's interval, as large as its probability.
  bool IsAccepted(double area, std::uint64_t number) const;

  std::uint64_t count_ = 1;
  double theta_;
  double slope_;  // 1 - theta: the integral of 1 ÷ x^theta is x^slope ÷ slope
  double inverse_slope_;
  double lowest_;  // areas are scaled by the slope
  double width_ = 0;
  double always_accepted_;  // up to this distance below a number, its area need not be computed
};

// A bijection of [0, count) onto itself that scatters neighbours, decided by a seed. No memory,
// whatever the count.
class Scatter {
 public:
  // REQUIRES: 1 ≤ count ≤ 2^63.
  Scatter(std::uint64_t count, std::uint64_t seed);

  // REQUIRES: index < count.
  std::uint64_t operator()(std::uint64_t index) const {
    // Each step permutes the numbers up to mask_; one that is too large is sent on along its cycle,
    // which comes back into the range, since it began there.
    do {
      for (const std::uint64_t key : keys_) {
        index = (index + key) * kMultiplier & mask_;
        index ^= index >> shift_;
      }
    } while (index >= count_);
    return index;
  }

 private:
  static constexpr std::uint64_t kMultiplier =
      0x9e3779b97f4a7c15u;  // odd, so that it has an inverse

  std::uint64_t count_;
  std::uint64_t mask_;  // the least 2^bits - 1 that is not below count - 1
  int shift_;
  std::uint64_t keys_[4];
};

// One record after another, and from the front again after the last.
class SequentialRecords {
 public:
  explicit SequentialRecords(std::uint64_t count) : count_(count) {}

  std::uint64_t Next() {
    const std::uint64_t record = next_;
    next_ = record + 1 == count_ ? 0 : record + 1;
    return record;
  }

 private:
  std::uint64_t count_;
  std::uint64_t next_ = 0;
};

// Every record as likely as any other.
class UniformRecords {
 public:
  UniformRecords(std::uint64_t count, std::uint64_t seed) : random_(seed), count_(count) {}

  std::uint64_t Next() { return random_.Below(count_); }

 private:
  Random random_;
  std::uint64_t count_;
};

// Zipfian popularity, with the popular records scattered over all. As in YCSB, but by a bijection
// instead of a hash: no two ranks fall on one record, so the popularity of records is exactly that
// of ranks.
class ZipfianRecords {
 public:
  ZipfianRecords(std::uint64_t count, double theta, std::uint64_t seed)
      : random_(seed), ranks_(count, theta), scatter_(count, Mix64(seed)) {}

  std::uint64_t Next() { return scatter_(ranks_.Next(random_)); }

 private:
  Random random_;
  ZipfianRanks ranks_;
  Scatter scatter_;
};

}  // namespace faultline
