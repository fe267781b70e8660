#include "benchmarks/rounds.h"

#include <fmt/format.h>
#include <utility>

#include "faultline/error.h"
#include "harness/base/random.h"
#include "harness/trial/trial.h"

namespace faultline::peers {

Times TakeTurns(const Setting& setting, const std::string& title,
                std::vector<Contender> contenders) {
  Times ns;
  Random random(setting.seed);
  for (std::uint64_t round = 0; round < setting.rounds; ++round) {
    Shuffle(contenders, random);
    setting.progress(fmt::format("{}: round {} of {}", title, round + 1, setting.rounds));
    for (const Contender& contender : contenders) {
      ns[contender.name].push_back(contender.ns_per_operation());
    }
  }
  return ns;
}

Finding Against(const std::string& name, const std::string& above, const std::string& below,
                const Times& times, Target target) {
  return {.name = name,
          .above = above,
          .below = below,
          .above_ns = times.at(above),
          .below_ns = times.at(below),
          .target = target};
}

TrialSpec TrialOn(const Setting& setting, const Dataset& dataset, const std::string& strategy,
                  const std::string& workload) {
  TrialSpec spec;
  spec.strategy = StrategyChoice(strategy);
  spec.workload = WorkloadChoice(workload);
  spec.records = dataset.geometry().records;
  spec.record_size = dataset.geometry().record_size;
  spec.cache = kCache;
  spec.seed = dataset.seed();
  spec.directory = setting.directory;
  return spec;
}

Measurement RunUndaunted(const TrialSpec& wanted, const Dataset& dataset) {
  const TrialSpec spec = Resolve(wanted);
  if (const std::string why = WhyUnsupported(spec); !why.empty()) throw UnsupportedError(why);
  Measurement measurement = RunTrial(spec, dataset);
  if (measurement.status == Status::kUnsupported) throw UnsupportedError(measurement.error);
  if (!HasFigures(measurement.status) || !measurement.NsPerOperation() ||
      measurement.operations != spec.operations * spec.passes) {
    throw Error(fmt::format("a trial of {} with {}: {}, {}", spec.strategy.text(),
                            spec.workload.text(), StatusName(measurement.status),
                            measurement.error));
  }
  if (measurement.cache && !measurement.cache->before.proved) {
    throw UnsupportedError(fmt::format("the cache could not be brought to the state {}: {}",
                                       CacheStateName(spec.cache),
                                       measurement.cache->before.why_not));
  }
  return measurement;
}

}  // namespace faultline::peers
