#include "harness/trial/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace faultline {

std::size_t Histogram::IndexOf(std::uint64_t value) {
  if (value < kExact) return value;
  const int exponent = static_cast<int>(std::bit_width(value)) - 1;  // 6 or more
  const std::uint64_t within = (value >> (exponent - 5)) - kBinsPerOctave;
  return kExact + static_cast<std::size_t>(exponent - 6) * kBinsPerOctave + within;
}

Histogram::Bin Histogram::BoundsOf(std::size_t index) {
  if (index < kExact) return {index, index, 0};
  const std::size_t octave = (index - kExact) / kBinsPerOctave;
  const std::uint64_t within = (index - kExact) % kBinsPerOctave;
  const std::uint64_t width = std::uint64_t{1} << (octave + 1);
  const std::uint64_t lower = (kBinsPerOctave + within) * width;
  return {lower, lower + (width - 1), 0};
}

void Histogram::Merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBins; ++i) counts_[i] += other.counts_[i];
  samples_ += other.samples_;
  maximum_ = std::max(maximum_, other.maximum_);
}

void Histogram::AddBin(const Bin& bin) {
  counts_[IndexOf(bin.lower)] += bin.count;
  samples_ += bin.count;
}

void Histogram::NoteMaximum(std::uint64_t value) { maximum_ = std::max(maximum_, value); }

std::uint64_t Histogram::Percentile(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(samples_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBins; ++i) {
    seen += counts_[i];
    if (counts_[i] != 0 && seen >= wanted) return std::min(BoundsOf(i).upper, maximum_);
  }
  return maximum_;
}

std::vector<Histogram::Bin> Histogram::NonEmptyBins() const {
  std::vector<Bin> bins;
  for (std::size_t i = 0; i < kBins; ++i) {
    if (counts_[i] == 0) continue;
    Bin bin = BoundsOf(i);
    bin.count = counts_[i];
    bins.push_back(bin);
  }
  return bins;
}

}  // namespace faultline
