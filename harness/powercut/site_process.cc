// The process that cuts the power: it owns the site and the running strategy, and everything ends
// with it.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/random.h"
#include "harness/json/line.h"
#include "harness/os/child_process.h"
#include "harness/powercut/messages.h"
#include "harness/powercut/powercut.h"
#include "harness/powercut/running_strategy.h"
#include "harness/powercut/site.h"
#include "harness/report/build_info.h"
#include "harness/trial/child_answer.h"

namespace faultline {
namespace {

using nlohmann::json;

// A cut that was made and not yet judged.
struct Cut {
  LoggedRun run;
  DeviceCopy copy;
};

// How many operations are to be issued before each cut, in order. The stop itself comes from
// outside wherever the strategy is then.
std::vector<std::uint64_t> CutMoments(const PowerCutSpec& spec, std::uint64_t operations) {
  Random random(Mix64(spec.trial.seed));
  std::vector<std::uint64_t> moments;
  const std::uint64_t range = OperationsWithCuts(operations);
  for (std::uint64_t i = 0; i < spec.cuts; ++i) moments.push_back(1 + random.Below(range));
  std::sort(moments.begin(), moments.end());
  return moments;
}

std::vector<Cut> CutDuring(const PowerCutSpec& spec, const Site& site, RunningStrategy& running,
                           const RunLog& log, std::uint64_t operations) {
  std::vector<Cut> cuts;
  running.BeginRun();
  for (const std::uint64_t moment : CutMoments(spec, operations)) {
    // What is left of the moments then lies behind the last update.
    if (!running.AwaitIssued(log, moment)) break;
    running.Pause();
    cuts.push_back({log.Read(), site.Copy()});
    running.Resume();
  }
  running.Kill();
  if (cuts.empty()) {
    throw Error("the run was over before its first cut; raise --operations or --seconds");
  }
  return cuts;
}

Cut CutAfter(Instant instant, const Site& site, RunningStrategy& running, const RunLog& log) {
  // Another holder of the open file, so that the strategy's close is not the last.
  os::File held;
  if (instant == Instant::kAfterUnmap) {
    held = os::File::Open(site.storage(), os::FileAccess::kRead);
  }
  running.Do("run");
  if (instant == Instant::kAfterFlush) running.Do("flush");
  if (instant == Instant::kAfterUnmap || instant == Instant::kAfterClose) running.Do("close");
  if (instant == Instant::kAfterClose) {
    running.End();
  } else {
    running.Pause();
  }
  Cut cut{log.Read(), site.Copy()};
  if (instant != Instant::kAfterClose) running.Kill();
  return cut;
}

// An engine that can't recover what a cut left of its storage is what the experiment found out, not
// its failure.
CutTally JudgeCopy(const PowerCutSpec& spec, const PlanHistory& history, const Site& site,
                   const Cut& cut) {
  std::vector<std::byte> found;
  try {
    found = site.FindDataFile(cut.copy);
  } catch (const StorageError& error) {
    return JudgeUnrecovered(history, cut.run, cut.copy.taken_ns, error.what());
  }
  return JudgeCut(history, spec.trial.seed, cut.run, cut.copy.taken_ns, found);
}

CutTally CutAndJudge(const PowerCutSpec& spec) {
  const Geometry geometry = spec.trial.DataGeometry();
  const PlanHistory history(*MakePlan(spec.trial), geometry);
  Site site(spec.file_system, spec.trial.directory, spec.trial);
  site.Prepare();
  const std::uint64_t operations = history.operations().size();
  const RunLog log(operations);
  std::vector<Cut> cuts;
  {
    RunningStrategy running(spec, site.directory(), log);
    if (spec.instant == Instant::kDuring) {
      cuts = CutDuring(spec, site, running, log, operations);
    } else {
      cuts.push_back(CutAfter(spec.instant, site, running, log));
    }
  }
  site.Dismantle();
  CutTally tally;
  for (const Cut& cut : cuts) tally.Add(JudgeCopy(spec, history, site, cut));
  return tally;
}

int RunSite(const std::string& request, os::Channel& parent) {
  parent.SendLine(ToLine(AnswerOrFailure(
      [&] { return ToJson(CutAndJudge(PowerCutSpecFromJson(FromLine(request)))); })));
  return 0;
}

// Makes a site and reports its environment.
int RunSurvey(const std::string& request, os::Channel& parent) {
  parent.SendLine(ToLine(AnswerOrFailure([&] {
    const PowerCutSpec spec = PowerCutSpecFromJson(FromLine(request));
    Site site(spec.file_system, spec.trial.directory, spec.trial);
    json facts = ToJson(EnvironmentFacts(site.mount_point()));
    site.Dismantle();
    return facts;
  })));
  return 0;
}

const Registration<os::ChildMain> kSite{{.name = "powercut-site", .run = RunSite}};
const Registration<os::ChildMain> kSurvey{{.name = "powercut-survey", .run = RunSurvey}};

}  // namespace
}  // namespace faultline
