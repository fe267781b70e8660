#include "harness/walk/walker.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

#include "harness/os/address_map.h"
#include "harness/os/interruption.h"
#include "harness/os/machine_counters.h"
#include "harness/os/object_pages.h"
#include "harness/os/page_frames.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMaximumDrawnBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMaximumMappings = std::numeric_limits<std::uint16_t>::max();

std::string SubjectOf(const WalkRequest& request) {
  switch (request.kind) {
    case WalkKind::kTemporary:
      return "a new temporary file";
    case WalkKind::kMemory:
      return "memory of no file";
    default:
      return fmt::format("the existing file {}", request.place.string());
  }
}

// Enters what the page table of the process shows from `view.address` on.
void EnterPageTable(const std::vector<os::PageState>& found, ViewPages& view) {
  for (std::size_t i = 0; i < std::min(found.size(), view.pages.size()); ++i) {
    WalkPage& page = view.pages[i];
    page.mapped = found[i].present;
    page.cached |= found[i].present;
    if (!found[i].present) continue;
    if (!found[i].mappings) view.sharing_told = false;
    page.mappings =
        static_cast<std::uint16_t>(std::min(found[i].mappings.value_or(0), kMaximumMappings));
  }
}

const void* Address(std::uint64_t address) {
  return reinterpret_cast<const void*>(static_cast<std::uintptr_t>(address));
}

void Add(ActionCost& sum, const ActionCost& cost) {
  sum.minor_faults += cost.minor_faults;
  sum.major_faults += cost.major_faults;
  sum.elapsed_ns += cost.elapsed_ns;
  sum.read_bytes = sum.read_bytes && cost.read_bytes
                       ? os::Counter(*sum.read_bytes + *cost.read_bytes)
                       : std::nullopt;
}

// Whether this caller is told how often a frame is mapped.
bool SharingIsTold() {
  const int here = 0;
  return os::ReadPages(&here, sizeof here).at(0).mappings.has_value();
}

bool IsView(const os::Region& region) {
  return region.backing == os::Backing::kFile || region.backing == os::Backing::kMemoryObject;
}

}  // namespace

Walker::Walker(const WalkRequest& request) : request_(request) {
  const std::uint64_t bytes =
      request.bytes != 0 ? request.bytes : std::filesystem::file_size(request.place);
  walk_.kind = request.kind;
  walk_.subject = SubjectOf(request);
  walk_.object_bytes = bytes;
  walk_.page_bytes = os::PageSize();
  walk_.note = request.note;
  walk_.process_id = walked_.id();
  walk_.steps = PlanSteps(request.kind, (bytes + walk_.page_bytes - 1) / walk_.page_bytes);
  so_far_.read_bytes = 0;
}

ActionCost Walker::Act(const WalkStep& step) {
  ActionCost cost;
  switch (step.action) {
    case WalkAction::kLook:
      return {.read_bytes = 0};
    case WalkAction::kCreate:
      cost = walked_.Create(request_.kind, request_.place, request_.bytes);
      created_ = true;
      return cost;
    case WalkAction::kMap:
      cost = walked_.Map(walk_.view_address);
      mapped_ = true;
      return cost;
    case WalkAction::kShare: {
      sharer_.Give(object_);
      std::uint64_t unused = 0;
      sharer_.Map(unused);
      return sharer_.Do(WalkAction::kLoad, step.touches);
    }
    case WalkAction::kUnmap:
      cost = walked_.Do(step.action);
      mapped_ = false;
      return cost;
    case WalkAction::kFree:
      cost = walked_.Do(step.action);
      sharer_.End();
      // The pages of a file that exists on its own can still be read.
      if (request_.kind != WalkKind::kExisting) object_.Close();
      return cost;
    default:
      return walked_.Do(step.action, step.touches);
  }
}

