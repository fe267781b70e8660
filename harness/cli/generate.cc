#include "harness/cli/generate.h"

#include <fmt/format.h>
#include <vector>

#include "faultline/error.h"
#include "harness/base/text.h"

namespace faultline::cli {
namespace {

struct Generator {
  const char* name;
  std::string (*make)();
};

constexpr Generator kGenerators[] = {
    {"man", ManPage}, {"bash", BashCompletion}, {"zsh", ZshCompletion}, {"fish", FishCompletion}};

std::vector<std::string> NamesOfGenerators() {
  std::vector<std::string> names;
  for (const Generator& generator : kGenerators) names.emplace_back(generator.name);
  return names;
}

}  // namespace

std::string GeneratedNames() { return Join(NamesOfGenerators(), "|"); }

std::string Generate(const std::string& name) {
  for (const Generator& generator : kGenerators) {
    if (generator.name == name) return generator.make();
  }
  throw UsageError(
      fmt::format("can't generate '{}'; there are {}", name, Join(NamesOfGenerators(), ", ")));
}

}  // namespace faultline::cli
