// Rounds with a scripted clock and scripted strategies.
#include "harness/suite/rounds.h"

#include <algorithm>
#include <set>

#include "tests/catch.h"

namespace faultline {
namespace {

// Trials of groups, each with `repetitions`.
std::vector<RoundTrial> Trials(const std::vector<std::size_t>& groups,
                               std::optional<std::uint64_t> repetitions = {}) {
  std::vector<RoundTrial> trials;
  for (const std::size_t group : groups) trials.push_back({group, repetitions});
  return trials;
}

// A world in which each repetition takes a second.
struct Script {
  double now = 0;
  std::vector<std::pair<std::size_t, std::uint64_t>> ran;  // trial, round
  std::function<RepetitionDone(std::size_t, std::uint64_t)> find = [](auto, auto) {
    return RepetitionDone{};
  };
  std::function<std::vector<std::size_t>()> open = [] { return std::vector<std::size_t>(); };
  std::map<std::size_t, double> seconds;  // of a trial, where it isn't 1

  RoundHooks Hooks() {
    return {.seconds = [this] { return now; },
            .run =
                [this](std::size_t trial, std::uint64_t round) {
                  const auto own = seconds.find(trial);
                  now += own == seconds.end() ? 1 : own->second;
                  ran.emplace_back(trial, round);
                  return find(trial, round);
                },
            .open = [this] { return open(); }};
  }

  std::uint64_t Times(std::size_t trial) const {
    return static_cast<std::uint64_t>(std::count_if(
        ran.begin(), ran.end(), [trial](const auto& one) { return one.first == trial; }));
  }
};

TEST_CASE("each round runs every trial once") {
  Script script;
  RoundScheduler rounds(Trials({0, 0, 1, 1, 1}, 4), 60, script.Hooks());
  CHECK(rounds.Run() == RoundsEnd::kSettled);
  REQUIRE(script.ran.size() == 20);
  for (std::size_t round = 0; round < 4; ++round) {
    std::set<std::size_t> trials;
    for (std::size_t i = 0; i < 5; ++i) {
      CHECK(script.ran[round * 5 + i].second == round);
      trials.insert(script.ran[round * 5 + i].first);
    }
    CHECK(trials.size() == 5);
  }
}

TEST_CASE("a group runs together and the order changes from round to round") {
  Script script;
  RoundScheduler rounds(Trials({0, 0, 0, 1, 1, 1}, 12), 60, script.Hooks());
  rounds.Run();
  std::set<std::vector<std::size_t>> orders;
  std::set<std::size_t> firsts;
  for (std::size_t round = 0; round < 12; ++round) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < 6; ++i) order.push_back(script.ran[round * 6 + i].first);
    const bool first_group = order[0] < 3;
    for (std::size_t i = 0; i < 6; ++i) CHECK((order[i] < 3) == (first_group == (i < 3)));
    orders.insert(order);
    firsts.insert(order[0]);
  }
  CHECK(orders.size() > 6);
  CHECK(firsts.size() > 3);
}

TEST_CASE("without a fixed number there are six rounds and none more when all is settled") {
  Script script;
  RoundScheduler rounds(Trials({0, 0}), 1000, script.Hooks());
  CHECK(rounds.Run() == RoundsEnd::kSettled);
  CHECK(rounds.rounds() == 6);
}

TEST_CASE("the first six rounds are made whatever the budget") {
  Script script;
  script.open = [] { return std::vector<std::size_t>{0, 1}; };
  RoundScheduler rounds(Trials({0, 0}), 1, script.Hooks());
  CHECK(rounds.Run() == RoundsEnd::kBudget);
  CHECK(rounds.rounds() == 6);
}

TEST_CASE("what is settled drops out") {
  Script script;
  script.open = [&script] {
    return script.Times(0) < 9 ? std::vector<std::size_t>{0, 2} : std::vector<std::size_t>{};
  };
  RoundScheduler rounds(Trials({0, 0, 0, 1, 1}), 1000, script.Hooks());
  CHECK(rounds.Run() == RoundsEnd::kSettled);
  CHECK(script.Times(0) == 9);
  CHECK(script.Times(1) == 6);
  CHECK(script.Times(2) == 9);
  CHECK(script.Times(3) == 6);
}

