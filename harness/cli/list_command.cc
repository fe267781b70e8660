// faultline list, faultline describe
#include <algorithm>
#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <iostream>
#include <optional>

#include "claims/claim.h"
#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/plugin/plugin.h"
#include "harness/probe/probe.h"
#include "harness/suite/suite_file.h"
#include "strategies/registry.h"
#include "workloads/workload.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

void PrintEntry(const std::string& name, const std::string& text) {
  std::cout << Labelled("  " + name, text, 26);
}

void PrintField(const std::string& name, const std::string& text) {
  if (!text.empty()) std::cout << Labelled("  " + name, text, 18);
}

void PrintOptions(const std::vector<OptionInfo>& options) {
  if (options.empty()) return;
  std::cout << "  options\n";
  for (const OptionInfo& option : options) {
    const std::string choices =
        option.choices.empty() ? "" : fmt::format(" One of {}.", Join(option.choices, ", "));
    std::cout << "    " << option.name << "=" << option.default_value << "\n"
              << Paragraph(option.summary + choices, 8, 8);
  }
}

template <class Info>
void ListRegistry(const char* title) {
  std::cout << title << "\n";
  for (const auto& [name, info] : Registry<Info>::Instance().Entries()) {
    PrintEntry(name, info.summary);
  }
  std::cout << "\n";
}

void ListStrategies() {
  std::cout << "Strategies\n";
  for (const auto& [name, info] : Registry<StrategyInfo>::Instance().Entries()) {
    const std::string missing =
        info.unavailable.empty() ? "" : fmt::format(" (unavailable: {})", info.unavailable);
    const Plugin* plugin = PluginOf(name);
    const std::string origin = plugin == nullptr ? "" : fmt::format(" (of {})", plugin->file);
    PrintEntry(name, info.summary + origin + missing);
  }
  std::cout << "\n";
}

void ListSuites() {
  std::cout << "Suites\n";
  for (const std::string& name : BuiltInSuites()) PrintEntry(name, LoadSuite(name).summary);
  std::cout << "\n";
}

void ListClaims() {
  std::cout << "Claims\n";
  for (const auto& [name, info] : Registry<ClaimInfo>::Instance().Entries()) {
    PrintEntry(name, info.title);
  }
  std::cout << "\n";
}

void DescribeClaim(const ClaimInfo& info) {
  std::cout << "claim " << info.name << "\n";
  PrintField("title", info.title);
  PrintField("section", info.section);
  PrintField("method", info.method);
  PrintField("why", info.why);
}

// "periodic: after every n-th change, n by 'every'; with sync=off only after a flush".
std::string DurableText(const StrategyInfo& info) {
  const auto& [every, wait] = info.periodic_flush;
  std::string text(DurabilityName(info.durability));
  if (!every.empty()) text += fmt::format(": after every n-th change, n by '{}'", every);
  if (!wait.empty()) text += fmt::format("; with {}=off only after a flush", wait);
  return text;
}

void DescribeStrategy(const StrategyInfo& info) {
  std::cout << "strategy " << info.name << "\n";
  PrintField("summary", info.summary);
  if (const Plugin* plugin = PluginOf(info.name)) PrintField("plugin", plugin->file);
  PrintField("unavailable", info.unavailable);
  PrintField("calls", info.calls);
  if (!info.copies.empty()) PrintField("copies", info.copies);
  if (!info.discards.empty()) PrintField("discards", info.discards);
  PrintField("durable", DurableText(info));
  if (!info.own_storage.empty()) {
    PrintField("storage",
               fmt::format("a file of its own: the data file's name and {}", info.own_storage));
  }
  PrintField("threads", info.capabilities.threads ? "yes" : "no");
  PrintField("processes", info.capabilities.processes ? "yes" : "no");
  PrintOptions(info.options);
}

void DescribeWorkload(const WorkloadInfo& info) {
  std::cout << "workload " << info.name << "\n";
  PrintField("summary", info.summary);
  PrintOptions(info.options);
}

void DescribeProbe(const ProbeInfo& info) {
  std::cout << "probe " << info.name << "\n";
  PrintField("summary", info.summary);
  std::cout << "  counters\n";
  for (const CounterInfo& counter : info.counters) {
    std::cout << "    " << counter.name
              << (counter.unit.empty() ? "" : fmt::format(" ({})", counter.unit)) << "\n"
              << Paragraph(counter.summary, 8, 8);
  }
}

