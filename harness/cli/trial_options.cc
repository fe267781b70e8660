#include "harness/cli/trial_options.h"

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace faultline::cli {

namespace po = boost::program_options;

po::options_description TrialOptions(const std::set<std::string>& without) {
  po::options_description options("Options of the trials", 80, 40);
  auto add = options.add_options();
  for (const SettingInfo& info : TrialSettings()) {
    if (without.contains(info.key)) continue;
    const std::string summary =
        info.summary + (info.default_value.empty() ? "" : Concat(" (", info.default_value, ")"));
    add(info.key.c_str(),
        po::value<std::vector<std::string>>()->value_name(info.argument)->composing(),
        summary.c_str());
  }
  return options;
}

Settings GivenSettings(const po::variables_map& values, const std::set<std::string>& without) {
  Settings settings;
  for (const SettingInfo& info : TrialSettings()) {
    if (!values.count(info.key) || without.contains(info.key)) continue;
    const auto& given = values[info.key].as<std::vector<std::string>>();
    if (given.size() > 1 && !info.repeatable) {
      throw UsageError(Concat("--", info.key, " is given ", given.size(), " times; once will do"));
    }
    for (const std::string& value : given) CheckSetting(info.key, value);
    settings[info.key] = given;
  }
  return settings;
}

}  // namespace faultline::cli
