// faultline trace import
#include <fmt/format.h>
#include <iostream>
#include <map>
#include <optional>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/trace_options.h"
#include "harness/trace/importer.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description ImportOptions() {
  po::options_description options("Options", 80, 40);
  options.add_options()("format",
                        po::value<std::string>()->value_name(Join(TextFormatNames(), "|")),
                        "what made the text (guessed from its first lines)");
  AddTraceOutputOption(options);
  AddFileOption(options);
  auto add = options.add_options();
  add("descriptor", po::value<std::vector<std::string>>()->value_name("N=PATH")->composing(),
      "what a descriptor stands for that the text doesn't name, such as 3=my.db; N=- for no file");
  add("columns", po::value<std::string>()->value_name("NAMES"),
      "what the columns of the text hold, such as time_us,device,op,offset,size; '-' passes one "
      "over");
  add("requests", po::value<std::string>()->value_name(Join(kBlockRequestsNames.All(), "|")),
      "which of blkparse's requests count (the first of these that it has)");
  add("line-format", po::value<std::string>()->value_name("FORMAT"),
      "what blkparse was given with -f");
  add("help", "print this");
  return options;
}

// "3=PATH" each.
std::map<std::int64_t, std::string> DescriptorsOf(const po::variables_map& values) {
  std::map<std::int64_t, std::string> descriptors;
  for (const std::string& text : Texts(values, "descriptor")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos || equals + 1 == text.size()) {
      throw UsageError(
          fmt::format("--descriptor takes a number and a path, such as 3=my.db, not '{}'", text));
    }
    const std::uint64_t number = ParseCount(text.substr(0, equals), "--descriptor");
    descriptors[static_cast<std::int64_t>(number)] = text.substr(equals + 1);
  }
  return descriptors;
}

std::optional<BlockRequests> RequestsOf(const po::variables_map& values) {
  if (!values.count("requests")) return std::nullopt;
  const std::string name = Text(values, "requests", "");
  if (const auto requests = kBlockRequestsNames.Find(name)) return requests;
  throw UsageError(fmt::format("--requests takes {}, not '{}'",
                               Listing(kBlockRequestsNames.All(), " or "), name));
}

}  // namespace

CommandHelp TraceImportHelp() {
  return {.usage = "faultline trace import INPUT... [OPTION]...",
          .description =
              "Makes a trace of a text: of strace (any of its forms; best with -f -y -tt),\n"
              "of 'perf trace', of fio's I/O log (write_iolog), of blkparse or bcc's biosnoop,\n"
              "or of one access a line, in columns. INPUT is a file, which gzip may have\n"
              "compressed, or - for standard input; of strace -ff all files, or their folder.\n"
              "Lines that are of something else are skipped, and counted. Files that the text\n"
              "names are never opened.\n",
          .options = ImportOptions(),
          .words = {.paths = Paths::kFiles}};
}

int TraceImportCommand(const Arguments& arguments) {
  const CommandHelp help = TraceImportHelp();
  const po::variables_map values = Parse("trace import", arguments, help.options, "input");
  if (values.count("help")) {
    PrintHelp(help);
    return kExitDone;
  }
  const std::vector<std::string> inputs = Texts(values, "input");
  if (inputs.empty()) throw UsageError("import what? Name a text, such as one of strace or fio");
  ImportRequest request;
  request.inputs.assign(inputs.begin(), inputs.end());
  request.output = TraceOutputOf(values);
  request.format = Text(values, "format", "");
  request.patterns = Texts(values, "file");
  request.recorder = TraceRecorderName();
  request.descriptors = DescriptorsOf(values);
  request.columns = Text(values, "columns", "");
  request.requests = RequestsOf(values);
  request.line_format = Text(values, "line-format", "");
  const ImportResult result = ImportText(request);
  for (const std::string& note : result.notes) std::cerr << "faultline: " << note << std::endl;
  std::cerr << "faultline: " << CountOf(result.events, "event") << " of "
            << CountOf(result.files, "file") << " from " << CountOf(result.lines, "line") << " of "
            << result.format << ", " << FormatBytes(result.bytes) << ": " << request.output.native()
            << std::endl;
  return kExitDone;
}

}  // namespace faultline::cli
