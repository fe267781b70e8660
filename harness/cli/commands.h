// The subcommands: what each is called, says of itself, and does. The program's help, its man page
// and the completions of shells all follow from here.
#pragma once

#include <boost/program_options.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::cli {

using Arguments = std::vector<std::string>;

// What a word of the command line may be, as far as a shell can offer it.
enum class Paths { kNone, kFiles, kFolders };
struct Candidates {
  std::vector<std::string> words;
  Paths paths = Paths::kNone;
};

// What a command says of itself. Texts are paragraphs of lines of at most 80 columns, each line
// with its end, with a blank line between two paragraphs; lines that begin with blanks are
// examples.
struct CommandHelp {
  std::string usage;  // lines without their ends but between them: "faultline list [OPTION]..."
  std::string description;
  boost::program_options::options_description options;
  std::string notes = {};     // what is said behind the options
  Candidates words = {};      // what may be given without an option before it
  bool runs_program = false;  // the command line of another program follows "--"
};

struct Command {
  std::string_view name;  // "run"; of a part of a command both: "trace record"
  std::string_view summary;
  // Takes the words behind the name, and returns the exit code. Throws UsageError, UnsupportedError
  // and Error.
  int (*run)(const Arguments& arguments);
  CommandHelp (*help)();
};

// All of them in the order of the help; the parts of a command follow it.
std::span<const Command> Commands();

// Whether the command's name is of two words.
bool IsPart(const Command& command);

// What the program says of itself; `options` are those that it takes in the place of a command.
CommandHelp ProgramHelp();

struct ExitCode {
  int code;
  std::string_view meaning;
};

std::span<const ExitCode> ExitCodes();

int RunCommand(const Arguments& arguments);
int ListCommand(const Arguments& arguments);
int DescribeCommand(const Arguments& arguments);
int ClaimsCommand(const Arguments& arguments);
int CrossoverCommand(const Arguments& arguments);
int PowercutCommand(const Arguments& arguments);
int WalkCommand(const Arguments& arguments);
int TraceCommand(const Arguments& arguments);
int TraceRecordCommand(const Arguments& arguments);
int TraceImportCommand(const Arguments& arguments);
int TraceShowCommand(const Arguments& arguments);
int ReportCommand(const Arguments& arguments);
int CompareCommand(const Arguments& arguments);
int AdviseCommand(const Arguments& arguments);

CommandHelp RunHelp();
CommandHelp ListHelp();
CommandHelp DescribeHelp();
CommandHelp ClaimsHelp();
CommandHelp CrossoverHelp();
CommandHelp PowercutHelp();
CommandHelp WalkHelp();
CommandHelp TraceHelp();
CommandHelp TraceRecordHelp();
CommandHelp TraceImportHelp();
CommandHelp TraceShowHelp();
CommandHelp ReportHelp();
CommandHelp CompareHelp();
CommandHelp AdviseHelp();

}  // namespace faultline::cli
