#include "harness/crossover/point_trials.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/os/interruption.h"
#include "harness/report/remarks.h"
#include "harness/report/table.h"

namespace faultline::crossover {
namespace {

constexpr double kFirstPilotSeconds = 1;

// Of one round: those without trouble, and the first of several once more.
std::vector<PointTrials::Turn> TurnsOf(PlannedPoint& planned) {
  Point& point = planned.point;
  std::vector<PointTrials::Turn> turns;
  for (std::size_t i = 0; i < point.arms.size(); ++i) {
    if (!planned.specs[i] || !point.arms[i].Trouble().empty()) continue;
    turns.push_back({&*planned.specs[i], &point.arms[i], &point.arms[i]});
  }
  if (turns.size() < 2) return turns;
  PointTrials::Turn again = turns.front();
  again.into = &point.again;
  // Another one than before where that has got into trouble since.
  if (point.again.strategy != again.arm->strategy) point.again = {again.arm->strategy, "", {}};
  turns.push_back(again);
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
  std::vector<TrialSpec*> compared;
  for (std::optional<TrialSpec>& spec : planned.specs) {
    if (spec) compared.push_back(&*spec);
  }
  ShareClock(compared);
  if (refused == planned.point.arms.size()) planned.refusal = planned.point.arms.front().why_not;
  return planned;
}

bool PointTrials::Over() const {
  return os::Interrupted() || (end_ && SteadyClock::now() >= *end_);
}

bool PointTrials::Run(PlannedPoint& planned, const std::string& name, std::uint64_t rounds) {
  Point& point = planned.point;
  if (by_ != Figure::kSteady && !point.cut_offs.known() && !FindFastest(planned, name)) {
    return false;
  }
  for (std::uint64_t round = 0; round < rounds; ++round) {
    std::vector<Turn> order = TurnsOf(planned);
    progress_.Expect(repetitions_ + (rounds - round) * order.size());
    Shuffle(order, random_);
    for (const Turn& turn : order) {
      if (!RunOne(turn, point, name)) return false;
    }
    ++point.rounds;
  }
  return true;
}

PointTrials::PilotEnd PointTrials::RunPilots(PlannedPoint& planned, const std::string& name,
                                             double seconds) {
  bool any_cut_off = false;
  for (std::size_t i = 0; i < planned.specs.size(); ++i) {
    Arm& arm = planned.point.arms[i];
    if (!planned.specs[i] || !arm.Trouble().empty()) continue;
    if (Over()) return PilotEnd::kStopped;
    progress_.Say(fmt::format("{} {}: how long it takes", name, arm.strategy));
    const Measurement measurement =
        Measure(*planned.specs[i],
                {.accepted_seconds = seconds, .reason = "the time limit of a pilot", .end = end_});
    if (measurement.status == Status::kInterrupted) return PilotEnd::kStopped;
    if (measurement.status == Status::kFailed) arm.samples.push_back(SampleOf(measurement, 0));
    planned.point.cut_offs.Note(measurement);
    if (planned.point.cut_offs.known()) return PilotEnd::kDone;
    any_cut_off |= measurement.status == Status::kCutOff;
  }
  return any_cut_off ? PilotEnd::kTooSlow : PilotEnd::kNothing;
}

// Without it the first round would wait for the slowest.
bool PointTrials::FindFastest(PlannedPoint& planned, const std::string& name) {
  planned.point.cut_offs = CutOffPolicy(beaten_by_);
  PilotEnd end = PilotEnd::kTooSlow;
  for (double seconds = kFirstPilotSeconds; end == PilotEnd::kTooSlow; seconds *= 4) {
    end = RunPilots(planned, name, seconds);
  }
  return end != PilotEnd::kStopped;
}

bool PointTrials::RunOne(const Turn& turn, Point& point, const std::string& name) {
  if (!turn.arm->Trouble().empty()) return true;
  if (Over()) return false;
  Deadlines deadlines{.accepted_seconds = {}, .reason = {}, .end = end_};
  if (by_ != Figure::kSteady) point.cut_offs.Limit(deadlines);
  progress_.Begin(fmt::format("{} {}", name, turn.arm->strategy));
  const Measurement measurement = Measure(*turn.spec, deadlines);
  if (measurement.status == Status::kInterrupted) return false;
  Warn(cache_warnings_.Next(measurement));
  point.cut_offs.Note(measurement);
  // A twin has figures of its own; what keeps it from having them is its strategy's trouble.
  Arm& into = HasFigures(measurement.status) ? *turn.into : *turn.arm;
  into.samples.push_back(SampleOf(measurement, point.rounds));
  ++repetitions_;
  progress_.End(ShortStatus(measurement));
  return true;
}

Measurement PointTrials::Measure(const TrialSpec& spec, const Deadlines& deadlines) {
  try {
    const Dataset& dataset = data_files_.Of(spec);
    if (spec.memory_limit_bytes) TryLimit(spec, dataset);
    return RunTrial(spec, dataset, deadlines);
  } catch (const UnsupportedError& error) {
    // Such as a disk that can't hold the data of this point.
    return {.status = Status::kUnsupported, .error = error.what()};
  } catch (const Error& error) {
    return {.status = Status::kFailed, .error = error.what()};
  }
}

void PointTrials::TryLimit(const TrialSpec& spec, const Dataset& dataset) {
  const auto proof = limits_.TryOnce(*spec.memory_limit_bytes, dataset);
  if (!proof) return;
  limit_proofs_.push_back(*proof);
  Warn(LimitWarning(*proof));
}

void PointTrials::Warn(std::string warning) {
  if (warning.empty()) return;
  if (std::find(warnings_.begin(), warnings_.end(), warning) == warnings_.end()) {
    warnings_.push_back(std::move(warning));
  }
}

}  // namespace faultline::crossover
