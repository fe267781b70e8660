// All that is to be known about a trace before it can be replayed, from one reading of it.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "harness/trace/event.h"
#include "harness/trace/touched_ranges.h"

namespace faultline {

// The blocks that a replay may be cut into: 512 bytes to 4 MiB, powers of two.
inline constexpr std::uint64_t kLeastBlock = 512;
inline constexpr std::size_t kBlockSizes = 14;

struct TraceScan {
  std::filesystem::path path;  // that it was read from
  TraceHeader header;
  TraceEnd end;
  std::vector<TraceFile> files;
  std::vector<std::uint64_t> extents;  // bytes of each file that it had or that were accessed
  std::array<std::uint64_t, kEventKinds> events = {};
  std::array<std::uint64_t, kEventKinds> bytes = {};
  std::uint64_t accesses = 0;  // of a byte at least
  TouchedRanges touched;       // by these
  // For each size of block, accesses that lie in several blocks, and the parts of all accesses when
  // they are cut at the blocks' borders.
  std::array<std::uint64_t, kBlockSizes> split = {};
  std::array<std::uint64_t, kBlockSizes> parts = {};
  // Truncations to below where the file ended, and the bytes that they cut off; discards of what
  // the file had, and those bytes; and the parts of both.
  std::uint64_t cuts = 0;
  std::uint64_t cut_bytes = 0;
  std::uint64_t discards = 0;
  std::uint64_t discarded_bytes = 0;
  std::array<std::uint64_t, kBlockSizes> cut_parts = {};
  std::uint64_t first_ns = 0;  // time of the first access of a byte at least, cut, discard or flush
  std::uint64_t span_ns = 0;   // latest time of any event
  std::uint64_t trace_bytes = 0;  // of the file itself

  std::uint64_t CountOf(EventKind kind) const { return events[static_cast<std::size_t>(kind)]; }
};

// Reads the whole trace; throws what TraceReader throws. A trace that was read before by this
// process, and is still the same file, is not read again.
std::shared_ptr<const TraceScan> ScanTrace(const std::filesystem::path& path);

}  // namespace faultline
