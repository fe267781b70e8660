#include "harness/powercut/tally.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <utility>

#include "harness/os/file_mapping.h"
#include "harness/record/record_history.h"

namespace faultline {
namespace {

constexpr double kFirstBoundSeconds = 1e-6;

bool Straddles(const Geometry& geometry, std::uint64_t record) {
  const std::uint64_t begin = record * geometry.record_size;
  return begin / os::PageSize() != (begin + geometry.record_size - 1) / os::PageSize();
}

// "record 17 (bytes 2125 to 2250): …"
std::string WhatIsIn(const PlanHistory& history, std::uint64_t seed, std::uint64_t issued,
                     std::uint64_t record, std::span<const std::byte> found) {
  RecordHistory diagnosis(history.geometry(), seed, record, found);
  diagnosis.Execute(history.operations().first(issued), 0);
  const std::uint64_t begin = record * history.geometry().record_size;
  return fmt::format("record {} (bytes {} to {}): {}", record, begin, begin + found.size(),
                     diagnosis.Diagnose().text);
}

class Judge {
 public:
  Judge(const PlanHistory& history, std::uint64_t seed, const LoggedRun& run, std::uint64_t cut_ns)
      : history_(history), seed_(seed), run_(run), cut_ns_(cut_ns) {
    tally_.cuts = 1;
    tally_.updates = history.ChangesWithin(run.issued);
    tally_.acknowledged = history.ChangesWithin(run.acknowledged);
  }

  // `found` is shorter than a record where the file ends early.
  void Take(std::uint64_t record, std::span<const std::byte> found) {
    const auto issued = history_.ChangesOf(record, run_.issued);
    const std::uint64_t acknowledged = history_.ChangesOf(record, run_.acknowledged).size();
    RecordVerdict verdict{RecordState::kImpossible, 0, acknowledged};
    const bool whole = found.size() == history_.geometry().record_size;
    if (whole) {
      verdict = JudgeRecord(history_.geometry(), seed_, record, issued, acknowledged, found);
    }
    Count(record, issued, verdict);
    if (verdict.state == RecordState::kImpossible && tally_.first_impossible.empty()) {
      tally_.first_impossible =
          whole ? WhatIsIn(history_, seed_, run_.issued, record, found)
                : fmt::format("record {}: the file ends before its end", record);
    }
  }

  void TakeUnreadable(std::uint64_t record) {
    const std::uint64_t acknowledged = history_.ChangesOf(record, run_.acknowledged).size();
    Count(record, history_.ChangesOf(record, run_.issued),
          {RecordState::kUnreadable, 0, acknowledged});
  }

  CutTally Result() { return std::move(tally_); }

 private:
  void Count(std::uint64_t record, std::span<const Change> issued, const RecordVerdict& verdict) {
    ++tally_.records[static_cast<std::size_t>(verdict.state)];
    tally_.survived += verdict.survived;
    tally_.acknowledged_missing += verdict.missing;
    if (Straddles(history_.geometry(), record)) {
      ++tally_.straddling_records;
      tally_.straddling_torn += verdict.state == RecordState::kTorn ? 1 : 0;
    }
    for (std::uint64_t i = 0; i < issued.size(); ++i) {
      const std::uint64_t issued_ns = run_.issued_ns[issued[i].sequence];
      const double age_seconds = static_cast<double>(cut_ns_ - std::min(cut_ns_, issued_ns)) / 1e9;
      AgeGroup& group = tally_.survival[AgeGroupOf(age_seconds)];
      ++group.updates;
      group.survived += i < verdict.survived ? 1 : 0;
    }
  }

  const PlanHistory& history_;
  std::uint64_t seed_;
  const LoggedRun& run_;
  std::uint64_t cut_ns_;
  CutTally tally_;
};

}  // namespace

void CutTally::Add(const CutTally& other) {
  cuts += other.cuts;
  updates += other.updates;
  acknowledged += other.acknowledged;
  survived += other.survived;
  acknowledged_missing += other.acknowledged_missing;
  for (std::size_t i = 0; i < records.size(); ++i) records[i] += other.records[i];
  straddling_records += other.straddling_records;
  straddling_torn += other.straddling_torn;
  for (const auto& [group, counts] : other.survival) {
    survival[group].updates += counts.updates;
    survival[group].survived += counts.survived;
  }
  if (first_impossible.empty()) first_impossible = other.first_impossible;
  if (recovery_error.empty()) recovery_error = other.recovery_error;
}

double AgeGroupHigh(int group) {
  constexpr double kSteps[] = {1, 1.5, 2, 3, 5, 7};
  constexpr int kInDecade = std::size(kSteps);
  return kFirstBoundSeconds * kSteps[group % kInDecade] * std::pow(10.0, group / kInDecade);
}

double AgeGroupLow(int group) { return group == 0 ? 0 : AgeGroupHigh(group - 1); }

int AgeGroupOf(double age_seconds) {
  int group = 0;
  while (age_seconds > AgeGroupHigh(group)) ++group;
  return group;
}

CutTally JudgeCut(const PlanHistory& history, std::uint64_t seed, const LoggedRun& run,
                  std::uint64_t cut_ns, std::span<const std::byte> found) {
  Judge judge(history, seed, run, cut_ns);
  const std::uint64_t size = history.geometry().record_size;
  for (std::uint64_t record = 0; record < history.geometry().records; ++record) {
    const std::uint64_t begin = std::min<std::uint64_t>(record * size, found.size());
    judge.Take(record, found.subspan(begin, std::min<std::uint64_t>(size, found.size() - begin)));
  }
  return judge.Result();
}

CutTally JudgeUnrecovered(const PlanHistory& history, const LoggedRun& run, std::uint64_t cut_ns,
                          const std::string& error) {
  Judge judge(history, /*seed=*/0, run, cut_ns);
  for (std::uint64_t record = 0; record < history.geometry().records; ++record) {
    judge.TakeUnreadable(record);
  }
  CutTally tally = judge.Result();
  tally.recovery_error = error;
  return tally;
}

}  // namespace faultline
