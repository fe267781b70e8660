// Specs and the checking of their options.
#include "harness/base/spec.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/size.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

std::string BoundText(const OptionInfo& option, double bound) {
  if (option.kind == OptionKind::kReal) return FormatExact(bound);
  const auto whole = static_cast<std::uint64_t>(bound);
  return option.kind == OptionKind::kSize ? FormatSize(whole) : std::to_string(whole);
}

void CheckRange(const OptionInfo& option, double value, std::string_view text,
                std::string_view what) {
  if (value < option.minimum) {
    throw UsageError(fmt::format("{}: '{}' is too small; the least is {}", what, text,
                                 BoundText(option, option.minimum)));
  }
  if (value > option.maximum) {
    throw UsageError(fmt::format("{}: '{}' is too large; the most is {}", what, text,
                                 BoundText(option, option.maximum)));
  }
}

// The text that every way of writing this value is turned into.
std::string CanonicalValue(const OptionInfo& option, std::string_view text, std::string_view what) {
  switch (option.kind) {
    case OptionKind::kSize: {
      const std::uint64_t bytes = ParseSize(text, what);
      CheckRange(option, static_cast<double>(bytes), text, what);
      return FormatSize(bytes);
    }
    case OptionKind::kCount: {
      const std::uint64_t count = ParseCount(text, what);
      CheckRange(option, static_cast<double>(count), text, what);
      return std::to_string(count);
    }
    case OptionKind::kReal: {
      const double value = ParseReal(text, what);
      CheckRange(option, value, text, what);
      return FormatExact(value);
    }
    case OptionKind::kFlag:
      return ParseFlag(text, what) ? "on" : "off";
    case OptionKind::kText:
      if (text.empty()) throw UsageError(fmt::format("{} needs a value", what));
      return std::string(text);
    case OptionKind::kChoice:
      break;
  }
  if (std::find(option.choices.begin(), option.choices.end(), text) == option.choices.end()) {
    throw UsageError(
        fmt::format("{}: '{}' is not one of {}", what, text, Join(option.choices, ", ")));
  }
  return std::string(text);
}

std::string UnknownOption(const Spec& spec, std::string_view key,
                          std::span<const OptionInfo> declared) {
  std::vector<std::string> names;
  for (const OptionInfo& option : declared) names.push_back(option.name);
  return fmt::format(
      "'{}' has no option '{}'; {}", spec.name, key,
      Suggestion(key, names,
                 names.empty() ? "it takes no options" : "it has " + Join(names, ", ")));
}

constexpr std::string_view kForm = "; write name or name:key=value,key=value";

[[noreturn]] void ThrowNoValue(std::string_view spec, std::string_view option) {
  throw UsageError(fmt::format("'{}': option '{}' has no value{}", spec, option, kForm));
}

// Gives the value without a key the name of the option that is declared for it.
void NamePositional(Spec& spec, std::span<const OptionInfo> declared) {
  if (spec.given.empty() || !spec.given.front().first.empty()) return;
  const auto option = std::find_if(declared.begin(), declared.end(),
                                   [](const OptionInfo& info) { return info.positional; });
  if (option == declared.end()) ThrowNoValue(spec.Text(), spec.given.front().second);
  for (const auto& other : spec.given) {
    if (other.first == option->name) {
      throw UsageError(
          fmt::format("'{}': option '{}' is given twice; give it once", spec.Text(), option->name));
    }
  }
  spec.given.front().first = option->name;
}

}  // namespace

std::string Spec::Text() const {
  std::string text = name;
  char separator = ':';
  for (const auto& [key, value] : given) {
    text.append(1, separator).append(key).append(key.empty() ? "" : "=").append(value);
    separator = ',';
  }
  return text;
}

Spec ParseSpec(std::string_view text) {
  const std::size_t colon = text.find(':');
  Spec spec{.name = std::string(text.substr(0, colon)), .given = {}};
  if (spec.name.empty()) throw UsageError(fmt::format("'{}' has no name{}", text, kForm));
  if (colon == std::string_view::npos) return spec;
  for (const std::string& part : Split(text.substr(colon + 1), ',')) {
    const std::size_t equals = part.find('=');
    const bool bare = equals == std::string::npos || part.find('/') < equals;
    if (bare && spec.given.empty() && !part.empty()) {
      spec.given.emplace_back("", part);
      continue;
    }
    if (equals == std::string::npos) ThrowNoValue(text, part);
    std::string key = part.substr(0, equals);
    if (key.empty()) {
      throw UsageError(fmt::format("'{}': '{}' names no option{}", text, part, kForm));
    }
    for (const auto& earlier : spec.given) {
      if (earlier.first == key) {
        throw UsageError(fmt::format("'{}': option '{}' is given twice; give it once", text, key));
      }
    }
    spec.given.emplace_back(std::move(key), part.substr(equals + 1));
  }
  return spec;
}

Options::Options(const Spec& written, std::span<const OptionInfo> declared) {
  Spec spec = written;
  NamePositional(spec, declared);
  for (const auto& given : spec.given) {
    if (std::none_of(declared.begin(), declared.end(),
                     [&](const OptionInfo& option) { return option.name == given.first; })) {
      throw UsageError(UnknownOption(spec, given.first, declared));
    }
  }
  for (const OptionInfo& option : declared) {
    const auto given =
        std::find_if(spec.given.begin(), spec.given.end(),
                     [&](const auto& candidate) { return candidate.first == option.name; });
    if (option.required && given == spec.given.end()) {
      throw UsageError(fmt::format("'{}' needs its option '{}'; write {}{}VALUE", spec.name,
                                   option.name, spec.name,
                                   option.positional ? ":" : fmt::format(":{}=", option.name)));
    }
    const std::string& text = given == spec.given.end() ? option.default_value : given->second;
    const std::string what = fmt::format("option '{}' of '{}'", option.name, spec.name);
    values_.emplace(option.name, CanonicalValue(option, text, what));
  }
}

std::uint64_t Options::Whole(std::string_view name) const { return ParseSize(Choice(name), name); }

double Options::Real(std::string_view name) const { return ParseReal(Choice(name), name); }

bool Options::Flag(std::string_view name) const { return ParseFlag(Choice(name), name); }

const std::string& Options::Choice(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw Error(fmt::format("the program asks for an option '{}' that it never declared", name));
  }
  return found->second;
}

}  // namespace faultline
