// Run documents of older versions.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace faultline::document {

// Makes a run document of "faultline-run/1", or one without comparisons, what this version reads:
// under the names of today, with empty groups and comparisons. What it lacks besides keeps its
// default (FieldReader::Later). Values that are not of their type stay for the reader to refuse.
// REQUIRES: an object. Returns whether it has comparisons of its own.
bool Modernize(nlohmann::json& document);

}  // namespace faultline::document
