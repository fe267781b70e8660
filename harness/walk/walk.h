// A walk through the life of a mapping object, as pure data: what was done at each step, and what
// the system showed right before and right after. Made by Walker and ObserveProcess, drawn by the
// renderers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/os/address_map.h"
#include "harness/os/process_counters.h"

namespace faultline {

// What is walked: an object of a new nameless file, of an existing one, of no file; or any process.
enum class WalkKind { kTemporary, kExisting, kMemory, kProcess };
inline constexpr EnumNames<WalkKind> kWalkKindNames{"temporary", "existing", "memory", "process"};
inline std::string_view WalkKindName(WalkKind kind) { return kWalkKindNames(kind); }

// One page of a view, or of an object without a view.
struct WalkPage {
  bool mapped = false;         // in the walked process's page table
  bool cached = false;         // in memory, mapped or not
  bool dirty = false;          // changed and not yet on storage
  std::uint16_t mappings = 0;  // page tables that show it, of all processes; 0 where not told
};

// What a page is drawn as; of several states that it has, the last of these.
enum class PageClass { kAbsent, kCached, kMapped, kShared, kDirty };
inline constexpr PageClass kPageClasses[] = {PageClass::kAbsent, PageClass::kCached,
                                             PageClass::kMapped, PageClass::kShared,
                                             PageClass::kDirty};
PageClass ClassifyPage(const WalkPage& page);
inline constexpr EnumNames<PageClass> kPageClassNames{"absent", "cached", "mapped", "shared",
                                                      "dirty"};
inline std::string_view PageClassName(PageClass page_class) { return kPageClassNames(page_class); }

// The legend's words. Without `cache_told`, a page that isn't mapped may be in memory or not.
std::string_view PageClassMeaning(PageClass page_class, bool cache_told = true);

// The pages of one view, or of the object before and after there is one. What isn't told, for want
// of rights or of a system call, is false or 0 in every page.
struct ViewPages {
  std::string name;           // what is viewed
  std::uint64_t address = 0;  // 0 while it isn't mapped
  std::vector<WalkPage> pages;
  bool cache_told = true;
  bool dirty_told = true;
  bool sharing_told = true;
};

// What the system showed at one moment.
struct Snapshot {
  os::ProcessMemory memory;
  os::Counter committed_bytes;  // promised by the system to all processes together
  os::Counter minor_faults;     // of the walk's own actions so far
  os::Counter major_faults;
  os::Counter read_bytes;       // fetched from storage by the walk's own actions so far
  std::vector<os::Region> map;  // the whole address space, in order
  std::vector<ViewPages> views;
};

// The figures of a snapshot that change in a walk.
struct Tally {
  os::Counter virtual_bytes;
  os::Counter resident_bytes;
  os::Counter page_table_bytes;
  os::Counter minor_faults;
  os::Counter major_faults;
  os::Counter read_bytes;
  os::Counter mapped_pages;  // of all views
  os::Counter cached_pages;
  os::Counter dirty_pages;
  os::Counter shared_pages;  // mapped here and at least once more
  os::Counter committed_bytes;
};
Tally TallyOf(const Snapshot& snapshot);

// A figure of a tally, for tables: in bytes where `bytes`, else a count.
struct TallyColumn {
  std::string_view name;
  std::string_view key;  // in the JSON document
  os::Counter Tally::*figure;
  bool bytes;
};
extern const std::vector<TallyColumn> kTallyColumns;

enum class WalkAction {
  kLook,  // nothing is done
  kCreate,
  kMap,
  kLoad,
  kStore,
  kShare,  // another process maps the object too, and loads
  kFlush,
  kUnmap,
  kFree,
};
inline constexpr EnumNames<WalkAction> kWalkActionNames{"look",  "create", "map",   "load", "store",
                                                        "share", "flush",  "unmap", "free"};
inline std::string_view WalkActionName(WalkAction action) { return kWalkActionNames(action); }

// `count` pages, `stride` apart, from page `first` on; a byte of each is touched.
struct Touches {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t stride = 1;
};

// What an action cost the process that did it.
struct ActionCost {
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  os::Counter read_bytes;  // fetched from storage
  std::uint64_t elapsed_ns = 0;
};

struct WalkStep {
  WalkAction action = WalkAction::kLook;
  std::string title;
  Touches touches;
  ActionCost cost;
  Tally before;  // right before the action
  Snapshot after;
};

struct Walk {
  WalkKind kind = WalkKind::kMemory;
  std::string subject;  // "a temporary file", a path, "process 12 (cat)"
  std::uint64_t object_bytes = 0;
  std::uint64_t page_bytes = 4096;
  std::uint64_t view_address = 0;  // of the view, as soon as it is known
  std::int64_t process_id = 0;     // that is watched
  std::string note;                // a condition to know of: "" or one sentence
  std::vector<WalkStep> steps;
};

// The steps that a walk through `pages` pages will take; stores only where they are permitted.
std::vector<WalkStep> PlanSteps(WalkKind kind, std::uint64_t pages);

// The region of `map` that holds `address`, if there is one, with up to `neighbours` on each side.
std::vector<os::Region> RegionsAround(const std::vector<os::Region>& map, std::uint64_t address,
                                      std::size_t neighbours);

// What a region's contents come from and go to, in words: "the executable /bin/cat".
std::string BackedBy(const os::Region& region);

// Totals of the regions with one backing.
struct BackingTotal {
  os::Backing backing = os::Backing::kAnonymous;
  std::uint64_t regions = 0;
  std::uint64_t bytes = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t dirty_bytes = 0;
};
std::vector<BackingTotal> TotalsByBacking(const std::vector<os::Region>& map);

}  // namespace faultline
