// The registry holds what the folder holds, and every entry says what it is.
#include <fmt/format.h>
#include <fstream>
#include <set>

#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

TEST_CASE("every source file of the folder registers the strategy it is named after") {
  std::set<std::string> expected;
  for (const auto& entry : std::filesystem::directory_iterator(FAULTLINE_STRATEGIES_FOLDER)) {
    std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".cc" || name == "registry" || name == "strategy_choice") {
      continue;
    }
    std::replace(name.begin(), name.end(), '_', '-');
    expected.insert(name);
  }
  const std::vector<std::string> names = Registry<StrategyInfo>::Instance().Names();
  CHECK(std::set<std::string>(names.begin(), names.end()) == expected);
  CHECK(names.size() >= 11);
}

TEST_CASE("every strategy says what it is and what it calls") {
  for (const auto& [name, info] : Registry<StrategyInfo>::Instance().Entries()) {
    INFO(name);
    CHECK(info.summary != "");
    CHECK(info.calls != "");
    CHECK(info.copies != "");
    CHECK(info.discards != "");
    for (const OptionInfo& option : info.options) CHECK(option.summary != "");
    CHECK(WhyContradictory(info) == "");
  }
}

TEST_CASE("strategies report the settings that took effect") {
  const Geometry geometry{100, 125};
  const TestFile file(geometry);
  auto settings_of = [&](const std::string& spec) {
    const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
    strategy->Open(file.file());
    return strategy->Settings();
  };
  const std::uint64_t granule = os::ViewGranularity();
  const std::uint64_t windows = (geometry.file_size() + granule - 1) / granule;
  auto window = settings_of(fmt::format("mmap-window:size={},count=1000", granule));
  CHECK(window["windows_of_file"] == std::to_string(windows));
  CHECK(window["count"] == fmt::format("{} per session", windows));
  CHECK(settings_of("mmap-window:count=2")["count"] == "1 per session");
  CHECK(settings_of("mmap-view-flushed:every=1")["flushed"] == "the pages of the record");
  CHECK(settings_of("mmap-view-flushed:every=2")["flushed"] == "the whole view");
  CHECK_THAT(settings_of("mmap-view-flushed:sync=off")["sync"], ContainsSubstring("final flush"));
  CHECK(settings_of("read-write-flushed:every=3")["every"] == "3");
  CHECK(settings_of("stdio:buffer=0")["buffer"] == "unbuffered");
  CHECK(settings_of("stdio")["buffer"] == "4KiB");
  CHECK(settings_of("mmap-view")["advice"] == "none given");
  CHECK_THAT(settings_of("mmap-view:advice=random")["advice"], ContainsSubstring("accepted"));
}

}  // namespace
}  // namespace faultline::testing
