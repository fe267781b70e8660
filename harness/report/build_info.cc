#include "harness/report/build_info.h"

#include "harness/plugin/plugin.h"

namespace faultline {

os::Facts BuildFacts() {
  os::Facts facts;
  facts["version"] = kVersion;
  facts["build_type"] = FAULTLINE_BUILD_TYPE;
  facts["compiler"] = FAULTLINE_COMPILER;
  facts["compiler_flags"] = FAULTLINE_COMPILER_FLAGS;
  facts["sanitizer"] = *FAULTLINE_SANITIZER == '\0' ? "none" : FAULTLINE_SANITIZER;
  facts["benchmark_library"] = "Google Benchmark " FAULTLINE_BENCHMARK_VERSION;
  return facts;
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
