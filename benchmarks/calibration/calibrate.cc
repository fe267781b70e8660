// The program behind scripts/calibrate. Exit code 0: measured, whatever was found; 2: wrong usage;
// 77: not possible on this machine; 1: another failure.
#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "benchmarks/calibration/calibration.h"
#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/os/terminal.h"
#include "harness/os/whole_file.h"
#include "harness/report/build_info.h"

namespace faultline::calibration {
namespace {

namespace po = boost::program_options;

po::options_description AllOptions() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  add("directory", po::value<std::string>()->value_name("DIR"),
      "an empty directory for the data files");
  add("output", po::value<std::string>()->value_name("DIR"),
      "where calibration.md and calibration.json go");
  add("comparisons", po::value<std::string>()->value_name("N")->default_value("400"),
      "comparisons of equal strategies in each condition, at least 200");
  add("runs", po::value<std::string>()->value_name("N")->default_value("10"),
      "runs of each planted difference");
  add("budget", po::value<std::string>()->value_name("SECONDS")->default_value("60"),
      "of a run with a small planted difference");
  add("help", "print this");
  return options;
}

void ShowProgress(const std::string& line) {
  if (os::StandardErrorIsTerminal()) std::cerr << "\r\x1b[K" << line << std::flush;
}

int Main(int argc, char** argv) {
  po::variables_map values;
  try {
    po::store(po::command_line_parser(argc, argv).options(AllOptions()).positional({}).run(),
              values);
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; --help shows what there is", error.what()));
  }
  if (values.count("help")) {
    std::cout << AllOptions();
    return kExitDone;
  }
  for (const char* needed : {"directory", "output"}) {
    if (!values.count(needed)) throw UsageError(fmt::format("--{} is missing", needed));
  }
  const auto text = [&values](const char* name) { return values[name].as<std::string>(); };
  Extent extent;
  extent.equal_comparisons = ParseCount(text("comparisons"), "--comparisons");
  extent.runs = ParseCount(text("runs"), "--runs");
  extent.budget_seconds = ParseReal(text("budget"), "--budget");
  if (extent.equal_comparisons < 1 || extent.runs < 1 || !(extent.budget_seconds > 0)) {
    throw UsageError("--comparisons, --runs and --budget take more than 0");
  }
  const std::filesystem::path output = text("output");
  const Setting setting = {.directory = std::filesystem::absolute(text("directory")),
                           .progress = ShowProgress};
  os::Facts environment = EnvironmentFacts(setting.directory);
  std::vector<ConditionResult> results;
  for (const Condition& condition : AllConditions()) {
    results.push_back(Calibrate(setting, condition, extent));
    std::ostringstream markdown;
    PrintMarkdown(results, environment, markdown);
    os::ReplaceFile(output / "calibration.md", markdown.str());
    os::ReplaceFile(output / "calibration.json", ToJson(results, environment).dump(1) + "\n");
  }
  ShowProgress("");
  PrintMarkdown(results, environment, std::cout);
  return kExitDone;
}

}  // namespace
}  // namespace faultline::calibration

int main(int argc, char** argv) {
  using namespace faultline;
  try {
    return calibration::Main(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "calibrate: " << error.what() << std::endl;
    return kExitUsage;
  } catch (const UnsupportedError& error) {
    std::cerr << "calibrate: " << error.what() << std::endl;
    return kExitNotPossible;
  } catch (const std::exception& error) {
    std::cerr << "calibrate: " << error.what() << std::endl;
  }
  return 1;
}
