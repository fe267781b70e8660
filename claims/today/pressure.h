// Reads of a file within a memory limit, as the claims of claims/today make them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "claims/comparison.h"

namespace faultline {

// One setting, for every strategy that is compared in it.
struct Pressure {
  std::uint64_t file_bytes = 0;
  std::uint64_t limit_bytes = 0;  // 0: no limit
  std::uint64_t record_bytes = 0;
  std::uint64_t operations = 0;  // of a pass
  std::uint64_t passes = 1;
  std::uint64_t threads = 1;
  std::string workload = "random-read";
  CacheState cache = CacheState::kCold;
  bool timeline = false;
};

// Throws UnsupportedError where memory can't be limited, and a limit was asked for.
TrialSpec PressureTrial(const Laboratory& laboratory, const Pressure& pressure,
                        const std::string& strategy);

// Bytes of frames for a pool in a process of that limit, less what the process needs itself.
std::uint64_t PoolBytes(std::uint64_t limit_bytes);

// Longest read-ahead of the device under the laboratory: what a mapped read without advice may
// bring. UnsupportedError where it isn't known.
std::uint64_t ReadAheadBytes(const Laboratory& laboratory);

// The same with so few operations a pass (48 at least) that, were each to bring a whole read-ahead,
// all would bring the file `times` times.
Pressure FewerReads(Pressure pressure, std::uint64_t read_ahead_bytes, double times);

// How many threads keep the storage busy: two a processor, and at least 8.
std::uint64_t BusyThreads();

// Bytes that the trial's processes had read from storage, for each byte that was asked for; the
// counter's absence is an UnsupportedError.
double ReadAmplification(const Measurement& measurement);

// Of a trial of one pass: its time per operation in ns over the last half of its operations, as
// near as its time series shows. Nothing for a trial shorter than two entries of that.
std::optional<double> LateNs(const Measurement& measurement);

// "ext4, 64MiB of random reads of 4KiB in 256MiB …": for a regime.
std::string PressureText(const Laboratory& laboratory, const Pressure& pressure);

}  // namespace faultline
