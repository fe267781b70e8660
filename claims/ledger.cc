#include "claims/ledger.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "harness/base/clock.h"
#include "harness/base/columns.h"
#include "harness/base/exit_code.h"
#include "harness/json/fields.h"
#include "harness/json/line.h"
#include "harness/os/child_process.h"
#include "harness/os/file_mapping.h"
#include "harness/os/interruption.h"
#include "harness/os/memory_limit.h"
#include "harness/os/whole_file.h"
#include "harness/report/build_info.h"
#include "harness/report/new_directories.h"
#include "harness/report/progress.h"
#include "harness/trial/child_answer.h"

namespace faultline {
namespace {

const ClaimInfo& FindClaim(const std::string& id) {
  return Registry<ClaimInfo>::Instance().Find(id);
}

// Without the laboratory's place, which is the machine's own affair: a document is for publishing.
Evidence WithoutPlace(Evidence evidence, const std::string& directory) {
  const std::string place = directory + "/";
  for (auto& [name, text] : evidence.words) {
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
      text.erase(at, place.size());
    }
  }
  return evidence;
}

// The claim whose experiment this one is judged on.
const std::string& ExperimentOf(const ClaimInfo& claim) {
  return claim.evidence_of.empty() ? claim.name : claim.evidence_of;
}

// What the child that runs an experiment begins with.
struct ExperimentRequest {
  std::string id;
  bool quick = false;
  std::filesystem::path directory;
};

template <class Fields>
void Describe(Fields& fields, ExperimentRequest& request) {
  fields("id", request.id);
  fields("quick", request.quick);
  fields.As("directory", request.directory, PackPath, UnpackPath);
}

// The child's side: runs the experiment and sends its evidence.
int RunExperiment(const std::string& request, os::Channel& parent) {
  parent.SendLine(ToLine(AnswerOrFailure([&] {
    const auto wanted = FromMessage<ExperimentRequest>(FromLine(request));
    const std::string directory = wanted.directory.string();
    const ClaimInfo& claim = FindClaim(wanted.id);
    return document::ToJson(
        WithoutPlace(claim.experiment({.directory = directory, .quick = wanted.quick}), directory));
  })));
  return 0;
}

const Registration<os::ChildMain> kExperiment{{.name = "claim", .run = RunExperiment}};

// A folder that is empty at the start of each experiment and gone at the end. One that a killed run
// left is known by its marker; anything else of that name is refused.
class LaboratoryFolder {
 public:
  explicit LaboratoryFolder(const std::filesystem::path& directory)
      : folder_(directory / "claims-laboratory"), marker_(folder_ / ".faultline") {
    const auto status = std::filesystem::symlink_status(folder_);
    if (std::filesystem::exists(status) &&
        !(std::filesystem::is_directory(status) && std::filesystem::exists(marker_))) {
      throw UsageError(
          fmt::format("refused to touch {}: it is not a folder that Faultline made; move it out of "
                      "the way or choose another place with --directory",
                      folder_.string()));
    }
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directory(folder_);
    os::ReplaceFile(marker_, "");
  }
  LaboratoryFolder(const LaboratoryFolder&) = delete;
  LaboratoryFolder& operator=(const LaboratoryFolder&) = delete;
  ~LaboratoryFolder() {
    std::error_code ignored;  // the next run tries again
    std::filesystem::remove_all(folder_, ignored);
  }

  // An empty folder for this experiment. Those of earlier ones are gone.
  std::filesystem::path For(const std::string& id) {
    std::filesystem::remove_all(last_);
    last_ = folder_ / id;
    std::filesystem::create_directory(last_);
    return last_;
  }

