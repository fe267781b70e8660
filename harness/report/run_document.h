// The run document, run.json, as it grows: docs/documents.md says what is in it.
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
#include "harness/report/group.h"
#include "harness/report/summary.h"
#include "harness/trial/trial.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

// What documents say they are.
inline constexpr const char* kRunSchema = "faultline-run/2";

class RunDocument {
 public:
  // `baseline`: the strategy that others are compared with where a group has it, else its first.
  RunDocument(std::string suite, os::Facts environment, std::vector<TrialSpec> trials,
              std::string baseline = kUsualBaseline, const verdict::Rules& rules = {});

  // Adds a finished repetition of trial `trial` (an index into the trials given).
  void Add(std::size_t trial, std::uint64_t round, Measurement measurement);

  void AddWarning(std::string warning);  // each once
  void AddLimitProof(LimitProof proof);
  void SetComplete() { complete_ = true; }

  const std::vector<TrialSpec>& trials() const { return trials_; }
  const std::vector<Measurement>& repetitions(std::size_t trial) const {
    return repetitions_[trial];
  }
  // The round of each repetition.
  const std::vector<std::uint64_t>& rounds(std::size_t trial) const { return rounds_[trial]; }
  const Summary& summary(std::size_t trial) const { return summaries_[trial]; }
  const std::vector<std::string>& warnings() const { return warnings_; }

  // What the judge says of each group, in the order of groups().
  const std::vector<verdict::JudgedGroup>& judged() const { return judged_; }
  const std::vector<TrialGroup>& groups() const { return groups_; }
  const verdict::Rules& rules() const { return rules_; }

  // The trials that another round would tell more of, with comparisons that aren't settled to
  // `precision` (above 1), and how many these comparisons are.
  struct Open {
    std::vector<std::size_t> trials;
    std::size_t comparisons = 0;
  };
  Open OpenTrials(double precision) const;

  // The document as JSON text.
  std::string Text() const;

  // Replaces `path` by the document, so that a reader never sees half of it.
  void Save(const std::filesystem::path& path) const;

 private:
  void JudgeAgain(std::size_t group);

  std::string suite_;
  os::Facts environment_;
  std::vector<TrialSpec> trials_;
  std::string baseline_;
  verdict::Rules rules_;
  std::vector<TrialGroup> groups_;
  std::vector<verdict::JudgedGroup> judged_;
  std::vector<std::vector<Measurement>> repetitions_;
  std::vector<std::vector<std::uint64_t>> orders_;
  std::vector<std::vector<std::uint64_t>> rounds_;
  std::vector<Summary> summaries_;
  std::vector<std::string> trial_texts_;  // JSON of each trial, made anew only when it changes
  std::vector<std::string> warnings_;
  std::vector<LimitProof> limit_proofs_;
  std::map<std::string, std::string> absent_;
  std::uint64_t added_ = 0;
  bool complete_ = false;
};

}  // namespace faultline
