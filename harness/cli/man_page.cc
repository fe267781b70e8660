// The man page: all commands on one page, as their help tells them.
#include <cctype>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/completion.h"
#include "harness/cli/generate.h"
#include "harness/report/build_info.h"

namespace faultline::cli {
namespace {

struct Variable {
  const char* name;
  const char* meaning;
};

constexpr Variable kEnvironment[] = {
    {"FAULTLINE_PYTHON", "The Python that draws pages, in place of the first one that can."},
    {"NO_COLOR", "If it is set, 'faultline walk' uses no colours."},
};

// Text in which roff sees no requests and no marks; dashes and quotes stay what was typed.
std::string Roff(std::string_view text) {
  std::string escaped;
  if (text.starts_with('.')) escaped = "\\&";
  for (const char character : text) {
    switch (character) {
      case '\\':
        escaped += "\\e";
        break;
      case '-':
        escaped += "\\-";
        break;
      case '\'':
        escaped += "\\(aq";
        break;
      case '`':
        escaped += "\\(ga";
        break;
      case '^':
        escaped += "\\(ha";
        break;
      case '~':
        escaped += "\\(ti";
        break;
      default:
        escaped += character;
    }
  }
  return escaped;
}

std::string Bold(std::string_view text) { return fmt::format("\\fB{}\\fR", Roff(text)); }

std::string Section(std::string_view title) {
  std::string name(title);
  for (char& letter : name)
    letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  return fmt::format(".SH \"{}\"\n", Roff(name));
}

// Paragraphs of a help: filled anew, but for lines that begin with blanks, which are examples.
std::string Paragraphs(std::string_view text) {
  std::string page;
  bool example = false;
  bool begin = false;  // of a paragraph after another one
  for (const std::string& line : Split(text, '\n')) {
    if (line.empty()) {
      begin = !page.empty();
      continue;
    }
    const bool indented = line.starts_with(' ');
    if (example && !indented) page += ".fi\n";
    if (begin) page += ".PP\n";
    if (indented && !example) page += ".nf\n";
    page += fmt::format("{}\n", indented ? fmt::format("\\&{}", Roff(line)) : Roff(line));
    example = indented;
    begin = false;
  }
  return example ? page + ".fi\n" : page;
}

std::string Entry(std::string_view tag, std::string_view text) {
  return fmt::format(".TP\n{}\n{}\n", tag, Roff(text));
}

std::string OptionEntries(const boost::program_options::options_description& options) {
  std::string page;
  for (const CompletedOption& option : CompletedOptions(options)) {
    std::string tag = Bold(fmt::format("--{}", option.name));
    if (!option.argument.empty()) tag += fmt::format(" \\fI{}\\fR", Roff(option.argument));
    page += Entry(tag, options.find(option.name, false).description());
  }
  return page;
}

// The lines of a usage, with the names of program and command in bold.
std::string UsageLines(const std::string& usage, std::string_view command) {
  std::string page;
  const std::string name = fmt::format("faultline{}{}", command.empty() ? "" : " ", command);
  for (const std::string& line : Split(usage, '\n')) {
    if (!page.empty()) page += ".br\n";
    page += fmt::format("{}{}\n", Bold(name), Roff(std::string_view(line).substr(name.size())));
  }
  return page;
}

}  // namespace

std::string ManPage() {
  const CommandHelp program = ProgramHelp();
  std::string page = fmt::format(
      ".\\\" Made by 'faultline --generate man'.\n"
      ".TH FAULTLINE 1 \"\" \"Faultline {}\" \"User Commands\"\n"
      ".nh\n"
      ".ad l\n",
      kVersion);
  page += fmt::format("{}faultline \\- compares file I/O strategies on this machine\n",
                      Section("name"));
  page += Section("synopsis") + UsageLines(program.usage, "");
  page += Section("description") + Paragraphs(program.description);
  page += ".PP\n" + Paragraphs(program.notes);
  page += Section("options") + OptionEntries(program.options);
  page += Section("commands");
  for (const Command& command : Commands()) {
    if (!IsPart(command)) page += Entry(Bold(command.name), command.summary);
  }
  for (const Command& command : Commands()) {
    const CommandHelp help = command.help();
    page += Section(command.name) + UsageLines(help.usage, command.name) + ".PP\n";
    page += Paragraphs(help.description) + OptionEntries(help.options);
    if (!help.notes.empty()) page += ".PP\n" + Paragraphs(help.notes);
  }
  page += Section("exit status");
  for (const ExitCode& known : ExitCodes())
    page += Entry(Bold(std::to_string(known.code)), known.meaning);
  page += Section("environment");
  for (const Variable& variable : kEnvironment)
    page += Entry(Bold(variable.name), variable.meaning);
  return page;
}

}  // namespace faultline::cli
