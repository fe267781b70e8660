#include "harness/suite/google_benchmark.h"

#include <cstring>
#include <fmt/format.h>
#include <regex>
#include <sstream>

#include "faultline/error.h"
#include "harness/base/size.h"

namespace faultline {

std::string CollectingReporter::Json() const {
  std::ostringstream text;
  benchmark::JSONReporter writer;
  writer.SetOutputStream(&text);
  writer.SetErrorStream(&text);
  if (!writer.ReportContext(Context())) return {};
  for (const auto& [name, runs] : runs_) {
    std::vector<Run> numbered = runs;
    for (std::size_t i = 0; i < numbered.size(); ++i) {
      numbered[i].repetition_index = static_cast<std::int64_t>(i);
      numbered[i].repetitions = static_cast<std::int64_t>(numbered.size());
    }
    writer.ReportRuns(numbered);
  }
  writer.Finalize();
  return text.str();
}

std::string BenchmarkName(const TrialSpec& spec) {
  return spec.Id() + "/iterations:1/repeats:1/manual_time";
}

std::string ExactFilter(const std::string& name) {
  std::string escaped;
  for (const char letter : name) {
    if (std::strchr(".[{}()\\*+?^$|", letter) != nullptr) escaped += '\\';
    escaped += letter;
  }
  return fmt::format("^{}$", escaped);
}

void TakeOutputFlags(std::vector<std::string>& arguments, std::filesystem::path& output) {
  const std::string place = "--benchmark_out=";
  std::vector<std::string> others;
  for (const std::string& argument : arguments) {
    if (argument.starts_with(place)) {
      output = argument.substr(place.size());
    } else if (argument.starts_with("--benchmark_out")) {
      if (argument != "--benchmark_out_format=json") {
        throw UsageError(
            fmt::format("'{}': it is written as JSON only, for its compare.py", argument));
      }
    } else {
      others.push_back(argument);
    }
  }
  arguments = std::move(others);
}

void InitializeBenchmark(const std::vector<std::string>& arguments) {
  // The library keeps the pointer to the first.
  static std::vector<std::string> all;
  all = {"faultline"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& argument : all) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  int count = static_cast<int>(all.size());
  benchmark::Initialize(&count, pointers.data());
  if (count > 1) {
    throw UsageError(
        fmt::format("Google Benchmark doesn't know '{}'; behind -- stand flags such as "
                    "--benchmark_filter=REGEX",
                    pointers[1]));
  }
}

bool WantsNames(const std::vector<std::string>& arguments) {
  const std::string flag = "--benchmark_list_tests";
  bool wanted = false;
  for (const std::string& argument : arguments) {
    if (argument == flag) wanted = true;
    if (argument.starts_with(flag + "="))
      wanted = ParseFlag(argument.substr(flag.size() + 1), flag);
  }
  return wanted;
}

std::vector<PlannedTrial> Filtered(std::vector<PlannedTrial> trials) {
  std::string filter = benchmark::GetBenchmarkFilter();
  if (filter.empty() || filter == "all") return trials;
  const bool negative = filter.front() == '-';
  if (negative) filter.erase(0, 1);
  try {
    const std::regex expression(filter, std::regex::extended);
    std::erase_if(trials, [&](const PlannedTrial& trial) {
      return std::regex_search(BenchmarkName(trial.spec), expression) == negative;
    });
  } catch (const std::regex_error& error) {
    throw UsageError(
        fmt::format("--benchmark_filter: '{}' is no regular expression: {}", filter, error.what()));
  }
  if (trials.empty()) {
    throw UsageError(fmt::format(
        "no trial passes --benchmark_filter={}; --benchmark_list_tests=true lists their names",
        filter));
  }
  return trials;
}

}  // namespace faultline
