#include <fmt/format.h>
#include <functional>
#include <vector>

#include "claims/laboratory.h"
#include "harness/base/clock.h"
#include "harness/os/file_mapping.h"
#include "harness/os/process_counters.h"

namespace faultline::a20 {
namespace {

constexpr std::uint64_t kBytes = std::uint64_t{20} << 20;
constexpr int kObjects = 64;

struct Cost {
  double virtual_bytes = 0;
  double resident_bytes = 0;
  double page_table_bytes = 0;
  double ns = 0;  // of one creation
};

double Growth(const os::Counter& before, const os::Counter& after, const char* what) {
  if (!before || !after)
    throw UnsupportedError(fmt::format("this system doesn't tell a process's {}", what));
  return static_cast<double>(*after) - static_cast<double>(*before);
}

// Of the second round: the first one touches code and heap for the first time. All objects
// together: enough that one that took memory could not hide in what the allocator has left over.
Cost CostOf(const std::function<os::FileMapping()>& create) {
  std::vector<os::FileMapping> objects;
  objects.reserve(2 * kObjects);
  os::ProcessMemory before;
  os::ProcessMemory after;
  std::int64_t took_ns = 0;
  for (int round = 0; round < 2; ++round) {
    before = os::ReadProcessMemory();
    const SteadyClock::time_point start = SteadyClock::now();
    for (int i = 0; i < kObjects; ++i) objects.push_back(create());
    took_ns = NanosecondsSince(start);
    after = os::ReadProcessMemory();
  }
  return {
      .virtual_bytes = Growth(before.virtual_bytes, after.virtual_bytes, "virtual size"),
      .resident_bytes = Growth(before.resident_bytes, after.resident_bytes, "resident set"),
      .page_table_bytes = Growth(before.page_table_bytes, after.page_table_bytes, "page tables"),
      .ns = static_cast<double>(took_ns) / kObjects};
}

void Enter(const std::string& kind, const Cost& cost, Evidence& evidence) {
  evidence.figures[kind + "_virtual_bytes"] = cost.virtual_bytes;
  evidence.figures[kind + "_resident_bytes"] = cost.resident_bytes;
  evidence.figures[kind + "_page_table_bytes"] = cost.page_table_bytes;
  evidence.figures[kind + "_ns"] = cost.ns;
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kBytes);
  Evidence evidence;
  Enter("existing",
        CostOf([&] { return os::FileMapping::FromFile(file, os::Protection::kReadWrite); }),
        evidence);
  Enter("temporary",
        CostOf([&] { return os::FileMapping::FromTemporaryFile(laboratory.directory, kBytes); }),
        evidence);
  Enter("memory", CostOf([] { return os::FileMapping::FromMemory(kBytes); }), evidence);
  evidence.figures["objects"] = kObjects;
  evidence.figures["page_bytes"] = static_cast<double>(os::PageSize());
  evidence.regime =
      fmt::format("{}, {} objects of 20 MiB of each kind", FileSystemOf(laboratory), kObjects);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  double bytes = 0;
  for (const char* kind : {"existing", "temporary", "memory"}) {
    for (const char* what : {"_virtual_bytes", "_resident_bytes", "_page_table_bytes"}) {
      bytes = std::max(bytes, evidence.Figure(fmt::format("{}{}", kind, what)));
    }
  }
  // What an object took would be a page at least; the program's own notes on it are smaller.
  const double objects = evidence.Figure("objects");
  return {
      bytes < objects * evidence.Figure("page_bytes") ? Outcome::kHolds : Outcome::kDoesNotHold,
      fmt::format("grew by {} at most for {:g} objects; {} us for an object of an existing file",
                  FormatBytes(static_cast<std::uint64_t>(bytes)), objects,
                  FormatSignificant(evidence.Figure("existing_ns") / 1000))};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A20",
    .title = "Creating a mapping object takes neither addresses nor memory",
    .section = "Creating a mapping object",
    .method = "Create 64 objects of 20 MiB of each kind (existing file, temporary file, no file). "
              "Holds if virtual size, resident set and page tables grow by less than a page an "
              "object.",
    .why =
        "An object is an entry in the system's tables. Addresses are taken by a view, and memory "
        "by the first touch of its pages.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a20