 private:
  std::filesystem::path folder_;
  std::filesystem::path marker_;
  std::filesystem::path last_;
};

// What came out of an experiment.
struct ExperimentResult {
  Evidence evidence = {};
  Outcome outcome = Outcome::kHolds;  // or why there is no evidence: not testable, or failed
  std::string error;
  double seconds = 0;
};

// Runs the experiment that this claim is judged on. Nothing when it was interrupted.
std::optional<ExperimentResult> RunExperiment(const ClaimInfo& claim,
                                              const std::filesystem::path& directory, bool quick,
                                              double timeout_seconds) {
  ExperimentResult done;
  const SteadyClock::time_point start = SteadyClock::now();
  try {
    const ExperimentRequest request{.id = ExperimentOf(claim),
                                    .quick = quick,
                                    .directory = std::filesystem::absolute(directory)};
    os::ChildProcess child = os::ChildProcess::Start("claim", ToLine(JsonOf(request)));
    std::string line;
    switch (child.channel().ReceiveLine(line, os::DeadlineIn(timeout_seconds))) {
      case os::Channel::Result::kInterrupted:
        return std::nullopt;
      case os::Channel::Result::kTimedOut:
        throw Error(fmt::format("hung: no evidence within {}", FormatSeconds(timeout_seconds)));
      case os::Channel::Result::kClosed:
        throw Error(fmt::format("the experiment crashed: {}", child.Wait().Description()));
      case os::Channel::Result::kLine:
        break;
    }
    const nlohmann::json answer = FromLine(line);
    ThrowIfFailure(answer);
    done.evidence = document::EvidenceFromJson(answer);
  } catch (const UnsupportedError& error) {
    done.outcome = Outcome::kNotTestable;
    done.error = error.what();
  } catch (const std::exception& error) {
    done.outcome = Outcome::kFailed;
    done.error = error.what();
  }
  done.seconds = SecondsSince(start);
  return done;
}

ClaimResult Judged(const std::string& id, const ExperimentResult& done) {
  const ClaimInfo& claim = FindClaim(id);
  ClaimResult result{.id = id,
                     .judgement = {done.outcome, done.error},
                     .evidence = done.evidence,
                     .error = done.error,
                     .seconds = done.seconds};
  if (!done.error.empty()) return result;
  try {
    result.judgement = claim.judge(done.evidence);
  } catch (const std::exception& error) {
    result.judgement = {Outcome::kFailed, error.what()};
    result.error = error.what();
  }
  return result;
}

// The claims that the words name: an ID, or the letter that a publication's claims begin with; all
// for none. Throws UsageError.
std::vector<std::string> Chosen(const std::vector<std::string>& words) {
  const std::vector<std::string> names = Registry<ClaimInfo>::Instance().Names();
  if (words.empty()) return names;
  std::vector<std::string> chosen;
  for (const std::string& word : words) {
    const std::size_t before = chosen.size();
    std::copy_if(names.begin(), names.end(), std::back_inserter(chosen), [&](const auto& name) {
      return name == word || (word.size() == 1 && name.starts_with(word));
    });
    if (chosen.size() == before) FindClaim(word);
  }
  return chosen;
}

document::Claim DocumentOf(const ClaimResult& result) {
  const ClaimInfo& claim = FindClaim(result.id);
  return {.id = result.id,
          .title = claim.title,
          .source = claim.source,
          .section = claim.section,
          .published = claim.published,
          .method = claim.method,
          .verdict = std::string(OutcomeName(result.judgement.outcome)),
          .figure = result.judgement.deciding,
          .regime = result.evidence.regime,
          .evidence = result.evidence,
          .why = claim.why,
          .error = result.error,
          .seconds = result.seconds};
}

std::string Document(const os::Facts& environment, bool quick,
                     const std::vector<ClaimResult>& results, bool complete) {
  document::ClaimLedger ledger{
      .complete = complete, .quick = quick, .environment = environment, .claims = {}};
  for (const ClaimResult& result : results) ledger.claims.push_back(DocumentOf(result));
  return document::ToText(ledger);
}

int ExitCode(const std::vector<ClaimResult>& results) {
  bool any_evidence = false;
  for (const ClaimResult& result : results) {
    if (result.judgement.outcome == Outcome::kFailed) return kExitFailed;
    any_evidence |= result.judgement.outcome != Outcome::kNotTestable;
  }
  return any_evidence ? kExitDone : kExitNotPossible;
}

}  // namespace

