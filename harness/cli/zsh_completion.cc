// The completion of zsh: a function for each command, on _arguments.
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/cli/completion.h"
#include "harness/cli/generate.h"

namespace faultline::cli {
namespace {

constexpr const char* kZshBegin = R"(#compdef faultline
# zsh completion for faultline, made by 'faultline --generate zsh'

# Offers these words, and files.
_faultline_or_files() {
    compadd -- "$@"
    _files
}

)";

constexpr const char* kZshEnd =
    R"(# Read from the fpath this is the function's body; sourced, it makes the function known.
if [[ $funcstack[1] == _faultline ]]; then
    _faultline "$@"
else
    compdef _faultline faultline
fi
)";

// Before the options of a command that runs a program.
constexpr const char* kZshProgram = R"(    local -i mark=${words[(i)--]}
    if ((mark < CURRENT)); then
        shift $mark words
        ((CURRENT -= mark))
        _normal
        return
    fi
)";

// In single quotes, with a backslash before each of `special`.
std::string QuotedForZsh(std::string_view text, std::string_view special = "") {
  std::string quoted = "'";
  for (const char character : text) {
    if (character == '\'') {
      quoted += "'\\''";
      continue;
    }
    if (special.find(character) != special.npos) quoted += '\\';
    quoted += character;
  }
  return quoted + "'";
}

std::string FunctionOf(std::string_view command) {
  std::string name = command.empty() ? "_faultline" : fmt::format("_faultline_{}", command);
  for (char& character : name) {
    if (character == ' ' || character == '-') character = '_';
  }
  return name;
}

// What _arguments calls an action.
std::string ActionFor(const Candidates& candidates) {
  const std::string words = Join(candidates.words, " ");
  if (candidates.paths == Paths::kFolders) return "_files -/";
  if (candidates.paths == Paths::kNone) return words.empty() ? " " : fmt::format("({})", words);
  return words.empty() ? "_files" : fmt::format(" _faultline_or_files {}", words);
}

// One line of _arguments for each option.
std::string OptionLines(const std::vector<CompletedOption>& options) {
  std::string lines;
  for (const CompletedOption& option : options) {
    lines += fmt::format(" \\\n        {}--{}{}{}", option.repeatable ? "'*'" : "", option.name,
                         option.argument.empty() ? "" : "=",
                         QuotedForZsh(fmt::format("[{}]", option.summary)));
    if (option.argument.empty()) continue;
    lines += fmt::format(":{}:{}", QuotedForZsh(option.argument, ":\\"),
                         QuotedForZsh(ActionFor(option.values)));
  }
  return lines;
}

// The function of a command whose first word is the name of another one.
std::string GroupFunction(std::string_view group, const std::vector<CompletedOption>& options) {
  const std::string prefix = group.empty() ? "" : fmt::format("{} ", group);
  std::string descriptions;
  std::string calls;
  for (const Command& command : Commands()) {
    if (!command.name.starts_with(prefix)) continue;
    const std::string_view name = command.name.substr(prefix.size());
    if (name.find(' ') != name.npos) continue;
    descriptions += fmt::format("                {}\n",
                                QuotedForZsh(fmt::format("{}:{}", name, command.summary)));
    calls += fmt::format("                {}) {} ;;\n", name, FunctionOf(command.name));
  }
  // `subcommands`, since `commands` is the shell's own.
  return fmt::format(
      "{}() {{\n"
      "    local curcontext=$curcontext state\n"
      "    local -A opt_args\n"
      "    local -a subcommands\n"
      "    _arguments -C{} \\\n"
      "        '1: :->command' \\\n"
      "        '*:: :->arguments'\n"
      "    case $state in\n"
      "        command)\n"
      "            subcommands=(\n"
      "{}            )\n"
      "            _describe -t commands command subcommands\n"
      "            ;;\n"
      "        arguments)\n"
      "            curcontext=${{curcontext%:*:*}}:faultline-$words[1]:\n"
      "            case $words[1] in\n"
      "{}            esac\n"
      "            ;;\n"
      "    esac\n"
      "}}\n"
      "\n",
      FunctionOf(group), OptionLines(options), descriptions, calls);
}

std::string CommandFunction(const Command& command) {
  const CommandHelp help = command.help();
  const std::vector<CompletedOption> options = CompletedOptions(help.options);
  if (!CommandNames(command.name).empty()) return GroupFunction(command.name, options);
  std::string words;
  if (!help.words.words.empty() || help.words.paths != Paths::kNone) {
    words = fmt::format(" \\\n        '*: :'{}", QuotedForZsh(ActionFor(help.words)));
  }
  return fmt::format("{}() {{\n{}    _arguments -S{}{}\n}}\n\n", FunctionOf(command.name),
                     help.runs_program ? kZshProgram : "", OptionLines(options), words);
}

}  // namespace

std::string ZshCompletion() {
  std::string text = kZshBegin;
  for (const Command& command : Commands()) text += CommandFunction(command);
  text += GroupFunction("", CompletedOptions(ProgramHelp().options));
  return text + kZshEnd;
}

}  // namespace faultline::cli
