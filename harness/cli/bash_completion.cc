// The completion of bash: one function, which needs nothing of the package bash-completion.
#include <fmt/format.h>
#include <map>

#include "harness/base/text.h"
#include "harness/cli/completion.h"
#include "harness/cli/generate.h"

namespace faultline::cli {
namespace {

// Before the branches for what an option takes.
constexpr const char* kBashBegin = R"(_faultline()
{
    local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}
    # The shell makes words of "--cache=cold" that are "--cache", "=" and "cold".
    if [[ $current == "=" ]]; then
        current=
    elif [[ $option == "=" ]]; then
        option=${COMP_WORDS[COMP_CWORD-2]}
    fi
    local command= i options= paths= words=
    ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} != -* ]] && command=${COMP_WORDS[1]}
    if ((COMP_CWORD > 2)); then
        case "$command ${COMP_WORDS[2]}" in
            %PARTS%) command+=" ${COMP_WORDS[2]}" ;;
        esac
    fi
    for ((i = 2; i < COMP_CWORD; ++i)); do
        [[ ${COMP_WORDS[i]} == -- ]] || continue
        case $command in
            %PROGRAMS%)
                # A program, and then what it takes.
                if ((i + 1 == COMP_CWORD)); then
                    mapfile -t COMPREPLY < <(compgen -c -- "$current")
                else
                    mapfile -t COMPREPLY < <(compgen -f -- "$current")
                    compopt -o filenames 2>/dev/null
                fi
                ;;
        esac
        return 0
    done
    case "$command $option" in
)";

constexpr const char* kBashEnd = R"(            esac
            [[ $current == -* || -z $words$paths ]] && words=$options paths=
            ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    case $paths in
        files) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current") ;;
        folders) mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -d -- "$current") ;;
    esac
    [[ -n $paths ]] && compopt -o filenames 2>/dev/null
    return 0
}

complete -F _faultline faultline
)";

// Everything that is quoted is of letters, digits, blanks and dashes.
std::string QuotedForBash(std::string_view text) { return fmt::format("'{}'", text); }

std::string PatternsForBash(const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  for (const std::string& text : texts) quoted.push_back(QuotedForBash(text));
  return Join(quoted, " | ");
}

// What sets the variables `words` and `paths`.
std::string OfferInBash(const Candidates& candidates) {
  std::vector<std::string> settings;
  if (!candidates.words.empty()) {
    settings.push_back(fmt::format("words={}", QuotedForBash(Join(candidates.words, " "))));
  }
  if (candidates.paths == Paths::kFiles) settings.emplace_back("paths=files");
  if (candidates.paths == Paths::kFolders) settings.emplace_back("paths=folders");
  return Join(settings, " ");
}

// What options take, "command --option" by what is offered for it.
using OptionsByOffer = std::map<std::string, std::vector<std::string>>;

void AddValues(std::string_view command, const std::vector<CompletedOption>& options,
               OptionsByOffer& offers) {
  for (const CompletedOption& option : options) {
    if (option.argument.empty()) continue;
    offers[OfferInBash(option.values)].push_back(fmt::format("{} --{}", command, option.name));
  }
}

// The branch for what may come next where no option waits for its value.
std::string BranchInBash(std::string_view command, const Candidates& candidates,
                         const std::vector<CompletedOption>& options) {
  std::vector<std::string> names;
  for (const CompletedOption& option : options) names.push_back(fmt::format("--{}", option.name));
  const std::string offer = OfferInBash(candidates);
  return fmt::format("                {}) {}{}options={} ;;\n", QuotedForBash(command), offer,
                     offer.empty() ? "" : " ", QuotedForBash(Join(names, " ")));
}

std::string Replaced(std::string text, std::string_view mark, std::string_view by) {
  return text.replace(text.find(mark), mark.size(), by);
}

}  // namespace

std::string BashCompletion() {
  OptionsByOffer offers;
  std::vector<std::string> parts;
  std::vector<std::string> programs;
  const std::vector<CompletedOption> own = CompletedOptions(ProgramHelp().options);
  AddValues("", own, offers);
  std::string branches = BranchInBash("", {.words = CommandNames("")}, own);
  for (const Command& command : Commands()) {
    const CommandHelp help = command.help();
    const std::vector<CompletedOption> options = CompletedOptions(help.options);
    AddValues(command.name, options, offers);
    Candidates words = help.words;
    if (const auto names = CommandNames(command.name); !names.empty()) words.words = names;
    branches += BranchInBash(command.name, words, options);
    if (IsPart(command)) parts.emplace_back(command.name);
    if (help.runs_program) programs.emplace_back(command.name);
  }
  std::string text = "# bash completion for faultline, made by 'faultline --generate bash'\n\n";
  text += Replaced(Replaced(kBashBegin, "%PARTS%", PatternsForBash(parts)), "%PROGRAMS%",
                   PatternsForBash(programs));
  for (const auto& [offer, names] : offers) {
    text += fmt::format("        {})\n            {}\n            ;;\n", PatternsForBash(names),
                        offer.empty() ? "return 0" : offer);
  }
  text += "        *)\n            case $command in\n";
  return text + branches + kBashEnd;
}

}  // namespace faultline::cli
