// JSON as text: in one line, for a channel between processes or a file, or in many. Bytes that are
// no UTF-8 are replaced.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace faultline {

std::string ToLine(const nlohmann::json& value);

// For people to read: indented by `indent` blanks, with a line break at its end.
std::string ToLines(const nlohmann::json& value, int indent);

nlohmann::json FromLine(const std::string& line);  // throws nlohmann::json::parse_error

}  // namespace faultline
