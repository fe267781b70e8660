#include "harness/cli/trace_options.h"

#include <fmt/format.h>

#include "harness/cli/options.h"
#include "harness/report/build_info.h"

namespace faultline::cli {

namespace po = boost::program_options;

void AddFileOption(po::options_description& options) {
  options.add_options()(
      "file", po::value<std::vector<std::string>>()->value_name("PATTERN")->composing(),
      "a glob for the files that matter, held against the absolute path and the last part of it; "
      "given as often as wanted (all files but those in the system's folders)");
}

void AddTraceOutputOption(po::options_description& options) {
  options.add_options()("output", po::value<std::string>()->value_name("FILE"),
                        "where the trace goes (./trace-TIME.fltrace)");
}

std::string TraceOutputOf(const po::variables_map& values) {
  return Text(values, "output", fmt::format("trace-{}.fltrace", Timestamp()));
}

std::string TraceRecorderName() { return fmt::format("faultline {}", kVersion); }

}  // namespace faultline::cli
