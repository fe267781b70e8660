// An option, described once. From its row follow the help, what a suite file may say, how its value
// gets into a trial, JSON in both directions, columns of the CSV, titles, what crossover can vary,
// and which commands take it. The rows of a trial are in trial_options.cc; those of how often and
// how long trials are made in harness/suite/settings.cc.
#pragma once

#include <algorithm>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/spec.h"
#include "harness/base/text.h"

namespace faultline {

// How the value of an option is read from text and JSON, and written. `Target` is the struct that
// has it as a member; option_codec.h makes one from a pointer to the member.
template <class Target>
struct OptionCodec {
  OptionKind kind = OptionKind::kText;
  std::vector<std::string> choices = {};  // all values of a kChoice or kFlag

  // Takes what a user wrote; `what` names the option in errors ("--records"). Throws UsageError for
  // a value that makes no sense.
  std::function<void(Target&, std::string_view text, std::string_view what)> parse;

  // What `parse` reads as the same value; "" as long as none is given.
  std::function<std::string(const Target&)> text;

  std::function<nlohmann::json(const Target&)> to_json;
  std::function<void(Target&, const nlohmann::json&)> from_json;  // what to_json made
};

// What an option belongs to.
enum class OptionRole {
  kRegime,     // a trial: figures depend on it. A parameter of documents
  kMeasuring,  // a trial: how it is measured. A parameter of the run document
  kHarness,    // a trial: neither; only the processes of the trial hear of it
  kSubject,  // a trial: what is measured. May be given several times; documents have objects for it
  kSchedule,  // how often trials are made; each section of a suite may have its own
  kRun,       // the whole run; no section of a suite may have its own
};

// The commands that take an option: `run` with its suites, and others that say so. A command that
// doesn't take it neither shows nor accepts it.
struct TakenBy {
  bool run = true;
  bool advise = false;
  bool crossover = false;
  bool powercut = false;
};

// Where the CSV has the column of a parameter. New ones come last, so that the others stay where
// scripts look for them.
enum class CsvColumn { kLast, kFirst, kNone };

template <class Target>
struct OptionRow {
  std::string key;            // of the long option, and in suite files
  std::string argument = {};  // what the help shows behind it: "SIZE"; "" where values have names
  std::string help;           // without the default, which follows from the member's own
  OptionCodec<Target> value;
  OptionRole role = OptionRole::kRegime;
  TakenBy taken_by = {};
  bool axis = false;                         // `crossover --x` can vary it; a size, count or real
  std::string json_name = {};                // in documents; "" for the key with '_' for each '-'
  CsvColumn csv_column = CsvColumn::kLast;   // of a parameter
  bool (*applies)(const Target&) = nullptr;  // where it doesn't, its column is empty
  // Titles have words of their own for it (harness/report/group.cc), or leave it out. Any other
  // parameter is in the title as "KEY VALUE" unless it has its default.
  bool own_title = false;
  std::string default_text = {};  // of one that may be given several times

  // Whether documents have it among the parameters of a trial.
  bool IsParameter() const { return role == OptionRole::kRegime || role == OptionRole::kMeasuring; }

  // What the help shows behind it: "SIZE", or the names of all values: "cold|paged".
  std::string Argument() const { return argument.empty() ? Join(value.choices, "|") : argument; }

  bool repeatable() const { return role == OptionRole::kSubject; }

  // The value that counts as long as none is given, or "".
  std::string DefaultText() const { return repeatable() ? default_text : value.text(Target()); }

  std::string JsonName() const {
    if (!json_name.empty()) return json_name;
    std::string name = key;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
  }
};

}  // namespace faultline
