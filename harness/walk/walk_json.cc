#include "harness/walk/walk_json.h"

#include <nlohmann/json.hpp>

#include "harness/walk/cells.h"
#include "harness/walk/sentences.h"

namespace faultline {
namespace {

using nlohmann::json;

json OrNull(const os::Counter& counter) { return counter ? json(*counter) : json(nullptr); }

json ToJson(const Tally& tally) {
  json figures = json::object();
  for (const TallyColumn& column : kTallyColumns) {
    figures[std::string(column.key)] = OrNull(tally.*column.figure);
  }
  return figures;
}

// [[how many pages in a row, class, page tables that show each]…].
json ToJson(const ViewPages& view) {
  json runs = json::array();
  for (std::size_t at = 0; at < view.pages.size();) {
    const WalkPage& first = view.pages[at];
    const PageClass page_class = ClassifyPage(first);
    std::size_t end = at + 1;
    while (end < view.pages.size() && ClassifyPage(view.pages[end]) == page_class &&
           view.pages[end].mappings == first.mappings) {
      ++end;
    }
    runs.push_back({end - at, PageClassName(page_class), first.mappings});
    at = end;
  }
  return {{"name", view.name},
          {"address", view.address == 0 ? json(nullptr) : json(view.address)},
          {"cache_told", view.cache_told},
          {"dirty_told", view.dirty_told},
          {"sharing_told", view.sharing_told},
          {"pages", runs}};
}

json ToJson(const os::Region& region) {
  return {{"begin", region.begin},
          {"end", region.end},
          {"rights", Rights(region)},
          {"backing", os::BackingName(region.backing)},
          {"name", region.name},
          {"offset", region.offset},
          {"resident_bytes", region.resident_bytes},
          {"dirty_bytes", region.dirty_bytes}};
}

json ToJson(const Walk& walk, const WalkStep& step) {
  json views = json::array();
  for (const ViewPages& view : step.after.views) views.push_back(ToJson(view));
  json map = json::array();
  for (const os::Region& region : step.after.map) map.push_back(ToJson(region));
  return {{"action", WalkActionName(step.action)},
          {"title", step.title},
          {"sentence", StepSentence(walk.kind, walk.object_bytes, step)},
          {"touches",
           {{"first", step.touches.first},
            {"count", step.touches.count},
            {"stride", step.touches.stride}}},
          {"cost",
           {{"minor_faults", step.cost.minor_faults},
            {"major_faults", step.cost.major_faults},
            {"read_bytes", OrNull(step.cost.read_bytes)},
            {"elapsed_ns", step.cost.elapsed_ns}}},
          {"before", ToJson(step.before)},
          {"after", ToJson(TallyOf(step.after))},
          {"views", views},
          {"map", map}};
}

}  // namespace

std::string WalkDocument(const std::vector<Walk>& walks) {
  json all = json::array();
  for (const Walk& walk : walks) {
    json steps = json::array();
    for (const WalkStep& step : walk.steps) steps.push_back(ToJson(walk, step));
    all.push_back({{"kind", WalkKindName(walk.kind)},
                   {"subject", walk.subject},
                   {"object_bytes", walk.object_bytes},
                   {"page_bytes", walk.page_bytes},
                   {"process_id", walk.process_id},
                   {"note", walk.note},
                   {"steps", steps}});
  }
  const json document = {{"schema", "faultline-walk/1"}, {"walks", all}};
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace faultline
