// faultline claims
#include <fmt/format.h>
#include <set>

#include "claims/claim.h"
#include "claims/ledger.h"
#include "harness/base/size.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/suite/settings.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description ClaimsOptions() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  auto text = [&add](const char* key, const char* argument, const char* summary) {
    add(key, po::value<std::string>()->value_name(argument), summary);
  };
  text("directory", "DIR", "where the experiments work (./faultline-data)");
  text("output", "DIR", "where claims.json goes (./faultline-runs/claims-TIME)");
  text("format", "table|json", "what to print (table)");
  text("timeout", "SECONDS",
       "an experiment that takes longer counts as hung (1800; 300 with --quick)");
  add("quick", "short experiments: the article's in under two minutes, all in about five");
  add("quiet", "print the verdicts and nothing else");
  add("help", "print this");
  return options;
}

// What an ID may be: a claim's name, or the letter that a publication's claims begin with.
std::vector<std::string> ClaimWords() {
  std::set<std::string> words;
  for (const std::string& name : Registry<ClaimInfo>::Instance().Names()) {
    words.insert({name.substr(0, 1), name});
  }
  return {words.begin(), words.end()};
}

}  // namespace

CommandHelp ClaimsHelp() {
  return {.usage = "faultline claims [ID]... [OPTION]...",
          .description =
              "Tests what publications say about mapped files, claim by claim, on this machine:\n"
              "each runs its experiment, and the verdict is computed from what was measured. A\n"
              "claim that is false today is a finding, not a failure. An ID is a claim's, or\n"
              "the letter of a publication: A, the article of 1993; C, a paper of CIDR 2022;\n"
              "F, FastMap (2020); L, Lucene's and R, RocksDB's discussion. Without an ID it\n"
              "runs all there are; 'faultline list claims' shows them.\n",
          .options = ClaimsOptions(),
          .words = {.words = ClaimWords()}};
}

int ClaimsCommand(const Arguments& arguments) {
  const CommandHelp help = ClaimsHelp();
  const po::variables_map values = Parse("claims", arguments, help.options, "id");
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  LedgerRequest request;
  request.ids = Texts(values, "id");
  request.directory = Text(values, "directory", "faultline-data");
  request.output = Text(values, "output", fmt::format("faultline-runs/claims-{}", Timestamp()));
  request.json = WantsJson(values, "table");
  request.quick = values.count("quick") != 0;
  request.quiet = values.count("quiet") != 0;
  const std::string timeout = Text(values, "timeout", request.quick ? "300" : "1800");
  CheckSetting("timeout", timeout);
  request.timeout_seconds = ParseReal(timeout, "--timeout");
  return RunLedger(request);
}

}  // namespace faultline::cli