std::optional<ClaimResult> RunClaim(const std::string& id, const std::filesystem::path& directory,
                                    bool quick, double timeout_seconds) {
  const auto done = RunExperiment(FindClaim(id), directory, quick, timeout_seconds);
  if (!done) return std::nullopt;
  return Judged(id, *done);
}

std::string LedgerTable(const std::vector<ClaimResult>& results) {
  constexpr std::size_t kIndent = 24;
  std::string table;
  std::map<Outcome, std::uint64_t> counts;
  for (const ClaimResult& result : results) {
    ++counts[result.judgement.outcome];
    table += Labelled(fmt::format("{}  {}", result.id, OutcomeName(result.judgement.outcome)),
                      FindClaim(result.id).title, kIndent);
    const std::string& published = FindClaim(result.id).published;
    for (const std::string& line :
         {result.judgement.deciding,
          published.empty() ? "" : fmt::format("published: {}", published),
          result.evidence.regime.empty() ? "" : fmt::format("({})", result.evidence.regime)}) {
      table += Paragraph(line, kIndent, kIndent);
    }
  }
  std::vector<std::string> sums;
  for (const auto& [outcome, count] : counts) {
    sums.push_back(fmt::format("{} {}", count, OutcomeName(outcome)));
  }
  return fmt::format("{}\n{}: {}\n", table, CountOf(results.size(), "claim"), Join(sums, ", "));
}

int RunLedger(const LedgerRequest& request) {
  const std::vector<std::string> ids = Chosen(request.ids);
  RunPlaces places(request.directory, request.output);
  const std::filesystem::path document = request.output / "claims.json";
  const os::Facts environment = EnvironmentFacts(request.directory);
  os::CatchInterruption();
  os::MemoryLimit::RemoveAbandoned();
  os::FileMapping::RemoveAbandoned();
  LaboratoryFolder laboratory(request.directory);
  places.Keep();
  std::vector<ClaimResult> results;
  // Several claims may be judged on one experiment.
  std::map<std::string, ExperimentResult> experiments_done;
  {
    std::set<std::string> experiments;
    for (const std::string& id : ids) experiments.insert(ExperimentOf(FindClaim(id)));
    double duration = 0;
    for (const std::string& experiment : experiments) {
      duration += FindClaim(experiment).relative_duration;
    }
    Progress progress(ids.size(), duration, !request.quiet);
    for (const std::string& id : ids) {
      progress.Begin(fmt::format("{} {}", id, FindClaim(id).title));
      const ClaimInfo& experiment = FindClaim(ExperimentOf(FindClaim(id)));
      std::optional<ClaimResult> result;
      if (const auto known = experiments_done.find(experiment.name);
          known != experiments_done.end()) {
        result = Judged(id, known->second);
        progress.End(std::string(OutcomeName(result->judgement.outcome)), 0);
      } else if (!os::Interrupted()) {
        std::optional<ExperimentResult> done;
        try {
          done =
              RunExperiment(experiment, laboratory.For(id), request.quick, request.timeout_seconds);
        } catch (const std::exception& error) {  // the laboratory itself
          done = ExperimentResult{.outcome = Outcome::kFailed, .error = error.what()};
        }
        if (done) {
          result = Judged(id, *done);
          progress.End(std::string(OutcomeName(result->judgement.outcome)),
                       experiment.relative_duration);
          // Said once.
          done->evidence.charts.clear();
          done->seconds = 0;
          experiments_done.emplace(experiment.name, *std::move(done));
        }
      }
      if (!result) break;
      results.push_back(*std::move(result));
      os::ReplaceFile(document,
                      Document(environment, request.quick, results, results.size() == ids.size()));
    }
  }
  const bool complete = results.size() == ids.size();
  std::cout << (request.json ? Document(environment, request.quick, results, complete)
                             : LedgerTable(results))
            << std::flush;
  if (!request.quiet) {
    (request.json ? std::cerr : std::cout) << "Claims document: " << document.string() << std::endl;
  }
  return complete ? ExitCode(results) : kExitInterrupted;
}

}  // namespace faultline
