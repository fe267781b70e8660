// What would be on the disk if the power failed now? One strategy runs on a file system of its own,
// on a device that is a file; at an instant the strategy is stopped, the device is copied, the copy
// is mounted as after a power failure (the file system puts itself in order), and every record is
// read and judged.
//
// The device has no volatile cache: whatever it was given is on it. A real one may lose more, and
// tear what it was writing. A stop never lies inside a system call that can't be left halfway, so
// an update is found before or after its flush, not within.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/os/system_info.h"
#include "harness/powercut/tally.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// When the power fails. Nothing but the strategy itself makes updates durable before it.
enum class Instant {
  kDuring,        // at random moments while updates go on
  kAfterUpdates,  // after the last update
  kAfterUnmap,    // after Strategy::Close, while another process holds the data file open
  kAfterClose,    // after Strategy::Close; the process has ended, no process has the file open
  kAfterFlush,    // after Strategy::Flush
};
inline constexpr std::array kInstants = {Instant::kDuring, Instant::kAfterUpdates,
                                         Instant::kAfterUnmap, Instant::kAfterClose,
                                         Instant::kAfterFlush};
inline constexpr EnumNames<Instant> kInstantNames{"during", "after-updates", "after-unmap",
                                                  "after-close", "after-flush"};
inline std::string_view InstantName(Instant instant) { return kInstantNames(instant); }
Instant ParseInstant(const std::string& name);  // throws UsageError for anything else

struct PowerCutSpec {
  // Resolved: strategy, workload, file, operations, seed, and how long a step may take. One worker,
  // one pass. `directory` is where the image lies while it is in use, without a name; empty for
  // memory.
  TrialSpec trial;
  Instant instant = Instant::kAfterUpdates;
  std::uint64_t cuts = 5;    // of kDuring; all others have one
  double run_seconds = 0.2;  // that the updates of kDuring take at least
  std::string file_system = "ext4";
};

enum class Promise { kNoneMade, kKept, kBroken };
inline constexpr EnumNames<Promise> kPromiseNames{"none made", "kept", "broken"};
inline std::string_view PromiseName(Promise promise) { return kPromiseNames(promise); }

struct CutResult {
  Status status = Status::kOk;  // ok, failed, unsupported, or interrupted
  std::string error;            // one line, or ""
  CutTally tally;

  // Whether all updates that were acknowledged as durable are there.
  Promise promise() const;
};

// Cuts the power once, or `cuts` times in one run. What goes wrong becomes the result's status and
// error. Leaves no mount, no device, no file and no process, however this process ends. REQUIRES: a
// single-threaded process.
CutResult CutPower(const PowerCutSpec& spec);

// The environment that CutPower works in: the machine, a file system as it makes them, this build.
// Nothing when it was interrupted. Throws UnsupportedError where power can't be cut: no root, no
// such devices, no such file system.
std::optional<os::Facts> PowerCutEnvironment(const PowerCutSpec& spec);

struct PowerCutRequest {
  PowerCutSpec spec;                    // of all rows, but for the strategy and the instant
  std::vector<std::string> strategies;  // specs; empty for every one that is registered
  std::vector<Instant> instants = {kInstants.begin(), kInstants.end()};
  std::filesystem::path output;  // where powercut.json goes
  bool json = false;             // print the document instead of the table
  bool quiet = false;
};

// Cuts the power of every strategy at every one of the instants, prints the table, writes
// OUTPUT/powercut.json anew after each row. Returns the exit code: 0 done; 1 a strategy broke its
// promise, or a row failed; 77 none was possible; 130 interrupted. Throws UsageError,
// UnsupportedError.
int RunPowerCuts(const PowerCutRequest& request);

}  // namespace faultline
