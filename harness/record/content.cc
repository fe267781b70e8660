// The content of an untouched data file: word i is a bijective mix of i and a key made from the
// seed, so words never repeat in a file and each can be traced back to its position.
#include "harness/record/content.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <vector>

#include "harness/base/random.h"
#include "harness/record/dataset.h"

namespace faultline {
namespace {

constexpr std::size_t kWord = 8;
constexpr std::size_t kWriteBytes = std::size_t{1} << 20;
constexpr std::size_t kCompareBytes = std::size_t{256}
                                      << 10;  // two of these stay in a core's cache

constexpr std::uint64_t LittleEndian(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::big) return __builtin_bswap64(word);
  return word;
}

constexpr std::uint64_t InverseOdd(std::uint64_t odd) {
  std::uint64_t inverse = odd;  // right in the 3 lowest bits; each step doubles them
  for (int step = 0; step < 5; ++step) inverse *= 2 - odd * inverse;
  return inverse;
}

constexpr std::uint64_t UndoShift(std::uint64_t mixed, int shift) {
  std::uint64_t x = mixed;
  for (int known = shift; known < 64; known += shift) x = mixed ^ (x >> shift);
  return x;
}

// The inverse of Mix64.
constexpr std::uint64_t Unmix64(std::uint64_t x) {
  x = UndoShift(x, 31) * InverseOdd(0x94d049bb133111ebu);
  x = UndoShift(x, 27) * InverseOdd(0xbf58476d1ce4e5b9u);
  return UndoShift(x, 30) - 0x9e3779b97f4a7c15u;
}

static_assert(Unmix64(Mix64(0)) == 0 && Unmix64(Mix64(0x0123456789abcdefu)) == 0x0123456789abcdefu);

std::uint64_t ContentKey(std::uint64_t seed) { return Mix64(seed); }

std::uint64_t ContentWord(std::uint64_t key, std::uint64_t index) {
  return LittleEndian(Mix64(key ^ index));
}

}  // namespace

void FillContent(const Geometry& geometry, std::uint64_t seed, std::uint64_t offset,
                 std::span<std::byte> into) {
  if (geometry.sparse) {
    std::fill(into.begin(), into.end(), std::byte{0});
    return;
  }
  const std::uint64_t key = ContentKey(seed);
  std::uint64_t index = offset / kWord;
  std::byte* at = into.data();
  std::size_t left = into.size();
  if (const std::size_t skipped = offset % kWord; skipped != 0 && left != 0) {
    const std::uint64_t word = ContentWord(key, index++);
    const std::size_t head = std::min(kWord - skipped, left);
    std::memcpy(at, reinterpret_cast<const std::byte*>(&word) + skipped, head);
    at += head;
    left -= head;
  }
  for (; left >= kWord; at += kWord, left -= kWord) {
    const std::uint64_t word = ContentWord(key, index++);
    std::memcpy(at, &word, kWord);
  }
  if (left != 0) {
    const std::uint64_t word = ContentWord(key, index);
    std::memcpy(at, &word, left);
  }
}

void WriteContent(const os::File& file, const Geometry& geometry, std::uint64_t seed,
                  const std::function<void()>& before_each) {
  const std::uint64_t size = geometry.file_size();
  std::vector<std::byte> block(std::min<std::uint64_t>(kWriteBytes, size));
  for (std::uint64_t offset = 0; offset < size; offset += block.size()) {
    if (before_each) before_each();
    const auto part = std::span(block).first(std::min<std::uint64_t>(block.size(), size - offset));
    FillContent(geometry, seed, offset, part);
    file.WriteAt(offset, part);
  }
}

void CompareContent(const os::File& file, const Geometry& geometry, std::uint64_t seed,
                    const std::function<bool(std::uint64_t, std::span<const std::byte>)>& differs,
                    const std::function<void()>& before_each) {
  const std::uint64_t size = geometry.file_size();
  std::vector<std::byte> right(std::min<std::uint64_t>(kCompareBytes, size));
  std::vector<std::byte> found(right.size());
  for (std::uint64_t offset = 0; offset < size; offset += right.size()) {
    if (before_each) before_each();
    const auto part = std::span(right).first(std::min<std::uint64_t>(right.size(), size - offset));
    FillContent(geometry, seed, offset, part);
    const std::size_t got = file.ReadAt(offset, std::span(found).first(part.size()));
    if (got == part.size() && std::memcmp(part.data(), found.data(), got) == 0) continue;
    if (!differs(offset, part)) return;
  }
}

std::optional<StrayContent> FindStrayContent(const Geometry& geometry, std::uint64_t seed,
                                             std::uint64_t offset,
                                             std::span<const std::byte> bytes) {
  if (geometry.sparse) return std::nullopt;
  const std::uint64_t key = ContentKey(seed);
  const std::uint64_t words = geometry.file_size() / kWord;
  for (std::uint64_t at = 0; at + kWord <= bytes.size(); ++at) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, kWord);
    const std::uint64_t index = Unmix64(LittleEndian(word)) ^ key;
    if (index < words && index * kWord != offset + at) return StrayContent{at, index * kWord};
  }
  return std::nullopt;
}

}  // namespace faultline
