#include "harness/crossover/axis.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "harness/base/size.h"
#include "harness/base/text.h"
#include "strategies/registry.h"
#include "workloads/workload.h"

namespace faultline::crossover {
namespace {

constexpr double kFinestFactor = 1.05;
constexpr double kFinestShare = 0.01;
constexpr double kMostGrain = 4096;       // a page: finer steps of sizes in pages mean nothing
constexpr double kMostValue = 1LL << 53;  // whole numbers up to it are exact
constexpr const char* kDataToMemory = "data-to-memory";
constexpr const char* kOfStrategy = "strategy:";
constexpr const char* kOfWorkload = "workload:";

const std::vector<std::string>& Given(const Settings& settings, const char* key) {
  static const std::vector<std::string> kNone;
  const auto found = settings.find(key);
  return found == settings.end() ? kNone : found->second;
}

std::string WorkloadOf(const Settings& settings) {
  const std::vector<std::string>& given = Given(settings, "workload");
  return given.empty() ? "random-update" : given.front();
}

const OptionInfo* FindOption(std::span<const OptionInfo> options, std::string_view name) {
  for (const OptionInfo& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

bool Gives(const Spec& spec, std::string_view option) {
  return std::any_of(spec.given.begin(), spec.given.end(),
                     [&](const auto& entry) { return entry.first == option; });
}

// Whether the option of this spec is the axis's to set.
bool IsVaried(const Spec& strategy, std::string_view option) {
  const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(strategy.name);
  return FindOption(info.options, option) != nullptr && !Gives(strategy, option);
}

// `name` is the option's, for errors.
ValueKind KindOf(OptionKind kind, std::string_view name, std::string_view what) {
  switch (kind) {
    case OptionKind::kSize:
      return ValueKind::kSize;
    case OptionKind::kCount:
      return ValueKind::kCount;
    case OptionKind::kReal:
      return ValueKind::kReal;
    case OptionKind::kFlag:
    case OptionKind::kChoice:
    case OptionKind::kText:
      break;
  }
  throw UsageError(fmt::format(
      "{}: option '{}' is no number, and has no range; compare its values as strategies", what,
      name));
}

ValueKind StrategyOptionKind(std::string_view option, std::string_view what,
                             const Settings& given) {
  std::optional<ValueKind> kind;
  bool known = false;
  for (const std::string& text : Given(given, "strategy")) {
    const Spec spec = ParseSpec(text);
    const StrategyInfo& info = Registry<StrategyInfo>::Instance().Find(spec.name);
    const OptionInfo* declared = FindOption(info.options, option);
    if (declared == nullptr) continue;
    known = true;
    if (Gives(spec, option)) continue;
    const ValueKind found = KindOf(declared->kind, declared->name, what);
    if (kind.value_or(found) != found) {
      throw UsageError(fmt::format(
          "{}: option '{}' has not the same kind of values in all strategies that have it", what,
          option));
    }
    kind = found;
  }
  if (kind) return *kind;
  throw UsageError(fmt::format(
      "{}: {}{}{}", what,
      known ? "every strategy that has the option '" : "none of the strategies has an option '",
      option,
      known ? "' gives it a value; leave it out of one"
            : "'; 'faultline describe NAME' shows what one has"));
}

ValueKind WorkloadOptionKind(std::string_view option, std::string_view what,
                             const Settings& given) {
  const Spec spec = ParseSpec(WorkloadOf(given));
  const WorkloadInfo& info = Registry<WorkloadInfo>::Instance().Find(spec.name);
  const OptionInfo* declared = FindOption(info.options, option);
  if (declared == nullptr) {
    throw UsageError(fmt::format(
        "{}: workload '{}' has no option '{}'; 'faultline describe {}' shows what it has", what,
        spec.name, option, spec.name));
  }
  if (Gives(spec, option)) {
    throw UsageError(
        fmt::format("{}: the workload gives '{}' a value; leave it out", what, option));
  }
  return KindOf(declared->kind, declared->name, what);
}

ValueKind KindOfParameter(std::string_view parameter, std::string_view what,
                          const Settings& given) {
  if (parameter.starts_with(kOfStrategy)) {
    return StrategyOptionKind(parameter.substr(std::string_view(kOfStrategy).size()), what, given);
  }
  if (parameter.starts_with(kOfWorkload)) {
    return WorkloadOptionKind(parameter.substr(std::string_view(kOfWorkload).size()), what, given);
  }
  if (parameter == kDataToMemory) return ValueKind::kReal;
  std::vector<std::string> known = SettingParameters();
  if (std::find(known.begin(), known.end(), parameter) != known.end()) {
    const SettingInfo& setting = FindSetting(parameter);
    return KindOf(setting.value.kind, setting.key, what);
  }
  known.insert(known.begin(), kDataToMemory);
  throw UsageError(fmt::format(
      "{}: unknown parameter '{}'; {}", what, parameter,
      Suggestion(
          parameter, known,
          fmt::format("there are {}, workload:OPTION and strategy:OPTION", Join(known, ", ")))));
}

// "0.25", "1/4", "25%".
double ParseShare(std::string_view text, std::string_view what) {
  if (text.ends_with('%')) return ParseReal(text.substr(0, text.size() - 1), what) / 100;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return ParseReal(text, what);
  const double divisor = ParseReal(text.substr(slash + 1), what);
  if (divisor == 0) throw UsageError(fmt::format("{}: '{}' divides by 0", what, text));
  return ParseReal(text.substr(0, slash), what) / divisor;
}

double ParseEnd(ValueKind kind, std::string_view text, std::string_view what) {
  switch (kind) {
    case ValueKind::kSize:
      return static_cast<double>(ParseSize(text, what));
    case ValueKind::kCount:
      return static_cast<double>(ParseCount(text, what));
    case ValueKind::kReal:
      break;
  }
  return ParseShare(text, what);
}

// The largest power of two, up to a page, that both ends are multiples of.
double GrainOf(const Axis& axis) {
  if (axis.kind == ValueKind::kReal) return 0;
  if (axis.kind == ValueKind::kCount) return 1;
  double grain = kMostGrain;
  while (std::fmod(axis.low, grain) != 0 || std::fmod(axis.high, grain) != 0) grain /= 2;
  return grain;
}

// Four significant digits: more would make no difference that matters, and be hard to read.
double Rounded(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 4);
  std::from_chars(text, end.ptr, value);
  return value;
}

// A scale from 0 on is that of values one grain larger.
double ShiftOf(const Axis& axis) { return axis.low == 0 ? axis.grain : 0; }

std::string WithOption(const std::string& text, std::string_view option, const std::string& value) {
  Spec spec = ParseSpec(text);
  spec.given.emplace_back(option, value);
  return spec.Text();
}

void Put(Settings& settings, const Axis& axis, const std::string& value) {
  const std::string_view parameter = axis.parameter;
  if (parameter.starts_with(kOfWorkload)) {
    const std::string_view option = parameter.substr(std::string_view(kOfWorkload).size());
    settings["workload"] = {WithOption(WorkloadOf(settings), option, value)};
  } else if (parameter.starts_with(kOfStrategy)) {
    const std::string_view option = parameter.substr(std::string_view(kOfStrategy).size());
    for (std::string& strategy : settings["strategy"]) {
      if (IsVaried(ParseSpec(strategy), option)) strategy = WithOption(strategy, option, value);
    }
  } else {
    settings[axis.parameter] = {value};
  }
}

std::uint64_t RecordSizeOf(const Settings& settings) {
  const std::vector<std::string>& given = Given(settings, "record-size");
  const std::uint64_t size =
      given.empty() ? kDefaultRecordSize : ParseSize(given.front(), "--record-size");
  if (size == 0)
    throw UsageError("a record of 0 bytes holds nothing; --record-size takes 1 or more");
  return size;
}

std::string RecordsFor(const Settings& settings, double bytes) {
  const double records = std::floor(bytes / static_cast<double>(RecordSizeOf(settings)));
  return std::to_string(static_cast<std::uint64_t>(std::clamp(records, 1.0, kMostValue)));
}

}  // namespace

double Axis::Place(double value) const {
  if (!logarithmic) return (value - low) / (high - low);
  const double shift = ShiftOf(*this);
  return std::log((value + shift) / (low + shift)) / std::log((high + shift) / (low + shift));
}

double Axis::ValueAt(double place) const {
  const double shift = ShiftOf(*this);
  double value = logarithmic
                     ? (low + shift) * std::pow((high + shift) / (low + shift), place) - shift
                     : low + place * (high - low);
  value = grain > 0 ? std::round(value / grain) * grain : Rounded(value);
  return std::clamp(value, low, high);
}

std::vector<double> Axis::Grid(std::size_t count) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double value = ValueAt(static_cast<double>(i) / static_cast<double>(count - 1));
    if (values.empty() || value > values.back()) values.push_back(value);
  }
  return values;
}

