// The hand-written loops that strategies are measured against: what a programmer would write who
// needs one thing only. They know nothing of operations, sessions or strategies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace faultline::peers {

// A file of records mapped as a whole, for reading and writing. Throws std::system_error.
class MappedRecords {
 public:
  explicit MappedRecords(const std::filesystem::path& path);
  ~MappedRecords();

  MappedRecords(const MappedRecords&) = delete;
  MappedRecords& operator=(const MappedRecords&) = delete;

  // Increments the 64-bit word at each of the offsets, one after another.
  void Increment(std::span<const std::uint64_t> offsets) const;

  // Copies the record at each of the offsets into `record`, or `record` to each of them.
  void CopyOut(std::span<const std::uint64_t> offsets, std::span<std::byte> record) const;
  void CopyIn(std::span<const std::uint64_t> offsets, std::span<const std::byte> record) const;

  // Tells the system that records are visited at random.
  void AdviseRandom() const;

  // Reads `count` bytes at multiples of `stride` bytes, chosen at random on the way. Returns their
  // sum.
  std::uint64_t TouchAtRandom(std::uint64_t count, std::uint64_t stride, std::uint64_t seed) const;

 private:
  std::byte* base_ = nullptr;
  std::size_t size_ = 0;
};

// Increments the 64-bit word at each of the offsets of `memory`, one after another.
void IncrementAt(std::span<std::byte> memory, std::span<const std::uint64_t> offsets);

// A file of records behind a descriptor. Throws std::system_error.
class RecordsBehindCalls {
 public:
  // `record_bytes`: at least 8.
  RecordsBehindCalls(const std::filesystem::path& path, std::size_t record_bytes);
  ~RecordsBehindCalls();

  RecordsBehindCalls(const RecordsBehindCalls&) = delete;
  RecordsBehindCalls& operator=(const RecordsBehindCalls&) = delete;

  // Reads the record at each of the offsets, increments its first 64-bit word, writes it back.
  void Increment(std::span<const std::uint64_t> offsets) const;

 private:
  int fd_ = -1;
  std::size_t record_bytes_;
};

}  // namespace faultline::peers
