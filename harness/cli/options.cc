#include "harness/cli/options.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fmt/format.h>
#include <iostream>
#include <sstream>
#include <vector>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/plugin/plugin.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

// Where the help describes an option; longer ones have their description below.
constexpr unsigned kDescriptionColumn = 26;

std::string SeeHelp(const std::string& command) {
  return fmt::format("'faultline {}{}--help' shows what there is", command,
                     command.empty() ? "" : " ");
}

// Boost's message without its quoting style, with the nearest known option.
[[noreturn]] void ThrowUnknownOption(const std::string& command, const std::string& given,
                                     const po::options_description& options) {
  std::vector<std::string> known;
  for (const auto& option : options.options()) known.push_back(option->long_name());
  const std::string name = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  const std::string nearest = NearestName(name, known);
  throw UsageError(fmt::format(
      "unknown option '{}'; {}", given,
      nearest.empty() ? SeeHelp(command) : fmt::format("did you mean '--{}'?", nearest)));
}

}  // namespace

void PrintHelp(const CommandHelp& help) {
  std::ostringstream printed;
  help.options.print(printed, kDescriptionColumn);
  const std::string options = printed.str();
  std::cout << "Usage: " << Join(Split(help.usage, '\n'), "\n       ") << "\n\n"
            << help.description;
  // A group of options begins with an empty line.
  const std::size_t begin = options.find_first_not_of('\n');
  if (begin != options.npos) std::cout << "\n" << std::string_view(options).substr(begin);
  if (!help.notes.empty()) std::cout << "\n" << help.notes;
}

po::variables_map Parse(const std::string& command, const Arguments& arguments,
                        const po::options_description& options, const std::string& positional) {
  const std::string help = SeeHelp(command);
  po::variables_map values;
  po::options_description all = options;
  po::positional_options_description words;
  if (!positional.empty()) {
    all.add_options()(positional.c_str(), po::value<std::vector<std::string>>());
    words.add(positional.c_str(), -1);
  }
  try {
    using namespace po::command_line_style;
    po::command_line_parser parser(arguments);
    parser.options(all).style(allow_long | long_allow_adjacent | long_allow_next);
    if (!positional.empty()) parser.positional(words);
    const po::parsed_options parsed = parser.run();
    for (const auto& option : parsed.options) {
      if (!option.string_key.empty()) continue;
      throw UsageError(fmt::format("unexpected argument '{}'; {}", option.value.front(), help));
    }
    po::store(parsed, values);
  } catch (const po::unknown_option& error) {
    ThrowUnknownOption(command, error.get_option_name(), all);
  } catch (const po::error& error) {
    throw UsageError(fmt::format("{}; {}", error.what(), help));
  }
  return values;
}

std::string Text(const po::variables_map& values, const char* key, const std::string& otherwise) {
  return values.count(key) ? values[key].as<std::string>() : otherwise;
}

std::vector<std::string> Texts(const po::variables_map& values, const char* key) {
  return values.count(key) ? values[key].as<std::vector<std::string>>()
                           : std::vector<std::string>();
}

bool WantsJson(const po::variables_map& values, const std::string& readable) {
  const std::string format = Text(values, "format", readable);
  if (format == "json" || format == readable) return format == "json";
  throw UsageError(fmt::format("unknown format '{}'; use {} or json", format, readable));
}

void AddPluginOption(po::options_description& options) {
  options.add_options()(
      "plugin", po::value<std::vector<std::string>>()->value_name("FILE")->composing(),
      "a library with strategies of your own, may be repeated; docs/writing-a-strategy.md says how "
      "to build one");
}

void LoadPlugins(const po::variables_map& values) {
  for (const std::string& path : Texts(values, "plugin")) LoadPlugin(path);
}

std::string Timestamp() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%d-%H%M%S", std::localtime(&now));
  return text;
}

}  // namespace faultline::cli
