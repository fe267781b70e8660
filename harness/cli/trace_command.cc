// faultline trace record, import, show
#include <algorithm>
#include <fmt/format.h>
#include <iostream>

#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/document/trace.h"
#include "harness/report/build_info.h"
#include "harness/trace/importer.h"
#include "harness/trace/recorder.h"
#include "harness/trace/trace_summary.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

constexpr const char* kRecordUsage =
    "faultline trace record [--file PATTERN]... [OPTION]... -- COMMAND...";
constexpr const char* kImportUsage = "faultline trace import INPUT [OPTION]...";
constexpr const char* kShowUsage = "faultline trace show TRACE [--format text|json]";

void AddFileOption(po::options_description& options) {
  options.add_options()(
      "file", po::value<std::vector<std::string>>()->value_name("PATTERN")->composing(),
      "a glob for the files that matter, held against the absolute path and the last part of it; "
      "given as often as wanted (all files but those in the system's folders)");
}

std::vector<std::string> Patterns(const po::variables_map& values) {
  return values.count("file") ? values["file"].as<std::vector<std::string>>()
                              : std::vector<std::string>();
}

std::string OutputOf(const po::variables_map& values) {
  return Text(values, "output", fmt::format("trace-{}.fltrace", Timestamp()));
}

std::string Recorder() { return fmt::format("faultline {}", kVersion); }

}  // namespace

CommandHelp TraceRecordHelp() {
  po::options_description options("Options", 80, 40);
  AddFileOption(options);
  options.add_options()("output", po::value<std::string>()->value_name("FILE"),
                        "where the trace goes (./trace-TIME.fltrace)")(
      "cost",
      "run the command once before without recording, and say what recording costs; it must do "
      "the same twice")("help", "print this");
  return {.usage = kRecordUsage,
          .description =
              "Runs the command and records what it does to files: reads, writes, flushes,\n"
              "mappings, of all its processes and threads. strace watches it, which slows it\n"
              "down by some tens of microseconds for each of these; --cost measures how much.\n"
              "'faultline run --workload trace:FILE' plays the trace through every strategy.\n"
              "The exit code is the command's.\n",
          .options = options,
          .runs_program = true};
}

int TraceRecordCommand(const Arguments& arguments) {
  const auto separator = std::find(arguments.begin(), arguments.end(), "--");
  const CommandHelp help = TraceRecordHelp();
  const po::variables_map values =
      Parse("trace record", Arguments(arguments.begin(), separator), help.options);
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  RecordRequest request;
  if (separator != arguments.end()) request.command.assign(separator + 1, arguments.end());
  if (request.command.empty()) {
    throw UsageError("record what? Give the command behind '--', such as -- sqlite3 my.db");
  }
  request.patterns = Patterns(values);
  request.output = OutputOf(values);
  request.recorder = Recorder();
  request.measure_cost = values.count("cost") != 0;
  const RecordResult result = Record(request);
  if (result.interrupted) {
    std::cerr << "faultline: interrupted; no trace was written" << std::endl;
    return kExitInterrupted;
  }
  if (result.exit_code != 0) {
    std::cerr << "faultline: the command ended with exit code " << result.exit_code << std::endl;
  }
  if (result.plain_seconds && result.plain_exit_code != result.exit_code) {
    std::cerr << "faultline: what recording costs is not known: the command ended with exit code "
              << result.plain_exit_code << " without; for --cost it must do the same twice"
              << std::endl;
  } else if (result.plain_seconds) {
    std::cerr << "faultline: " << FormatSeconds(result.recorded_seconds) << " recorded, "
              << FormatSeconds(*result.plain_seconds)
              << " without: " << FormatSignificant(result.recorded_seconds / *result.plain_seconds)
              << " times as long" << std::endl;
  }
  for (const std::string& note : result.notes) std::cerr << "faultline: " << note << std::endl;
  if (result.events == 0) {
    std::cerr << "faultline: the command accessed no file that was asked for; no trace was written"
              << std::endl;
    return result.exit_code != 0 ? result.exit_code : kExitFailed;
  }
  std::cerr << "faultline: " << CountOf(result.events, "event") << " of "
            << CountOf(result.files, "file") << ", " << FormatBytes(result.bytes) << ": "
            << request.output.native() << std::endl;
  return result.exit_code;
}

