// Sentences say what was counted, on whatever system: with and without fault-around, read-ahead,
// reservation, and counters.
#include "harness/walk/sentences.h"

#include "harness/base/text.h"
#include "tests/walk/support.h"

namespace faultline {
namespace {

using testing::Step;

constexpr std::uint64_t kObject = 16 * 4096;

std::string Said(const WalkStep& step, WalkKind kind = WalkKind::kTemporary) {
  return StepSentence(kind, kObject, step);
}

bool Says(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("one load with read-ahead and fault-around") {
  const std::string text = Said(
      Step(WalkAction::kLoad, "........", "--oooo--", 1, {.major_faults = 1, .read_bytes = 32768}));
  CHECK(Says(text, "1 load: 1 fault (major) brought 8 pages into memory and mapped 4."));
  CHECK(Says(text, "mapped 3 neighbours of the page as well: fault-around."));
  CHECK(Says(text, "7 pages more than were touched: read-ahead (32.0 KiB from storage)."));
}

TEST_CASE("one load on a system with neither") {
  const std::string text =
      Said(Step(WalkAction::kLoad, "........", "...o....", 1, {.major_faults = 1}));
  CHECK(text == "1 load: 1 fault (major) brought 1 page into memory and mapped 1.");
}

TEST_CASE("read-ahead of a hole reads nothing, and memory of no file is not read ahead") {
  const ActionCost cost = {.major_faults = 1, .read_bytes = 0};
  CHECK(Says(Said(Step(WalkAction::kLoad, "....", "oo--", 1, cost)), "nothing had to be read"));
  const std::string memory =
      Said(Step(WalkAction::kLoad, "....", "oooo", 1, cost), WalkKind::kMemory);
  CHECK_FALSE(Says(memory, "read-ahead"));
  CHECK(Says(memory, "memory is given in pieces"));
}

TEST_CASE("loads of what memory holds already") {
  const std::string around =
      Said(Step(WalkAction::kLoad, "--------", "oooooooo", 8, {.minor_faults = 2}));
  CHECK(around ==
        "8 loads: 2 faults mapped 8 pages that memory held already. A fault mapped 4 pages on "
        "average: fault-around.");
  const std::string one_by_one =
      Said(Step(WalkAction::kLoad, "----", "oooo", 4, {.minor_faults = 4}));
  CHECK(Says(one_by_one, "Every fault mapped one page."));
  CHECK_FALSE(Says(one_by_one, "fault-around"));
  CHECK(Said(Step(WalkAction::kLoad, "oooo", "oooo", 4)) ==
        "4 loads: no fault, as every page touched was in the page table already.");
}

TEST_CASE("major faults among others are named") {
  CHECK(
      Says(Said(Step(WalkAction::kLoad, "....", "oooo", 4, {.minor_faults = 3, .major_faults = 1})),
           "4 faults (1 of them major)"));
}

TEST_CASE("stores say how many pages are dirty, of how many they touched") {
  CHECK(Says(Said(Step(WalkAction::kStore, "----", "DD--", 2, {.minor_faults = 2})),
             "2 stores: 2 faults mapped 2 pages that memory held already. Every fault mapped one "
             "page. 2 pages are dirty now: changed in memory, not yet on storage."));
  CHECK(Says(Said(Step(WalkAction::kStore, "----", "DDDD", 1, {.minor_faults = 1})),
             "4 pages are dirty now, as dirt is noted for pieces larger than a page"));
  CHECK(Says(Said(Step(WalkAction::kStore, "oo--", "DDDD", 4, {.minor_faults = 4})),
             "2 faults were on pages that had been mapped for loads, not yet for stores."));
  CHECK(Says(
      Said(Step(WalkAction::kStore, "....", "oooo", 4, {.minor_faults = 4}), WalkKind::kMemory),
      "there is no file to write them to"));
  CHECK(Says(Said(Step(WalkAction::kStore, "....", "oooo", 4, {.minor_faults = 4})),
             "None of them is newly dirty."));
  WalkStep untold = Step(WalkAction::kStore, "----", "DD--", 2, {.minor_faults = 2});
  untold.after.views[0].dirty_told = false;
  CHECK(Says(Said(untold), "doesn't tell which pages are dirty"));
}

TEST_CASE("mapping is said to bring nothing in only where it brought nothing in") {
  WalkStep step = Step(WalkAction::kMap, "................", "................");
  step.before.virtual_bytes = 1 << 20;
  step.after.memory.virtual_bytes = (1 << 20) + kObject;
  CHECK(Said(step) ==
        "The virtual size grew by 64.0 KiB, and none of the view's 16 pages was entered in the "
        "page table, none brought into memory: so far the view is only addresses.");
  const std::string populated = Said(Step(WalkAction::kMap, "....", "oooo"));
  CHECK(Says(populated, "4 of the view's 4 pages were entered"));
  CHECK(Says(populated, "4 brought into memory"));
  CHECK_FALSE(Says(populated, "only addresses"));
  CHECK(Says(populated, "The virtual size did not change"));
}

TEST_CASE("what creating reserved is said as it was counted") {
  WalkStep step = Step(WalkAction::kCreate, "", "................");
  CHECK_FALSE(Says(Said(step, WalkKind::kMemory), "ommitted"));
  step.before.committed_bytes = 1 << 20;
  step.after.committed_bytes = (1 << 20) + kObject;
  CHECK(Says(Said(step, WalkKind::kMemory), "grew by 64.0 KiB: the system has promised room"));
  step.after.committed_bytes = 1 << 20;
  CHECK(Says(Said(step, WalkKind::kMemory), "did not change: the system reserved no room"));
  CHECK_FALSE(Says(Said(step, WalkKind::kTemporary), "reserved"));
  // What the machine commits meanwhile is not for a file's sake.
  step.after.committed_bytes = (1 << 20) + kObject;
  CHECK_FALSE(Says(Said(step, WalkKind::kTemporary), "ommitted"));
}

TEST_CASE("sharing is counted, or said not to be told") {
  const ActionCost cost = {.minor_faults = 1};
  CHECK(Said(Step(WalkAction::kShare, "oo--", "2o--", 1, cost)) ==
        "The other process: 1 load, 1 fault. Nothing was brought into memory for it. 1 page "
        "shows in several processes that did not before.");
  WalkStep untold = Step(WalkAction::kShare, "oo..", "oo-.", 1, cost);
  untold.after.views[0].sharing_told = false;
  CHECK(Says(Said(untold), "1 page came into memory for it."));
  CHECK(Says(Said(untold), "Only root can see"));
}

TEST_CASE("a flush says what it cleaned, and what it did not") {
  CHECK(Says(Said(Step(WalkAction::kFlush, "DD-o", "oo-o")),
             "2 pages were dirty, none is now: they are on storage, and 3 pages stayed mapped."));
  CHECK(Says(Said(Step(WalkAction::kFlush, "DDDo", "Dooo")), "3 pages were dirty, 1 still are;"));
  CHECK(Says(Said(Step(WalkAction::kFlush, "oo-o", "oo-o")), "nothing to write"));
  WalkStep untold = Step(WalkAction::kFlush, "DDDo", "Dooo");
  untold.before.dirty_pages.reset();
  CHECK(Says(Said(untold), "doesn't tell which pages were dirty"));
}

TEST_CASE("unmapping and freeing say what stays in memory") {
  CHECK(Says(Said(Step(WalkAction::kUnmap, "oo-.", "---.")),
             "2 pages left the page table, but 3 pages stay in memory."));
  CHECK(Says(Said(Step(WalkAction::kUnmap, "oo..", "....")), "and none stays in memory."));
  CHECK(Says(Said(Step(WalkAction::kFree, "---.", "---."), WalkKind::kExisting),
             "3 pages of the file stay in memory"));
  CHECK(Says(Said(Step(WalkAction::kFree, "---.", "....")),
             "any more: 3 pages of memory can be used"));
}

}  // namespace
}  // namespace faultline
