// The completion of fish: a line for each word that may come, with the condition under which.
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/cli/completion.h"
#include "harness/cli/generate.h"

namespace faultline::cli {
namespace {

constexpr const char* kFishBegin =
    R"(# fish completion for faultline, made by 'faultline --generate fish'

# Whether the command line is the program and these words, and perhaps more.
function __faultline_in
    set -l words (commandline -opc)
    set -e words[1]
    test (count $words) -ge (count $argv); or return 1
    for i in (seq (count $argv))
        test "$words[$i]" = "$argv[$i]"; or return 1
    end
end

# Whether it is these words and no more.
function __faultline_at
    __faultline_in $argv; and test (count (commandline -opc)) -eq (math (count $argv) + 1)
end

# How the command line of another program, which follows "--", may go on.
function __faultline_program
    set -l words (commandline -opc)
    set -l mark (contains -i -- -- $words); or return
    set -e words[1..$mark]
    complete -C (string join ' ' -- $words (commandline -ct))
end

complete -c faultline -f
)";

std::string QuotedForFish(std::string_view text) {
  std::string quoted = "'";
  for (const char character : text) {
    if (character == '\'' || character == '\\') quoted += '\\';
    quoted += character;
  }
  return quoted + "'";
}

std::string LineOfFish(std::string_view condition, std::string_view command,
                       std::string_view rest) {
  const std::string when = fmt::format("{}{}{}", condition, command.empty() ? "" : " ", command);
  return fmt::format("complete -c faultline -n {}{}\n", QuotedForFish(when), rest);
}

// The words and paths as what follows -l NAME, or nothing for other words.
std::string OfferInFish(const Candidates& candidates) {
  std::string offer;
  if (candidates.paths == Paths::kFiles) offer += " -F";
  if (candidates.paths == Paths::kFolders) offer += " -a '(__fish_complete_directories)'";
  if (!candidates.words.empty()) {
    offer += fmt::format(" -a {}", QuotedForFish(Join(candidates.words, " ")));
  }
  return offer;
}

std::string OptionsInFish(std::string_view condition, std::string_view command,
                          const std::vector<CompletedOption>& options) {
  std::string lines;
  for (const CompletedOption& option : options) {
    std::string rest = fmt::format(" -l {}", option.name);
    if (!option.argument.empty()) {
      // -x: a value, and no files.
      rest += option.values.paths == Paths::kFiles ? " -r" : " -x";
      rest += OfferInFish(option.values);
    }
    lines += LineOfFish(condition, command,
                        fmt::format("{} -d {}", rest, QuotedForFish(option.summary)));
  }
  return lines;
}

}  // namespace

std::string FishCompletion() {
  std::string text = kFishBegin;
  text += OptionsInFish("__faultline_at", "", CompletedOptions(ProgramHelp().options));
  for (const Command& command : Commands()) {
    const std::size_t blank = command.name.rfind(' ');
    const bool part = blank != command.name.npos;
    const std::string_view group = part ? command.name.substr(0, blank) : "";
    const std::string_view name = part ? command.name.substr(blank + 1) : command.name;
    text += fmt::format(
        "\n{}", LineOfFish("__faultline_at", group,
                           fmt::format(" -a {} -d {}", name, QuotedForFish(command.summary))));
    const CommandHelp help = command.help();
    const bool has_parts = !CommandNames(command.name).empty();
    text += OptionsInFish(has_parts ? "__faultline_at" : "__faultline_in", command.name,
                          CompletedOptions(help.options));
    if (const std::string offer = OfferInFish(help.words); !offer.empty()) {
      text += LineOfFish("__faultline_in", command.name, offer);
    }
    if (help.runs_program) {
      text += LineOfFish("__faultline_in", command.name, " -a '(__faultline_program)'");
    }
  }
  return text;
}

}  // namespace faultline::cli
