// The options of trials, for every command that runs some.
#pragma once

#include <boost/program_options.hpp>
#include <set>
#include <string>

#include "harness/suite/settings.h"

namespace faultline::cli {

// An option for each of TrialSettings, but for those `without`.
boost::program_options::options_description TrialOptions(const std::set<std::string>& without = {});

// Those that were given, but for those `without`, which the command has a use of its own for. Throws
// UsageError for a value that makes no sense, and for one too many. REQUIRES: LoadPlugins was called.
Settings GivenSettings(const boost::program_options::variables_map& values,
                       const std::set<std::string>& without = {});

}  // namespace faultline::cli
