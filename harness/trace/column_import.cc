#include "harness/trace/column_import.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <utility>
#include <vector>

#include "faultline/error.h"
#include "harness/base/enum_names.h"
#include "harness/base/text.h"
#include "harness/trace/scanning.h"
#include "harness/trace/trace_format.h"

namespace faultline {
namespace {

enum class ColumnKind { kNothing, kTime, kDevice, kOperation, kOffset, kSize, kProcess };

struct ColumnMeaning {
  ColumnKind kind = ColumnKind::kNothing;
  std::uint64_t unit = 1;  // ns, or bytes
};

constexpr std::uint64_t kMostColumns = 64;

constexpr EnumNames<ColumnKind> kColumnNames{"-",      "time", "device", "op",
                                             "offset", "size", "process"};

[[noreturn]] void ThrowColumn(std::string_view name, std::string_view why) {
  throw UsageError(
      fmt::format("--columns has '{}', {}; columns are time_us, device, op, offset, size, process "
                  "and -, such as time_us,device,op,offset,size",
                  name, why));
}

std::uint64_t TimeUnit(std::string_view unit, std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 6> kUnits = {{
      {"", 1'000'000'000},
      {"s", 1'000'000'000},
      {"ms", 1'000'000},
      {"us", 1'000},
      {"100ns", 100},
      {"ns", 1},
  }};
  for (const auto& [word, ns] : kUnits) {
    if (word == unit) return ns;
  }
  ThrowColumn(name, "a unit of time that is none of s, ms, us, 100ns and ns");
}

std::uint64_t PlaceUnit(std::string_view unit, std::string_view name) {
  if (unit.empty() || unit == "bytes") return 1;
  if (unit == "sectors") return scanning::kSectorBytes;
  if (unit == "kib") return 1024;
  const auto bytes = ToNumber<std::uint32_t>(unit);
  if (bytes && *bytes > 0) return *bytes;
  ThrowColumn(name, "a unit that is none of bytes, sectors, kib and a number of bytes");
}

ColumnMeaning ReadColumn(std::string_view name) {
  const std::size_t underscore = name.find('_');
  const std::string_view word = name.substr(0, underscore);
  const std::string_view unit =
      underscore == std::string_view::npos ? "" : name.substr(underscore + 1);
  const auto kind = kColumnNames.Find(word);
  if (!kind) ThrowColumn(name, "which is no column");
  if (*kind == ColumnKind::kTime) return {*kind, TimeUnit(unit, name)};
  if (*kind == ColumnKind::kOffset || *kind == ColumnKind::kSize) {
    return {*kind, PlaceUnit(unit, name)};
  }
  if (!unit.empty()) ThrowColumn(name, "which has no unit");
  return {*kind};
}

std::vector<ColumnMeaning> ReadColumns(std::string_view columns) {
  std::vector<ColumnMeaning> meanings;
  for (const std::string& name : Split(columns, ',')) {
    if (meanings.size() >= kMostColumns) ThrowColumn(name, "one of too many columns");
    meanings.push_back(ReadColumn(Trim(name)));
  }
  for (const ColumnKind kind : {ColumnKind::kOperation, ColumnKind::kOffset, ColumnKind::kSize}) {
    std::size_t count = 0;
    for (const ColumnMeaning& meaning : meanings) count += meaning.kind == kind ? 1 : 0;
    if (count != 1) {
      throw UsageError(
          fmt::format("--columns must have op, offset and size, once each, and has '{}'", columns));
    }
  }
  return meanings;
}

// The cells of a line: between commas, semicolons or tabs, whichever it has; else between blanks.
std::vector<std::string_view> CellsOf(std::string_view line) {
  std::vector<std::string_view> cells;
  const char separator = line.find(',') != std::string_view::npos    ? ','
                         : line.find(';') != std::string_view::npos  ? ';'
                         : line.find('\t') != std::string_view::npos ? '\t'
                                                                     : ' ';
  while (cells.size() < kMostColumns) {
    if (separator == ' ') scanning::SkipBlanks(line);
    const std::size_t end = line.find(separator);
    cells.push_back(Trim(line.substr(0, end)));
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  return cells;
}

// Words that people write for what a request does; with capitals or without.
std::optional<EventKind> ReadOperation(std::string_view cell) {
  constexpr std::array<std::pair<std::string_view, EventKind>, 16> kWords = {{
      {"r", EventKind::kRead},
      {"read", EventKind::kRead},
      {"rs", EventKind::kRead},
      {"0", EventKind::kRead},
      {"w", EventKind::kWrite},
      {"write", EventKind::kWrite},
      {"ws", EventKind::kWrite},
      {"1", EventKind::kWrite},
      {"t", EventKind::kDiscard},
      {"trim", EventKind::kDiscard},
      {"d", EventKind::kDiscard},
      {"discard", EventKind::kDiscard},
      {"unmap", EventKind::kDiscard},
      {"f", EventKind::kFlush},
      {"flush", EventKind::kFlush},
      {"sync", EventKind::kFlush},
  }};
  std::string word(cell);
  for (char& letter : word) {
    if (scanning::IsUpper(letter)) letter = static_cast<char>(letter - 'A' + 'a');
  }
  for (const auto& [known, kind] : kWords) {
    if (known == word) return kind;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> ReadPlaceCell(std::string_view cell, std::uint64_t unit) {
  const auto number = ToNumber<std::uint64_t>(cell);
  if (!number || *number > trace_format::kMaximumEnd / unit) return std::nullopt;
  return *number * unit;
}

class ColumnImporter final : public Importer {
 public:
  ColumnImporter(TraceBuilder& builder, std::string_view columns)
      : builder_(builder), columns_(ReadColumns(columns)) {
    for (const ColumnMeaning& column : columns_) {
      timed_ = timed_ || column.kind == ColumnKind::kTime;
    }
  }

  void Finish() override {
    if (!timed_) builder_.SetUntimed();
  }

 private:
  void Line(std::string_view text) override {
    if (Trim(text).empty()) return;
    TraceEvent event;
    std::string device;
    if (!Read(CellsOf(text), event, device)) {
      // Names of columns stand above them.
      const bool heading = counts().understood() == 0 && counts().own() == 0 &&
                           text.find_first_of(scanning::kDigits) == std::string_view::npos;
      return heading ? CountOwn(text) : CountForeign(text);
    }
    CountUnderstood();
    // Of every time the first is taken off, which may be one since 1601.
    if (!first_ns_) first_ns_ = event.time_ns;
    event.time_ns -= std::min(event.time_ns, *first_ns_);
    event.file = builder_.FileOf(device.empty() ? "device" : device);
    const bool ranged = event.kind != EventKind::kFlush;
    if (!ranged) event.offset = event.length = 0;
    if (event.file != 0 && (!ranged || event.length > 0)) builder_.Add(event);
  }

  bool Read(const std::vector<std::string_view>& cells, TraceEvent& event,
            std::string& device) const {
    if (cells.size() < columns_.size()) return false;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (!ReadCell(columns_[i], cells[i], event, device)) return false;
    }
    return trace_format::IsRange(event.kind, event.offset, event.length);
  }

  static bool ReadCell(const ColumnMeaning& column, std::string_view cell, TraceEvent& event,
                       std::string& device) {
    switch (column.kind) {
      case ColumnKind::kNothing:
        return true;
      case ColumnKind::kDevice:
        device += fmt::format("{}{}", device.empty() ? "" : ".", cell);
        return true;
      case ColumnKind::kTime:
        return Assign(scanning::ToUnits(cell, column.unit), event.time_ns);
      case ColumnKind::kOffset:
        return Assign(ReadPlaceCell(cell, column.unit), event.offset);
      case ColumnKind::kSize:
        return Assign(ReadPlaceCell(cell, column.unit), event.length);
      case ColumnKind::kOperation:
        return Assign(ReadOperation(cell), event.kind);
      case ColumnKind::kProcess:
        event.thread = event.process = ToNumber<std::uint32_t>(cell).value_or(0);
        return true;
    }
    return false;
  }

  template <class T>
  static bool Assign(const std::optional<T>& value, T& into) {
    if (value) into = *value;
    return value.has_value();
  }

  TraceBuilder& builder_;
  std::vector<ColumnMeaning> columns_;
  bool timed_ = false;
  std::optional<std::uint64_t> first_ns_;
};

bool IsNumber(std::string_view cell) {
  return !cell.empty() && cell.find_first_not_of(scanning::kDigits) == std::string_view::npos;
}

bool AreNumbers(const std::vector<std::string_view>& cells,
                std::initializer_list<std::size_t> which) {
  return std::all_of(which.begin(), which.end(),
                     [&](std::size_t i) { return i < cells.size() && IsNumber(cells[i]); });
}

}  // namespace

bool IsMsrLine(std::string_view line) {
  const std::vector<std::string_view> cells = CellsOf(line);
  return cells.size() == 7 && AreNumbers(cells, {0, 2, 4, 5}) && cells[0].size() >= 17 &&
         (cells[3] == "Read" || cells[3] == "Write");
}

bool IsSpcLine(std::string_view line) {
  const std::vector<std::string_view> cells = CellsOf(line);
  return line.find(',') != std::string_view::npos && cells.size() >= 5 &&
         AreNumbers(cells, {0, 1, 2}) && cells[3].size() == 1 &&
         std::string_view("rRwW").find(cells[3]) != std::string_view::npos &&
         cells[4].find('.') != std::string_view::npos && scanning::ToUnits(cells[4], 1).has_value();
}

bool IsAlibabaLine(std::string_view line) {
  const std::vector<std::string_view> cells = CellsOf(line);
  return cells.size() == 5 && AreNumbers(cells, {0, 2, 3, 4}) &&
         (cells[1] == "R" || cells[1] == "W");
}

bool IsTencentLine(std::string_view line) {
  const std::vector<std::string_view> cells = CellsOf(line);
  return cells.size() == 5 && AreNumbers(cells, {0, 1, 2, 4}) && cells[0].size() == 10 &&
         (cells[3] == "0" || cells[3] == "1");
}

std::unique_ptr<Importer> MakeColumnImporter(TraceBuilder& builder, std::string_view columns) {
  return std::make_unique<ColumnImporter>(builder, columns);
}

}  // namespace faultline
