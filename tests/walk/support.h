// Made-up snapshots for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include "harness/walk/walk.h"
#include "tests/catch.h"

namespace faultline::testing {

// A page for each letter: '.' absent, '-' cached, 'o' mapped, 'D' mapped and dirty, a digit for
// mapped by that many processes.
inline ViewPages Pages(const std::string& letters) {
  ViewPages view = {.name = "data", .address = 0x7f0000000000};
  for (const char letter : letters) {
    WalkPage page;
    page.cached = letter != '.';
    page.mapped = page.cached && letter != '-';
    page.dirty = letter == 'D';
    page.mappings = letter >= '2' && letter <= '9' ? static_cast<std::uint16_t>(letter - '0')
                                                   : static_cast<std::uint16_t>(page.mapped);
    view.pages.push_back(page);
  }
  return view;
}

// A step that made of `before` what `after` says.
inline WalkStep Step(WalkAction action, const std::string& before, const std::string& after,
                     std::uint64_t touched = 0, ActionCost cost = {}) {
  WalkStep step = {.action = action,
                   .title = "a title",
                   .touches = {.first = 0, .count = touched},
                   .cost = cost,
                   .before = {},
                   .after = {}};
  Snapshot snapshot;
  snapshot.memory.virtual_bytes = 1 << 20;
  snapshot.memory.resident_bytes = 1 << 19;
  snapshot.views = {Pages(before)};
  step.before = TallyOf(snapshot);
  step.after = snapshot;
  step.after.views = {Pages(after)};
  return step;
}

inline os::Region MakeRegion(std::uint64_t begin, std::uint64_t bytes, os::Backing backing,
                             const std::string& name) {
  os::Region region;
  region.begin = begin;
  region.end = begin + bytes;
  region.readable = true;
  region.backing = backing;
  region.name = name;
  return region;
}

// A walk of one step through a view of `letters`, with a region of that name around it.
inline Walk WalkOf(const std::string& letters, const std::string& name) {
  Walk walk = {.kind = WalkKind::kExisting,
               .subject = name,
               .object_bytes = letters.size() * 4096,
               .view_address = 0x7f0000000000,
               .note = ""};
  walk.steps.push_back(
      Step(WalkAction::kLoad, std::string(letters.size(), '.'), letters, 1, {.minor_faults = 1}));
  walk.steps[0].after.map = {
      MakeRegion(0x400000, 4096, os::Backing::kProgram, "/bin/program"),
      MakeRegion(0x7f0000000000, letters.size() * 4096, os::Backing::kFile, name),
      MakeRegion(0x7fff00000000, 8192, os::Backing::kStack, "[stack]")};
  return walk;
}

}  // namespace faultline::testing
