#include "harness/trace/blkparse_line.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/scanning.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMostSectors = std::uint64_t{1} << 50;
constexpr std::uint64_t kMostTraceSeconds = std::uint64_t{1} << 32;

std::string_view TakeField(std::string_view& text) {
  scanning::SkipBlanks(text);
  const std::string_view word = text.substr(0, text.find_first_of(" \t"));
  text.remove_prefix(word.size());
  return word;
}

std::optional<std::uint64_t> ReadSector(std::string_view word) {
  const auto number = ToNumber<std::uint64_t>(word);
  return number && *number <= kMostSectors ? number : std::nullopt;
}

// "8,16"
bool IsDevice(std::string_view word) {
  const std::string_view major = scanning::TakeWhile(word, scanning::kDigits);
  if (major.empty() || !scanning::Take(word, ",")) return false;
  return !scanning::TakeWhile(word, scanning::kDigits).empty() && word.empty();
}

// Seconds with nine decimals.
std::optional<std::uint64_t> ReadBlockTime(std::string_view word) {
  constexpr std::size_t kDecimals = 9;
  const std::size_t point = word.find('.');
  if (point == std::string_view::npos || word.size() - point != kDecimals + 1) return std::nullopt;
  const auto time_ns = scanning::ToUnits(word, 1'000'000'000);
  return time_ns && *time_ns / 1'000'000'000 <= kMostTraceSeconds ? time_ns : std::nullopt;
}

// "2048 + 8", and of a moved request "<- (253,0) 100" behind it. A flush has none of this, or a 0
// alone. False for a place that no device has.
bool ReadPlace(std::string_view text, BlkparseLine& line) {
  std::string_view rest = text;
  const std::string_view sector = TakeField(rest);
  const std::string_view between = TakeField(rest);
  if (between != "+") return true;
  line.sector = ReadSector(sector);
  const auto sectors = ReadSector(TakeField(rest));
  if (!line.sector || !sectors) return false;
  line.sectors = *sectors;
  if (TakeField(rest) == "<-") {
    const std::string_view from = TakeField(rest);
    if (from.size() > 2) line.from = from.substr(1, from.size() - 2);
  }
  return true;
}

}  // namespace

std::optional<BlkparseLine> ReadBlkparseLine(std::string_view text) {
  BlkparseLine line;
  const std::string_view device = TakeField(text);
  if (!IsDevice(device)) return std::nullopt;
  line.device = device;
  const auto processor = ToNumber<std::uint32_t>(TakeField(text));
  const auto sequence = ToNumber<std::uint64_t>(TakeField(text));
  const auto time_ns = ReadBlockTime(TakeField(text));
  const auto process = ToNumber<std::uint32_t>(TakeField(text));
  if (!processor || !sequence || !time_ns || !process) return std::nullopt;
  line.time_ns = *time_ns;
  line.process = *process;
  line.action = TakeField(text);
  line.kind = TakeField(text);
  if (line.action.empty() || !ReadPlace(text, line)) return std::nullopt;
  return line;
}

BlkparseFormat::BlkparseFormat(std::string_view format) {
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] == '%') {
      const std::size_t field = format.find_first_not_of("-0123456789", at + 1);
      if (field == std::string_view::npos) break;
      parts_.push_back({.field = format[field]});
      at = field;
    } else if (format.substr(at).starts_with("\\n")) {
      break;
    } else {
      parts_.push_back({.letter = format[at]});
    }
  }
  const auto has = [&](char field) {
    return std::any_of(parts_.begin(), parts_.end(),
                       [&](const Part& part) { return part.field == field; });
  };
  if (has('S') && (has('n') || has('N')) && has('d')) return;
  throw UsageError(fmt::format(
      "the line format '{}' doesn't say where requests are: it takes %S, %n or %N, and %d",
      format));
}

bool BlkparseFormat::Store(char field, std::string_view word, BlkparseLine& line) {
  const auto number = ToNumber<std::uint64_t>(word);
  switch (field) {
    case 'a':
      line.action = word;
      return true;
    case 'd':
      line.kind = word;
      return true;
    case 'D':
      line.device = word;
      return IsDevice(word);
    case 'M':
      line.device = fmt::format("{},{}", word, line.device);
      return number.has_value();
    case 'm':
      line.device += word;
      return number.has_value();
    case 'p':
      line.process = static_cast<std::uint32_t>(number.value_or(0));
      return number.has_value();
    case 'T':
      line.time_ns += number.value_or(0) * 1'000'000'000;
      return number && *number <= kMostTraceSeconds;
    case 't':
      line.time_ns += number.value_or(0);
      return number && *number < 1'000'000'000;
    case 'S':
      line.sector = number;
      return number && *number <= kMostSectors;
    case 'n':
      line.sectors = number.value_or(0);
      return number && *number <= kMostSectors;
    case 'N':
      line.sectors = number.value_or(0) / scanning::kSectorBytes;
      return number && line.sectors <= kMostSectors;
    default:
      return true;
  }
}

std::optional<BlkparseLine> BlkparseFormat::Read(std::string_view text) const {
  BlkparseLine line;
  std::string_view rest = Trim(text);
  if (rest.empty()) return std::nullopt;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    if (part.field == 0) {
      if (part.letter == ' ') {
        scanning::SkipBlanks(rest);
      } else if (!scanning::Take(rest, std::string_view(&part.letter, 1))) {
        return std::nullopt;
      }
      continue;
    }
    scanning::SkipBlanks(rest);
    // A field ends where the letter behind it comes; a command's name may hold blanks.
    const bool last = i + 1 == parts_.size();
    const char behind = last ? ' ' : parts_[i + 1].letter;
    std::size_t end =
        last && part.field == 'C' ? rest.size() : rest.find(behind == 0 ? ' ' : behind);
    end = std::min(end, rest.size());
    if (!Store(part.field, rest.substr(0, end), line)) return std::nullopt;
    rest.remove_prefix(end);
  }
  if (line.device.empty()) line.device = "device";
  if (line.sectors == 0) line.sector.reset();
  return line;
}

}  // namespace faultline
