// faultline report: hands the document to the Python package in plots/.
#include <boost/program_options.hpp>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <iostream>
#include <optional>
#include <random>

#include "faultline/error.h"
#include "faultline/file.h"
#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/decide/judged_anew.h"
#include "harness/json/json_place.h"
#include "harness/os/program.h"
#include "harness/os/whole_file.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

// Draws with the package in the folder that is the first argument.
constexpr const char* kDraw =
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from faultline_plots.__main__ import main; sys.exit(main(sys.argv[1:]))";
// Versions of jsonschema before 4 don't know the draft that the schemas are written in.
constexpr const char* kImports =
    "import matplotlib, jinja2; from jsonschema import Draft202012Validator";

// The first Python that can import what the charts need: a PATH may begin with one that can't see
// the distribution's packages.
std::string FindPython() {
  std::vector<std::string> candidates = {"/usr/bin/python3", "python3"};
  if (const char* chosen = std::getenv("FAULTLINE_PYTHON")) candidates = {chosen};
  for (const std::string& python : candidates) {
    if (os::RunProgram({python, "-c", kImports}, true) == 0) return python;
  }
  throw UnsupportedError(fmt::format(
      "no Python here can import matplotlib, jinja2 and jsonschema (tried {}); install "
      "python3-matplotlib, python3-jinja2 and python3-jsonschema, or name one in FAULTLINE_PYTHON",
      Join(candidates, ", ")));
}

std::filesystem::path FindPlots() {
  const std::filesystem::path prefix = os::OwnExecutable().parent_path().parent_path();
  for (const std::filesystem::path& place :
       {prefix / FAULTLINE_INSTALLED_PLOTS, std::filesystem::path(FAULTLINE_SOURCE_PLOTS)}) {
    if (std::filesystem::exists(place / "faultline_plots" / "__main__.py")) return place;
  }
  throw Error("the package faultline_plots is missing; install Faultline again");
}

// A private folder, removed with the object and what is in it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    do {
      path_ = std::filesystem::temp_directory_path() / fmt::format("faultline-report-{}", random());
    } while (!std::filesystem::create_directory(path_));
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What the pages are made of, and where they go: to the document's own folder for "".
struct Wanted {
  std::filesystem::path place;  // a document, or a folder of some
  std::filesystem::path output;
};

// The run document at `path` with its comparisons, where it has none; nothing for any other file.
std::optional<std::string> Judged(const std::filesystem::path& path) {
  std::string text;
  try {
    text = os::ReadText(path);
  } catch (const os::SystemError&) {
    return std::nullopt;  // the Python package says why
  }
  return JudgedDocument(WithoutControls(path.string()), text);
}

// The pages judge nothing. Where a run document has no comparisons, one in `folder` is wanted that
// has, under the same name and beside the same documents, with the same place for the pages.
void HandOverJudged(const TemporaryFolder& folder, Wanted& wanted) {
  const std::filesystem::path place = wanted.place;
  std::error_code ignored;
  const bool is_folder = std::filesystem::is_directory(place, ignored);
  const std::filesystem::path document = is_folder ? place / "run.json" : place;
  const std::optional<std::string> judged = Judged(document);
  if (!judged) return;
  const std::filesystem::path parent = is_folder ? place : place.parent_path();
  const std::filesystem::path handed = folder.path() / document.filename();
  os::ReplaceFile(handed, *judged);
  if (is_folder) {
    for (const auto& entry : std::filesystem::directory_iterator(place)) {
      const std::filesystem::path& other = entry.path();
      if (other.extension() != ".json" || other.filename() == document.filename()) continue;
      std::filesystem::create_symlink(std::filesystem::absolute(other),
                                      folder.path() / other.filename());
    }
  }
  wanted.place = is_folder ? folder.path() : handed;
  if (wanted.output.empty()) wanted.output = parent.empty() ? "." : parent;
}

}  // namespace

CommandHelp ReportHelp() {
  po::options_description options("Options", 80, 40);
  options.add_options()("output", po::value<std::string>()->value_name("DIR"),
                        "where the pages go (the document's own folder)")("help", "print this");
  return {.usage = "faultline report DOCUMENT [--output DIR]",
          .description =
              "Makes the page of a document, and its charts (SVG and PNG): report.html of a\n"
              "run.json, claims.html of a claims.json, powercut.html of a powercut.json,\n"
              "crossover.html of a crossover.json, trace.html of a trace.json ('faultline\n"
              "trace show --format json' prints one). DOCUMENT may also be a folder, for all\n"
              "of these that it holds. Prints the path of each page. A run.json of an older\n"
              "version, which has no comparisons, is judged anew, and its page says so.\n"
              "Needs a Python with matplotlib, jinja2 and jsonschema; FAULTLINE_PYTHON names\n"
              "one.\n",
          .options = options,
          .words = {.paths = Paths::kFiles}};
}

int ReportCommand(const Arguments& arguments) {
  const CommandHelp help = ReportHelp();
  const po::variables_map values = Parse("report", arguments, help.options, "document");
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  const std::vector<std::string> documents = Texts(values, "document");
  if (documents.size() != 1) {
    throw UsageError(
        fmt::format("report on what? Name a run.json, another document or its folder ({} given)",
                    documents.size()));
  }
  const std::string python = FindPython();
  const TemporaryFolder folder;
  Wanted wanted{.place = documents.front(), .output = Text(values, "output", "")};
  HandOverJudged(folder, wanted);
  std::vector<std::string> command = {python, "-c", kDraw, FindPlots().string(),
                                      wanted.place.string()};
  if (!wanted.output.empty()) command.insert(command.end(), {"--output", wanted.output.string()});
  std::cerr << "drawing with " << python << std::endl;
  return os::RunProgram(command);
}

}  // namespace faultline::cli
