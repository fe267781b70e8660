// The subcommands: each takes the words behind its name and returns the exit code. All throw
// UsageError, UnsupportedError and Error.
#pragma once

#include <string>
#include <vector>

namespace faultline::cli {

using Arguments = std::vector<std::string>;

int RunCommand(const Arguments& arguments);
int ListCommand(const Arguments& arguments);
int DescribeCommand(const Arguments& arguments);
int ClaimsCommand(const Arguments& arguments);
int CrossoverCommand(const Arguments& arguments);
int PowercutCommand(const Arguments& arguments);
int WalkCommand(const Arguments& arguments);
int TraceCommand(const Arguments& arguments);
int ReportCommand(const Arguments& arguments);
int CompareCommand(const Arguments& arguments);
int AdviseCommand(const Arguments& arguments);

}  // namespace faultline::cli
