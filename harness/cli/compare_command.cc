// faultline compare
#include <boost/program_options.hpp>
#include <iostream>

#include "harness/base/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/decide/comparison_text.h"
#include "harness/decide/decision_json.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description CompareOptionsHelp() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  add("metric", po::value<std::vector<std::string>>()->value_name("NAME")->composing(),
      "what is judged, given as often as wanted: accepted, durable, steady, or a counter, such as "
      "minor_faults (accepted and durable)");
  add("tolerance", po::value<std::string>()->value_name("SHARE"),
      "a change up to this is never a verdict, such as 5% or 0.05 (0)");
  add("anyway", "compare also what isn't comparable, and say so");
  add("format", po::value<std::string>()->value_name("FORMAT"),
      "what to print: table, markdown or json");
  add("help", "print this");
  return options;
}

void PrintCompareHelp(const po::options_description& options) {
  std::cout << "Usage: faultline compare BEFORE AFTER [OPTION]...\n\n"
               "Compares two runs, trial by trial. BEFORE and AFTER are run.json documents, or\n"
               "the folders they are in. A time is better, worse, or within noise, where the\n"
               "whole 95 % interval of the ratio of the medians lies beyond the noise, or\n"
               "inside it; otherwise it is undecided. Noise is what the A/A pairs of both runs\n"
               "(--noise-floor on) allow, or the tolerance where that is more. Counts of faults,\n"
               "calls and bytes are compared exactly; where repetitions differ among\n"
               "themselves, as ranges. Disturbed repetitions don't count.\n\n"
               "Runs of another machine, storage or build type, and trials of other parameters,\n"
               "are refused.\n\n"
            << options
            << "\nExit codes: 0 nothing got worse, 1 some metric did, or a trial of AFTER failed\n"
               "or was not verified, 2 wrong usage, or not comparable.\n";
}

// "5%" and "0.05" are the same.
double ParseShare(std::string text) {
  const std::string given = text;
  const bool percent = !text.empty() && text.back() == '%';
  if (percent) text.pop_back();
  const double share = ParseReal(text, "--tolerance") / (percent ? 100 : 1);
  if (share >= 0 && share <= 10) return share;
  throw UsageError(Concat("--tolerance: '", given, "' is out of range; it takes 0 to 1000%"));
}

}  // namespace

int CompareCommand(const Arguments& arguments) {
  po::options_description options = CompareOptionsHelp();
  po::options_description all = options;
  all.add_options()("run", po::value<std::vector<std::string>>());
  const po::variables_map values = Parse("compare", arguments, all, "run");
  if (values.count("help")) {
    PrintCompareHelp(options);
    return kExitDone;
  }
  const std::string format = Text(values, "format", "table");
  if (format != "table" && format != "markdown" && format != "json") {
    throw UsageError(Concat("unknown format '", format, "'; use table, markdown or json"));
  }
  CompareOptions wanted;
  wanted.tolerance = ParseShare(Text(values, "tolerance", "0"));
  if (values.count("metric")) wanted.metrics = values["metric"].as<std::vector<std::string>>();
  const auto runs =
      values.count("run") ? values["run"].as<std::vector<std::string>>() : Arguments{};
  if (runs.size() != 2) {
    throw UsageError(
        Concat("compare what? Name two runs, the earlier one first (", runs.size(), " given)"));
  }
  const LoadedRun before = LoadRun(runs[0]);
  const RunComparison comparison = CompareRuns(before, LoadRun(runs[1]), wanted);
  const std::vector<std::string>& differences = comparison.comparability.differences;
  if (!differences.empty() && !values.count("anyway")) {
    throw UsageError(Concat("these runs can't be compared: ", Join(differences, "; "),
                            "; --anyway compares them all the same"));
  }
  std::cout << (format == "table"      ? ComparisonTable(comparison)
                : format == "markdown" ? ComparisonMarkdown(comparison)
                                       : ComparisonJson(comparison) + "\n")
            << std::flush;
  return comparison.GotWorse() ? kExitFailed : kExitDone;
}

}  // namespace faultline::cli
