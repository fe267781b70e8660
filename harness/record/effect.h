// What an operation does to the bytes of its range. Strategies and the reference image apply these
// very functions, so that any difference between the file and the reference is the strategy's
// doing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "harness/base/random.h"

namespace faultline {

// The compiler may not move or merge memory accesses across this. Costs no instruction. Without it,
// n updates of one record would become one store.
inline void CompilerBarrier() { asm volatile("" ::: "memory"); }

// A read: looks at every byte. Returns the sum of the range's 64-bit words (the last one padded
// with zeros), which the caller adds up; sums of disjoint reads add up to the same total in any
// grouping.
inline std::uint64_t ReadEffect(std::span<const std::byte> bytes) {
  std::uint64_t sum = 0;
  const std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    sum += word;
  }
  if (left != 0) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, left);
    sum += word;
  }
  return sum;
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
  const std::uint64_t key = offset ^ Mix64(sequence);
  std::byte* at = bytes.data();
  std::size_t left = bytes.size();
  std::uint64_t counter = key;
  auto next_word = [&counter] {
    counter += 0x9e3779b97f4a7c15u;
    return (counter ^ (counter >> 29)) * 0xbf58476d1ce4e5b9u;
  };
  for (; left >= 8; at += 8, left -= 8) {
    const std::uint64_t word = next_word();
    std::memcpy(at, &word, 8);
  }
  if (left != 0) {
    const std::uint64_t word = next_word();
    std::memcpy(at, &word, left);
  }
  CompilerBarrier();
}

}  // namespace faultline
