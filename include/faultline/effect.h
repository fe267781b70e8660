// What an operation does to the bytes of its range. Strategies and the reference image apply these
// very functions, so that any difference between the file and the reference comes from the
// strategy.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "faultline/mix64.h"

namespace faultline {

// The compiler may not move or merge memory accesses across this. Costs no instruction. Without it,
// n updates of one record would become one store.
inline void CompilerBarrier() { asm volatile("" ::: "memory"); }

// Words in memory begin with their least significant byte: the tails below rely on it.
static_assert(std::endian::native == std::endian::little);

inline std::uint64_t LoadWord(const std::byte* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// Two words, side by side in one of the processor's registers.
using WordPair [[gnu::vector_size(16)]] = std::uint64_t;

inline WordPair LoadPair(const std::byte* at) {
  WordPair pair;
  std::memcpy(&pair, at, sizeof pair);
  return pair;
}

// What reads come to: the sum of the 64-bit words of their ranges, each range's last one padded
// with zeros. Sums of disjoint reads add up to the same total in any grouping.
class ReadSum {
 public:
  // A read: loads every byte. Few instructions: the fewer a record takes, the more records' cache
  // misses overlap. So pairs stay apart until the total is asked for; with that done for each
  // record, reads of 125 bytes of warm pages take 1.4 times as long.
  void Add(std::span<const std::byte> bytes) {
    const std::byte* at = bytes.data();
    const std::size_t size = bytes.size();
    const std::size_t rest = size % 8;
    if (size < 8) {
      std::uint64_t word = 0;
      for (std::size_t i = 0; i < rest; ++i) {
        word |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
      }
      words_ += word;
      return;
    }
    const std::byte* const end = at + size;
    for (std::size_t left = size; left >= 64; left -= 64, at += 64) {
      pairs_ += (LoadPair(at) + LoadPair(at + 16)) + (LoadPair(at + 32) + LoadPair(at + 48));
    }
    if (size & 32) {
      pairs_ += LoadPair(at) + LoadPair(at + 16);
      at += 32;
    }
    if (size & 16) {
      pairs_ += LoadPair(at);
      at += 16;
    }
    if (size & 8) words_ += LoadWord(at);
    // The rest as the upper bytes of the last whole word that there is: a copy of a number of bytes
    // that the compiler doesn't know would be a call.
    if (rest != 0) words_ += LoadWord(end - 8) >> (64 - 8 * rest);
  }

  std::uint64_t total() const { return words_ + pairs_[0] + pairs_[1]; }

 private:
  WordPair pairs_ = {0, 0};
  std::uint64_t words_ = 0;
};

// The sum of one read.
inline std::uint64_t ReadEffect(std::span<const std::byte> bytes) {
  ReadSum sum;
  sum.Add(bytes);
  return sum.total();
}

// An update modifies at most the first kUpdatedBytes bytes of its range.
constexpr std::size_t kUpdatedBytes = 8;

// An update: increments the 64-bit word that the range begins with, or its first byte if it is
// shorter than 8. One load and one store.
inline void UpdateEffect(std::span<std::byte> bytes) {
  if (bytes.size() >= kUpdatedBytes) [[likely]] {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), sizeof word);
    ++word;
    std::memcpy(bytes.data(), &word, sizeof word);
  } else {
    bytes[0] = static_cast<std::byte>(static_cast<unsigned>(bytes[0]) + 1);
  }
  CompilerBarrier();
}

// What a write fills its range with: word i is Scrambled(WriteSeed(…) + (i + 1) * kWordStep).
constexpr std::uint64_t kWordStep = 0x9e3779b97f4a7c15u;

inline std::uint64_t WriteSeed(std::uint64_t offset, std::uint64_t sequence) {
  return offset ^ Mix64(sequence);
}

template <class Words>
Words Scrambled(Words words) {
  return words ^ (words >> 29);
}

// Word `index` of what the write with this offset and sequence number leaves.
inline std::uint64_t WrittenWord(std::uint64_t offset, std::uint64_t sequence,
                                 std::uint64_t index) {
  return Scrambled(WriteSeed(offset, sequence) + (index + 1) * kWordStep);
}

// A write: every byte of the range becomes a function of the range's offset in the file and of
// `sequence`, the operation's number in its worker's plan (counted from 0, on over all passes).
inline void WriteEffect(std::span<std::byte> bytes, std::uint64_t offset, std::uint64_t sequence) {
  std::byte* at = bytes.data();
  std::byte* const end = at + bytes.size();
  // Stores wait for their cache lines one after another, prefetches do so side by side; lines
  // further on the processor fetches ahead by itself. A write of 125 bytes to a random record of
  // warm pages takes three quarters of the time so.
  if (!bytes.empty()) {
    __builtin_prefetch(at);
    __builtin_prefetch(at + std::min<std::size_t>(64, bytes.size() - 1));
    __builtin_prefetch(at + std::min<std::size_t>(128, bytes.size()) - 1);
  }
  std::uint64_t counter = WriteSeed(offset, sequence);
  WordPair counters = {counter + kWordStep, counter + 2 * kWordStep};
  for (; end - at >= 16; at += 16) {
    const WordPair pair = Scrambled(counters);
    std::memcpy(at, &pair, sizeof pair);
    counters += 2 * kWordStep;
  }
  counter = counters[0];
  std::uint64_t word = Scrambled(counter - kWordStep);
  if (end - at >= 8) {
    word = Scrambled(counter);
    counter += kWordStep;
    std::memcpy(at, &word, sizeof word);
    at += 8;
  }
  const auto rest = static_cast<std::size_t>(end - at);
  if (rest != 0) {
    const std::uint64_t tail = Scrambled(counter);
    if (bytes.size() < 8) {
      for (std::size_t i = 0; i < rest; ++i) at[i] = static_cast<std::byte>(tail >> (8 * i));
    } else {
      // Together with the end of the word before it, as one store.
      word = (tail << (64 - 8 * rest)) | (word >> (8 * rest));
      std::memcpy(end - 8, &word, sizeof word);
    }
  }
  CompilerBarrier();
}

// A discard: every byte of the range becomes zero.
inline void DiscardEffect(std::span<std::byte> bytes) {
  std::memset(bytes.data(), 0, bytes.size());
  CompilerBarrier();
}

}  // namespace faultline
