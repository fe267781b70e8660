// What the subcommands' options have in common.
#pragma once

#include <boost/program_options.hpp>
#include <string>
#include <vector>

#include "harness/cli/commands.h"

namespace faultline::cli {

// Prints what --help shows.
void PrintHelp(const CommandHelp& help);

// The options given to `command`, or to the program for "". Words without an option before them are
// the values of `positional`, an option that this adds (Texts), or refused if that is empty. Throws
// UsageError with the nearest known option.
boost::program_options::variables_map Parse(
    const std::string& command, const Arguments& arguments,
    const boost::program_options::options_description& options, const std::string& positional = "");

// The option's value, or `otherwise`.
std::string Text(const boost::program_options::variables_map& values, const char* key,
                 const std::string& otherwise);

// What the option was given, in order; empty where it wasn't.
std::vector<std::string> Texts(const boost::program_options::variables_map& values,
                               const char* key);

// Whether --format asks for JSON and not for what people read, named `readable`, which is what is
// printed without it. Throws UsageError for anything else.
bool WantsJson(const boost::program_options::variables_map& values, const std::string& readable);

// The option --plugin, for commands that name strategies.
void AddPluginOption(boost::program_options::options_description& options);

// Loads the libraries that --plugin names. To be called before strategies are looked up. Throws
// UsageError and UnsupportedError.
void LoadPlugins(const boost::program_options::variables_map& values);

std::string Timestamp();  // "20260131-235959", local time

}  // namespace faultline::cli
