// The run document, run.json, as it grows: docs/documents.md says what is in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/document/run.h"
#include "harness/os/system_info.h"
#include "harness/report/group.h"
#include "harness/report/summary.h"
#include "harness/trial/trial.h"
#include "harness/trial/trial_spec.h"

namespace faultline {

class RunDocument {
 public:
  // `baseline`: the strategy that others are compared with where a group has it, else its first.
  RunDocument(std::string suite, os::Facts environment, std::vector<TrialSpec> trials,
              std::string baseline = kUsualBaseline, const verdict::Rules& rules = {});

  // Adds a finished repetition of trial `trial` (an index into the trials given).
  void Add(std::size_t trial, std::uint64_t round, Measurement measurement);

  void AddWarning(std::string warning);  // each once
  void AddLimitProof(LimitProof proof);
  void SetComplete() { run_.complete = true; }

  const std::vector<TrialSpec>& trials() const { return trials_; }
  const std::vector<Measurement>& repetitions(std::size_t trial) const {
    return repetitions_[trial];
  }
  // The round of each repetition.
  const std::vector<std::uint64_t>& rounds(std::size_t trial) const { return rounds_[trial]; }
  const Summary& summary(std::size_t trial) const { return run_.trials[trial].summary; }
  const std::vector<std::string>& warnings() const { return run_.warnings; }

  // What the judge says of each group, in the order of groups().
  const std::vector<verdict::JudgedGroup>& judged() const { return run_.groups; }
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

  document::Run run_;
  std::vector<std::string> trial_texts_;  // of run_.trials, each made anew only when it changes
  std::vector<TrialSpec> trials_;
  std::string baseline_;
  verdict::Rules rules_;
  std::vector<TrialGroup> groups_;
  std::vector<std::vector<Measurement>> repetitions_;
  std::vector<std::vector<std::uint64_t>> rounds_;
  std::uint64_t added_ = 0;
};

}  // namespace faultline
