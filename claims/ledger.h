// The claims of an article run one after another, and the document that they leave.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "claims/claim.h"

namespace faultline {

struct ClaimResult {
  std::string id;
  Judgement judgement;
  Evidence evidence;
  std::string error;  // why there is no evidence, or ""
  double seconds = 0;
};

struct LedgerRequest {
  std::vector<std::string> ids;     // registered ones; empty for all
  std::filesystem::path directory;  // on the file system in question
  std::filesystem::path output;     // where claims.json goes
  bool quick = false;               // a short experiment for each claim
  double timeout_seconds = 300;     // of one experiment
  bool json = false;                // print the document instead of the table
  bool quiet = false;
};

// Runs the experiments, each in a process of its own in an empty folder, prints the table, writes
// OUTPUT/claims.json anew after each. Returns the exit code: 0 all experiments came to an end,
// whatever the verdicts; 1 one failed; 77 none was possible here; 130 interrupted. Throws
// UsageError.
int RunLedger(const LedgerRequest& request);

// Runs one experiment. Throws UsageError for an unknown id. Nothing when it was interrupted.
std::optional<ClaimResult> RunClaim(const std::string& id, const std::filesystem::path& directory,
                                    bool quick, double timeout_seconds);

// The table: a line a claim with its verdict, the figure that decides, and its regime.
std::string LedgerTable(const std::vector<ClaimResult>& results);

}  // namespace faultline
