// The comparisons of scripts/compare-peers, and the setting that they share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "benchmarks/finding.h"
#include "harness/record/dataset.h"

namespace faultline::peers {

// How the page cache is filled before anything is timed, for every arm alike. Page by page, since
// calls are fastest on small folios: on a file system that walks through the whole folio at each
// write, large ones would hide everything that is compared here.
inline constexpr CacheState kCache = CacheState::kPaged;

struct Setting {
  std::filesystem::path directory;  // where the data files are; all of it is the benchmark's
  std::filesystem::path faultline;  // the program, for the measure of its memory
  Dataset dataset;                  // 1,000,000 records of 125 bytes
  Dataset pages;                    // 65,536 records of 4 KiB
  std::uint64_t rounds = 20;
  std::uint64_t seed = 1;
  std::function<void(const std::string&)> progress;  // called with a line at each round
};

// The session of strategy `spec` against `loop`, "mapped" or "calls", which executes the same
// updates on the same file; then that loop against itself. Each round is a process of its own, with
// addresses of its own, in which the arms take turns in random order. Throws Error, also when an
// update was lost.
std::vector<Finding> CompareWithLoop(const Setting& setting, const std::string& spec,
                                     const std::string& loop);

// Trials of mmap-view and read-write, as the product runs them, against fio's jobs on a file of the
// same size. In each round all arms run once, in random order. Throws UnsupportedError without fio.
std::vector<Finding> CompareWithFio(const Setting& setting);

// Direct reads of pages, one at a time and by a ring, against fio's at the same settings. Throws
// UnsupportedError without fio.
std::vector<Finding> CompareStorageWithFio(const Setting& setting);

// Reads of pages within a memory limit of a quarter of the file: plain mapping against every other
// strategy, and mapped variants against pools. Throws UnsupportedError where memory can't be
// limited.
std::vector<Finding> CompareBeyondMemory(const Setting& setting);

// Of data in memory: a byte of each page as mmapbench reads it, a pool against a view, and how near
// prefetched updates come to what the memory can do.
std::vector<Finding> CompareInMemory(const Setting& setting);

// Updates by the strategies on SQLite and LMDB, as far as this build has them, against loops over
// the same calls of the libraries.
std::vector<Finding> CompareEngines(const Setting& setting);

// Peak resident memory of whole runs of the product.
std::vector<MemoryFinding> MeasureMemory(const Setting& setting);

}  // namespace faultline::peers
