// The run document, run.json, as it grows: results/README.md says what is in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/os/system_info.h"
#include "harness/report/summary.h"
#include "harness/trial/trial.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// The same strategy measured twice: what a difference must exceed to mean anything.
struct NoiseFloor {
  Estimate ratio;
  std::string first_id;
  std::string second_id;
};

class RunDocument {
 public:
  RunDocument(std::string suite, os::Facts environment, std::vector<TrialSpec> trials);

  // Adds a finished repetition of trial `trial` (an index into the trials given).
  void Add(std::size_t trial, Measurement measurement);

  void AddWarning(std::string warning);  // each once
  void AddLimitProof(LimitProof proof);
  void SetComplete() { complete_ = true; }

  const std::vector<TrialSpec>& trials() const { return trials_; }
  const std::vector<Measurement>& repetitions(std::size_t trial) const {
    return repetitions_[trial];
  }
  const Summary& summary(std::size_t trial) const { return summaries_[trial]; }
  const std::vector<std::string>& warnings() const { return warnings_; }

  // Of all A/A pairs the one whose ratio is farthest from 1, by the "ok" repetitions; nothing
  // without a pair.
  std::optional<NoiseFloor> noise_floor() const;

  // The document as JSON text.
  std::string Text() const;

  // Replaces `path` by the document, so that a reader never sees half of it.
  void Save(const std::filesystem::path& path) const;

 private:
  std::string suite_;
  os::Facts environment_;
  std::vector<TrialSpec> trials_;
  std::vector<std::vector<Measurement>> repetitions_;
  std::vector<std::vector<std::uint64_t>> orders_;
  std::vector<Summary> summaries_;
  std::vector<std::string> trial_texts_;  // JSON of each trial, made anew only when it changes
  std::vector<std::string> warnings_;
  std::vector<LimitProof> limit_proofs_;
  std::map<std::string, std::string> absent_;
  std::uint64_t added_ = 0;
  bool complete_ = false;
};

}  // namespace faultline
