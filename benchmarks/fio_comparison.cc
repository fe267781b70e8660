// Trials against fio. Both execute the same number of operations on files of the same size, both
// resident, and in both times lies the first touch of every page.

#include <fmt/format.h>

#include "benchmarks/fio.h"
#include "benchmarks/hand_loops.h"
#include "benchmarks/rounds.h"
#include "harness/base/clock.h"
#include "harness/base/random.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"

namespace faultline::peers {
namespace {

constexpr const char* kFioFile = "fio.data";

struct Access {
  const char* name;
  const char* workload;   // of the trial
  const char* direction;  // of fio's --rw, after "rand"
};
constexpr Access kAccesses[] = {{"read", "random-read", "read"},
                                {"write", "random-write", "write"}};

struct Pair {
  const char* strategy;
  const char* engine;
  // Over all records: enough that the first touch of each page hardly counts, on a warm file, and
  // that fio, which counts in milliseconds, runs for a second or more.
  std::uint64_t passes;
  double target;  // fio's time ÷ the trial's, at least
  bool has_loop;  // whether a loop that only copies is measured too
};
constexpr Pair kPairs[] = {{"mmap-view", "mmap", 10, 10, true},
                           {"read-write", "psync", 2, 1, false}};

// What fio does beside the transfers can be reduced: clock readings, advice on the file, changes to
// what it writes. Shown as a second row, since few people would ask it for that.
const std::vector<std::string> kParedDown = {"--gtod_reduce=1", "--fadvise_hint=0",
                                             "--scramble_buffers=0"};

std::uint64_t Operations(const Setting& setting, const Pair& pair) {
  return setting.dataset.geometry().records * pair.passes;
}

// What the transfers alone take: records copied by a loop that does nothing else. Shows how far
// ahead of fio any strategy can be here.
double LoopNs(const Setting& setting, const Pair& pair, const Access& access) {
  const Geometry& geometry = setting.dataset.geometry();
  Random random(setting.dataset.seed());
  std::vector<std::uint64_t> offsets(geometry.records);
  for (std::uint64_t& offset : offsets) {
    offset = random.Below(geometry.records) * geometry.record_size;
  }
  std::vector<std::byte> record(geometry.record_size, std::byte{1});
  const MappedRecords records(setting.directory / kFioFile);
  const SteadyClock::time_point start = SteadyClock::now();
  for (std::uint64_t pass = 0; pass < pair.passes; ++pass) {
    if (access.name == std::string_view("read")) {
      records.CopyOut(offsets, record);
    } else {
      records.CopyIn(offsets, record);
    }
  }
  const auto took_ns = static_cast<double>(NanosecondsSince(start));
  os::File::Open(setting.directory / kFioFile, os::FileAccess::kReadWrite).SyncData();
  return took_ns / static_cast<double>(Operations(setting, pair));
}

double JobNs(const Setting& setting, const Pair& pair, const Access& access, bool pared_down) {
  const Geometry& geometry = setting.dataset.geometry();
  FioJob job = {.engine = pair.engine,
                .direction = access.direction,
                .block_bytes = geometry.record_size,
                .file_bytes = geometry.file_size(),
                .operations = Operations(setting, pair)};
  if (pared_down) job.more = kParedDown;
  return FioNs(setting.directory, kFioFile, job);
}

double TrialNs(const Setting& setting, const Pair& pair, const Access& access) {
  TrialSpec spec = TrialOn(setting, setting.dataset, pair.strategy, access.workload);
  spec.passes = pair.passes;
  return *RunUndaunted(spec, setting.dataset).NsPerOperation();
}

std::string TrialName(const Pair& pair, const Access& access) {
  return fmt::format("{} {}", pair.strategy, access.name);
}

std::string FioName(const Pair& pair, const Access& access, bool pared_down) {
  return fmt::format("fio {} {}{}", pair.engine, access.name, pared_down ? " pared down" : "");
}

std::string LoopName(const Access& access) { return fmt::format("copying loop {}", access.name); }

std::vector<Contender> AllContenders(const Setting& setting) {
  std::vector<Contender> contenders;
  for (const Pair& pair : kPairs) {
    for (const Access& access : kAccesses) {
      contenders.push_back(
          {TrialName(pair, access), [&] { return TrialNs(setting, pair, access); }});
      if (pair.has_loop) {
        contenders.push_back({LoopName(access), [&] { return LoopNs(setting, pair, access); }});
      }
      for (bool pared_down : {false, true}) {
        contenders.push_back({FioName(pair, access, pared_down), [&, pared_down] {
                                return JobNs(setting, pair, access, pared_down);
                              }});
      }
    }
  }
  return contenders;
}

}  // namespace

std::vector<Finding> CompareWithFio(const Setting& setting) {
  MakeFioFile(setting.directory, kFioFile, setting.dataset);
  // As PrepareCache does with the dataset.
  static_assert(kCache == CacheState::kPaged);
  os::FillByReading(os::File::Open(setting.directory / kFioFile, os::FileAccess::kRead),
                    os::PageSize(), true);
  const Times ns = TakeTurns(setting, "fio", AllContenders(setting));
  std::vector<Finding> findings;
  for (const Pair& pair : kPairs) {
    for (const Access& access : kAccesses) {
      for (bool pared_down : {false, true}) {
        const std::string above = FioName(pair, access, pared_down);
        const std::string below = TrialName(pair, access);
        Target target;
        if (!pared_down) target.at_least = pair.target;
        findings.push_back(Against(pared_down ? "  the same, fio pared down"
                                              : fmt::format("{} / {}", above, pair.strategy),
                                   above, below, ns, target));
      }
      if (!pair.has_loop) continue;
      const std::string fio = FioName(pair, access, false);
      findings.push_back(
          Against(fmt::format("  {} / a loop that only copies", fio), fio, LoopName(access), ns));
    }
  }
  return findings;
}

}  // namespace faultline::peers
