// The policy as a C++17 header.
#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/crossover/policy.h"
#include "harness/report/build_info.h"

namespace faultline::crossover {
namespace {

// For a comment or a literal: text from outside must end neither.
std::string Harmless(const std::string& text) {
  std::string harmless;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    harmless +=
        byte < 0x20 || byte > 0x7e || character == '\\' || character == '"' || character == '?'
            ? '.'
            : character;
  }
  return harmless;
}

// A comment of as many lines as it takes.
std::string Comment(const std::string& text, const char* indent = "") {
  std::string comment;
  for (const std::string& line : Split(Wrap(Harmless(text), 3, 2), '\n')) {
    comment += fmt::format("{}// {}\n", indent, line);
  }
  return comment;
}

bool IsWord(char character) { return std::isalnum(static_cast<unsigned char>(character)) != 0; }

// "kMmapWindow" of "mmap-window:size=64KiB", with a number where an earlier one has that name.
std::vector<std::string> Enumerators(const std::vector<std::string>& specs) {
  std::vector<std::string> names;
  for (const std::string& spec : specs) {
    std::string name = "k";
    bool upper = true;
    for (const char character : spec.substr(0, spec.find(':'))) {
      if (!IsWord(character)) {
        upper = true;
        continue;
      }
      name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(character)))
                    : character;
      upper = false;
    }
    std::string unique = name;
    for (int number = 2; std::count(names.begin(), names.end(), unique) > 0; ++number) {
      unique = fmt::format("{}_{}", name, number);
    }
    names.push_back(std::move(unique));
  }
  return names;
}

std::string VariableOf(const Axis& axis) {
  std::string name = axis.parameter;
  std::replace_if(
      name.begin(), name.end(), [](char character) { return !IsWord(character); }, '_');
  return name;
}

std::string Literal(const Axis& axis, double value) {
  if (axis.kind == ValueKind::kReal) return axis.Text(value);
  return fmt::format("{}u", static_cast<std::uint64_t>(value));
}

std::string Parameter(const Axis& axis) {
  return fmt::format("[[maybe_unused]] {}{}",
                     axis.kind == ValueKind::kReal ? "double " : "std::uint64_t ",
                     VariableOf(axis));
}

std::string Parameters(const Policy& policy) {
  return fmt::format("{}{}", Parameter(policy.x), policy.y ? ", " + Parameter(*policy.y) : "");
}

// "  if (records < 5u) return …;", up to the last range.
std::string RangeLines(const Policy& policy, const Found& found,
                       const std::vector<std::string>& names, const char* indent) {
  std::string lines;
  for (std::size_t i = 0; i < found.ranges.size(); ++i) {
    const std::string result =
        fmt::format("return Strategy::{};\n", names[found.ranges[i].strategy]);
    if (i == found.crossovers.size()) {
      lines += indent + result;
      break;
    }
    lines += fmt::format("{}if ({} < {}) {}", indent, VariableOf(policy.x),
                         Literal(policy.x, found.crossovers[i].value), result);
  }
  return lines;
}

// "  if (!(x >= 3u && x <= 5u)) return false;". Written so that a value that is no number is
// outside too.
std::string OutsideLine(const Axis& axis, double low, double high, const char* indent) {
  const std::string name = VariableOf(axis);
  // Compilers warn of a comparison of an unsigned number with 0.
  const bool always_above = low == 0 && axis.kind != ValueKind::kReal;
  const std::string above =
      always_above ? "" : fmt::format("{} >= {} && ", name, Literal(axis, low));
  return fmt::format("{}if (!({}{} <= {})) return false;\n", indent, above, name,
                     Literal(axis, high));
}

// What keeps a value from being sure: it was not measured, or a boundary may be there.
std::string DoubtLines(const Policy& policy, const Found& found, const char* indent) {
  const std::string x = VariableOf(policy.x);
  std::string lines =
      OutsideLine(policy.x, found.ranges.front().low, found.ranges.back().high, indent);
  for (const Crossover& crossover : found.crossovers) {
    lines += fmt::format("{}if ({} > {} && {} < {}) return false;\n", indent, x,
                         Literal(policy.x, crossover.low), x, Literal(policy.x, crossover.high));
  }
  return fmt::format("{}{}return true;\n", lines, indent);
}

