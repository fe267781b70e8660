// What all comparisons share, and the comparisons themselves.
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

// Peak resident memory of whole runs of the product.
std::vector<MemoryFinding> MeasureMemory(const Setting& setting);

// "fio-3.33". Throws UnsupportedError without fio.
std::string FioVersion(const std::filesystem::path& directory);

}  // namespace faultline::peers
