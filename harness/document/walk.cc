#include "harness/document/walk.h"

#include "harness/json/fields.h"
#include "harness/json/line.h"

namespace faultline::document {
namespace {

// Pages, state, mappings: an array, as there may be many.
using PageRunRow = std::array<JsonScalar, 3>;

std::vector<PageRunRow> RowsOf(const std::vector<PageRun>& runs) {
  std::vector<PageRunRow> rows;
  for (const PageRun& run : runs) rows.push_back({run.pages, run.state, run.mappings});
  return rows;
}

std::vector<PageRun> RunsOf(const std::vector<PageRunRow>&, const JsonPlace& place) {
  std::vector<PageRun> runs;
  for (const JsonPlace& row : place.Elements()) {
    const std::vector<JsonPlace> cells = row.Elements(3);
    runs.push_back({cells[0].AsCount(), cells[1].AsText(), cells[2].AsCount()});
  }
  return runs;
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, WalkedTouches& touches) {
  fields("first", touches.first);
  fields("count", touches.count);
  fields("stride", touches.stride);
}

template <class Fields>
void Describe(Fields& fields, WalkedCost& cost) {
  fields("minor_faults", cost.minor_faults);
  fields("major_faults", cost.major_faults);
  fields("read_bytes", cost.read_bytes);
  fields("elapsed_ns", cost.elapsed_ns);
}

template <class Fields>
void Describe(Fields& fields, WalkedView& view) {
  fields("name", view.name);
  fields("address", view.address);
  fields("cache_told", view.cache_told);
  fields("dirty_told", view.dirty_told);
  fields("sharing_told", view.sharing_told);
  fields.As("pages", view.pages, RowsOf, RunsOf);
}

template <class Fields>
void Describe(Fields& fields, WalkedRegion& region) {
  fields("begin", region.begin);
  fields("end", region.end);
  fields("rights", region.rights);
  fields("backing", region.backing);
  fields("name", region.name);
  fields("offset", region.offset);
  fields("resident_bytes", region.resident_bytes);
  fields("dirty_bytes", region.dirty_bytes);
}

template <class Fields>
void Describe(Fields& fields, WalkedStep& step) {
  fields("action", step.action);
  fields("title", step.title);
  fields("sentence", step.sentence);
  fields("touches", step.touches);
  fields("cost", step.cost);
  fields("before", step.before);
  fields("after", step.after);
  fields("views", step.views);
  fields("map", step.map);
}

template <class Fields>
void Describe(Fields& fields, Walked& walk) {
  fields("kind", walk.kind);
  fields("subject", walk.subject);
  fields("object_bytes", walk.object_bytes);
  fields("page_bytes", walk.page_bytes);
  fields("process_id", walk.process_id);
  fields("note", walk.note);
  fields("steps", walk.steps);
}

template <class Fields>
void Describe(Fields& fields, Walks& walks) {
  fields.Constant("schema", kWalkSchema);
  fields("walks", walks.walks);
}

std::string ToText(const Walks& walks) { return ToLine(JsonOf(walks)) + "\n"; }

Walks ParseWalks(const std::string& name, const std::string& text) {
  return ReadDocument<Walks>(name, text);
}

}  // namespace faultline::document
