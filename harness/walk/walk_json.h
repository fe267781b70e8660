// Walks as a JSON document for tools: "faultline-walk/1" (docs/documents.md).
#pragma once

#include <string>
#include <vector>

#include "harness/walk/walk.h"

namespace faultline {

// The whole document, ending in a line break. Bytes of names that are no UTF-8 are replaced.
std::string WalkDocument(const std::vector<Walk>& walks);

}  // namespace faultline