std::optional<double> Axis::Between(double left, double right) const {
  const double shift = ShiftOf(*this);
  if (logarithmic ? right + shift < (left + shift) * kFinestFactor
                  : right - left < kFinestShare * (high - low)) {
    return std::nullopt;
  }
  // Of whole numbers with others between them, rounding never meets an end.
  const double middle = ValueAt((Place(left) + Place(right)) / 2);
  return middle > left && middle < right ? std::optional(middle) : std::nullopt;
}

std::string Axis::Text(double value) const {
  if (kind == ValueKind::kSize) return FormatSize(static_cast<std::uint64_t>(value));
  if (kind == ValueKind::kCount) return std::to_string(static_cast<std::uint64_t>(value));
  return FormatExact(value);
}

std::vector<std::string> SettingParameters() {
  std::vector<std::string> keys;
  for (const SettingInfo& setting : TrialSettings()) {
    if (setting.axis) keys.push_back(setting.key);
  }
  return keys;
}

Axis ParseAxis(std::string_view text, std::string_view what, const Settings& given) {
  const std::size_t equals = text.find('=');
  const std::size_t dots = text.find("..", equals == std::string_view::npos ? 0 : equals);
  if (equals == std::string_view::npos || dots == std::string_view::npos) {
    throw UsageError(fmt::format(
        "{}: '{}' is no range; write PARAMETER=LOW..HIGH, such as record-size=16..64KiB", what,
        text));
  }
  Axis axis;
  axis.parameter = text.substr(0, equals);
  axis.kind = KindOfParameter(axis.parameter, what, given);
  std::string low(text.substr(equals + 1, dots - equals - 1));
  const std::string_view high = text.substr(dots + 2);
  if (axis.kind == ValueKind::kReal && high.ends_with('%') && !low.ends_with('%')) low += '%';
  axis.low = ParseEnd(axis.kind, low, what);
  axis.high = ParseEnd(axis.kind, high, what);
  if (axis.low < 0 || !(axis.low < axis.high) || axis.high > kMostValue) {
    throw UsageError(
        fmt::format("{}: '{}' goes from {} to {}; the range must go up, from 0 or more", what, text,
                    low, high));
  }
  if (axis.parameter == kDataToMemory) {
    if (axis.low == 0) throw UsageError(fmt::format("{}: there is no file of 0 bytes", what));
    if (Given(given, "memory-limit").empty()) {
      throw UsageError(
          fmt::format("{}: {} needs the memory; give it with --memory-limit", what, kDataToMemory));
    }
    if (!Given(given, "records").empty()) {
      throw UsageError(fmt::format("{}: {} decides how many records there are; leave --records out",
                                   what, kDataToMemory));
    }
  } else if (!Given(given, axis.parameter.c_str()).empty()) {
    throw UsageError(
        fmt::format("{}: --{} is given too; leave one of them out", what, axis.parameter));
  }
  axis.grain = GrainOf(axis);
  axis.logarithmic = axis.kind != ValueKind::kReal || (axis.low > 0 && axis.high >= 10 * axis.low);
  return axis;
}

Settings SettingsAt(const Settings& given, std::span<const AxisValue> at,
                    const PointDefaults& defaults) {
  Settings settings = given;
  const AxisValue* data_to_memory = nullptr;
  for (const AxisValue& one : at) {
    if (one.axis->parameter == kDataToMemory) {
      data_to_memory = &one;
    } else {
      Put(settings, *one.axis, one.axis->Text(one.value));
    }
  }
  const bool own_file =
      WorkloadChoice(WorkloadOf(settings))->DefaultRecords(RecordSizeOf(settings)).has_value();
  // Behind all others, which it depends on.
  if (data_to_memory != nullptr) {
    const auto limit = ParseSize(Given(settings, "memory-limit").front(), "--memory-limit");
    settings["records"] = {
        RecordsFor(settings, data_to_memory->value * static_cast<double>(limit))};
  } else if (!own_file && Given(settings, "records").empty()) {
    settings["records"] = {RecordsFor(settings, static_cast<double>(defaults.data_bytes))};
  }
  if (!own_file && Given(settings, "operations").empty()) {
    settings["operations"] = {std::to_string(defaults.operations)};
  }
  return settings;
}

}  // namespace faultline::crossover
