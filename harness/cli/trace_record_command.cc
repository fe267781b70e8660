// faultline trace record
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <utility>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/trace_options.h"
#include "harness/trace/recorder.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description RecordOptions() {
  po::options_description options("Options", 80, 40);
  AddFileOption(options);
  AddTraceOutputOption(options);
  auto add = options.add_options();
  add("pid", po::value<std::string>()->value_name("NUMBER"),
      "record a process that runs already (-p NUMBER does, too), with its threads and all that it "
      "starts, until it ends, --seconds are over or Ctrl-C is pressed; it goes on");
  add("seconds", po::value<std::string>()->value_name("SECONDS"),
      "how long to record the process of --pid (to its end)");
  add("recorder", po::value<std::string>()->value_name(Join(kCallRecorderNames.All(), "|")),
      "who tells of calls: strace, which stops the program at each, or events: trace events of the "
      "kernel for reads, writes and the like, and strace for calls with names (auto: events where "
      "the kernel allows it, which takes root)");
  add("cost",
      "run the command once before without recording, and say what recording costs; it must do the "
      "same twice");
  add("help", "print this");
  return options;
}

CallRecorder CallRecorderOf(const po::variables_map& values) {
  const std::string name = Text(values, "recorder", "auto");
  if (const auto recorder = kCallRecorderNames.Find(name)) return *recorder;
  throw UsageError(fmt::format("--recorder takes {}, not '{}'",
                               Listing(kCallRecorderNames.All(), " or "), name));
}

// The process of --pid; 0 without it. `command` is what stands behind "--".
std::int64_t ProcessOf(const po::variables_map& values, const Arguments& command) {
  if (!values.count("pid")) {
    if (!command.empty()) return 0;
    throw UsageError(
        "record what? Give the command behind '--', such as -- sqlite3 my.db, or a process with "
        "--pid");
  }
  const std::uint64_t number = ParseCount(Text(values, "pid", ""), "--pid");
  if (number == 0 || number > 0x7fffffff)
    throw UsageError(fmt::format("--pid {} is no process", number));
  if (!command.empty()) throw UsageError("--pid records a process; leave the command out");
  if (values.count("cost")) throw UsageError("--cost is of a command; leave it out with --pid");
  return static_cast<std::int64_t>(number);
}

RecordRequest RecordRequestOf(const po::variables_map& values, Arguments command) {
  RecordRequest request;
  request.process = ProcessOf(values, command);
  request.command = std::move(command);
  if (values.count("seconds")) {
    if (request.process == 0) throw UsageError("--seconds is for --pid; a command has an end");
    request.seconds = ParseReal(Text(values, "seconds", ""), "--seconds");
    if (*request.seconds <= 0) throw UsageError("--seconds must be more than 0");
  }
  request.patterns = Texts(values, "file");
  request.output = TraceOutputOf(values);
  request.recorder = TraceRecorderName();
  request.calls = CallRecorderOf(values);
  request.measure_cost = values.count("cost") != 0;
  return request;
}

void PrintCost(const RecordResult& result) {
  if (!result.plain_seconds) return;
  if (result.plain_exit_code != result.exit_code) {
    std::cerr << "faultline: what recording costs is not known: the command ended with exit code "
              << result.plain_exit_code << " without; for --cost it must do the same twice"
              << std::endl;
  } else {
    std::cerr << "faultline: " << FormatSeconds(result.recorded_seconds) << " recorded, "
              << FormatSeconds(*result.plain_seconds)
              << " without: " << FormatSignificant(result.recorded_seconds / *result.plain_seconds)
              << " times as long" << std::endl;
  }
}

void PrintHow(const RecordResult& result) {
  if (result.exit_code != 0) {
    std::cerr << "faultline: the command ended with exit code " << result.exit_code << std::endl;
  }
  PrintCost(result);
  if (!result.why_strace_alone.empty()) {
    std::cerr << "faultline: strace alone recorded, which stops the program at each call: "
              << result.why_strace_alone << std::endl;
  }
  for (const std::string& note : result.notes) std::cerr << "faultline: " << note << std::endl;
}

}  // namespace

CommandHelp TraceRecordHelp() {
  return {.usage =
              "faultline trace record [--file PATTERN]... [OPTION]... -- COMMAND...\n"
              "faultline trace record [--file PATTERN]... [OPTION]... --pid NUMBER",
          .description =
              "Runs the command, or watches a process, and records what it does to files:\n"
              "reads, writes, flushes, mappings, of all its processes and threads.\n"
              "'faultline run --workload trace:FILE' plays the trace through every strategy.\n"
              "The exit code is the command's.\n",
          .options = RecordOptions(),
          .runs_program = true};
}

int TraceRecordCommand(const Arguments& arguments) {
  const auto separator = std::find(arguments.begin(), arguments.end(), "--");
  const CommandHelp help = TraceRecordHelp();
  Arguments words(arguments.begin(), separator);
  std::replace(words.begin(), words.end(), std::string("-p"), std::string("--pid"));
  const po::variables_map values = Parse("trace record", words, help.options);
  if (values.count("help")) {
    PrintHelp(help);
    return kExitDone;
  }
  Arguments command;
  if (separator != arguments.end()) command.assign(separator + 1, arguments.end());
  const RecordRequest request = RecordRequestOf(values, std::move(command));
  const RecordResult result = Record(request);
  if (result.interrupted) {
    std::cerr << "faultline: interrupted; no trace was written" << std::endl;
    return kExitInterrupted;
  }
  PrintHow(result);
  if (result.events == 0) {
    std::cerr << "faultline: the " << (request.process != 0 ? "process" : "command")
              << " accessed no file that was asked for; no trace was written" << std::endl;
    return result.exit_code != 0 ? result.exit_code : kExitFailed;
  }
  std::cerr << "faultline: " << CountOf(result.events, "event") << " of "
            << CountOf(result.files, "file") << ", " << FormatBytes(result.bytes)
            << ", recorded by " << result.calls_by << ": " << request.output.native() << std::endl;
  return result.exit_code;
}

}  // namespace faultline::cli
