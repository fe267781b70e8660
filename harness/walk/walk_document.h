// Walks as a document for tools.
#pragma once

#include <vector>

#include "harness/document/walk.h"
#include "harness/walk/walk.h"

namespace faultline {

document::Walks DocumentOf(const std::vector<Walk>& walks);

}  // namespace faultline