void DescribeSuite(const std::string& name) {
  const Suite suite = LoadSuite(name);
  std::cout << "suite " << name << "\n";
  PrintField("summary", suite.summary);
  for (const SuiteSection& section : suite.sections) {
    std::cout << "  [" << section.name << "]\n";
    for (const Settings* settings : {&section.settings, &suite.head}) {
      for (const auto& [key, values] : *settings) {
        if (settings == &suite.head && section.settings.count(key)) continue;
        for (const std::string& value : values)
          std::cout << "    " << key << " = " << value << "\n";
      }
    }
  }
}

po::options_description NamingOptions() {
  po::options_description options("Options", 80, 40);
  AddPluginOption(options);
  options.add_options()("help", "print this");
  return options;
}

// The words and options of list and describe: libraries are loaded, `words` are returned.
// Nothing when the help is wanted instead, which is printed then.
std::optional<Arguments> WordsOf(const std::string& command, const Arguments& arguments,
                                 const CommandHelp& help) {
  const po::variables_map values = Parse(command, arguments, help.options, "word");
  if (values.count("help")) {
    PrintHelp(help);
    return std::nullopt;
  }
  LoadPlugins(values);
  return Texts(values, "word");
}

const std::vector<std::string>& Kinds() {
  static const std::vector<std::string> kKinds = {"strategies", "workloads", "suites", "claims",
                                                  "probes"};
  return kKinds;
}

// Everything that can be described, of all kinds.
std::vector<std::string> DescribedNames() {
  std::vector<std::string> all = BuiltInSuites();
  for (const auto& names :
       {Registry<StrategyInfo>::Instance().Names(), Registry<WorkloadInfo>::Instance().Names(),
        Registry<ClaimInfo>::Instance().Names(), Registry<ProbeInfo>::Instance().Names()}) {
    all.insert(all.end(), names.begin(), names.end());
  }
  return all;
}

}  // namespace

CommandHelp ListHelp() {
  return {.usage = fmt::format("faultline list [{}]... [OPTION]...", Join(Kinds(), "|")),
          .description = "Lists the names of each kind, a line each; all kinds if none is named.\n",
          .options = NamingOptions(),
          .words = {.words = Kinds()}};
}

CommandHelp DescribeHelp() {
  return {.usage = "faultline describe NAME... [OPTION]...",
          .description =
              "Says what strategies, workloads, suites, claims and probes are, and their\n"
              "options.\n",
          .options = NamingOptions(),
          .words = {.words = DescribedNames()}};
}

int ListCommand(const Arguments& arguments) {
  const std::vector<std::string>& kinds = Kinds();
  const std::optional<Arguments> words = WordsOf("list", arguments, ListHelp());
  if (!words) return 0;
  for (const std::string& kind : *words) {
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) continue;
    throw UsageError(fmt::format("can't list '{}'; {}", kind,
                                 Suggestion(kind, kinds, "there are " + Join(kinds, ", "))));
  }
  for (const std::string& kind : words->empty() ? kinds : *words) {
    if (kind == "strategies") ListStrategies();
    if (kind == "workloads") ListRegistry<WorkloadInfo>("Workloads");
    if (kind == "suites") ListSuites();
    if (kind == "claims") ListClaims();
    if (kind == "probes") ListRegistry<ProbeInfo>("Probes");
  }
  return 0;
}

int DescribeCommand(const Arguments& arguments) {
  const std::optional<Arguments> words = WordsOf("describe", arguments, DescribeHelp());
  if (!words) return 0;
  if (words->empty()) throw UsageError("describe what? 'faultline list' shows what there is");
  const std::vector<std::string> known = DescribedNames();
  for (const std::string& name : *words) {
    const std::vector<std::string> suites = BuiltInSuites();
    if (Registry<StrategyInfo>::Instance().Contains(name)) {
      DescribeStrategy(Registry<StrategyInfo>::Instance().Find(name));
    } else if (Registry<WorkloadInfo>::Instance().Contains(name)) {
      DescribeWorkload(Registry<WorkloadInfo>::Instance().Find(name));
    } else if (Registry<ClaimInfo>::Instance().Contains(name)) {
      DescribeClaim(Registry<ClaimInfo>::Instance().Find(name));
    } else if (Registry<ProbeInfo>::Instance().Contains(name)) {
      DescribeProbe(Registry<ProbeInfo>::Instance().Find(name));
    } else if (std::find(suites.begin(), suites.end(), name) != suites.end()) {
      DescribeSuite(name);
    } else {
      throw UsageError(
          fmt::format("nothing is called '{}'; {}", name,
                      Suggestion(name, known, "'faultline list' shows what there is")));
    }
  }
  return 0;
}

}  // namespace faultline::cli
