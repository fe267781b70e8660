// faultline advise
#include <boost/program_options.hpp>
#include <iostream>

#include "harness/base/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/decide/advice_text.h"
#include "harness/decide/decision_json.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description AdviseOptions() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  add("today", po::value<std::string>()->value_name("SPEC"),
      "the strategy that the program uses today, as the run names it (read-write, where the run "
      "has it)");
  add("workload", po::value<std::string>()->value_name("SPEC"),
      "advise on this workload of the run only (all)");
  add("format", po::value<std::string>()->value_name("FORMAT"), "what to print: text or json");
  add("help", "print this");
  return options;
}

void PrintAdviseHelp(const po::options_description& options) {
  std::cout << "Usage: faultline advise RUN [OPTION]...\n\n"
               "Says which strategy is best for each workload of a run, by how much, against\n"
               "what the program does today; what it costs in memory and wear; and where in the\n"
               "run another one is better. RUN is a run.json, or the folder it is in.\n\n"
               "Strategies are compared only among those that promise the same: their accepted\n"
               "time if the calls need only return, their durable time if the program flushes\n"
               "at the end, and by themselves those that flush after every update, or after\n"
               "every n. Every figure is from the run: what was not measured is not advised.\n"
               "Trials that failed, were not verified, or have fewer than three undisturbed\n"
               "repetitions are left out, and named.\n\n"
            << options;
}

}  // namespace

int AdviseCommand(const Arguments& arguments) {
  const po::options_description options = AdviseOptions();
  po::options_description all = options;
  all.add_options()("run", po::value<std::vector<std::string>>());
  const po::variables_map values = Parse("advise", arguments, all, "run");
  if (values.count("help")) {
    PrintAdviseHelp(options);
    return kExitDone;
  }
  const bool wants_json = WantsJson(values, "text");
  const auto runs =
      values.count("run") ? values["run"].as<std::vector<std::string>>() : Arguments{};
  if (runs.size() != 1) {
    throw UsageError(Concat("advise on what? Name one run (", runs.size(), " given)"));
  }
  const Advice advice =
      Advise(LoadRun(runs.front()), Text(values, "today", ""), Text(values, "workload", ""));
  std::cout << (wants_json ? AdviceJson(advice) + "\n" : AdviceText(advice)) << std::flush;
  return kExitDone;
}

}  // namespace faultline::cli
