// The document of walks, as `faultline walk --format json` prints it. docs/documents.md says what
// each field is.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::document {

inline constexpr const char* kWalkSchema = "faultline-walk/1";

struct WalkedTouches {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t stride = 1;
};

struct WalkedCost {
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::optional<std::uint64_t> read_bytes;
  std::uint64_t elapsed_ns = 0;
};

// Consecutive pages in the same state.
struct PageRun {
  std::uint64_t pages = 0;
  std::string state;           // "absent", "cached", "mapped", "shared", "dirty"
  std::uint64_t mappings = 0;  // page tables that show each
};

struct WalkedView {
  std::string name;
  std::optional<std::uint64_t> address;  // absent while it isn't mapped
  bool cache_told = true;
  bool dirty_told = true;
  bool sharing_told = true;
  std::vector<PageRun> pages;
};

struct WalkedRegion {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::string rights;  // "r-xs"
  std::string backing;
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t dirty_bytes = 0;
};

// Figures by name; absent where they aren't told.
using WalkedTally = std::map<std::string, std::optional<std::uint64_t>>;

struct WalkedStep {
  std::string action;
  std::string title;
  std::string sentence;
  WalkedTouches touches;
  WalkedCost cost;
  WalkedTally before;
  WalkedTally after;
  std::vector<WalkedView> views;
  std::vector<WalkedRegion> map;
};

struct Walked {
  std::string kind;
  std::string subject;
  std::uint64_t object_bytes = 0;
  std::uint64_t page_bytes = 0;
  std::int64_t process_id = 0;
  std::string note;  // or ""
  std::vector<WalkedStep> steps;
};

struct Walks {
  std::vector<Walked> walks;
};

// One line, with a line break. Bytes of names that are no UTF-8 are replaced.
std::string ToText(const Walks& walks);

// Throws UsageError, one line with `name` and field.
Walks ParseWalks(const std::string& name, const std::string& text);

}  // namespace faultline::document
