// The options of a strategy (or a workload): how they are declared, and the values that a trial
// gives them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

struct Spec;  // a name with options as text: the program's own

enum class OptionKind { kSize, kCount, kReal, kFlag, kChoice, kText };

// One option of a strategy or a workload, as declared by it and printed by `faultline describe`.
struct OptionInfo {
  std::string name;
  OptionKind kind = OptionKind::kCount;
  std::string default_value;
  std::string summary;                    // one line, with the unit
  std::vector<std::string> choices = {};  // for kChoice
  double minimum = 0;                     // for kSize, kCount and kReal, inclusive
  double maximum = 1.8e19;                // for kSize, kCount and kReal, inclusive
  bool positional = false;  // its value may be given without its name, in the first place
  bool required = false;    // there is no default
};

// The values of all declared options: those given, and defaults for the rest.
class Options {
 public:
  Options() = default;

  // Throws UsageError for an option that `declared` doesn't have (naming the nearest), a required
  // one that is missing, a value of the wrong kind, or one out of range.
  Options(const Spec& spec, std::span<const OptionInfo> declared);

  // Each REQUIRES an option of that kind and name to be declared.
  std::uint64_t Size(std::string_view name) const { return Whole(name); }
  std::uint64_t Count(std::string_view name) const { return Whole(name); }
  double Real(std::string_view name) const;
  bool Flag(std::string_view name) const;
  const std::string& Choice(std::string_view name) const;
  const std::string& Text(std::string_view name) const { return Choice(name); }

  // Every option with its value in canonical text, sorted by name.
  const std::map<std::string, std::string, std::less<>>& Values() const { return values_; }

 private:
  std::uint64_t Whole(std::string_view name) const;

  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace faultline
