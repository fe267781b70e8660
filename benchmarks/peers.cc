// The program behind scripts/compare-peers: measures Faultline against what it should not be slower
// than, in one run, interleaved, and says which targets are met. Whatever the figures are, the exit
// code is 0 when they were measured; 2 is wrong usage, 77 a machine without fio, 1 any other
// failure. A part that can't be measured here is named with the reason.
#include <algorithm>
#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "benchmarks/comparison.h"
#include "benchmarks/fio.h"
#include "harness/base/exit_code.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/os/program.h"
#include "harness/os/terminal.h"
#include "harness/os/whole_file.h"
#include "harness/report/build_info.h"
#include "harness/trial/trial_spec.h"

namespace faultline::peers {
namespace {

namespace po = boost::program_options;

constexpr std::uint64_t kSeed = 1;
const std::string kParts[] = {"loops", "memory", "storage", "engines"};
constexpr Geometry kRecords = {.records = kDefaultRecords, .record_size = kDefaultRecordSize};
constexpr Geometry kPages = {.records = std::uint64_t{1} << 16, .record_size = 4096};

struct Request {
  std::filesystem::path directory;
  std::filesystem::path output;  // empty: no document
  std::uint64_t rounds = 20;
  std::vector<std::string> only;  // parts; empty for all
  bool fio = false;
  bool help = false;

  bool Wants(const std::string& part) const {
    return only.empty() || std::find(only.begin(), only.end(), part) != only.end();
  }
};

po::options_description AllOptions() {
  po::options_description options("Options", 80, 40);
  options.add_options()("directory", po::value<std::string>()->value_name("DIR"),
                        "an empty directory for the data files; nothing else may use it")(
      "output", po::value<std::string>()->value_name("FILE"), "write the figures as JSON")(
      "rounds", po::value<std::string>()->value_name("N")->default_value("20"),
      "repetitions of every comparison, at least 6")(
      "only", po::value<std::vector<std::string>>()->value_name("PART"),
      "a part of the comparisons, may be repeated: loops, memory, storage or engines")(
      "fio", "compare with fio too")("help", "print this");
  return options;
}

Request ParseRequest(int argc, char** argv) {
  po::variables_map values;
  try {
    po::store(po::command_line_parser(argc, argv).options(AllOptions()).positional({}).run(),
              values);
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; --help shows what there is", error.what()));
  }
  Request request;
  request.help = values.count("help") != 0;
  if (request.help) return request;
  if (!values.count("directory")) throw UsageError("--directory is missing; give an empty one");
  request.directory = std::filesystem::absolute(values["directory"].as<std::string>());
  if (!std::filesystem::is_directory(request.directory) ||
      !std::filesystem::is_empty(request.directory)) {
    throw UsageError(fmt::format("--directory {} is no empty directory; make a new one",
                                 request.directory.native()));
  }
  if (values.count("output")) {
    request.output = std::filesystem::absolute(values["output"].as<std::string>());
    // Said before minutes of measuring, not after them.
    if (!std::filesystem::is_directory(request.output.parent_path())) {
      throw UsageError(fmt::format("--output {}: there is no directory {}; make it first",
                                   request.output.native(), request.output.parent_path().native()));
    }
  }
  request.rounds = ParseCount(values["rounds"].as<std::string>(), "--rounds");
  if (request.rounds < verdict::kFewestRounds) {
    throw UsageError(fmt::format("--rounds {} are too few for a verdict; use {} or more",
                                 request.rounds, verdict::kFewestRounds));
  }
  request.fio = values.count("fio") != 0;
  if (values.count("only")) request.only = values["only"].as<std::vector<std::string>>();
  for (const std::string& part : request.only) {
    if (std::find(std::begin(kParts), std::end(kParts), part) == std::end(kParts)) {
      throw UsageError(fmt::format("--only {} is no part; there are {}", part, Join(kParts, ", ")));
    }
  }
  return request;
}

void ShowProgress(const std::string& line) {
  if (os::StandardErrorIsTerminal()) std::cerr << "\r\x1b[K" << line << std::flush;
}

void Append(std::vector<Finding>& all, std::vector<Finding> more) {
  for (Finding& finding : more) all.push_back(std::move(finding));
}

Findings Measure(const Request& request) {
  Findings findings;
  findings.environment = os::MachineFacts();
  findings.environment.merge(os::StorageFacts(request.directory));
  findings.environment.merge(BuildFacts());
  findings.environment["cache"] = CacheStateName(kCache);
  findings.environment["rounds"] = std::to_string(request.rounds);
  // Asked for first too: without fio there is nothing to wait for.
  if (request.fio) findings.environment["fio"] = FioVersion(request.directory);
  const Setting setting = {.directory = request.directory,
                           .faultline = os::OwnExecutable().parent_path() / "faultline",
                           .dataset = Dataset::Prepare(request.directory, kRecords, kSeed),
                           .pages = Dataset::Prepare(request.directory, kPages, kSeed),
                           .rounds = request.rounds,
                           .seed = kSeed,
                           .progress = ShowProgress};
  const auto measure = [&](const std::string& what, std::vector<Finding> compare(const Setting&)) {
    try {
      Append(findings.ratios, compare(setting));
    } catch (const UnsupportedError& error) {
      findings.environment[fmt::format("not measured: {}", what)] = error.what();
    }
  };
  if (request.Wants("loops")) {
    findings.memory = MeasureMemory(setting);
    Append(findings.ratios, CompareWithLoop(setting, "mmap-view", "mapped"));
    Append(findings.ratios, CompareWithLoop(setting, "read-write", "calls"));
    if (request.fio) measure("fio on warm data", CompareWithFio);
  }
  if (request.Wants("memory")) measure("data in memory", CompareInMemory);
  if (request.Wants("storage")) {
    if (request.fio) measure("fio on storage", CompareStorageWithFio);
    measure("data beyond memory", CompareBeyondMemory);
  }
  if (request.Wants("engines")) measure("engines", CompareEngines);
  ShowProgress("");
  return findings;
}

int Main(int argc, char** argv) {
  const Request request = ParseRequest(argc, argv);
  if (request.help) {
    std::cout << AllOptions();
    return 0;
  }
  const Findings findings = Measure(request);
  PrintTable(findings, std::cout);
  if (!request.output.empty()) os::ReplaceFile(request.output, ToJson(findings).dump(1) + "\n");
  return 0;
}

}  // namespace
}  // namespace faultline::peers

int main(int argc, char** argv) {
  using namespace faultline;
  int code = 1;
  try {
    return peers::Main(argc, argv);
  } catch (const UsageError& error) {
    std::cerr << "peers: " << error.what() << std::endl;
    code = kExitUsage;
  } catch (const UnsupportedError& error) {
    std::cerr << "peers: " << error.what() << std::endl;
    code = kExitNotPossible;
  } catch (const std::exception& error) {
    std::cerr << "peers: " << error.what() << std::endl;
  }
  return code;
}
