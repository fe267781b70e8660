// The whole of `faultline walk`: makes what is walked, walks, shows, and tidies up.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "harness/walk/walk.h"

namespace faultline {

struct TourRequest {
  std::vector<WalkKind> kinds;             // one after another
  std::optional<std::int64_t> process_id;  // show this process instead
  std::filesystem::path file;              // the existing file; "" for one of our own
  std::optional<std::uint64_t> bytes;      // of the objects; absent: 20 MiB, or the whole `file`
  std::filesystem::path directory;
  std::filesystem::path output;  // .svg or .html; "" for text
  bool plain = false;            // text, also at a terminal
  bool json = false;
};

// Returns the exit code. Throws UsageError, UnsupportedError and Error.
int RunTour(const TourRequest& request);

}  // namespace faultline
