#include "harness/cli/completion.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/probe/probe.h"
#include "harness/suite/suite_file.h"
#include "strategies/registry.h"
#include "workloads/workload.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

// The figures of `compare --metric` that are times, and the counters of all probes.
std::vector<std::string> MetricNames() {
  std::vector<std::string> names = {"accepted", "durable", "steady"};
  for (const auto& [name, info] : Registry<ProbeInfo>::Instance().Entries()) {
    for (const CounterInfo& counter : info.counters) names.push_back(counter.name);
  }
  return names;
}

// What is registered of the kind that an option of that name takes.
std::vector<std::string> RegisteredNames(const std::string& option) {
  if (option == "strategy" || option == "baseline") {
    return Registry<StrategyInfo>::Instance().Names();
  }
  if (option == "workload") return Registry<WorkloadInfo>::Instance().Names();
  if (option == "suite") return BuiltInSuites();
  if (option == "metric") return MetricNames();
  return {};
}

bool IsValue(const std::string& part) {
  return !part.empty() &&
         std::none_of(part.begin(), part.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

Candidates ValuesOf(const std::string& option, const std::string& argument) {
  Candidates values;
  for (const std::string& part : Split(argument, '|')) {
    if (part == "DIR") {
      values.paths = Paths::kFolders;
    } else if (part == "FILE" || part == "PATH") {
      values.paths = Paths::kFiles;
    } else if (IsValue(part)) {
      values.words.push_back(part);
    } else {
      const std::vector<std::string> names = RegisteredNames(option);
      values.words.insert(values.words.end(), names.begin(), names.end());
    }
  }
  return values;
}

// Up to the first word that goes into details.
std::string FirstWords(const std::string& description) {
  std::size_t end = description.size();
  for (const char* mark : {"; ", ": ", " ("}) end = std::min(end, description.find(mark));
  return description.substr(0, end);
}

}  // namespace

std::vector<CompletedOption> CompletedOptions(const po::options_description& options) {
  std::vector<CompletedOption> completed;
  for (const auto& option : options.options()) {
    CompletedOption& one = completed.emplace_back();
    one.name = option->long_name();
    one.summary = FirstWords(option->description());
    if (option->semantic()->max_tokens() == 0) continue;
    one.argument = option->semantic()->name();
    one.repeatable = option->semantic()->is_composing();
    one.values = ValuesOf(one.name, one.argument);
  }
  return completed;
}

std::vector<std::string> CommandNames(std::string_view group) {
  std::vector<std::string> names;
  for (const Command& command : Commands()) {
    const std::size_t blank = command.name.find(' ');
    if (group.empty()) {
      if (blank == command.name.npos) names.emplace_back(command.name);
    } else if (blank != command.name.npos && command.name.substr(0, blank) == group) {
      names.emplace_back(command.name.substr(blank + 1));
    }
  }
  return names;
}

}  // namespace faultline::cli