void Walker::TakeStep() {
  WalkStep& step = walk_.steps.at(taken_);
  try {
    Snapshot before = TakeSnapshot();
    step.before = TallyOf(before);
    // What the snapshot took for itself is not the step's.
    step.before.committed_bytes = os::CommittedBytes();
    step.cost = Act(step);
    // The other process's faults are its own; they stand with the step, not with the walked one's.
    if (step.action != WalkAction::kShare) Add(so_far_, step.cost);
    // Only now that the walked process has it can we have it too, without being in its way.
    if (step.action == WalkAction::kCreate) object_ = walked_.FetchObject();
    step.after = TakeSnapshot();
  } catch (const Error&) {
    if (os::Interrupted()) throw WalkStopped("stopped");
    throw;
  }
  ++taken_;
}

Snapshot Walker::TakeSnapshot() const {
  Snapshot snapshot;
  snapshot.committed_bytes = os::CommittedBytes();
  snapshot.memory = os::ReadProcessMemory(walk_.process_id);
  snapshot.minor_faults = so_far_.minor_faults;
  snapshot.major_faults = so_far_.major_faults;
  snapshot.read_bytes = so_far_.read_bytes;
  if (created_) snapshot.views.push_back(ReadViewPages());
  snapshot.map = os::ReadAddressMap(walk_.process_id);
  return snapshot;
}

ViewPages Walker::ReadViewPages() const {
  ViewPages view;
  view.name = walk_.subject;
  view.address = mapped_ ? walk_.view_address : 0;
  view.pages.resize((walk_.object_bytes + walk_.page_bytes - 1) / walk_.page_bytes);
  if (object_.is_open()) {
    const auto object_pages = os::ReadObjectPages(object_);
    view.cache_told = object_pages.has_value();
    view.dirty_told = view.cache_told;
    for (std::size_t i = 0; object_pages && i < view.pages.size(); ++i) {
      const os::ObjectPage& page = object_pages->at(i);
      view.pages[i].cached = page.cached;
      view.pages[i].dirty = page.dirty.value_or(false);
      view.dirty_told &= page.dirty.has_value();
    }
  }
  view.sharing_told = SharingIsTold();
  if (mapped_) {
    EnterPageTable(os::ReadPages(Address(view.address), walk_.object_bytes, walk_.process_id),
                   view);
  }
  return view;
}

Walk ObserveProcess(std::int64_t process_id) {
  Walk walk;
  walk.kind = WalkKind::kProcess;
  walk.process_id = process_id;
  walk.page_bytes = os::PageSize();
  WalkStep step;
  step.title = "As it is";
  Snapshot& snapshot = step.after;
  snapshot.committed_bytes = os::CommittedBytes();
  snapshot.memory = os::ReadProcessMemory(process_id);
  snapshot.map = os::ReadAddressMap(process_id);
  const bool sharing_told = SharingIsTold();
  for (const os::Region& region : snapshot.map) {
    if (walk.subject.empty() && region.backing == os::Backing::kProgram) walk.subject = region.name;
    if (!IsView(region)) continue;
    const std::uint64_t bytes = std::min(region.bytes(), kMaximumDrawnBytes);
    const char* const part = bytes < region.bytes() ? " (its first GiB)" : "";
    ViewPages view = {.name = fmt::format("{}{}", BackedBy(region), part),
                      .address = region.begin,
                      .pages = std::vector<WalkPage>(bytes / walk.page_bytes),
                      .cache_told = false,
                      .dirty_told = false,
                      .sharing_told = sharing_told};
    EnterPageTable(os::ReadPages(Address(region.begin), bytes, process_id), view);
    snapshot.views.push_back(std::move(view));
  }
  walk.subject = fmt::format("process {}{}", process_id,
                             walk.subject.empty() ? "" : fmt::format(" ({})", walk.subject));
  step.before = TallyOf(snapshot);
  walk.steps.push_back(std::move(step));
  return walk;
}

}  // namespace faultline
