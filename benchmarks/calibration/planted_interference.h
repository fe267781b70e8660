// Planted interference: processes that compute or write beside the one that measures.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/os/child_process.h"

namespace faultline::calibration {

// What runs beside the trials.
struct Condition {
  std::string name;     // "busy loops"
  bool loops = false;   // one on every processor
  bool writer = false;  // writes 1 MiB at a time to a file of its own and flushes it, without pause
};

// Quiet, loops, writer, both.
std::vector<Condition> AllConditions();

// The processes of a condition at work; the destructor ends them.
class PlantedInterference {
 public:
  // `directory`: where the writer writes.
  PlantedInterference(const Condition& condition, const std::filesystem::path& directory);
  ~PlantedInterference();
  PlantedInterference(const PlantedInterference&) = delete;
  PlantedInterference& operator=(const PlantedInterference&) = delete;

 private:
  std::vector<os::ChildProcess> children_;
  std::filesystem::path file_;
};

}  // namespace faultline::calibration