TEST_CASE("a trial with a number of its own leaves the others alone") {
  Script script;
  script.open = [&script] {
    return script.Times(1) < 8 ? std::vector<std::size_t>{0, 1} : std::vector<std::size_t>{};
  };
  std::vector<RoundTrial> trials = {{0, 2}, {1, {}}, {1, 10}};
  RoundScheduler rounds(trials, 1000, script.Hooks());
  CHECK(rounds.Run() == RoundsEnd::kSettled);
  CHECK(script.Times(0) == 2);
  CHECK(script.Times(1) == 8);
  CHECK(script.Times(2) == 10);
}

TEST_CASE("no round begins that the budget has no room for") {
  Script script;
  script.open = [] { return std::vector<std::size_t>{0, 1}; };
  RoundScheduler exact(Trials({0, 0}), 20, script.Hooks());
  CHECK(exact.Run() == RoundsEnd::kBudget);
  CHECK(script.now == 20);
  Script shorter;
  shorter.open = script.open;
  RoundScheduler odd(Trials({0, 0}), 19.5, shorter.Hooks());
  odd.Run();
  CHECK(shorter.now == 18);
  CHECK(odd.SecondsLeft() == 1.5);
}

TEST_CASE("a repetition with interference is made again at the end of its group's turn") {
  Script script;
  script.find = [&script](std::size_t trial, std::uint64_t round) {
    return RepetitionDone{.interference = trial == 1 && round == 2 && script.Times(1) == 3};
  };
  RoundScheduler rounds(Trials({0, 0, 0}, 4), 60, script.Hooks());
  rounds.Run();
  CHECK(rounds.made_again() == 1);
  CHECK(script.Times(1) == 5);
  CHECK(script.ran[9] == std::pair<std::size_t, std::uint64_t>(1, 2));
}

TEST_CASE("a second interference is kept and not tried a third time") {
  Script script;
  script.find = [](std::size_t trial, std::uint64_t round) {
    return RepetitionDone{.interference = trial == 1 && round == 3};
  };
  RoundScheduler rounds(Trials({0, 0, 0}, 5), 60, script.Hooks());
  rounds.Run();
  CHECK(script.Times(1) == 6);
}

TEST_CASE("where interference is the rule nothing is made again") {
  Script script;
  script.find = [](auto, auto) { return RepetitionDone{.interference = true}; };
  RoundScheduler rounds(Trials({0, 0}, 6), 60, script.Hooks());
  rounds.Run();
  CHECK(rounds.made_again() == 0);
}

TEST_CASE("making again takes at most a fifth of the time") {
  Script script;
  script.seconds = {{0, 1}, {1, 1}, {2, 1}, {3, 100}};
  script.find = [](std::size_t trial, std::uint64_t) {
    return RepetitionDone{.interference = trial == 3};
  };
  RoundScheduler rounds(Trials({0, 0, 0, 0}, 10), 60, script.Hooks());
  rounds.Run();
  CHECK(rounds.made_again() > 0);
  CHECK(static_cast<double>(rounds.made_again()) * 100 <= 0.2 * script.now);
}

TEST_CASE("nothing is made again beyond the budget") {
  Script script;
  script.find = [](std::size_t trial, std::uint64_t round) {
    return RepetitionDone{.interference = trial == 0 && round == 5};
  };
  script.open = [] { return std::vector<std::size_t>{0, 1, 2, 3}; };
  RoundScheduler rounds(Trials({0, 0, 0, 0}), 24, script.Hooks());
  rounds.Run();
  CHECK(rounds.made_again() == 0);
}

TEST_CASE("an interruption ends the rounds at once") {
  Script script;
  script.find = [&script](auto, auto) { return RepetitionDone{.stop = script.ran.size() == 5}; };
  RoundScheduler rounds(Trials({0, 0}, 9), 60, script.Hooks());
  CHECK(rounds.Run() == RoundsEnd::kInterrupted);
  CHECK(script.ran.size() == 5);
  CHECK(rounds.rounds() == 2);
}

TEST_CASE("fixed rounds tell how long the others may take") {
  Script script;
  RoundScheduler* running = nullptr;
  std::vector<std::optional<double>> left;
  script.find = [&](std::size_t trial, std::uint64_t round) {
    if (trial == 0 && (round == 0 || round == 2)) left.push_back(running->SecondsLeft());
    return RepetitionDone{};
  };
  RoundScheduler rounds(Trials({0}, 4), 60, script.Hooks());
  running = &rounds;
  rounds.Run();
  // Two rounds are done, and the third one's second has passed: 1.5 s each.
  CHECK(left == std::vector<std::optional<double>>{std::nullopt, 3.0});
}

}  // namespace
}  // namespace faultline
