#include "harness/crossover/point_trials.h"

#include <algorithm>
#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/os/interruption.h"
#include "harness/os/memory_limit.h"
#include "harness/record/manifest.h"
#include "harness/report/remarks.h"
#include "harness/report/table.h"

namespace faultline::crossover {
namespace {

constexpr std::uint64_t kMostBytesOfOurs = std::uint64_t{2} << 30;  // of data files kept at once

// A repetition that is due.
using Turn = std::pair<const TrialSpec*, Arm*>;

// Of one round: those without trouble, and the first of them once more.
std::vector<Turn> TurnsOf(PlannedPoint& planned) {
  Point& point = planned.point;
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    if (!planned.specs[i] || !point.arms[i].Trouble().empty()) continue;
    if (turns.empty()) {
      // Another one than before where that has failed since.
      if (point.again.strategy != point.arms[i].strategy) {
        point.again = {point.arms[i].strategy, "", {}};
      }
      turns.emplace_back(&*planned.specs[i], &point.again);
    }
    turns.emplace_back(&*planned.specs[i], &point.arms[i]);
  }
  return turns;
}

}  // namespace

PlannedPoint PlanPoint(const Settings& given, std::span<const AxisValue> at,
                       const PointDefaults& defaults, const std::filesystem::path& directory) {
  const Settings settings = SettingsAt(given, at, defaults);
  PlannedPoint planned;
  planned.point.x = at.front().value;
  std::size_t refused = 0;
  for (const std::string& strategy : settings.at("strategy")) {
    Settings alone = settings;
    alone["strategy"] = {strategy};
    const Settings* layers[] = {&alone};
    Arm arm;
    arm.strategy = strategy;
    std::optional<TrialSpec> spec;
    try {
      spec = PlanTrials("", layers, directory).front().spec;
      planned.point.regime = TrialTitle(*spec);
      arm.why_not = WhyUnsupported(*spec);
    } catch (const UnsupportedError& error) {
      arm.why_not = error.what();
    } catch (const UsageError& error) {
      arm.why_not = error.what();
      ++refused;
    }
    if (!arm.why_not.empty()) spec.reset();
    planned.specs.push_back(std::move(spec));
    planned.point.arms.push_back(std::move(arm));
  }
  if (refused == planned.point.arms.size()) planned.refusal = planned.point.arms.front().why_not;
  return planned;
}

DataFiles::~DataFiles() {
  for (const Entry& entry : entries_) Drop(entry);
}

void DataFiles::Drop(const Entry& entry) {
  if (!entry.ours) return;
  try {
    Dataset::Remove(entry.dataset.file().path);
  } catch (const Error&) {
    // It stays as a data file of Faultline's, which any later run may use.
  }
}

void DataFiles::MakeRoom() {
  std::uint64_t bytes = 0;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    bytes += entry->ours ? entry->dataset.geometry().file_size() : 0;
    // The one in use stays whatever its size.
    if (bytes > kMostBytesOfOurs && entry != entries_.begin()) {
      Drop(*entry);
      entry = entries_.erase(entry);
    } else {
      ++entry;
    }
  }
}

const Dataset& DataFiles::Of(const TrialSpec& spec) {
  const Geometry geometry = spec.DataGeometry();
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.dataset.geometry() == geometry && entry.dataset.seed() == spec.seed;
  });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().dataset;
  }
  const bool ours = !NameIsTaken(spec.directory / DataFileName(geometry, spec.seed));
  entries_.push_front({Dataset::Prepare(spec.directory, geometry, spec.seed), ours});
  MakeRoom();
  return entries_.front().dataset;
}

bool PointTrials::Over() const {
  return os::Interrupted() || (end_ && std::chrono::steady_clock::now() >= *end_);
}

bool PointTrials::Run(PlannedPoint& planned, const std::string& name, std::uint64_t rounds) {
  Point& point = planned.point;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::vector<Turn> order = TurnsOf(planned);
    progress_.Expect(repetitions_ + (rounds - round) * order.size());
    Shuffle(order, random_);
    for (const auto& [spec, arm] : order) {
      if (!RunOne(*spec, *arm, point.pace, name)) return false;
    }
    ++point.rounds;
  }
  return true;
}

bool PointTrials::RunOne(const TrialSpec& spec, Arm& arm, Pace& pace, const std::string& name) {
  if (Over()) return false;
  progress_.Begin(Concat(name, " ", arm.strategy));
  const Measurement measurement = Measure(spec, pace);
  if (measurement.status == Status::kInterrupted) return false;
  Warn(CacheWarning(measurement));
  arm.samples.push_back(SampleOf(measurement));
  ++repetitions_;
  progress_.End(InAFewWords(measurement));
  return true;
}

Measurement PointTrials::Measure(const TrialSpec& spec, Pace& pace) {
  try {
    Patience patience;
    // A slow first pass says nothing of the steady ones.
    if (by_ != Figure::kSteady) pace.Limit(patience);
    patience.end = end_;
    const Dataset& dataset = data_files_.Of(spec);
    if (spec.memory_limit_bytes) ProveLimit(spec, dataset);
    const Measurement measurement = RunTrial(spec, dataset, patience);
    pace.Note(measurement);
    return measurement;
  } catch (const UnsupportedError& error) {
    // Such as a disk that can't hold the data of this point.
    return {.status = Status::kUnsupported, .error = error.what()};
  } catch (const Error& error) {
    return {.status = Status::kFailed, .error = error.what()};
  }
}

void PointTrials::ProveLimit(const TrialSpec& spec, const Dataset& dataset) {
  const std::uint64_t limit = *spec.memory_limit_bytes;
  if (!os::MemoryLimit::WhyUnavailable().empty() || !proved_limits_.insert(limit).second) return;
  const LimitProof proof = ProveMemoryLimit(dataset, limit);
  limit_proofs_.push_back(proof);
  Warn(LimitWarning(proof));
}

void PointTrials::Warn(std::string warning) {
  if (warning.empty()) return;
  if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end()) {
    warnings_.push_back(std::move(warning));
  }
}

}  // namespace faultline::crossover
