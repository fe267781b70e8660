// Judges the runs of older versions, whose documents have no comparisons.
#pragma once

#include <optional>
#include <string>

#include "harness/document/run.h"

namespace faultline {

// The warning of every command that uses such a run.
inline constexpr const char* kJudgedAnew =
    "This run has no comparisons of its own (made by an older version): it was judged anew.";

// Sets the run's groups by what its trials measured, as a new run's would be, and titles of groups
// that its trials lack. Throws UsageError for a trial that this version couldn't name.
void JudgeAnew(document::Run& run);

// The document `text` as this version writes it: with groups, comparisons, and "judged_anew".
// Nothing if it is no run document, or has comparisons already. `name` names it. Throws UsageError,
// as document::ParseRun does, for a run document that can't be judged.
std::optional<std::string> JudgedDocument(const std::string& name, const std::string& text);

}  // namespace faultline
