#include "harness/cli/trial_options.h"

#include <fmt/format.h>

#include "faultline/error.h"

namespace faultline::cli {

namespace po = boost::program_options;

po::options_description TrialOptions(bool TakenBy::*command, const OwnHelp& own_help) {
  po::options_description options("Options of the trials", 80, 40);
  auto add = options.add_options();
  for (const SettingInfo& info : TrialSettings()) {
    if (!(info.taken_by.*command)) continue;
    const std::string usual = info.DefaultText();
    std::string help = info.help + (usual.empty() ? "" : fmt::format(" ({})", usual));
    if (const auto own = own_help.find(info.key); own != own_help.end()) help = own->second;
    add(info.key.c_str(),
        po::value<std::vector<std::string>>()->value_name(info.Argument())->composing(),
        help.c_str());
  }
  return options;
}

Settings GivenSettings(const po::variables_map& values, bool TakenBy::*command) {
  Settings settings;
  for (const SettingInfo& info : TrialSettings()) {
    if (!(info.taken_by.*command) || !values.count(info.key)) continue;
    const auto& given = values[info.key].as<std::vector<std::string>>();
    if (given.size() > 1 && !info.repeatable()) {
      throw UsageError(fmt::format("--{} is given {} times; give it once", info.key, given.size()));
    }
    for (const std::string& value : given) CheckSetting(info.key, value);
    settings[info.key] = given;
  }
  return settings;
}

}  // namespace faultline::cli
