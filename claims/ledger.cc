#include "claims/ledger.h"

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/base/exit_code.h"
#include "harness/os/child_process.h"
#include "harness/os/file.h"
#include "harness/os/file_mapping.h"
#include "harness/os/interruption.h"
#include "harness/os/memory_limit.h"
#include "harness/os/terminal.h"
#include "harness/report/build_info.h"
#include "harness/report/new_directories.h"
#include "harness/report/progress.h"
#include "harness/trial/child_answer.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

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

// The child's side: runs the experiment and sends its evidence.
int RunExperiment(const std::string& request, os::Channel& parent) {
  parent.SendLine(ToLine(AnswerOrFailure([&] {
    const json wanted = FromLine(request);
    const auto bytes = wanted.at("directory").get<std::vector<std::uint8_t>>();
    const std::string directory(bytes.begin(), bytes.end());
    const ClaimInfo& claim = FindClaim(wanted.at("id"));
    return ToJson(WithoutPlace(
        claim.experiment({.directory = directory, .quick = wanted.at("quick")}), directory));
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
      throw UsageError(Concat("refused to touch ", folder_.string(),
                              ": it is not a folder that Faultline made; move it out of the way or "
                              "choose another place with --directory"));
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

ClaimResult Failed(const std::string& id, const std::string& error) {
  return {.id = id,
          .judgement = {Outcome::kFailed, error},
          .evidence = {},
          .error = error,
          .seconds = 0};
}

json ResultJson(const ClaimResult& result) {
  const ClaimInfo& claim = FindClaim(result.id);
  return {{"id", result.id},
          {"title", claim.title},
          {"section", claim.section},
          {"method", claim.method},
          {"verdict", OutcomeName(result.judgement.outcome)},
          {"figure", result.judgement.deciding},
          {"regime", result.evidence.regime},
          {"evidence", ToJson(result.evidence)},
          {"why", claim.why},
          {"error", result.error.empty() ? json(nullptr) : json(result.error)},
          {"seconds", result.seconds}};
}

std::string Document(const os::Facts& environment, bool quick,
                     const std::vector<ClaimResult>& results, bool complete) {
  json claims = json::array();
  for (const ClaimResult& result : results) claims.push_back(ResultJson(result));
  return ToLine({{"schema", "faultline-claims/1"},
                 {"complete", complete},
                 {"quick", quick},
                 {"environment", FactsToJson(environment)},
                 {"claims", claims}}) +
         "\n";
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
  using Clock = std::chrono::steady_clock;
  const ClaimInfo& claim = FindClaim(id);
  ClaimResult result{.id = id, .judgement = {}, .evidence = {}, .error = "", .seconds = 0};
  const Clock::time_point start = Clock::now();
  try {
    // A directory's name may be any bytes, so it travels as their numbers.
    const std::string place = std::filesystem::absolute(directory).string();
    os::ChildProcess child = os::ChildProcess::Start(
        "claim", ToLine({{"id", id},
                         {"quick", quick},
                         {"directory", std::vector<std::uint8_t>(place.begin(), place.end())}}));
    std::string line;
    switch (child.channel().ReceiveLine(
        line, start + std::chrono::duration_cast<Clock::duration>(
                          std::chrono::duration<double>(timeout_seconds)))) {
      case os::Channel::Result::kInterrupted:
        return std::nullopt;
      case os::Channel::Result::kTimedOut:
        throw Error(Concat("hung: no evidence within ", FormatSeconds(timeout_seconds)));
      case os::Channel::Result::kClosed:
        throw Error(Concat("the experiment crashed: ", child.Wait().Description()));
      case os::Channel::Result::kLine:
        break;
    }
    const json answer = FromLine(line);
    ThrowIfFailure(answer);
    result.evidence = EvidenceFromJson(answer);
    result.judgement = claim.judge(result.evidence);
  } catch (const UnsupportedError& error) {
    result.judgement = {Outcome::kNotTestable, error.what()};
    result.error = error.what();
  } catch (const std::exception& error) {
    result.judgement = {Outcome::kFailed, error.what()};
    result.error = error.what();
  }
  result.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  return result;
}

std::string LedgerTable(const std::vector<ClaimResult>& results) {
  constexpr std::size_t kIndent = 24;
  std::string table;
  std::map<Outcome, std::uint64_t> counts;
  for (const ClaimResult& result : results) {
    ++counts[result.judgement.outcome];
    std::string head = Concat(result.id, "  ", OutcomeName(result.judgement.outcome));
    head.resize(kIndent, ' ');
    table += Concat(head, Wrap(FindClaim(result.id).title, kIndent, kIndent), "\n");
    for (const std::string& line :
         {result.judgement.deciding,
          result.evidence.regime.empty() ? "" : Concat("(", result.evidence.regime, ")")}) {
      if (line.empty()) continue;
      table += Concat(std::string(kIndent, ' '), Wrap(line, kIndent, kIndent), "\n");
    }
  }
  std::vector<std::string> sums;
  for (const auto& [outcome, count] : counts) {
    sums.push_back(Concat(count, " ", OutcomeName(outcome)));
  }
  return Concat(table, "\n", results.size(), " claims: ", Join(sums, ", "), "\n");
}

int RunLedger(const LedgerRequest& request) {
  std::vector<std::string> ids = request.ids;
  for (const std::string& id : ids) FindClaim(id);
  if (ids.empty()) ids = Registry<ClaimInfo>::Instance().Names();
  RunPlaces places(request.directory, request.output);
  const std::filesystem::path document = request.output / "claims.json";
  const os::Facts environment = EnvironmentFacts(request.directory);
  os::CatchInterruption();
  os::MemoryLimit::RemoveAbandoned();
  os::FileMapping::RemoveAbandoned();
  LaboratoryFolder laboratory(request.directory);
  places.Keep();
  std::vector<ClaimResult> results;
  {
    double effort = 0;
    for (const std::string& id : ids) effort += FindClaim(id).effort;
    Progress progress(ids.size(), effort, !request.quiet && os::StandardErrorIsTerminal());
    for (const std::string& id : ids) {
      progress.Begin(Concat(id, " ", FindClaim(id).title));
      std::optional<ClaimResult> result;
      if (!os::Interrupted()) {
        try {
          result = RunClaim(id, laboratory.For(id), request.quick, request.timeout_seconds);
        } catch (const std::exception& error) {  // the laboratory itself
          result = Failed(id, error.what());
        }
      }
      if (!result) break;
      progress.End(std::string(OutcomeName(result->judgement.outcome)), FindClaim(id).effort);
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
