// The same made-up runs for every command and page: what each says of them must be the same.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/report/build_info.h"
#include "harness/report/run_document.h"
#include "tests/report/made_up.h"

namespace faultline::agreement {

struct Repeated {
  double ns = 0;
  bool interference = false;
};

struct Scenario {
  std::string name;
  // Strategy → a repetition of each round. "read-write#2" is the twin of read-write.
  std::vector<std::pair<std::string, std::vector<Repeated>>> arms;
  std::string failed;  // a strategy whose last repetition failed, or ""
};

// Costs around `ns`, off by `spread` in a pattern that each `step` has in another phase.
inline std::vector<Repeated> Around(double ns, std::size_t rounds, double spread, std::size_t step,
                                    bool interference = false) {
  constexpr double kPattern[] = {0.3, -1, 0.6, 1, -0.4, -0.7, 0.9, -0.1};
  std::vector<Repeated> repeated;
  for (std::size_t round = 0; round < rounds; ++round) {
    const double level = 1 + 0.3 * static_cast<double>(round % 3);  // of the round, for all
    repeated.push_back(
        {ns * level * (1 + spread * kPattern[(round + 3 * step) % 8]), interference});
  }
  return repeated;
}

inline std::vector<Scenario> Scenarios() {
  return {
      {"quiet",
       {{"read-write", Around(1000, 8, 0.01, 0)},
        {"read-write#2", Around(1001, 8, 0.01, 1)},
        {"mmap-view", Around(200, 8, 0.01, 2)},
        {"mmap-private", Around(201, 8, 0.01, 3)}},
       ""},
      {"noisy",
       {{"read-write", Around(1000, 8, 0.3, 0, true)},
        {"read-write#2", Around(1001, 8, 0.3, 1, true)},
        {"mmap-view", Around(200, 8, 0.3, 2, true)},
        {"mmap-private", Around(230, 8, 0.3, 3, true)}},
       ""},
      {"few",
       {{"read-write", Around(1000, 3, 0.01, 0)}, {"mmap-view", Around(100, 3, 0.01, 2)}},
       ""},
      {"failed",
       {{"read-write", Around(1000, 8, 0.01, 0)},
        {"mmap-view", Around(100, 8, 0.01, 2)},
        {"stdio", Around(500, 8, 0.01, 3)}},
       "mmap-view"},
      {"apart",
       {{"read-write", Around(1000, 8, 0.01, 0)},
        {"read-write#2", Around(1400, 8, 0.01, 1)},
        {"mmap-view", Around(900, 8, 0.01, 2)}},
       ""},
  };
}

inline TrialSpec SpecOf(const std::string& strategy) {
  const std::size_t twin = strategy.find('#');
  TrialSpec spec = MadeUpTrial(strategy.substr(0, twin));
  if (twin != std::string::npos) spec.copy = 2;
  return spec;
}

inline RunDocument DocumentOf(const Scenario& scenario) {
  std::vector<TrialSpec> specs;
  for (const auto& [strategy, repeated] : scenario.arms) specs.push_back(SpecOf(strategy));
  const os::Facts environment = EnvironmentFacts(std::filesystem::temp_directory_path());
  RunDocument document(scenario.name, environment, specs);
  for (std::size_t arm = 0; arm < scenario.arms.size(); ++arm) {
    const auto& [strategy, repeated] = scenario.arms[arm];
    for (std::size_t round = 0; round < repeated.size(); ++round) {
      const bool fails = strategy == scenario.failed && round + 1 == repeated.size();
      document.Add(
          arm, round,
          fails ? MadeUpFailure("1 of 1,000 records is wrong")
                : MadeUp(repeated[round].ns,
                         repeated[round].interference ? Status::kInterference : Status::kOk));
    }
  }
  document.SetComplete();
  return document;
}

}  // namespace faultline::agreement
