// The program: finds the subcommand, prints errors, sets the exit code.
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <span>
#include <string>

#include "faultline/error.h"
#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/completion.h"
#include "harness/cli/generate.h"
#include "harness/cli/options.h"
#include "harness/report/build_info.h"

namespace faultline::cli {
namespace {

void PrintProgramHelp() {
  CommandHelp help = ProgramHelp();
  help.description += "\n";
  for (const Command& command : Commands()) {
    if (IsPart(command)) continue;
    help.description += fmt::format("  {}{}{}\n", command.name,
                                    std::string(10 - command.name.size(), ' '), command.summary);
  }
  std::string codes = "Exit codes:";
  for (const ExitCode& known : ExitCodes()) {
    codes += fmt::format(" {} {},", known.code, known.meaning);
  }
  codes.back() = '.';
  help.notes += fmt::format("\n{}\n", Wrap(codes, 0, 0));
  PrintHelp(help);
}

// What is asked for in the place of a command.
int HandleOptions(const Arguments& arguments) {
  const auto values = Parse("", arguments, ProgramHelp().options);
  if (values.count("version")) {
    std::cout << VersionText();
  } else if (values.count("generate")) {
    std::cout << Generate(Text(values, "generate", ""));
  } else {
    PrintProgramHelp();
  }
  return kExitDone;
}

int Dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    PrintProgramHelp();
    return kExitUsage;
  }
  const std::string& first = arguments.front();
  if (first == "-h" || first == "help") {
    PrintProgramHelp();
    return kExitDone;
  }
  if (first.starts_with("--")) return HandleOptions(arguments);
  // A part's name, of two words, before that of its command.
  for (std::size_t words = std::min<std::size_t>(arguments.size(), 2); words > 0; --words) {
    const std::string name = Join(std::span(arguments).first(words), " ");
    for (const Command& command : Commands()) {
      if (command.name != name) continue;
      return command.run({arguments.begin() + static_cast<std::ptrdiff_t>(words), arguments.end()});
    }
  }
  throw UsageError(
      fmt::format("unknown command '{}'; {}", first,
                  Suggestion(first, CommandNames(""), "'faultline --help' shows what there is")));
}

}  // namespace
}  // namespace faultline::cli

int main(int argc, char** argv) {
  using namespace faultline;
  int code = 1;
  try {
    return cli::Dispatch({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    std::cerr << "faultline: " << error.what() << std::endl;
    code = kExitUsage;
  } catch (const UnsupportedError& error) {
    std::cerr << "faultline: " << error.what() << std::endl;
    code = kExitNotPossible;
  } catch (const std::exception& error) {
    std::cerr << "faultline: " << error.what() << std::endl;
  }
  return code;
}
