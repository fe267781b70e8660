#include "harness/walk/walk.h"

#include <algorithm>
#include <fmt/format.h>

#include "faultline/error.h"

namespace faultline {
namespace {

// Pages of `views` for which `holds`; absent unless `told`.
template <class Holds>
os::Counter CountPages(const std::vector<ViewPages>& views, bool ViewPages::*told, Holds holds) {
  std::uint64_t count = 0;
  for (const ViewPages& view : views) {
    if (told != nullptr && !(view.*told)) return std::nullopt;
    count += static_cast<std::uint64_t>(std::count_if(view.pages.begin(), view.pages.end(), holds));
  }
  return count;
}

}  // namespace

PageClass ClassifyPage(const WalkPage& page) {
  if (page.dirty) return PageClass::kDirty;
  if (page.mapped && page.mappings >= 2) return PageClass::kShared;
  if (page.mapped) return PageClass::kMapped;
  return page.cached ? PageClass::kCached : PageClass::kAbsent;
}

std::string_view PageClassMeaning(PageClass page_class, bool cache_told) {
  switch (page_class) {
    case PageClass::kAbsent:
      return cache_told ? "not in memory" : "not mapped by this process";
    case PageClass::kCached:
      return "in memory, not mapped here";
    case PageClass::kMapped:
      return "mapped by this process";
    case PageClass::kShared:
      return "mapped here and by others";
    case PageClass::kDirty:
      return "dirty: not yet on storage";
  }
  throw Error("a class of pages that does not exist was asked for its meaning");
}

const std::vector<TallyColumn> kTallyColumns = {
    {"virtual size", "virtual_bytes", &Tally::virtual_bytes, true},
    {"resident", "resident_bytes", &Tally::resident_bytes, true},
    {"page tables", "page_table_bytes", &Tally::page_table_bytes, true},
    {"minor faults", "minor_faults", &Tally::minor_faults, false},
    {"major faults", "major_faults", &Tally::major_faults, false},
    {"read from storage", "read_bytes", &Tally::read_bytes, true},
    {"pages mapped", "mapped_pages", &Tally::mapped_pages, false},
    {"pages in memory", "cached_pages", &Tally::cached_pages, false},
    {"pages dirty", "dirty_pages", &Tally::dirty_pages, false},
    {"pages shared", "shared_pages", &Tally::shared_pages, false},
    {"committed (machine)", "committed_bytes", &Tally::committed_bytes, true},
};

Tally TallyOf(const Snapshot& snapshot) {
  const auto& views = snapshot.views;
  return {
      .virtual_bytes = snapshot.memory.virtual_bytes,
      .resident_bytes = snapshot.memory.resident_bytes,
      .page_table_bytes = snapshot.memory.page_table_bytes,
      .minor_faults = snapshot.minor_faults,
      .major_faults = snapshot.major_faults,
      .read_bytes = snapshot.read_bytes,
      .mapped_pages = CountPages(views, nullptr, [](const WalkPage& page) { return page.mapped; }),
      .cached_pages = CountPages(views, &ViewPages::cache_told,
                                 [](const WalkPage& page) { return page.cached; }),
      .dirty_pages = CountPages(views, &ViewPages::dirty_told,
                                [](const WalkPage& page) { return page.dirty; }),
      .shared_pages =
          CountPages(views, &ViewPages::sharing_told,
                     [](const WalkPage& page) { return page.mapped && page.mappings >= 2; }),
      .committed_bytes = snapshot.committed_bytes};
}

std::vector<WalkStep> PlanSteps(WalkKind kind, std::uint64_t pages) {
  // One page in the first half, a stretch of neighbours in each quarter of the second, and pages
  // all over: so that what each brings along can be distinguished.
  const std::uint64_t some = std::clamp<std::uint64_t>(pages / 80, 1, 64);
  const Touches one = {.first = pages / 4, .count = 1};
  const Touches neighbours = {.first = pages * 9 / 16, .count = some};
  const Touches scattered = {.first = 0, .count = some, .stride = pages / some};
  const Touches stored = {.first = pages * 13 / 16, .count = some};
  std::vector<WalkStep> steps;
  const auto add = [&](WalkAction action, std::string title, Touches touches = {}) {
    steps.push_back({.action = action,
                     .title = std::move(title),
                     .touches = touches,
                     .cost = {},
                     .before = {},
                     .after = {}});
  };
  add(WalkAction::kLook, "Before");
  add(WalkAction::kCreate, "Create the mapping object");
  add(WalkAction::kMap, "Map a view of all of it");
  add(WalkAction::kLoad, "Load one byte", one);
  add(WalkAction::kLoad, fmt::format("Load a byte of each of {} neighbouring pages", some),
      neighbours);
  add(WalkAction::kLoad, fmt::format("Load a byte of each of {} scattered pages", some), scattered);
  if (kind != WalkKind::kExisting) {
    add(WalkAction::kStore, fmt::format("Store a byte to each of {} neighbouring pages", some),
        stored);
  }
  add(WalkAction::kShare, "Another process maps the object too, and loads what step 5 loaded",
      neighbours);
  add(WalkAction::kFlush, "Flush the view");
  add(WalkAction::kUnmap, "Unmap the view");
  add(WalkAction::kFree, "Free the object; the other process ends");
  return steps;
}

std::vector<os::Region> RegionsAround(const std::vector<os::Region>& map, std::uint64_t address,
                                      std::size_t neighbours) {
  // The first that ends above the address: it holds it, or lies above the hole that does.
  const auto at = std::find_if(map.begin(), map.end(),
                               [&](const os::Region& region) { return region.end > address; });
  const bool inside = at != map.end() && at->begin <= address;
  const auto below = std::min<std::size_t>(neighbours, static_cast<std::size_t>(at - map.begin()));
  const auto above = std::min<std::size_t>(neighbours + (inside ? 1 : 0),
                                           static_cast<std::size_t>(map.end() - at));
  return {at - static_cast<std::ptrdiff_t>(below), at + static_cast<std::ptrdiff_t>(above)};
}

std::string BackedBy(const os::Region& region) {
  const std::string name = region.name.empty() ? "" : fmt::format(" {}", region.name);
  switch (region.backing) {
    case os::Backing::kProgram:
      return fmt::format("the executable or library{}", name);
    case os::Backing::kFile:
      return fmt::format("the file{}", name);
    case os::Backing::kMemoryObject:
      return fmt::format("swap space; a memory object{}", name);
    case os::Backing::kAnonymous:
      return fmt::format("swap space; private memory{}", name);
    case os::Backing::kStack:
      return fmt::format("swap space; a stack{}", name);
    case os::Backing::kSystem:
      return fmt::format("the system itself{}", name);
  }
  throw Error("a backing that does not exist was asked for its description");
}

std::vector<BackingTotal> TotalsByBacking(const std::vector<os::Region>& map) {
  std::vector<BackingTotal> totals;
  for (const os::Region& region : map) {
    auto total = std::find_if(totals.begin(), totals.end(), [&](const BackingTotal& known) {
      return known.backing == region.backing;
    });
    if (total == totals.end()) {
      totals.push_back({.backing = region.backing});
      total = totals.end() - 1;
    }
    ++total->regions;
    total->bytes += region.bytes();
    total->resident_bytes += region.resident_bytes;
    total->dirty_bytes += region.dirty_bytes;
  }
  std::sort(totals.begin(), totals.end(),
            [](const BackingTotal& a, const BackingTotal& b) { return a.backing < b.backing; });
  return totals;
}

}  // namespace faultline