// The body of a function: `of(row, indent)` for each row, chosen by y.
template <class Of>
std::string Body(const Policy& policy, Of&& of) {
  if (!policy.y) return of(policy.rows.front(), "  ");
  std::string body;
  for (std::size_t i = 0; i < policy.rows.size(); ++i) {
    const PolicyRow& row = policy.rows[i];
    if (i + 1 == policy.rows.size()) return body + of(row, "  ");
    body += fmt::format("  if ({} < {}) {{\n{}  }}\n", VariableOf(*policy.y),
                        Literal(*policy.y, row.high), of(row, "    "));
  }
  return body;
}

std::string RowComment(const Policy& policy, const PolicyRow& row) {
  std::string text;
  const std::string where =
      row.y ? fmt::format("At {} {}: ", policy.y->parameter, policy.y->Text(*row.y)) : "";
  for (std::size_t i = 0; i < row.found.ranges.size(); ++i) {
    const Range& range = row.found.ranges[i];
    std::vector<std::string> others;
    for (const std::size_t other : range.others) others.push_back(policy.strategies[other]);
    text += Comment(
        fmt::format("{}{} {} to {}: {}{}", where, policy.x.parameter, policy.x.Text(range.low),
                    policy.x.Text(range.high), policy.strategies[range.strategy],
                    others.empty() ? "" : ", tied all over with " + Join(others, ", ")));
    if (i == row.found.crossovers.size()) break;
    const Crossover& crossover = row.found.crossovers[i];
    text += Comment(fmt::format("  boundary at {}, somewhere in [{}, {}]",
                                policy.x.Text(crossover.value), policy.x.Text(crossover.low),
                                policy.x.Text(crossover.high)));
  }
  return text;
}

}  // namespace

std::string PolicyHeader(const Policy& policy) {
  const std::vector<std::string> names = Enumerators(policy.strategies);
  std::string text = Comment(fmt::format(
      "Which I/O strategy is the fastest, by measurement: written by Faultline {}.", kVersion));
  text += fmt::format("//\n{}", Comment("Machine: " + policy.machine));
  for (const std::string& regime : policy.regimes) text += Comment("Regime: " + regime);
  text += Comment(fmt::format("Figure: {} ns per operation{}", FigureWord(policy.by),
                              policy.complete ? "" : "; the search was cut short"));
  text += "//\n";
  for (const PolicyRow& row : policy.rows) text += RowComment(policy, row);
  text +=
      "#pragma once\n\n#include <cstdint>\n\nnamespace faultline_policy {\n\nenum class Strategy "
      "{\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("  {},  // {}\n", names[i], Harmless(policy.strategies[i]));
  }
  text +=
      "};\n"
      "\n"
      "// The strategy's spec, as Faultline takes it.\n"
      "constexpr const char* SpecOf(Strategy strategy) {\n"
      "  switch (strategy) {\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += fmt::format("    case Strategy::{}:\n      return \"{}\";\n", names[i],
                        Harmless(policy.strategies[i]));
  }
  text += fmt::format(
      "  }}\n"
      "  return \"\";\n"
      "}}\n"
      "\n"
      "// The best one; beyond the ranges that were measured, that of their ends.\n"
      "constexpr Strategy Choose({}) {{\n"
      "{}}}\n"
      "\n",
      Parameters(policy), Body(policy, [&](const PolicyRow& row, const char* indent) {
        return RangeLines(policy, row.found, names, indent);
      }));
  text += fmt::format(
      "// Whether the values lie in the ranges that were measured, and not where a boundary may "
      "be.\n"
      "constexpr bool IsSure({}) {{\n"
      "{}{}}}\n"
      "\n"
      "}}  // namespace faultline_policy\n",
      Parameters(policy),
      policy.y ? OutsideLine(*policy.y, policy.y->low, policy.y->high, "  ") : "",
      Body(policy, [&](const PolicyRow& row, const char* indent) {
        return DoubtLines(policy, row.found, indent);
      }));
  return text;
}

}  // namespace faultline::crossover
