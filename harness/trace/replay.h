// A trace as a plan: its files side by side in one data file, its accesses as operations on blocks.
//
// Each file is a region as large as the file ever was, a multiple of the block. Reads and writes
// become reads and writes of the same bytes, cut at the blocks' borders; page faults become a read
// or an update of their page; a flush of any file makes everything durable. Opening, closing and
// mapping become nothing. With several workers each executes, in the trace's order, what lies in
// its share, and the flushes behind changes of its own.
//
// Of huge files of which the trace touches little, the data file has those blocks only: compact.
// What lies far apart in such files lies side by side there, in the same order.
//
// Growth and truncation become discards: bytes beyond a file's end are zeros, and holes of the data
// file where the strategy can make some. Each pass begins by discarding, of every file that grows
// in the trace, what it didn't have when the trace first spoke of it, and by making that durable:
// setup, before the pass's clock starts; of the first pass the harness does it, the same for all
// strategies. A truncation discards, as one of the operations, from there to where the file ended;
// a punched hole or a trim what it takes of what the file has. So what is written behind a file's
// end goes to storage that the file system has yet to find, in every pass. The data file's own size
// never changes: what the file system does to keep a size is left out, and so are the regions' last
// blocks, which are there as a whole. A file whose first size nobody saw counts as there from the
// beginning; one that was removed and made again is cut when it is made. A sparse data file begins
// with holes, and its passes don't begin by discarding: a strategy that stores zeros would fill it.
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
  // A range of a file that the data file has, both of whole blocks.
  struct Part {
    FileRange range;          // of the file, in bytes
    std::uint64_t begin = 0;  // in the data file
  };

  struct Region {
    std::vector<Part> parts;       // in order: all of the file, or what is touched of it
    std::uint64_t first_size = 0;  // of the file when the trace first speaks of it; 0: unknown
    // What a pass discards first, but of a sparse data file: the file from here to its end.
    std::uint64_t grows_from = 0;
    bool grows = false;
  };

  Geometry geometry;             // a record is a block
  std::vector<Region> regions;   // of each file
  std::uint64_t operations = 0;  // of one worker, but for setup: parts of accesses, discards, and
                                 // flushes
  std::uint64_t discards = 0;    // of them
  std::uint64_t split_accesses = 0;  // that lie in several blocks
  std::uint64_t whole_bytes = 0;     // of a data file that had all blocks of the files
  bool compact = false;              // it has those only that are touched
  double speed = 1;                  // at which the recorded times are played
};

// Whether the data file has only the blocks that the trace touches.
enum class Compaction {
  kWhereHuge,  // if it would be more than 1 GiB otherwise, and eight times as large
  kAlways,
  kNever,
};

struct LayoutOptions {
  std::uint64_t block = 0;  // bytes; 0: the smallest at which less than 1 % of the accesses are
                            // split, the largest if there is none
  bool sparse = false;      // in a sparse data file
  Compaction compaction = Compaction::kWhereHuge;
};

// Lays the files out. Throws UsageError for a block that is no power of two from 512 bytes to 4
// MiB, and for a trace that accesses nothing, or more than a data file can have (1 TiB). Reads the
// trace again if it is compact and discards something.
ReplayLayout LayOut(const TraceScan& scan, const LayoutOptions& options);

// What is to be known about a replay, by name, in words.
std::map<std::string, std::string> ReplayFacts(const TraceScan& scan, const ReplayLayout& layout);

// Bytes of the data file that each pass discards before it begins.
std::uint64_t GrownBytes(const ReplayLayout& layout);

// The first `operations` operations of the trace for `workers` workers, with the recorded times if
// `recorded_ns`, which says how far they reach, has a value. Streams read the file, a
// buffer at a time; they throw Error when it was changed since the layout was made.
std::unique_ptr<Plan> MakeReplayPlan(const std::filesystem::path& path, ReplayLayout layout,
                                     std::uint64_t operations, std::uint64_t workers,
                                     std::optional<std::int64_t> recorded_ns = std::nullopt);

// A time since the trace's first access, played at `speed`, in ns. No more than 2⁶² - 1.
std::int64_t PlayedAt(std::uint64_t ns, double speed);

// How long the trace's times take to play at most, at the layout's speed, in ns; nothing for a
// trace without times. No more than 2⁶² - 1.
std::optional<std::int64_t> PlayedNs(const TraceScan& scan, const ReplayLayout& layout);

}  // namespace faultline
