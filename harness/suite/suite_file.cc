#include "harness/suite/suite_file.h"

#include <algorithm>
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/os/whole_file.h"
#include "harness/suite/built_in_suites.h"

namespace faultline {
namespace {

std::string_view WithoutComment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool begins = i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t';
    if (begins && (line[i] == '#' || line[i] == ';')) return line.substr(0, i);
  }
  return line;
}

// A zero byte would end the message of the error that quotes it.
void CheckIsText(std::string_view line) {
  const bool is_text = std::none_of(line.begin(), line.end(), [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return (byte < 0x20 && letter != '\t') || byte == 0x7f;
  });
  if (!is_text) throw UsageError("holds control characters; a suite is plain text");
}

class Parser {
 public:
  Parser(std::string name, std::string origin) {
    suite_.name = std::move(name);
    suite_.origin = std::move(origin);
  }

  void Line(std::uint64_t number, std::string_view raw) {
    const std::string_view line = Trim(WithoutComment(raw));
    if (line.empty()) return;
    try {
      CheckIsText(line);
      if (line.front() == '[') {
        Section(number, line);
      } else {
        Entry(line);
      }
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("{}:{}: {}", suite_.origin, number, error.what()));
    }
  }

  Suite Finish() {
    if (suite_.sections.empty()) {
      throw UsageError(
          fmt::format("{}: no section, so no trial; begin one with [NAME]", suite_.origin));
    }
    return std::move(suite_);
  }

 private:
  void Section(std::uint64_t number, std::string_view line) {
    if (line.back() != ']') throw UsageError("a section's name ends with ']'");
    const std::string name(Trim(line.substr(1, line.size() - 2)));
    if (name.empty()) throw UsageError("a section needs a name");
    for (const SuiteSection& other : suite_.sections) {
      if (other.name == name) {
        throw UsageError(
            fmt::format("section '{}' was begun in line {} already", name, other.line));
      }
    }
    suite_.sections.push_back({name, number, {}});
  }

  void Entry(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      throw UsageError(fmt::format("'{}' is neither KEY = VALUE nor [SECTION]", line));
    }
    const std::string key(Trim(line.substr(0, equals)));
    const std::string value(Trim(line.substr(equals + 1)));
    if (suite_.sections.empty() && key == "summary") {
      if (!suite_.summary.empty()) throw UsageError("'summary' is given twice here");
      suite_.summary = value;
      return;
    }
    CheckSetting(key, value);
    const SettingInfo& setting = FindSetting(key);
    if (!suite_.sections.empty() && setting.role == OptionRole::kRun) {
      throw UsageError(
          fmt::format("'{}' belongs to the whole run; write it before the sections", key));
    }
    Settings& settings = suite_.sections.empty() ? suite_.head : suite_.sections.back().settings;
    std::vector<std::string>& values = settings[key];
    if (!values.empty() && !setting.repeatable()) {
      throw UsageError(fmt::format("'{}' is given twice here", key));
    }
    values.push_back(value);
  }

  Suite suite_;
};

}  // namespace

Suite ParseSuite(std::string_view text, const std::string& name, const std::string& origin) {
  Parser parser(name, origin);
  std::uint64_t number = 0;
  for (const std::string& line : Split(text, '\n')) parser.Line(++number, line);
  return parser.Finish();
}

std::vector<std::string> BuiltInSuites() {
  std::vector<std::string> names;
  for (const BuiltInSuite& suite : kBuiltInSuites) names.emplace_back(suite.name);
  return names;
}

Suite LoadSuite(const std::string& name_or_path) {
  for (const BuiltInSuite& suite : kBuiltInSuites) {
    if (suite.name == name_or_path) {
      return ParseSuite(suite.text, name_or_path, fmt::format("suite {}", name_or_path));
    }
  }
  const std::filesystem::path path = name_or_path;
  if (name_or_path.find('/') == std::string::npos && path.extension() != ".ini") {
    const std::vector<std::string> names = BuiltInSuites();
    throw UsageError(
        fmt::format("unknown suite '{}'; {} A file's name ends in .ini", name_or_path,
                    Suggestion(name_or_path, names, "there are " + Join(names, ", "))));
  }
  std::string text;
  try {
    text = os::ReadText(path);
  } catch (const os::SystemError& error) {
    throw UsageError(fmt::format("no suite: {}", error.what()));
  }
  return ParseSuite(text, path.stem().string(), path.string());
}

std::vector<PlannedTrial> PlanSuite(const Suite& suite, const Settings& over,
                                    const std::filesystem::path& directory) {
  std::vector<PlannedTrial> trials;
  for (const SuiteSection& section : suite.sections) {
    const Settings* layers[] = {&over, &section.settings, &suite.head};
    try {
      for (PlannedTrial& trial : PlanTrials(section.name, layers, directory)) {
        trials.push_back(std::move(trial));
      }
    } catch (const UsageError& error) {
      throw UsageError(fmt::format("{}:{}: section '{}': {}", suite.origin, section.line,
                                   section.name, error.what()));
    }
  }
  return trials;
}

}  // namespace faultline
