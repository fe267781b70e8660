#include "harness/crossover/policy.h"

#include <fmt/format.h>

#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/crossover/crossover_document.h"
#include "harness/report/build_info.h"

namespace faultline::crossover {
namespace {

// "2 x Intel Xeon, 23.5 GiB of memory, Linux 6.18, ext4 on vda", of what is known.
std::string MachineOf(const os::Facts& facts) {
  const auto fact = [&facts](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::nullopt : found->second;
  };
  std::vector<std::string> parts;
  if (const auto processor = fact("processor")) {
    parts.push_back(
        fmt::format("{}{}", fact("processors") ? *fact("processors") + " x " : "", *processor));
  }
  if (const auto memory = fact("memory_bytes")) {
    parts.push_back(FormatBytes(ParseSize(*memory, "memory_bytes")) + " of memory");
  }
  if (const auto kernel = fact("kernel")) parts.push_back(*kernel);
  if (const auto file_system = fact("file_system")) {
    parts.push_back(
        fmt::format("{}{}", *file_system, fact("device") ? " on " + *fact("device") : ""));
  }
  return parts.empty() ? "not known" : Join(parts, ", ");
}

}  // namespace

std::optional<Policy> PolicyOf(const Study& study) {
  std::vector<std::string> strategies;
  for (const StrategyChoice& strategy : study.strategies) strategies.push_back(strategy.text());
  Policy policy{study.x,
                study.y,
                study.by,
                std::move(strategies),
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

document::Policy DocumentOf(const Policy& policy) {
  document::Policy documented{.version = kVersion,
                              .complete = policy.complete,
                              .machine = policy.machine,
                              .regimes = policy.regimes,
                              .figure = std::string(FigureName(policy.by)),
                              .strategies = policy.strategies,
                              .x = DocumentOf(policy.x),
                              .y = std::nullopt,
                              .rows = {}};
  if (policy.y) documented.y = DocumentOf(*policy.y);
  for (const PolicyRow& row : policy.rows) {
    document::PolicyRow& one = documented.rows.emplace_back();
    one.y = row.y;
    if (row.y) {
      one.low = row.low;
      one.high = row.high;
    }
    for (std::size_t i = 0; i < row.found.ranges.size(); ++i) {
      document::PolicyRange& range = one.ranges.emplace_back();
      range.range = row.found.ranges[i];
      if (i < row.found.crossovers.size()) range.boundary = row.found.crossovers[i];
    }
  }
  return documented;
}

}  // namespace faultline::crossover
