#include "harness/walk/walk_document.h"

#include "harness/walk/cells.h"
#include "harness/walk/sentences.h"

namespace faultline {
namespace {

document::WalkedTally DocumentOf(const Tally& tally) {
  document::WalkedTally figures;
  for (const TallyColumn& column : kTallyColumns) {
    figures[std::string(column.key)] = tally.*column.figure;
  }
  return figures;
}

std::vector<document::PageRun> RunsOf(const std::vector<WalkPage>& pages) {
  std::vector<document::PageRun> runs;
  for (std::size_t at = 0; at < pages.size();) {
    const WalkPage& first = pages[at];
    const PageClass page_class = ClassifyPage(first);
    std::size_t end = at + 1;
    while (end < pages.size() && ClassifyPage(pages[end]) == page_class &&
           pages[end].mappings == first.mappings) {
      ++end;
    }
    runs.push_back({.pages = end - at,
                    .state = std::string(PageClassName(page_class)),
                    .mappings = first.mappings});
    at = end;
  }
  return runs;
}

document::WalkedView DocumentOf(const ViewPages& view) {
  document::WalkedView documented{.name = view.name,
                                  .address = std::nullopt,
                                  .cache_told = view.cache_told,
                                  .dirty_told = view.dirty_told,
                                  .sharing_told = view.sharing_told,
                                  .pages = RunsOf(view.pages)};
  if (view.address != 0) documented.address = view.address;
  return documented;
}

document::WalkedRegion DocumentOf(const os::Region& region) {
  return {.begin = region.begin,
          .end = region.end,
          .rights = Rights(region),
          .backing = std::string(os::BackingName(region.backing)),
          .name = region.name,
          .offset = region.offset,
          .resident_bytes = region.resident_bytes,
          .dirty_bytes = region.dirty_bytes};
}

document::WalkedStep DocumentOf(const Walk& walk, const WalkStep& step) {
  document::WalkedStep documented{.action = std::string(WalkActionName(step.action)),
                                  .title = step.title,
                                  .sentence = StepSentence(walk.kind, walk.object_bytes, step),
                                  .touches = {.first = step.touches.first,
                                              .count = step.touches.count,
                                              .stride = step.touches.stride},
                                  .cost = {.minor_faults = step.cost.minor_faults,
                                           .major_faults = step.cost.major_faults,
                                           .read_bytes = step.cost.read_bytes,
                                           .elapsed_ns = step.cost.elapsed_ns},
                                  .before = DocumentOf(step.before),
                                  .after = DocumentOf(TallyOf(step.after)),
                                  .views = {},
                                  .map = {}};
  for (const ViewPages& view : step.after.views) documented.views.push_back(DocumentOf(view));
  for (const os::Region& region : step.after.map) documented.map.push_back(DocumentOf(region));
  return documented;
}

}  // namespace

document::Walks DocumentOf(const std::vector<Walk>& walks) {
  document::Walks documented;
  for (const Walk& walk : walks) {
    document::Walked& one = documented.walks.emplace_back();
    one.kind = WalkKindName(walk.kind);
    one.subject = walk.subject;
    one.object_bytes = walk.object_bytes;
    one.page_bytes = walk.page_bytes;
    one.process_id = walk.process_id;
    one.note = walk.note;
    for (const WalkStep& step : walk.steps) one.steps.push_back(DocumentOf(walk, step));
  }
  return documented;
}

}  // namespace faultline
