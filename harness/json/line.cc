#include "harness/json/line.h"

#include <nlohmann/json.hpp>

namespace faultline {

std::string ToLine(const nlohmann::json& value) {
  return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string ToLines(const nlohmann::json& value, int indent) {
  return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

nlohmann::json FromLine(const std::string& line) { return nlohmann::json::parse(line); }

}  // namespace faultline
