// The program: finds the subcommand, prints errors, sets the exit code.
#include <iostream>
#include <string>
#include <vector>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/report/build_info.h"

namespace faultline::cli {
namespace {

struct Command {
  const char* name;
  const char* summary;
  int (*run)(const Arguments&);
};

constexpr Command kCommands[] = {
    {"run", "run a suite, or strategies and workloads of your choice", RunCommand},
    {"crossover", "search for where the best strategy changes", CrossoverCommand},
    {"claims", "test what publications say, claim by claim", ClaimsCommand},
    {"powercut", "cut the power, and see what survived", PowercutCommand},
    {"trace", "record what a program does to files, and sum it up", TraceCommand},
    {"walk", "watch a file mapping page by page, step by step", WalkCommand},
    {"list", "list strategies, workloads, suites, claims and probes", ListCommand},
    {"describe", "say what one of these is and takes", DescribeCommand},
    {"report", "make an HTML page with charts of a run or of claims", ReportCommand},
    {"compare", "say what got better or worse between two runs", CompareCommand},
    {"advise", "recommend a strategy, from a run or a recorded trace", AdviseCommand},
};

void PrintHelp() {
  std::cout << "Faultline answers one question with evidence: how should my program do its\n"
               "file I/O? It runs the same record operations through every I/O strategy on this\n"
               "machine, counts page faults and device traffic, times every phase, and proves\n"
               "that no update was lost.\n\n"
               "Usage: faultline COMMAND [OPTION]...\n\n";
  for (const Command& command : kCommands) {
    std::cout << "  " << command.name << std::string(10 - std::string(command.name).size(), ' ')
              << command.summary << "\n";
  }
  std::cout << "\n'faultline COMMAND --help' says more. To begin: faultline run --suite quick\n\n"
               "Exit codes: 0 done, 1 some trial or experiment failed, or got worse, 2 wrong\n"
               "usage, 77 not possible on this machine, 130 interrupted.\n";
}

int Dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    PrintHelp();
    return kExitUsage;
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    PrintHelp();
    return 0;
  }
  if (name == "--version") {
    std::cout << "faultline " << kVersion << "\n";
    return 0;
  }
  std::vector<std::string> known;
  for (const Command& command : kCommands) {
    if (name == command.name) return command.run({arguments.begin() + 1, arguments.end()});
    known.emplace_back(command.name);
  }
  throw UsageError(Concat("unknown command '", name, "'; ",
                          Suggestion(name, known, "'faultline --help' shows what there is")));
}

}  // namespace
}  // namespace faultline::cli

int main(int argc, char** argv) {
  using namespace faultline;
  int code = 1;
  try {
    return cli::Dispatch({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    std::cerr << "faultline: " << error.what() << std::endl;
    code = kExitUsage;
  } catch (const UnsupportedError& error) {
    std::cerr << "faultline: " << error.what() << std::endl;
    code = kExitNotPossible;
  } catch (const std::exception& error) {
    std::cerr << "faultline: " << error.what() << std::endl;
  }
  return code;
}
