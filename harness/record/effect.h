// What an operation does to the bytes of its range. Strategies and the reference image apply these
// very functions, so that any difference between the file and the reference is the strategy's
// doing.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "harness/base/random.h"

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

// A read: looks at every byte. Returns the sum of the range's 64-bit words (the last one padded
// with zeros), which the caller adds up; sums of disjoint reads add up to the same total in any
// grouping.
inline std::uint64_t ReadEffect(std::span<const std::byte> bytes) {
  const std::byte* at = bytes.data();
  const std::byte* const end = at + bytes.size();
  const std::size_t rest = bytes.size() % 8;
  std::uint64_t sum = 0;
  if (bytes.size() < 8) {
    for (std::size_t i = 0; i < rest; ++i) sum |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
    return sum;
  }
  // Four sums, so that no addition has to wait for the one before.
  std::uint64_t sums[4] = {};
  for (; end - at >= 32; at += 32) {
    for (std::size_t i = 0; i < 4; ++i) sums[i] += LoadWord(at + 8 * i);
  }
  for (; end - at >= 8; at += 8) sum += LoadWord(at);
  // The rest as the upper bytes of the last whole word that there is: a copy of so many bytes would
  // be a call.
  if (rest != 0) sum += LoadWord(end - 8) >> (64 - 8 * rest);
  return sum + sums[0] + sums[1] + sums[2] + sums[3];
}

// An update: increments the 64-bit word that the range begins with, or its first byte if it is
// shorter than 8. One load and one store.
inline void UpdateEffect(std::span<std::byte> bytes) {
  if (bytes.size() >= 8) [[likely]] {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    ++word;
    std::memcpy(bytes.data(), &word, 8);
  } else {
    bytes[0] = static_cast<std::byte>(static_cast<unsigned>(bytes[0]) + 1);
  }
  CompilerBarrier();
}

// Word `index` of what the write with this offset and sequence number leaves.
inline std::uint64_t WrittenWord(std::uint64_t offset, std::uint64_t sequence,
                                 std::uint64_t index) {
  std::uint64_t word = (offset ^ Mix64(sequence)) + (index + 1) * 0x9e3779b97f4a7c15u;
  word ^= word >> 29;
  return word * 0xbf58476d1ce4e5b9u;
}

// A write: every byte of the range becomes a function of the range's offset in the file and of
// `sequence`, the operation's number in its worker's plan (counted from 0, on over all passes).
inline void WriteEffect(std::span<std::byte> bytes, std::uint64_t offset, std::uint64_t sequence) {
  const std::size_t words = bytes.size() / 8;
  const std::size_t rest = bytes.size() % 8;
  std::byte* const at = bytes.data();
  std::uint64_t counter = offset ^ Mix64(sequence);
  std::uint64_t word = 0;
  auto next_word = [&counter] {
    counter += 0x9e3779b97f4a7c15u;
    return (counter ^ (counter >> 29)) * 0xbf58476d1ce4e5b9u;
  };
  for (std::size_t i = 0; i < words; ++i) {
    word = next_word();
    std::memcpy(at + 8 * i, &word, 8);
  }
  if (rest != 0) {
    const std::uint64_t tail = next_word();
    if (words == 0) {
      for (std::size_t i = 0; i < rest; ++i) at[i] = static_cast<std::byte>(tail >> (8 * i));
    } else {
      // Together with the end of the word before it, as one store.
      word = (tail << (64 - 8 * rest)) | (word >> (8 * rest));
      std::memcpy(at + bytes.size() - 8, &word, 8);
    }
  }
  CompilerBarrier();
}

}  // namespace faultline
