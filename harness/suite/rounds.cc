#include "harness/suite/rounds.h"

#include <algorithm>
#include <numeric>

#include "harness/verdict/comparison.h"

namespace faultline {

RoundScheduler::RoundScheduler(std::vector<RoundTrial> trials, double budget_seconds,
                               RoundHooks hooks)
    : trials_(std::move(trials)), budget_seconds_(budget_seconds), hooks_(std::move(hooks)) {
  started_ = hooks_.seconds();
}

RoundsEnd RoundScheduler::Run() {
  started_ = hooks_.seconds();
  while (true) {
    RoundsEnd end = RoundsEnd::kSettled;
    const std::set<std::size_t> taking_part = NextRound(end);
    if (taking_part.empty()) return end;
    if (!RunRound(taking_part)) return RoundsEnd::kInterrupted;
    ++rounds_;
  }
}

std::optional<double> RoundScheduler::SecondsLeft() const {
  if (rounds_ == 0) return std::nullopt;
  const double elapsed = hooks_.seconds() - started_;
  std::uint64_t least = 0;  // rounds that there will be in any case
  bool fixed = true;
  for (const RoundTrial& trial : trials_) {
    fixed &= trial.repetitions.has_value();
    least = std::max(least, trial.repetitions.value_or(verdict::kFewestRounds));
  }
  const double round = elapsed / static_cast<double>(rounds_);
  const double in_any_case = round * static_cast<double>(least - std::min(least, rounds_));
  if (fixed) return in_any_case;
  return std::max({0.0, budget_seconds_ - elapsed, in_any_case});
}

std::set<std::size_t> RoundScheduler::NextRound(RoundsEnd& end) const {
  std::set<std::size_t> fixed;
  std::set<std::size_t> open;
  const bool enough = rounds_ >= verdict::kFewestRounds;
  for (std::size_t trial = 0; trial < trials_.size(); ++trial) {
    const std::optional<std::uint64_t>& repetitions = trials_[trial].repetitions;
    if (repetitions ? rounds_ < *repetitions : !enough) fixed.insert(trial);
  }
  if (!enough) return fixed;
  double seconds = 0;
  for (const std::size_t trial : hooks_.open()) {
    if (trials_[trial].repetitions) continue;
    open.insert(trial);
    seconds += last_seconds_.at(trial);
  }
  const bool fits = hooks_.seconds() - started_ + seconds <= budget_seconds_;
  if (!open.empty() && !fits) end = RoundsEnd::kBudget;
  if (fits) fixed.merge(open);
  return fixed;
}

bool RoundScheduler::RunRound(const std::set<std::size_t>& taking_part) {
  std::map<std::size_t, std::vector<std::size_t>> by_group;
  for (const std::size_t trial : taking_part) by_group[trials_[trial].group].push_back(trial);
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [group, trials] : by_group) groups.push_back(std::move(trials));
  Shuffle(groups, random_);
  for (std::vector<std::size_t>& trials : groups) {
    Shuffle(trials, random_);
    std::vector<std::size_t> interfered;
    for (const std::size_t trial : trials) {
      if (!RunOne(trial, false, &interfered)) return false;
    }
    for (const std::size_t trial : interfered) {
      if (MayMakeAgain(trial) && !RunOne(trial, true, nullptr)) return false;
    }
  }
  return true;
}

bool RoundScheduler::RunOne(std::size_t trial, bool again, std::vector<std::size_t>* interfered) {
  const double begin = hooks_.seconds();
  const RepetitionDone done = hooks_.run(trial, rounds_);
  if (done.stop) return false;
  last_seconds_[trial] = hooks_.seconds() - begin;
  if (again) {
    ++made_again_;
    seconds_again_ += last_seconds_[trial];
    return true;
  }
  ++repetitions_;
  interfered_ += done.interference;
  if (done.interference) interfered->push_back(trial);
  return true;
}

bool RoundScheduler::MayMakeAgain(std::size_t trial) const {
  const double elapsed = hooks_.seconds() - started_;
  const double cost = last_seconds_.at(trial);
  const bool exception =
      static_cast<double>(interfered_) <= kMostInterference * static_cast<double>(repetitions_);
  const bool in_budget = trials_[trial].repetitions || elapsed + cost <= budget_seconds_;
  return exception && in_budget && seconds_again_ + cost <= kMostTimeAgain * (elapsed + cost);
}

}  // namespace faultline
