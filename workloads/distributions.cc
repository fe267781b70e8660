// The parts of distributions that are needed once per plan, or seldom.
#include "workloads/distributions.h"

namespace faultline {

ZipfianRanks::ZipfianRanks(std::uint64_t count, double theta)
    : theta_(theta),
      slope_(1 - theta),
      inverse_slope_(1 / slope_),
      lowest_(PortablePower(1.5, slope_) - slope_),
      always_accepted_(2 -
                       PortablePower(PortablePower(2.5, slope_) - slope_ * PortablePower(2, -theta),
                                     inverse_slope_)) {
  SetCount(count);
}

bool ZipfianRanks::IsAccepted(double area, std::uint64_t number) const {
  const auto at = static_cast<double>(number);
  return area >= PortablePower(at + 0.5, slope_) - slope_ * PortablePower(at, -theta_);
}

Scatter::Scatter(std::uint64_t count, std::uint64_t seed) : count_(count) {
  const int bits = static_cast<int>(std::bit_width(count - 1));
  mask_ = (std::uint64_t{1} << bits) - 1;
  shift_ = (bits + 1) / 2;
  for (auto& key : keys_) key = seed = Mix64(seed);
}

}  // namespace faultline
