// A latency histogram with bounded relative error and fixed memory.
//
// Values below 64 have a bin each. Above, every power of two is divided into 32 equal bins, so a
// bin is at most 1/32 of its lower bound wide: a percentile is right to 3.2 %. 1,920 bins hold all
// 64-bit values, in 15 KiB.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace faultline {

class Histogram {
 public:
  struct Bin {
    std::uint64_t lower = 0;  // inclusive
    std::uint64_t upper = 0;  // inclusive
    std::uint64_t count = 0;
  };

  void Record(std::uint64_t value) {
    ++counts_[IndexOf(value)];
    ++samples_;
    if (value > maximum_) maximum_ = value;
  }

  // Adds the other's bins one by one: the only right way to put percentiles of several workers
  // together.
  void Merge(const Histogram& other);

  // Adds `bin.count` values to the bin that holds `bin.lower`. For histograms that travelled as
  // text.
  void AddBin(const Bin& bin);
  void NoteMaximum(std::uint64_t value);

  std::uint64_t samples() const { return samples_; }
  std::uint64_t maximum() const { return maximum_; }  // exact

  // The least bin bound that at least `share` (0 to 1) of the values don't exceed, never more than
  // the maximum. REQUIRES: samples() > 0.
  std::uint64_t Percentile(double share) const;

  std::vector<Bin> NonEmptyBins() const;

 private:
  static constexpr std::uint64_t kBinsPerOctave = 32;
  static constexpr std::uint64_t kExact = 64;
  static constexpr std::size_t kBins = kExact + (64 - 6) * kBinsPerOctave;

  static std::size_t IndexOf(std::uint64_t value);
  static Bin BoundsOf(std::size_t index);

  std::array<std::uint64_t, kBins> counts_ = {};
  std::uint64_t samples_ = 0;
  std::uint64_t maximum_ = 0;
};

}  // namespace faultline
