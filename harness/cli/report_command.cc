// faultline report: hands the document to the Python package in plots/.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/os/program.h"

namespace faultline::cli {
namespace {

// The first Python that can import what the charts need: a PATH may begin with one that can't see
// the distribution's packages.
std::string FindPython() {
  std::vector<std::string> candidates = {"/usr/bin/python3", "python3"};
  if (const char* chosen = std::getenv("FAULTLINE_PYTHON")) candidates = {chosen};
  for (const std::string& python : candidates) {
    if (os::RunProgram({python, "-c", "import matplotlib, jinja2"}, true) == 0) return python;
  }
  throw UnsupportedError(Concat("no Python here can import matplotlib and jinja2 (tried ",
                                Join(candidates, ", "),
                                "); install python3-matplotlib and python3-jinja2, or name one in "
                                "FAULTLINE_PYTHON"));
}

std::filesystem::path FindPlots() {
  const std::filesystem::path prefix = os::OwnExecutable().parent_path().parent_path();
  for (const std::filesystem::path& place :
       {prefix / FAULTLINE_INSTALLED_PLOTS, std::filesystem::path(FAULTLINE_SOURCE_PLOTS)}) {
    if (std::filesystem::exists(place / "faultline_plots" / "__main__.py")) return place;
  }
  throw Error("the package faultline_plots is missing; install Faultline again");
}

}  // namespace

int ReportCommand(const Arguments& arguments) {
  if (arguments.empty() ||
      std::find(arguments.begin(), arguments.end(), "--help") != arguments.end()) {
    std::cout << "Usage: faultline report DOCUMENT [--output DIR]\n\n"
                 "Makes the page of a document, and its charts (SVG and PNG): report.html of a\n"
                 "run.json, claims.html of a claims.json, powercut.html of a powercut.json,\n"
                 "crossover.html of a crossover.json, trace.html of a trace.json ('faultline\n"
                 "trace show --format json' prints one). DOCUMENT may also be a folder, for all\n"
                 "of these that it holds. DIR is where the pages go (the document's own folder).\n"
                 "Prints the path of each page.\n"
                 "Needs a Python with matplotlib and jinja2; FAULTLINE_PYTHON names one.\n";
    if (arguments.empty()) {
      throw UsageError("report on what? Name a run.json, another document or its folder");
    }
    return 0;
  }
  const std::string python = FindPython();
  std::vector<std::string> command = {
      python, "-c",
      "import sys; sys.path.insert(0, sys.argv.pop(1)); "
      "from faultline_plots.__main__ import main; sys.exit(main(sys.argv[1:]))",
      FindPlots().string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  std::cerr << "drawing with " << python << std::endl;
  return os::RunProgram(command);
}

}  // namespace faultline::cli
