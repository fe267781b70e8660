#include "harness/crossover/policy.h"

#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/crossover/crossover_json.h"
#include "harness/report/build_info.h"
#include "harness/trial/trial_json.h"

namespace faultline::crossover {
namespace {

using nlohmann::json;

// "2 x Intel Xeon, 23.5 GiB of memory, Linux 6.18, ext4 on vda", of what is known.
std::string MachineOf(const os::Facts& facts) {
  const auto fact = [&facts](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::nullopt : found->second;
  };
  std::vector<std::string> parts;
  if (const auto processor = fact("processor")) {
    parts.push_back(Concat(fact("processors") ? *fact("processors") + " x " : "", *processor));
  }
  if (const auto memory = fact("memory_bytes")) {
    parts.push_back(FormatBytes(ParseSize(*memory, "memory_bytes")) + " of memory");
  }
  if (const auto kernel = fact("kernel")) parts.push_back(*kernel);
  if (const auto file_system = fact("file_system")) {
    parts.push_back(Concat(*file_system, fact("device") ? " on " + *fact("device") : ""));
  }
  return parts.empty() ? "not known" : Join(parts, ", ");
}

json PolicyRangeJson(const Found& found, std::size_t index) {
  const Range& range = found.ranges[index];
  json boundary = nullptr;
  if (index < found.crossovers.size()) {
    const Crossover& crossover = found.crossovers[index];
    boundary = {{"value", crossover.value}, {"low", crossover.low}, {"high", crossover.high}};
  }
  return {{"low", range.low},
          {"high", range.high},
          {"strategy", range.strategy},
          {"others", range.others},
          {"boundary", std::move(boundary)}};
}

}  // namespace

std::optional<Policy> PolicyOf(const Study& study) {
  Policy policy{study.x,
                study.y,
                study.by,
                study.strategies,
                {},
                study.Regimes(),
                MachineOf(study.environment),
                study.ended == "narrow"};
  for (const StudyRow& row : study.rows) {
    PolicyRow one{row.y, 0, 0, study.In(row)};
    if (!one.found.ranges.empty()) policy.rows.push_back(std::move(one));
  }
  if (policy.rows.empty()) return std::nullopt;
  if (!study.y) return policy;
  // Between two rows, each stands for its half of the scale.
  policy.rows.front().low = study.y->low;
  policy.rows.back().high = study.y->high;
  for (std::size_t i = 0; i + 1 < policy.rows.size(); ++i) {
    const double middle =
        (study.y->Place(*policy.rows[i].y) + study.y->Place(*policy.rows[i + 1].y)) / 2;
    policy.rows[i].high = policy.rows[i + 1].low = study.y->ValueAt(middle);
  }
  return policy;
}

std::string PolicyJson(const Policy& policy) {
  json rows = json::array();
  for (const PolicyRow& row : policy.rows) {
    json ranges = json::array();
    for (std::size_t i = 0; i < row.found.ranges.size(); ++i) {
      ranges.push_back(PolicyRangeJson(row.found, i));
    }
    rows.push_back({{"y", OptionalToJson(row.y)},
                    {"low", row.y ? json(row.low) : json(nullptr)},
                    {"high", row.y ? json(row.high) : json(nullptr)},
                    {"ranges", std::move(ranges)}});
  }
  return json({{"schema", "faultline-policy/1"},
               {"version", kVersion},
               {"complete", policy.complete},
               {"machine", policy.machine},
               {"regimes", policy.regimes},
               {"figure", FigureName(policy.by)},
               {"strategies", policy.strategies},
               {"x", AxisJson(policy.x)},
               {"y", policy.y ? AxisJson(*policy.y) : json(nullptr)},
               {"rows", std::move(rows)}})
             .dump(2, ' ', false, json::error_handler_t::replace) +
         "\n";
}

}  // namespace faultline::crossover
