#include "harness/report/build_info.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "harness/plugin/plugin.h"

namespace faultline {
namespace {

std::optional<std::string> Compiler() {
#if defined(__clang__)
  return fmt::format("clang {}", __clang_version__);
#elif defined(__GNUC__)
  return fmt::format("gcc {}", __VERSION__);
#else
  return std::nullopt;
#endif
}

}  // namespace

os::Facts BuildFacts() {
  os::Facts facts;
  facts["version"] = kVersion;
  facts["commit"] = kCommit;
  facts["build_type"] = FAULTLINE_BUILD_TYPE;
  facts["compiler"] = Compiler();
  facts["compiler_flags"] = FAULTLINE_COMPILER_FLAGS;
  facts["sanitizer"] = *FAULTLINE_SANITIZER == '\0' ? "none" : FAULTLINE_SANITIZER;
  facts["benchmark_library"] = "Google Benchmark " FAULTLINE_BENCHMARK_VERSION;
  return facts;
}

std::string VersionText() {
  std::string text = fmt::format("faultline {}\n", kVersion);
  const os::Facts facts = BuildFacts();
  for (const char* name : {"commit", "build_type", "compiler", "sanitizer"}) {
    std::string label = name;
    std::replace(label.begin(), label.end(), '_', ' ');
    label.resize(12, ' ');
    text += fmt::format("  {}{}\n", label, facts.at(name).value_or("unknown"));
  }
  return text;
}

std::string BuildWarning() {
  const os::Facts build = BuildFacts();
  if (build.at("build_type") != "Debug" && build.at("sanitizer") == "none") return {};
  return "this build is not optimised or has sanitizers; its times mean nothing. "
         "Build with the preset 'release'";
}

os::Facts EnvironmentFacts(const std::filesystem::path& directory) {
  os::Facts facts = os::MachineFacts();
  facts.merge(os::StorageFacts(directory));
  facts.merge(BuildFacts());
  facts.merge(PluginFacts());
  return facts;
}

}  // namespace faultline
