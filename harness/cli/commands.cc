#include "harness/cli/commands.h"

#include "harness/base/exit_code.h"
#include "harness/cli/generate.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

constexpr Command kCommands[] = {
    {"run", "run a suite, or strategies and workloads of your choice", RunCommand, RunHelp},
    {"crossover", "search for where the best strategy changes", CrossoverCommand, CrossoverHelp},
    {"claims", "test what publications say, claim by claim", ClaimsCommand, ClaimsHelp},
    {"powercut", "cut the power, and see what survived", PowercutCommand, PowercutHelp},
    {"trace", "record what a program does to files, and sum it up", TraceCommand, TraceHelp},
    {"trace record", "record what a program does to files", TraceRecordCommand, TraceRecordHelp},
    {"trace import", "make a trace of another tool's text", TraceImportCommand, TraceImportHelp},
    {"trace show", "sum a trace up", TraceShowCommand, TraceShowHelp},
    {"walk", "watch a file mapping page by page, step by step", WalkCommand, WalkHelp},
    {"list", "list strategies, workloads, suites, claims and probes", ListCommand, ListHelp},
    {"describe", "say what one of these is and takes", DescribeCommand, DescribeHelp},
    {"report", "make an HTML page with charts of a run or of claims", ReportCommand, ReportHelp},
    {"compare", "say what got better or worse between two runs", CompareCommand, CompareHelp},
    {"advise", "recommend a strategy, from a run or a recorded trace", AdviseCommand, AdviseHelp},
};

constexpr ExitCode kExitCodes[] = {
    {kExitDone, "done"},
    {kExitFailed, "some trial or experiment failed, or got worse"},
    {kExitUsage, "wrong usage"},
    {kExitNotPossible, "not possible on this machine"},
    {kExitInterrupted, "interrupted"},
};

}  // namespace

std::span<const Command> Commands() { return kCommands; }

std::span<const ExitCode> ExitCodes() { return kExitCodes; }

bool IsPart(const Command& command) { return command.name.find(' ') != command.name.npos; }

CommandHelp ProgramHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("help", "print this")("version",
                                              "print version, commit, build type and compiler")(
      "generate", po::value<std::string>()->value_name(GeneratedNames()),
      "print the man page, or the completion of a shell");
  return {.usage = "faultline COMMAND [OPTION]...",
          .description =
              "Faultline answers one question with evidence: how should my program do its\n"
              "file I/O? It runs the same record operations through every I/O strategy on this\n"
              "machine, counts page faults and device traffic, times every phase, and proves\n"
              "that no update was lost.\n",
          .options = options,
          .notes = "'faultline COMMAND --help' says more. To begin: faultline run --suite quick\n"};
}

}  // namespace faultline::cli
