// faultline crossover
#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/trial_options.h"
#include "harness/crossover/axis.h"
#include "harness/crossover/crossover.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

const OwnHelp kCrossoverHelp = {
    {"strategy", "a strategy, two or more of them (read-write and mmap-view)"},
    {"workload", "workload, such as mixed:reads=0.9 (random-update)"},
    {"records", "records of the data file (as many as 64MiB hold, with --quick 16MiB)"},
    {"operations",
     "operations of a pass (100000, with --quick 20000; fewer where these would take most of the "
     "budget)"},
    {"repetitions",
     "rounds at a point before it is judged again, two to four times as many at most (6; six are "
     "needed for a verdict)"}};

po::options_description CrossoverOptions() {
  po::options_description options("Options of the search", 80, 40);
  auto add = options.add_options();
  auto text = [&add](const char* key, const char* argument, const char* summary) {
    add(key, po::value<std::string>()->value_name(argument), summary);
  };
  text("x", "PARAMETER=LOW..HIGH", "what varies");
  text("y", "PARAMETER=LOW..HIGH",
       "what varies too: the boundary along x for several values of it");
  AddPluginOption(options);
  text("by", "accepted|durable|steady", "what decides, in ns per operation (accepted)");
  text("budget", "SECONDS",
       "the search ends after them; a trial under way then doesn't count (900, with --quick 120)");
  add("quick", "a quick search: less data, fewer points and rounds");
  text("directory", "DIR", "where the data files are while it searches (./faultline-data)");
  text("output", "DIR", "for the results (./faultline-runs/crossover-TIME)");
  text("format", "table|json", "what to print (table)");
  add("quiet", "print the results and nothing else");
  add("help", "print this");
  return options;
}

double Budget(const po::variables_map& values, bool quick) {
  if (!values.count("budget")) return crossover::DefaultBudgetSeconds(quick);
  PlannedTrial given;
  ApplySettings({{"budget", {Text(values, "budget", "")}}}, given);
  return given.budget_seconds;
}

}  // namespace

CommandHelp CrossoverHelp() {
  po::options_description options;
  options.add(CrossoverOptions()).add(TrialOptions(&TakenBy::crossover, kCrossoverHelp));
  return {
      .usage = "faultline crossover --x PARAMETER=LOW..HIGH [OPTION]...",
      .description =
          "Searches for the boundary where the best strategy changes as a parameter does.\n"
          "Measures a coarse grid, repeats what is inconclusive, and halves the gaps at\n"
          "each boundary until values, noise or budget permit no more. A round at a point\n"
          "runs each strategy once, in random order, and one of them twice: that shows the\n"
          "noise.\n"
          "Writes crossover.json, and the policy that follows as policy.json and as a C++\n"
          "header, policy.h.\n\n" +
          Wrap(fmt::format("A PARAMETER is one of {}; data-to-memory, the file's size for a given "
                           "--memory-limit; workload:OPTION, an option of the workload; or "
                           "strategy:OPTION, one of the strategies that have it and don't give it.",
                           Join(crossover::SettingParameters(), ", ")),
               0, 0) +
          "\n\n"
          "  faultline crossover --x record-size=16..64KiB --quick\n"
          "  faultline crossover --x workload:reads=0..100% --workload mixed\n"
          "  faultline crossover --x strategy:size=4KiB..16MiB --strategy mmap-window \\\n"
          "      --strategy read-write --y threads=1..4\n"
          "  faultline crossover --x data-to-memory=1/4..8 --memory-limit 64MiB\n",
      .options = options,
      .notes = "Exit code 1: a strategy failed at some point, and is not the best one there.\n"};
}

int CrossoverCommand(const Arguments& arguments) {
  const CommandHelp help = CrossoverHelp();
  const po::variables_map values = Parse("crossover", arguments, help.options);
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  LoadPlugins(values);
  crossover::CrossoverRequest request;
  request.x = Text(values, "x", "");
  if (request.x.empty()) {
    throw UsageError("what varies? Say --x PARAMETER=LOW..HIGH, such as --x record-size=16..64KiB");
  }
  request.y = Text(values, "y", "");
  request.settings = GivenSettings(values, &TakenBy::crossover);
  if (!request.settings.contains("strategy")) {
    request.settings["strategy"] = {"read-write", "mmap-view"};
  }
  request.by = crossover::ParseFigure(Text(values, "by", "accepted"));
  request.quick = values.count("quick") != 0;
  request.budget_seconds = Budget(values, request.quick);
  request.directory = Text(values, "directory", "faultline-data");
  request.output = Text(values, "output", fmt::format("faultline-runs/crossover-{}", Timestamp()));
  request.json = WantsJson(values, "table");
  request.quiet = values.count("quiet") != 0;
  return crossover::RunCrossover(request);
}

}  // namespace faultline::cli
