// faultline compare
#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <iostream>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/decide/comparison_text.h"
#include "harness/decide/decision_documents.h"
#include "harness/decide/load_run.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description OptionsOfCompare() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  add("metric", po::value<std::vector<std::string>>()->value_name("NAME")->composing(),
      "what is judged, given as often as wanted: accepted, durable, steady, or a counter, such as "
      "minor_faults (accepted and durable)");
  add("tolerance", po::value<std::string>()->value_name("SHARE"),
      "changes up to this don't matter, such as 5% or 0.05 (5% of times, 0 of counts)");
  add("strict", "exit code 1 also where something is inconclusive");
  add("anyway", "compare also what isn't comparable, and say so");
  add("format", po::value<std::string>()->value_name("table|markdown|json"),
      "what to print (table)");
  add("help", "print this");
  return options;
}

}  // namespace

CommandHelp CompareHelp() {
  return {.usage = "faultline compare BEFORE AFTER [OPTION]...",
          .description =
              "Compares two runs, trial by trial. BEFORE and AFTER are run.json documents, or\n"
              "the folders they are in. Two runs have no rounds in common, so each trial's\n"
              "repetitions are a sample before and one after; the interval of their ratio is\n"
              "Welch's, and all times of a comparison together are wrong in one of twenty at\n"
              "most. A time is better or worse where the whole interval lies on one side of 1,\n"
              "tied where it lies within the tolerance, and inconclusive otherwise, also below\n"
              "six usable repetitions on a side. Counts of faults, calls and bytes are compared\n"
              "exactly, from two repetitions on each side on; where repetitions differ among\n"
              "themselves, as ranges.\n\n"
              "Runs of another machine, storage or build type, and trials of other parameters,\n"
              "are refused.\n",
          .options = OptionsOfCompare(),
          .notes =
              "Exit codes: 0 nothing got worse as far as can be told, 1 some metric did, or a\n"
              "trial of AFTER failed or was not verified (with --strict also: something is\n"
              "inconclusive), 2 wrong usage, or not comparable.\n",
          .words = {.paths = Paths::kFiles}};
}

int CompareCommand(const Arguments& arguments) {
  const CommandHelp help = CompareHelp();
  const po::variables_map values = Parse("compare", arguments, help.options, "run");
  if (values.count("help")) {
    PrintHelp(help);
    return kExitDone;
  }
  const std::string format = Text(values, "format", "table");
  if (format != "table" && format != "markdown" && format != "json") {
    throw UsageError(fmt::format("unknown format '{}'; use table, markdown or json", format));
  }
  CompareOptions wanted;
  if (values.count("tolerance")) {
    wanted.tolerance = ParseShare(Text(values, "tolerance", ""), "--tolerance");
    wanted.count_tolerance = wanted.tolerance;
  }
  if (values.count("metric")) wanted.metrics = Texts(values, "metric");
  const std::vector<std::string> runs = Texts(values, "run");
  if (runs.size() != 2) {
    throw UsageError(
        fmt::format("compare what? Name two runs, the earlier one first ({} given)", runs.size()));
  }
  const document::Run before = LoadRun(runs[0]);
  const RunComparison comparison = CompareRuns(before, LoadRun(runs[1]), wanted);
  const std::vector<std::string>& differences = comparison.comparability.differences;
  if (!differences.empty() && !values.count("anyway")) {
    throw UsageError(
        fmt::format("these runs can't be compared: {}; --anyway compares them all the same",
                    Join(differences, "; ")));
  }
  std::cout << (format == "table"      ? ComparisonTable(comparison)
                : format == "markdown" ? ComparisonMarkdown(comparison)
                                       : document::ToText(DocumentOf(comparison)))
            << std::flush;
  const bool open = comparison.Count(verdict::Verdict::kInconclusive) > 0;
  const bool failed = comparison.GotWorse() || (open && values.count("strict"));
  return failed ? kExitFailed : kExitDone;
}

}  // namespace faultline::cli
