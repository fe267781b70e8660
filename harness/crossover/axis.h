// One varied quantity of a crossover: its range, the values in it, and what they mean for a trial.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite/settings.h"

namespace faultline::crossover {

enum class ValueKind { kSize, kCount, kReal };

// A range, both ends included, and its scale.
struct Axis {
  std::string parameter;  // as it was given: "record-size", "strategy:every"
  ValueKind kind = ValueKind::kCount;
  double low = 0;
  double high = 0;  // above low
  bool logarithmic = false;
  double grain = 0;  // all values are multiples of it; 0 for reals

  // Where on the scale a value lies: 0 at the low end, 1 at the high one.
  double Place(double value) const;

  // The value of the range that is nearest to a place.
  double ValueAt(double place) const;

  // At most `count` values in equal steps on the scale, both ends among them, ascending. REQUIRES:
  // count ≥ 2.
  std::vector<double> Grid(std::size_t count) const;

  // The value in the middle of two others, or nothing when these are near enough: no value lies
  // between them, or less than 5 % (of a linear scale: 1 % of the range).
  std::optional<double> Between(double left, double right) const;

  // A value as `faultline run` takes it: "64KiB", "1000", "0.25".
  std::string Text(double value) const;

  bool operator==(const Axis&) const = default;
};

// The settings that a range may be of, by key.
std::vector<std::string> SettingParameters();

// Reads PARAMETER=LOW..HIGH for the option `what` ("--x"). PARAMETER is one of SettingParameters,
// "workload:OPTION", "strategy:OPTION" (of those given strategies that have it and don't give it),
// or "data-to-memory", the file's size ÷ the memory limit. Ends read as the parameter's values;
// reals also as 1/4 and 25%, where one % behind HIGH is for both. Throws UsageError.
Axis ParseAxis(std::string_view text, std::string_view what, const Settings& given);

// A value of an axis.
struct AxisValue {
  const Axis* axis = nullptr;
  double value = 0;
};

// What a trial is like unless the user says so: the same file size and the same number of
// operations at all points.
struct PointDefaults {
  std::uint64_t data_bytes = 0;
  std::uint64_t operations = 0;  // of a pass
};

// `given` with the values of a point put in. Workloads that want a file of their own keep it.
// REQUIRES: axes of ParseAxis with the same `given`. Throws UsageError for values that make no
// sense together.
Settings SettingsAt(const Settings& given, std::span<const AxisValue> at,
                    const PointDefaults& defaults);

}  // namespace faultline::crossover
