// Loads run documents (harness/document/run.h) for `compare` and `advise`: each comes judged.
#pragma once

#include <filesystem>
#include <string>

#include "harness/document/run.h"

namespace faultline {

// The document itself, or run.json in the folder `place`. Throws UsageError.
std::filesystem::path RunDocumentPath(const std::filesystem::path& place);

// The run whose document `text` is; `name` names it. A document of an older version, without
// comparisons, is judged anew. Throws UsageError as document::ParseRun does.
document::Run ParseRun(std::string name, const std::string& text);

// ParseRun of the document at RunDocumentPath(place). Throws UsageError also where there is none
// that can be read.
document::Run LoadRun(const std::filesystem::path& place);

}  // namespace faultline
