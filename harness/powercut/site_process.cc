// The process that cuts the power: it owns the site and the running strategy, and everything ends
// with it.
#include <thread>

#include "harness/base/random.h"
#include "harness/os/child_process.h"
#include "harness/powercut/powercut.h"
#include "harness/powercut/powercut_json.h"
#include "harness/powercut/site.h"
#include "harness/record/execute.h"
#include "harness/report/build_info.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

// The strategy's process, as its parent sees it.
class Running {
 public:
  Running(const PowerCutSpec& spec, const std::filesystem::path& directory, const RunLog& log)
      : timeout_seconds_(spec.trial.timeout_seconds) {
    TrialSpec trial = spec.trial;
    trial.directory = directory;
    const double interval_seconds = spec.instant == Instant::kDuring
                                        ? spec.run_seconds / static_cast<double>(trial.operations)
                                        : 0;
    const auto interval_ns = static_cast<std::int64_t>(interval_seconds * 1e9);
    child_ = os::ChildProcess::Start(
        "powercut-runner", ToLine({{"trial", ToJson(trial)}, {"interval_ns", interval_ns}}));
    log.SendTo(child_.channel());
    Await("open");
  }

  void Begin(const std::string& command) { child_.channel().SendLine(command); }

  // Waits for the end of a command.
  void Await(const std::string& doing) {
    std::string line;
    switch (child_.channel().ReceiveLine(line, In(timeout_seconds_))) {
      case os::Channel::Result::kLine:
        return CheckAnswer(line, doing);
      case os::Channel::Result::kTimedOut:
        throw Error(
            Concat("hung: nothing for ", FormatSeconds(timeout_seconds_), " in '", doing, "'"));
      default:
        throw Error(Concat("crashed in '", doing, "': ", child_.Wait().Description()));
    }
  }

  void Do(const std::string& command) {
    Begin(command);
    Await(command);
  }

  // Waits until the log has this many operations, or the run is over.
  void AwaitIssued(const RunLog& log, std::uint64_t operations) {
    const auto deadline = In(timeout_seconds_);
    while (!run_over_ && log.issued() < operations) {
      std::string line;
      switch (child_.channel().ReceiveLine(line, In(0.0005))) {
        case os::Channel::Result::kLine:
          CheckAnswer(line, "run");
          run_over_ = true;
          break;
        case os::Channel::Result::kTimedOut:
          if (std::chrono::steady_clock::now() < deadline) break;
          throw Error(Concat("hung: no ", operations, " operations within ",
                             FormatSeconds(timeout_seconds_)));
        default:
          throw Error(Concat("crashed in 'run': ", child_.Wait().Description()));
      }
    }
  }

  void Pause() {
    if (!child_.Pause()) throw Error(Concat("crashed in 'run': ", child_.Wait().Description()));
  }
  void Resume() { child_.Resume(); }

  // Lets the process end by itself.
  void End() {
    child_.channel().Close();
    const os::ChildEnd end = child_.Wait();
    if (!end.Succeeded()) throw Error(Concat("at its end: ", end.Description()));
  }

  void Kill() {
    child_.Kill();
    child_.Wait();
  }

 private:
  static os::Channel::Deadline In(double seconds) {
    return std::chrono::steady_clock::now() +
           std::chrono::duration_cast<std::chrono::steady_clock::duration>(
               std::chrono::duration<double>(seconds));
  }

  static void CheckAnswer(const std::string& line, const std::string& doing) {
    const json answer = FromLine(line);
    if (!answer.contains("error")) return;
    const std::string error = Concat("in '", doing, "': ", answer.at("error").get<std::string>());
    if (answer.at("unsupported").get<bool>()) throw UnsupportedError(error);
    throw Error(error);
  }

  double timeout_seconds_;
  os::ChildProcess child_;
  bool run_over_ = false;
};

// A cut that was made and not yet judged.
struct Cut {
  LoggedRun run;
  DeviceCopy copy;
};

// How many operations are to be issued before each cut, in order: anywhere but in the last 5 %, so
// that a cut that comes a little later still lies in the run. The stop itself comes from outside at
// whatever the strategy is doing then.
std::vector<std::uint64_t> CutMoments(const PowerCutSpec& spec, std::uint64_t operations) {
  Random random(Mix64(spec.trial.seed));
  std::vector<std::uint64_t> moments;
  const std::uint64_t range = std::max<std::uint64_t>(operations - operations / 20, 1);
  for (std::uint64_t i = 0; i < spec.cuts; ++i) moments.push_back(1 + random.Below(range));
  std::sort(moments.begin(), moments.end());
  return moments;
}

std::vector<Cut> CutDuring(const PowerCutSpec& spec, const Site& site, Running& running,
                           const RunLog& log, std::uint64_t operations) {
  std::vector<Cut> cuts;
  running.Begin("run");
  for (const std::uint64_t moment : CutMoments(spec, operations)) {
    running.AwaitIssued(log, moment);
    running.Pause();
    cuts.push_back({log.Read(), site.Copy()});
    running.Resume();
  }
  running.Kill();
  return cuts;
}

Cut CutAfter(Instant instant, const Site& site, Running& running, const RunLog& log) {
  // Somebody else who has the file open, so that the strategy's close is not the last.
  os::File held;
  if (instant == Instant::kAfterUnmap) {
    held = os::File::Open(site.data_file().path, os::FileAccess::kRead);
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

CutTally CutAndJudge(const PowerCutSpec& spec) {
  const Geometry geometry = spec.trial.DataGeometry();
  const PlanHistory history(*MakePlan(spec.trial), geometry);
  Site site(spec.file_system, spec.trial.directory, geometry, spec.trial.seed);
  site.Prepare();
  const std::uint64_t operations = history.operations().size();
  const RunLog log(operations);
  std::vector<Cut> cuts;
  {
    Running running(spec, site.directory(), log);
    if (spec.instant == Instant::kDuring) {
      cuts = CutDuring(spec, site, running, log, operations);
    } else {
      cuts.push_back(CutAfter(spec.instant, site, running, log));
    }
  }
  site.Dismantle();
  CutTally tally;
  for (const Cut& cut : cuts) {
    tally.Add(JudgeCut(history, spec.trial.seed, cut.run, cut.copy.taken_ns,
                       site.FindDataFile(cut.copy)));
  }
  return tally;
}

// Sends what `body` returns, or what went wrong.
template <class Body>
int Answer(os::Channel& parent, Body&& body) {
  json answer;
  try {
    answer = body();
  } catch (const UnsupportedError& error) {
    answer = {{"error", error.what()}, {"unsupported", true}};
  } catch (const std::exception& error) {
    answer = {{"error", error.what()}, {"unsupported", false}};
  }
  parent.SendLine(ToLine(answer));
  return 0;
}

int RunSite(const std::string& request, os::Channel& parent) {
  return Answer(parent,
                [&] { return ToJson(CutAndJudge(PowerCutSpecFromJson(FromLine(request)))); });
}

// Makes a site and looks at it.
int RunSurvey(const std::string& request, os::Channel& parent) {
  return Answer(parent, [&] {
    const PowerCutSpec spec = PowerCutSpecFromJson(FromLine(request));
    Site site(spec.file_system, spec.trial.directory, spec.trial.DataGeometry(), spec.trial.seed);
    const json facts = FactsToJson(EnvironmentFacts(site.mount_point()));
    site.Dismantle();
    return facts;
  });
}

const Registration<os::ChildMain> kSite{{.name = "powercut-site", .run = RunSite}};
const Registration<os::ChildMain> kSurvey{{.name = "powercut-survey", .run = RunSurvey}};

}  // namespace
}  // namespace faultline