CommandHelp TraceImportHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("format", po::value<std::string>()->value_name("strace|fio|blkparse"),
                        "what made the text (guessed from its first lines)")(
      "output", po::value<std::string>()->value_name("FILE"),
      "where the trace goes (./trace-TIME.fltrace)");
  AddFileOption(options);
  options.add_options()("help", "print this");
  return {.usage = kImportUsage,
          .description =
              "Makes a trace of a text: of strace (best with -f -ttt -y), of fio's I/O log\n"
              "(write_iolog), or of blkparse in its default format. Files that the text names\n"
              "are never opened.\n",
          .options = options,
          .words = {.paths = Paths::kFiles}};
}

int TraceImportCommand(const Arguments& arguments) {
  const CommandHelp help = TraceImportHelp();
  po::options_description options;
  options.add(help.options).add_options()("input", po::value<std::vector<std::string>>());
  const po::variables_map values = Parse("trace import", arguments, options, "input");
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  const auto inputs = values.count("input") ? values["input"].as<std::vector<std::string>>()
                                            : std::vector<std::string>();
  if (inputs.size() != 1) throw UsageError("import what? Name one text of strace, fio or blkparse");
  ImportRequest request;
  request.input = inputs[0];
  request.output = OutputOf(values);
  request.format = Text(values, "format", "");
  request.patterns = Patterns(values);
  request.recorder = Recorder();
  const ImportResult result = ImportText(request);
  std::cerr << "faultline: " << CountOf(result.events, "event") << " of "
            << CountOf(result.files, "file") << " from " << CountOf(result.lines, "line") << " of "
            << TextFormatName(result.format) << ", " << FormatBytes(result.bytes) << ": "
            << request.output.native() << std::endl;
  return 0;
}

CommandHelp TraceShowHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("format", po::value<std::string>()->value_name("text|json"),
                        "what to print (text)")("help", "print this");
  return {.usage = kShowUsage,
          .description =
              "Sums a trace up: files, kinds and sizes of accesses, how sequential they are,\n"
              "how much is used at a time and again, flushes, hot regions.\n",
          .options = options,
          .words = {.paths = Paths::kFiles}};
}

int TraceShowCommand(const Arguments& arguments) {
  const CommandHelp help = TraceShowHelp();
  po::options_description options;
  options.add(help.options).add_options()("trace", po::value<std::vector<std::string>>());
  const po::variables_map values = Parse("trace show", arguments, options, "trace");
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  const auto traces = values.count("trace") ? values["trace"].as<std::vector<std::string>>()
                                            : std::vector<std::string>();
  if (traces.size() != 1) throw UsageError("show what? Name one trace");
  const bool json = WantsJson(values, "text");
  const TraceSummary summary = SummarizeTrace(traces[0]);
  std::cout << (json ? document::ToText(document::TraceOf(summary)) : SummaryText(summary));
  return 0;
}

CommandHelp TraceHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("help", "print this");
  return {.usage = fmt::format("{}\n{}\n{}", kRecordUsage, kImportUsage, kShowUsage),
          .description =
              "Records what a program does to files, for 'faultline run --workload trace:FILE'\n"
              "to play it through every strategy; makes such a trace of other tools' texts;\n"
              "sums one up. Each has --help.\n",
          .options = options};
}

// Its parts are commands of their own; here is what names none of them.
int TraceCommand(const Arguments& arguments) {
  const std::string name = arguments.empty() ? "" : arguments.front();
  if (name == "--help") {
    PrintHelp(TraceHelp());
    return 0;
  }
  if (name.empty()) throw UsageError("trace what? There are record, import and show");
  const std::vector<std::string> known = {"record", "import", "show"};
  throw UsageError(fmt::format("unknown command 'trace {}'; {}", name,
                               Suggestion(name, known, "there are " + Listing(known))));
}

}  // namespace faultline::cli
