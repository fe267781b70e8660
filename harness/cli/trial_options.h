// The options of trials, for every command that runs some.
#pragma once

#include <boost/program_options.hpp>
#include <functional>
#include <map>
#include <string>

#include "harness/suite/settings.h"

namespace faultline::cli {

// Options by key that a command explains itself, since their defaults are its own.
using OwnHelp = std::map<std::string, std::string, std::less<>>;

// An option for each of TrialSettings that the command takes: &TakenBy::run and the like.
boost::program_options::options_description TrialOptions(bool TakenBy::*command,
                                                         const OwnHelp& own_help = {});

// The options that were given. Throws UsageError for a value that makes no sense, and for an option
// that is given too often. REQUIRES: LoadPlugins was called.
Settings GivenSettings(const boost::program_options::variables_map& values, bool TakenBy::*command);

}  // namespace faultline::cli
