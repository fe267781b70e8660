// faultline run
#include <algorithm>
#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/trial_options.h"
#include "harness/suite/runner.h"
#include "harness/suite/settings.h"
#include "harness/suite/suite_file.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

// An option of the command line alone, as Boost.Program_options wants it.
struct OwnOption {
  const char* key;
  const char* argument;  // nullptr for a switch
  const char* summary;
};

constexpr OwnOption kOwnOptions[] = {
    {"suite", "NAME|FILE", "run this suite; the options below override what it says"},
    {"directory", "DIR",
     "where the data files are (./faultline-data); they are kept for the next run"},
    {"output", "DIR", "where run.json goes (./faultline-runs/SUITE-TIME)"},
    {"format", "table|json|csv", "what to print (table)"},
};

po::options_description RunOptions() {
  po::options_description options("Options of the run", 80, 40);
  auto add = options.add_options();
  for (const OwnOption& option : kOwnOptions) {
    add(option.key, po::value<std::string>()->value_name(option.argument), option.summary);
  }
  AddPluginOption(options);
  add("verbose", "more in the table: intervals, device bytes, and what interfered");
  add("quiet", "print the results and nothing else");
  add("help", "print this");
  return options;
}

Format ParseFormat(const std::string& text) {
  if (text == "table") return Format::kTable;
  if (text == "json") return Format::kJson;
  if (text == "csv") return Format::kCsv;
  throw UsageError(fmt::format("unknown format '{}'; use table, json or csv", text));
}

}  // namespace

CommandHelp RunHelp() {
  po::options_description options;
  options.add(RunOptions()).add(TrialOptions(&TakenBy::run));
  return {.usage = "faultline run [--suite NAME|FILE] [OPTION]... [-- BENCHMARK FLAG...]",
          .description =
              "Runs every strategy with every workload, each repetition in a process of its\n"
              "own, in rounds of random order; verifies the data file after each; prints a\n"
              "table with an answer, and writes run.json. Makes six rounds, and then more until\n"
              "every comparison is known to --precision or the --budget is spent. Without\n"
              "--suite, --strategy and --workload it runs the suite 'quick'. Strategies and\n"
              "workloads are given as often as wanted; without --strategy all run that don't\n"
              "flush by themselves.\n\n"
              "Before each repetition the file is brought into memory as most programs meet it,\n"
              "in small pieces (--cache paged). Data that was just copied or streamed, and cold\n"
              "data, behave otherwise: --cache streamed, --cache cold.\n",
          .options = options,
          .notes =
              "Sizes read 125, 64KiB, 2GiB. Flags behind -- go to Google Benchmark, such as\n"
              "--benchmark_filter=REGEX; its own JSON lies beside run.json.\n"};
}

int RunCommand(const Arguments& arguments) {
  const auto separator = std::find(arguments.begin(), arguments.end(), "--");
  const CommandHelp help = RunHelp();
  const po::variables_map values = Parse("run", {arguments.begin(), separator}, help.options);
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  LoadPlugins(values);
  const Settings settings = GivenSettings(values, &TakenBy::run);
  RunRequest request;
  request.directory = Text(values, "directory", "faultline-data");
  request.format = ParseFormat(Text(values, "format", "table"));
  request.quiet = values.count("quiet") != 0;
  request.verbose = values.count("verbose") != 0;
  if (separator != arguments.end()) {
    request.benchmark_arguments.assign(separator + 1, arguments.end());
  }
  const bool chosen = settings.count("strategy") || settings.count("workload");
  if (values.count("suite") || !chosen) {
    const Suite suite = LoadSuite(Text(values, "suite", "quick"));
    request.suite = suite.name;
    request.trials = PlanSuite(suite, settings, request.directory);
  } else {
    request.suite = "command line";
    const Settings* layers[] = {&settings};
    request.trials = PlanTrials("", layers, request.directory);
  }
  const std::string folder = values.count("suite") || !chosen ? request.suite : "run";
  request.output = Text(values, "output", fmt::format("faultline-runs/{}-{}", folder, Timestamp()));
  return Run(request);
}

}  // namespace faultline::cli
