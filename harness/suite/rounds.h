// Which repetition comes next: rounds in random order, more of them where the judge wants more,
// until the time is spent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "harness/base/random.h"

namespace faultline {

// The end of a repetition, as far as the scheduler needs it.
struct RepetitionDone {
  bool interference = false;  // worth making again
  bool stop = false;          // the user interrupted
};

// Why no further round came.
enum class RoundsEnd {
  kSettled,  // each trial has the repetitions it was to have, or the judge wants no more
  kBudget,   // another round would take longer than is left
  kInterrupted,
};

// What the rounds need of the world; tests script it.
struct RoundHooks {
  std::function<double()> seconds;  // a clock
  // Runs a repetition of the trial, and keeps what it found.
  std::function<RepetitionDone(std::size_t trial, std::uint64_t round)> run;
  // Trials that another round would tell more of.
  std::function<std::vector<std::size_t>()> open;
};

// A trial as far as rounds go.
struct RoundTrial {
  std::size_t group = 0;
  // How many, whatever they find; absent: verdict::kFewestRounds, then more while it is open, until
  // the budget is spent.
  std::optional<std::uint64_t> repetitions;
};

class RoundScheduler {
 public:
  // A round runs the groups in random order, and of each its trials in random order, so that what
  // is compared runs close together.
  RoundScheduler(std::vector<RoundTrial> trials, double budget_seconds, RoundHooks hooks);

  RoundsEnd Run();

  std::uint64_t rounds() const { return rounds_; }          // finished
  std::uint64_t made_again() const { return made_again_; }  // repetitions, for interference

  // What the run may still take, or nothing before the first round is done: of rounds whose number
  // is fixed as long as these took so far, else the budget at most. Never below 0.
  std::optional<double> SecondsLeft() const;

 private:
  // Repetitions with interference are made again once, at the end of their group's turn, while that
  // is the exception: at most these shares of all repetitions, and of the time.
  static constexpr double kMostInterference = 1.0 / 3;
  static constexpr double kMostTimeAgain = 0.2;
  static constexpr std::uint64_t kSeed = 16;

  // Those of the next round; none when there is none, and then why.
  std::set<std::size_t> NextRound(RoundsEnd& end) const;

  // Both return false when they were interrupted.
  bool RunRound(const std::set<std::size_t>& taking_part);
  bool RunOne(std::size_t trial, bool again, std::vector<std::size_t>* interfered);
  bool MayMakeAgain(std::size_t trial) const;

  std::vector<RoundTrial> trials_;
  double budget_seconds_;
  RoundHooks hooks_;
  Random random_{kSeed};
  double started_ = 0;
  std::uint64_t rounds_ = 0;
  std::uint64_t repetitions_ = 0;
  std::uint64_t interfered_ = 0;
  std::uint64_t made_again_ = 0;
  double seconds_again_ = 0;
  std::map<std::size_t, double> last_seconds_;  // of a trial's repetition
};

}  // namespace faultline
