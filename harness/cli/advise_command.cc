// faultline advise
#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <iostream>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/trial_options.h"
#include "harness/decide/advice_text.h"
#include "harness/decide/decision_documents.h"
#include "harness/decide/load_run.h"
#include "harness/decide/program_gain.h"
#include "harness/suite/runner.h"
#include "harness/suite/trace_run.h"
#include "harness/trace/trace_habits.h"
#include "harness/trace/trace_reader.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description AdviseOptions() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  add("baseline", po::value<std::string>()->value_name("SPEC"),
      "the strategy to compare with, what the program does today (of a run its own baseline; of a "
      "trace what it tells)");
  add("workload", po::value<std::string>()->value_name("SPEC"),
      "advise on this workload of the run only (all)");
  add("format", po::value<std::string>()->value_name("text|json"), "what to print (text)");
  add("help", "print this");
  return options;
}

// Those that need trials to be run.
po::options_description TraceOptions() {
  po::options_description options("Options for a trace", 80, 40);
  auto add = options.add_options();
  add("directory", po::value<std::string>()->value_name("DIR"),
      "where the data files are (./faultline-data); they are kept for the next run");
  add("output", po::value<std::string>()->value_name("DIR"),
      "where run.json goes (./faultline-runs/advise-TIME)");
  AddPluginOption(options);
  add("anyway", "advise also where the trace may lack a tenth of the program's transfers or more");
  add("quiet", "print the advice and nothing else");
  options.add(TrialOptions(&TakenBy::advise));
  return options;
}

// How long the program of a trace ran, as far as the trace says so.
std::optional<ProgramTime> ProgramTimeOf(const TraceCounts& counts) {
  const bool recorded = counts.plain_run_ns == 0;
  const std::uint64_t ns = recorded ? counts.run_ns : counts.plain_run_ns;
  if (ns == 0) return std::nullopt;
  return ProgramTime{.seconds = static_cast<double>(ns) / 1e9, .recorded = recorded};
}

void Print(const Advice& advice, bool json) {
  std::cout << (json ? document::ToText(DocumentOf(advice)) : AdviceText(advice)) << std::flush;
}

// Runs the trace, and advises on that. Returns the exit code of the run.
int AdviseOnTrace(const std::string& trace, const po::variables_map& values, bool json) {
  if (values.count("workload")) throw UsageError("a trace is a workload; leave --workload out");
  LoadPlugins(values);
  RunRequest request;
  request.suite = "advise";
  request.directory = Text(values, "directory", "faultline-data");
  request.output = Text(values, "output", fmt::format("faultline-runs/advise-{}", Timestamp()));
  request.format = Format::kNone;
  request.cut_off = true;
  request.quiet = values.count("quiet") != 0;
  const std::shared_ptr<const TraceScan> scan = ScanTrace(trace);
  const std::string lacks = MayLack(*scan);
  if (!lacks.empty() && !values.count("anyway")) {
    throw UsageError(
        fmt::format("'{}' may lack a tenth of what its program moved, or more: {}; trace it again, "
                    "or advise on what there is with --anyway",
                    trace, lacks));
  }
  TraceRun run = PlanTraceRun(trace, Text(values, "baseline", ""),
                              GivenSettings(values, &TakenBy::advise), request.directory);
  request.baseline = run.baseline.strategy.text();
  request.trials = std::move(run.trials);
  const int exit_code = Run(request);
  if (exit_code == kExitInterrupted) {
    std::cerr << "faultline: interrupted; 'faultline advise " << request.output.native()
              << "' says what the finished repetitions tell" << std::endl;
    return exit_code;
  }
  const document::Run document = LoadRun(request.output);
  Advice advice = Advise(document, run.baseline.strategy.text(), "");
  const std::optional<ProgramTime> time = ProgramTimeOf(scan->end.counts);
  // The beginning of a trace is no whole program.
  if (time && !values.count("operations")) {
    AddProgramGain(*time, document.trials.front().parameters.operations, advice);
  }
  advice.baseline_why = std::move(run.baseline.why);
  advice.not_candidates = std::move(run.not_candidates);
  advice.choices = std::move(run.notes);
  if (!lacks.empty())
    advice.choices.push_back(fmt::format("advice although the trace may lack much: {}", lacks));
  Print(advice, json);
  return exit_code;
}

// Throws UsageError for an option that a finished run has no use for.
void CheckNoTraceOptions(const po::variables_map& values, const std::string& run) {
  const po::options_description options = TraceOptions();
  for (const auto& option : options.options()) {
    if (!values.count(option->long_name())) continue;
    throw UsageError(
        fmt::format("--{} is for a trace, and '{}' is a run, which advise takes as it was "
                    "measured; leave it out",
                    option->long_name(), run));
  }
}

}  // namespace

CommandHelp AdviseHelp() {
  po::options_description options = AdviseOptions();
  options.add(TraceOptions());
  return {.usage = "faultline advise RUN|TRACE [OPTION]...",
          .description =
              "Says which strategy is best for each workload of a run, by how much, against\n"
              "the baseline, which is what the program does today; what it costs in memory and\n"
              "wear; and where in the run another one is better. RUN is a run.json, or the\n"
              "folder it is in.\n\n"
              "TRACE is what 'faultline trace' recorded: it is played once, as fast as possible\n"
              "and with its flushes, through every strategy that can express it, in rounds,\n"
              "until the comparisons are as precise as wanted or the budget is spent; then the\n"
              "advice is on that run. What has not returned after twenty times the time in\n"
              "which another was durable is cut off. With --operations N only the first N\n"
              "operations of a long trace are played.\n\n"
              "Strategies are compared only among those that promise the same: their accepted\n"
              "time if the calls need only return, or flushes of a workload are part of it;\n"
              "their durable time if the program flushes at the end; and by themselves those\n"
              "that flush after every update, or after every n. What is faster, tied or\n"
              "inconclusive is what the run's own comparisons say. Trials that failed or were\n"
              "not verified are left out, and named.\n",
          .options = options,
          .words = {.paths = Paths::kFiles}};
}

int AdviseCommand(const Arguments& arguments) {
  const CommandHelp help = AdviseHelp();
  const po::variables_map values = Parse("advise", arguments, help.options, "run");
  if (values.count("help")) {
    PrintHelp(help);
    return kExitDone;
  }
  const bool wants_json = WantsJson(values, "text");
  const std::vector<std::string> given = Texts(values, "run");
  if (given.size() != 1) {
    throw UsageError(fmt::format("advise on what? Name one run or trace ({} given)", given.size()));
  }
  if (IsTrace(given.front())) return AdviseOnTrace(given.front(), values, wants_json);
  CheckNoTraceOptions(values, given.front());
  Print(Advise(LoadRun(given.front()), Text(values, "baseline", ""), Text(values, "workload", "")),
        wants_json);
  return kExitDone;
}

}  // namespace faultline::cli
