// What the completions of all shells have in common: what an option takes, as far as a shell can
// offer it.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/cli/commands.h"

namespace faultline::cli {

// One option of a command.
struct CompletedOption {
  std::string name;      // without dashes
  std::string summary;   // the first words of its description
  std::string argument;  // as the help shows it: "off|sampled|all"; "" for a switch
  bool repeatable = false;
  Candidates values = {};
};

// The command's options, or the program's, in the order of its help.
//
// What an argument lists in small letters ("off|sampled|all") are the values themselves; a word in
// capitals stands for a value: DIR, FILE and PATH for names in the file system, the others for what
// is registered, where the option's name says what.
std::vector<CompletedOption> CompletedOptions(
    const boost::program_options::options_description& options);

// The names of commands, or of the parts of the command `group`: "record", "import", "show".
std::vector<std::string> CommandNames(std::string_view group);

}  // namespace faultline::cli
