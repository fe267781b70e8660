// A trace as a plan: its files side by side in one data file, its accesses as operations on blocks.
//
// Each file is a region of its final size, a multiple of the block, so growth and truncation change
// nothing: what is written beyond a file's end overwrites what lies there. Reads and writes become
// reads and writes of the same bytes, cut at the blocks' borders; page faults become a read or an
// update of their page; a flush of any file makes everything durable. Opening, closing and mapping
// become nothing. With several workers each executes, in the trace's order, what lies in its share,
// and the flushes behind changes of its own.
//
// In an open loop an operation is due as long after the trace's first as it was recorded, and never
// before the one that the trace has before it; the parts of one access are due together.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/plan.h"
#include "harness/trace/trace_scan.h"

namespace faultline {

struct ReplayLayout {
  Geometry geometry;                   // a record is a block
  std::vector<std::uint64_t> regions;  // offset of each file in the data file, in bytes
  std::uint64_t operations = 0;        // of one worker: parts of accesses, and flushes
  std::uint64_t split_accesses = 0;    // that lie in several blocks
  double speed = 1;                    // at which the recorded times are played
};

// Lays the files out in blocks of `block` bytes; 0: the smallest at which less than 1 % of the
// accesses are split, the largest if there is none. Throws UsageError for a block that is no power of
// two from 512 bytes to 4 MiB, and for a trace that accesses nothing, or more than a data file can
// have (1 TiB).
ReplayLayout LayOut(const TraceScan& scan, std::uint64_t block);

// What is to be known about a replay, by name, in words.
std::map<std::string, std::string> ReplayFacts(const TraceScan& scan, const ReplayLayout& layout);

// The first `operations` operations of the trace for `workers` workers, with the recorded times if
// `recorded_ns`, which says how far they reach, has a value. Streams read the file, a
// buffer at a time; they throw Error when it was changed since the layout was made.
std::unique_ptr<Plan> MakeReplayPlan(const std::filesystem::path& path, ReplayLayout layout,
                                     std::uint64_t operations, std::uint64_t workers,
                                     std::optional<std::int64_t> recorded_ns = std::nullopt);

// How long the trace's times take to play at most, at the layout's speed, in ns; nothing for a trace
// without times. No more than 2⁶² - 1.
std::optional<std::int64_t> PlayedNs(const TraceScan& scan, const ReplayLayout& layout);

}  // namespace faultline
