// Runs the trials of a crossover's points: planned from settings, repeated in random order, on data
// files that are made and removed as the search goes on.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/crossover/axis.h"
#include "harness/crossover/point.h"
#include "harness/record/dataset.h"
#include "harness/report/progress.h"
#include "harness/report/remarks.h"
#include "harness/suite/data_files.h"
#include "harness/trial/trial.h"

namespace faultline::crossover {

// A point with its trials, in the order of its arms; nothing where one can't be run there.
struct PlannedPoint {
  Point point;
  std::vector<std::optional<TrialSpec>> specs;
  std::string refusal;  // why the values make no sense, for any strategy; or ""
};

// The trials at those values. A strategy that can't serve them is an arm that says why. Throws
// UsageError for values that not even the workload takes.
PlannedPoint PlanPoint(const Settings& given, std::span<const AxisValue> at,
                       const PointDefaults& defaults, const std::filesystem::path& directory);

// Runs repetitions.
class PointTrials {
 public:
  // Repetitions go on until they are interrupted or the time is over. What takes `beaten_by` times
  // as long as another strategy there is cut off, unless figure `by` is of steady passes, of which
  // a slow first one says nothing.
  PointTrials(Progress& progress, Figure by, double beaten_by)
      : progress_(progress), by_(by), beaten_by_(beaten_by), random_(kSeed) {}

  // From now on, until `end`.
  void Begin(SteadyClock::time_point end) { end_ = end; }
  bool Over() const;

  // A repetition that is due.
  struct Turn {
    const TrialSpec* spec = nullptr;
    Arm* arm = nullptr;   // the strategy's
    Arm* into = nullptr;  // where its figures go: another one than `arm` for the twin
  };

  enum class PilotEnd {
    kDone,     // some strategy was done in time
    kTooSlow,  // none, and some were cut off
    kNothing,  // none that stores anything can be run there
    kStopped,
  };

  // Runs a pilot repetition of each strategy in turn, for at most `seconds`, until one is done: it
  // tells the point's cut-off policy what is fast. Pilots are no part of the point unless they
  // fail.
  PilotEnd RunPilots(PlannedPoint& planned, const std::string& name, double seconds);

  // Runs `rounds` more, each of every arm once and the first one once more, in an order of its own.
  // A strategy in trouble is not run again. Returns false when it was stopped; what is finished is
  // in the point.
  bool Run(PlannedPoint& planned, const std::string& name, std::uint64_t rounds);

  const std::vector<std::string>& warnings() const { return warnings_; }
  const std::vector<LimitProof>& limit_proofs() const { return limit_proofs_; }

 private:
  bool FindFastest(PlannedPoint& planned, const std::string& name);
  bool RunOne(const Turn& turn, Point& point, const std::string& name);
  Measurement Measure(const TrialSpec& spec, const Deadlines& deadlines);
  void TryLimit(const TrialSpec& spec, const Dataset& dataset);
  void Warn(std::string warning);

  static constexpr std::uint64_t kSeed = 11;  // of the order within a round

  Progress& progress_;
  Figure by_;
  double beaten_by_;
  std::optional<SteadyClock::time_point> end_;
  Random random_;
  DataFiles data_files_{DataFiles::NewFiles::kGo};
  std::uint64_t repetitions_ = 0;
  LimitTrials limits_;
  std::vector<LimitProof> limit_proofs_;
  CacheWarnings cache_warnings_;
  std::vector<std::string> warnings_;
};

}  // namespace faultline::crossover
