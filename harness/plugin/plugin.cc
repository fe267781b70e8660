#include "harness/plugin/plugin.h"

#include <algorithm>
#include <boost/crc.hpp>
#include <deque>
#include <fmt/format.h>
#include <iomanip>
#include <set>
#include <sstream>

#include "harness/base/text.h"
#include "harness/os/shared_library.h"
#include "harness/os/whole_file.h"
#include "harness/plugin/abi_tag.h"
#include "strategies/registry.h"

namespace faultline {
namespace {

struct Loaded {
  std::filesystem::path path;
  Plugin plugin;
};

std::deque<Loaded>& AllLoaded() {
  static std::deque<Loaded> loaded;
  return loaded;
}

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string ReadLibrary(const std::filesystem::path& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (!std::filesystem::exists(status)) {
    throw UsageError(fmt::format("there is no file '{}'; --plugin takes a library", path.string()));
  }
  std::string contents;
  if (std::filesystem::is_regular_file(status)) {
    try {
      contents = os::ReadText(std::filesystem::canonical(path));
    } catch (const os::SystemError& error) {
      throw UsageError(fmt::format("--plugin: {}", error.what()));
    }
  }
  if (!os::LooksLikeLibrary(contents)) {
    throw UsageError(
        fmt::format("'{}' is no complete shared library; --plugin takes one that "
                    "faultline_add_strategy() builds",
                    path.string()));
  }
  return contents;
}

// "faultline_strategies_0_1_0_0123456789ab" as "0.1.0 (0123456789ab)".
std::string TagText(std::string_view tag) {
  tag.remove_prefix(kAbiTagPrefix.size());
  const std::size_t digest = std::min(tag.rfind('_'), tag.size());
  std::string version(tag.substr(0, digest));
  std::replace(version.begin(), version.end(), '_', '.');
  return fmt::format("{} ({})", version, tag.substr(std::min(digest + 1, tag.size())));
}

// Searches the file for the names, as none of its code may run before: what was compiled with other
// headers may destroy what it touches. The system would refuse it too, since only the right program
// has the symbol, but in words of its own.
void CheckTags(const std::filesystem::path& path, std::string_view contents) {
  bool found = false;
  for (std::size_t at = contents.find(kAbiTagPrefix); at != contents.npos;
       at = contents.find(kAbiTagPrefix, at + 1)) {
    std::size_t end = at;
    while (end < contents.size() && IsNameCharacter(contents[end])) ++end;
    const std::string_view tag = contents.substr(at, end - at);
    if (tag != kAbiTag) {
      throw UsageError(
          fmt::format("'{}' was built for another Faultline, {}, and this is {}; build it again "
                      "with the headers of this one",
                      path.string(), TagText(tag), TagText(kAbiTag)));
    }
    found = true;
  }
  if (!found) {
    throw UsageError(
        fmt::format("'{}' was not built with the headers that Faultline installs; see "
                    "faultline_add_strategy() in its CMake package",
                    path.string()));
  }
}

void CheckStrategies(const std::filesystem::path& path, const std::vector<StrategyInfo>& found) {
  const std::string file = path.filename().string();
  if (found.empty()) {
    throw UsageError(fmt::format(
        "'{}' registers no strategy; it needs a static object of type Registration<StrategyInfo>",
        path.string()));
  }
  std::set<std::string> names;
  for (const StrategyInfo& info : found) {
    const bool sayable = !info.name.empty() && info.name != "all" &&
                         std::all_of(info.name.begin(), info.name.end(), [](char c) {
                           return IsNameCharacter(c) || c == '-' || c == '.';
                         });
    if (!sayable) {
      throw UsageError(
          fmt::format("'{}' calls a strategy '{}'; names are of letters, digits, '-', '_' and '.', "
                      "and not 'all'",
                      path.string(), info.name));
    }
    if (!names.insert(info.name).second) {
      throw UsageError(
          fmt::format("'{}' registers two strategies called '{}'", path.string(), info.name));
    }
    if (Registry<StrategyInfo>::Instance().Contains(info.name)) {
      const Plugin* other = PluginOf(info.name);
      throw UsageError(fmt::format(
          "the strategy '{}' of '{}' is called like one {}; give it another name", info.name,
          path.string(), other == nullptr ? "of Faultline's own" : "of " + other->file));
    }
    if (const std::string why = WhyContradictory(info); !why.empty()) {
      throw UsageError(fmt::format("the strategy '{}' of '{}' contradicts itself: {}", info.name,
                                   path.string(), why));
    }
    if (!info.make && info.unavailable.empty()) {
      throw UsageError(
          fmt::format("the strategy '{}' of '{}' can't be made; its StrategyInfo needs 'make'",
                      info.name, path.string()));
    }
  }
}

std::string Checksum(std::string_view contents) {
  boost::crc_32_type sum;
  sum.process_bytes(contents.data(), contents.size());
  std::ostringstream digits;
  digits << std::hex << std::setfill('0') << std::setw(8) << sum.checksum();
  return digits.str();
}

}  // namespace

void LoadPlugin(const std::filesystem::path& path) {
  const std::string contents = ReadLibrary(path);
  for (const Loaded& loaded : AllLoaded()) {
    std::error_code code;
    if (std::filesystem::equivalent(loaded.path, path, code)) {
      throw UsageError(fmt::format("--plugin '{}' is given twice; give it once", path.string()));
    }
  }
  CheckTags(path, contents);
  auto& registry = Registry<StrategyInfo>::Instance();
  std::vector<StrategyInfo> found = registry.Collect([&] { os::LoadSharedLibrary(path); });
  CheckStrategies(path, found);
  Plugin plugin = {.file = path.filename().string(),
                   .bytes = contents.size(),
                   .checksum = Checksum(contents),
                   .optimized = contents.find(kNotOptimizedMark) == contents.npos};
  for (StrategyInfo& info : found) {
    plugin.strategies.push_back(info.name);
    registry.Add(std::move(info));
  }
  AllLoaded().push_back({std::filesystem::absolute(path), std::move(plugin)});
}

const Plugin* PluginOf(std::string_view strategy) {
  for (const auto& [path, plugin] : AllLoaded()) {
    const auto& names = plugin.strategies;
    if (std::find(names.begin(), names.end(), strategy) != names.end()) return &plugin;
  }
  return nullptr;
}

std::vector<std::string> PluginWarnings() {
  std::vector<std::string> warnings;
  for (const auto& [path, plugin] : AllLoaded()) {
    if (plugin.optimized) continue;
    warnings.push_back(
        fmt::format("{} was compiled without optimisation; the times of its strategies mean "
                    "nothing. Build it with -O2",
                    plugin.file));
  }
  return warnings;
}

os::Facts PluginFacts() {
  std::vector<std::string> texts;
  for (const auto& [path, plugin] : AllLoaded()) {
    texts.push_back(fmt::format("{} ({} bytes, CRC-32 {}): {}", plugin.file, plugin.bytes,
                                plugin.checksum, Join(plugin.strategies, ", ")));
  }
  return {{"plugins", texts.empty() ? "none" : Join(texts, "; ")}};
}

}  // namespace faultline
