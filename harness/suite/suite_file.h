// Suites: files of trials in INI form.
//
//   summary = what the suite is for        the head: a summary, and settings of all sections
//   repetitions = 3
//   [random-update]                        a section: its name begins the names of its trials
//   strategy = read-write                  the options of `faultline run`, without dashes;
//   strategy = mmap-view                   strategy and workload as often as wanted
//
// '#' and ';' begin comments, at the start of a line or after a blank.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite/settings.h"

namespace faultline {

struct SuiteSection {
  std::string name;
  std::uint64_t line = 0;
  Settings settings;
};

struct Suite {
  std::string name;    // of the file, without its extension
  std::string origin;  // for errors: the path, or "suite NAME"
  std::string summary;
  Settings head;
  std::vector<SuiteSection> sections;
};

// Throws UsageError with origin and line for anything that is not understood: syntax, keys, values,
// a section given twice, a suite without sections.
Suite ParseSuite(std::string_view text, const std::string& name, const std::string& origin);

// The suite built into the program, or the file of that path (it has a '/' or ends in ".ini").
// Throws UsageError naming the nearest suite, or why the file can't be read.
Suite LoadSuite(const std::string& name_or_path);

std::vector<std::string> BuiltInSuites();

// The trials of all sections. `over` is the layer above the file's: what the command line says.
// Throws UsageError with origin, line and section.
std::vector<PlannedTrial> PlanSuite(const Suite& suite, const Settings& over,
                                    const std::filesystem::path& directory);

}  // namespace faultline
