// faultline trace, and its part show; the others are in files of their own.
#include <fmt/format.h>
#include <iostream>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/document/trace.h"
#include "harness/trace/trace_summary.h"

namespace faultline::cli {

namespace po = boost::program_options;

CommandHelp TraceShowHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("format", po::value<std::string>()->value_name("text|json"),
                        "what to print (text)")("help", "print this");
  return {.usage = "faultline trace show TRACE [--format text|json]",
          .description =
              "Sums a trace up: files, kinds and sizes of accesses, how sequential they are,\n"
              "how much is used at a time and again, flushes, hot regions.\n",
          .options = options,
          .words = {.paths = Paths::kFiles}};
}

int TraceShowCommand(const Arguments& arguments) {
  const CommandHelp help = TraceShowHelp();
  const po::variables_map values = Parse("trace show", arguments, help.options, "trace");
  if (values.count("help")) {
    PrintHelp(help);
    return kExitDone;
  }
  const std::vector<std::string> traces = Texts(values, "trace");
  if (traces.size() != 1) throw UsageError("show what? Name one trace");
  const bool json = WantsJson(values, "text");
  const TraceSummary summary = SummarizeTrace(traces[0]);
  std::cout << (json ? document::ToText(document::TraceOf(summary)) : SummaryText(summary));
  return kExitDone;
}

CommandHelp TraceHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("help", "print this");
  return {.usage = fmt::format("{}\n{}\n{}", TraceRecordHelp().usage, TraceImportHelp().usage,
                               TraceShowHelp().usage),
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
    return kExitDone;
  }
  if (name.empty()) throw UsageError("trace what? There are record, import and show");
  const std::vector<std::string> known = {"record", "import", "show"};
  throw UsageError(fmt::format("unknown command 'trace {}'; {}", name,
                               Suggestion(name, known, "there are " + Listing(known))));
}

}  // namespace faultline::cli
