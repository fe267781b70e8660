// What the strategies' tests share: a data file of their own, plans as plain vectors, and a run of
// them through a strategy beside plain memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "faultline/file.h"
#include "faultline/observer.h"
#include "faultline/operation.h"
#include "harness/base/random.h"
#include "harness/os/file_mapping.h"
#include "harness/os/system_info.h"
#include "harness/record/dataset.h"
#include "harness/record/reference_image.h"
#include "harness/record/uniform_parts.h"
#include "strategies/strategy_choice.h"
#include "tests/support/temporary_directory.h"

namespace faultline::testing {

// A data file with untouched content in a fresh directory, removed with it.
class TestFile {
 public:
  static constexpr std::uint64_t kSeed = 42;

  TestFile(const Geometry& geometry, std::uint64_t actual_bytes)
      : file_{directory_ / "test.data", geometry} {
    std::vector<std::byte> content(actual_bytes);
    FillContent(geometry, kSeed, 0, content);
    os::File::Create(file_.path).WriteAt(0, content);
  }
  explicit TestFile(const Geometry& geometry) : TestFile(geometry, geometry.file_size()) {}

  const DatasetFile& file() const { return file_; }
  const Geometry& geometry() const { return file_.geometry; }
  const std::filesystem::path& directory() const { return directory_.path(); }

  std::vector<std::byte> Bytes() const {
    const os::File file = os::File::Open(file_.path, os::FileAccess::kRead);
    std::vector<std::byte> bytes(file.Size());
    file.ReadExactlyAt(0, bytes);
    return bytes;
  }

  ReferenceImage Reference() const { return {geometry(), kSeed, 0, geometry().records}; }

 private:
  TemporaryDirectory directory_;
  DatasetFile file_;
};

// The offset of the first byte that differs, or "" when both are the same.
inline std::string Difference(std::span<const std::byte> actual,
                              std::span<const std::byte> expected) {
  if (actual.size() != expected.size()) {
    return fmt::format("{} bytes instead of {}", actual.size(), expected.size());
  }
  // Not byte by byte where nothing differs: unoptimised, that takes most of a test's time.
  if (actual.empty() || std::memcmp(actual.data(), expected.data(), actual.size()) == 0) return "";
  const auto [at, unused] = std::mismatch(actual.begin(), actual.end(), expected.begin());
  return fmt::format("first difference at byte {}", at - actual.begin());
}

// Counts what it is told.
class CountingObserver final : public Observer {
 public:
  explicit CountingObserver(std::uint64_t every) : Observer(every) {}
  void Record(std::uint64_t) override { ++samples; }

  std::uint64_t samples = 0;
};

using Operations = std::vector<Operation>;

enum class PlanKind { kReads, kUpdates, kWrites, kMixed, kHot, kSequential, kPartial, kDiscards };
inline constexpr PlanKind kPlanKinds[] = {
    PlanKind::kReads, PlanKind::kUpdates,    PlanKind::kWrites,  PlanKind::kMixed,
    PlanKind::kHot,   PlanKind::kSequential, PlanKind::kPartial, PlanKind::kDiscards};

// Where the plan kDiscards is in a turn: some changes of records, then discards of neighbours,
// among them most of those, then other operations on what they left.
inline constexpr std::uint64_t kChangesOfTurn = 8;
inline constexpr std::uint64_t kDiscardsOfTurn = 40;
inline constexpr std::uint64_t kTurn = kChangesOfTurn + kDiscardsOfTurn + 8;

// `count` operations on the share's records.
inline Operations MakeOperations(PlanKind plan, const Geometry& geometry, Share share,
                                 std::uint64_t count) {
  Random random(1000 * static_cast<std::uint64_t>(plan) + share.index);
  const std::uint64_t first = share.FirstRecord(geometry);
  const std::uint64_t records = share.Records(geometry);
  const std::uint64_t size = geometry.record_size;
  const std::uint64_t turn = std::min(kTurn, count);
  std::uint64_t discarded = 0;  // the first of a turn's records
  Operations operations;
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t offset = (first + random.Below(records)) * size;
    std::uint64_t length = size;
    auto kind = static_cast<OperationKind>(random.Below(3));
    switch (plan) {
      case PlanKind::kReads:
        kind = OperationKind::kRead;
        break;
      case PlanKind::kUpdates:
        kind = OperationKind::kUpdate;
        break;
      case PlanKind::kWrites:
        kind = OperationKind::kWrite;
        break;
      case PlanKind::kMixed:
        if (i % 29 == 17) kind = OperationKind::kFlush;
        break;
      case PlanKind::kHot:
        kind = OperationKind::kUpdate;
        offset = (first + records / 2 + i % 2 * (records > 1)) * size;
        offset = std::min(offset, (first + records - 1) * size);
        break;
      case PlanKind::kSequential:
        kind = OperationKind::kUpdate;
        // From the back, so that the end of the file is among them, whatever the count.
        offset = (first + records - 1 - i % records) * size;
        break;
      case PlanKind::kPartial: {
        kind = static_cast<OperationKind>(random.Below(4));
        const std::uint64_t begin = random.Below(size);
        offset += begin;
        length = 1 + random.Below(size - begin);
        break;
      }
      case PlanKind::kDiscards: {
        const std::uint64_t neighbours = std::min(records, kDiscardsOfTurn);
        const std::uint64_t at = i % turn;
        if (at == 0) discarded = random.Below(records - neighbours + 1);
        offset = (first + discarded + random.Below(neighbours)) * size;
        if (at < kChangesOfTurn && at < turn / 4) {
          kind = OperationKind::kWrite;
        } else if (at < kChangesOfTurn + kDiscardsOfTurn && at < 3 * turn / 4) {
          kind = OperationKind::kDiscard;
          offset = (first + discarded + at % neighbours) * size;
        }
        break;
      }
    }
    operations.emplace_back(kind, offset, length);
  }
  return operations;
}

// Executes the operations in batches of changing sizes, so that runs of one kind are cut anywhere.
// Every other batch says so where it is uniform.
inline void ExecuteInBatches(Session& session, std::span<const Operation> operations,
                             Observer& observer) {
  constexpr std::size_t kSizes[] = {1, 3, 0, 64, 7, 0, 70, 1000};
  std::size_t done = 0;
  for (std::size_t turn = 0; done < operations.size(); ++turn) {
    const std::size_t size = std::min(kSizes[turn % std::size(kSizes)], operations.size() - done);
    const auto batch = operations.subspan(done, size);
    const bool uniform = turn % 2 == 1 && UniformAtFront(batch) == size;
    session.Execute({batch, done, uniform}, observer);
    done += size;
  }
}

// An open strategy; its own storage is filled before. The file's directory is removed with what is
// in it.
inline std::unique_ptr<Strategy> OpenStrategy(const std::string& spec, const DatasetFile& file) {
  MakeStrategy(spec)->Import(file);
  std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
  strategy->Open(file);
  return strategy;
}

// All bytes of the data file, brought back from the strategy's own storage if it has such.
inline std::vector<std::byte> ExportedBytes(const Strategy& strategy, const TestFile& file) {
  strategy.Export(file.file());
  return file.Bytes();
}

// Opens, has one thread per worker execute its operations, flushes, closes, exports. Returns the
// sum of the sessions' checksums.
inline std::uint64_t RunThrough(const std::string& spec, const DatasetFile& file,
                                const std::vector<Operations>& workers) {
  const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file);
  std::vector<std::unique_ptr<Session>> sessions;
  for (std::size_t i = 0; i < workers.size(); ++i) sessions.push_back(strategy->NewSession());
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < workers.size(); ++i) {
      threads.emplace_back([&, i] {
        SilentObserver observer;
        ExecuteInBatches(*sessions[i], workers[i], observer);
      });
    }
    SilentObserver observer;
    ExecuteInBatches(*sessions[0], workers[0], observer);
  }
  strategy->Flush();
  strategy->Close();
  strategy->Export(file);
  std::uint64_t checksum = 0;
  for (const auto& session : sessions) checksum += session->read_checksum();
  return checksum;
}

// Every registered strategy of this build with its defaults, and more of those whose options change
// the path that a record takes. A window is at least one granule of views.
inline std::vector<std::string> AllSpecs() {
  std::vector<std::string> specs;
  const auto& all = Registry<StrategyInfo>::Instance().Entries();
  for (const auto& [name, info] : all) {
    if (info.unavailable.empty()) specs.push_back(name);
  }
  const std::uint64_t granule = os::ViewGranularity();
  for (const std::string& more : {std::string("stdio:buffer=0"),
                                  std::string("stdio:buffer=1"),
                                  std::string("stdio:buffer=64KiB"),
                                  std::string("mmap-view:advice=random,populate=on"),
                                  std::string("mmap-view:advice=sequential"),
                                  std::string("mmap-view:advice=willneed"),
                                  std::string("mmap-view-flushed:every=7"),
                                  std::string("mmap-view-flushed:sync=off"),
                                  std::string("mmap-view-flushed:every=7,sync=off"),
                                  std::string("mmap-view:prefetch=5"),
                                  std::string("mmap-view:willneed=5"),
                                  std::string("mmap-view:advice=huge"),
                                  std::string("direct:block=8KiB"),
                                  std::string("direct-flushed:every=7"),
                                  std::string("vectored:batch=5,gap=300"),
                                  std::string("vectored:batch=1"),
                                  std::string("io-uring:depth=1"),
                                  std::string("io-uring:depth=5,direct=on"),
                                  std::string("io-uring:direct=on,registered=off"),
                                  std::string("io-uring:poll=on"),
                                  std::string("buffer-pool:memory=64KiB,batch=3"),
                                  std::string("buffer-pool:memory=128KiB,block=8KiB"),
                                  std::string("buffer-pool:memory=64KiB,ahead=5"),
                                  std::string("buffer-pool:memory=1MiB,ahead=64,batch=4"),
                                  std::string("virtual-memory-pool:memory=64KiB,batch=4"),
                                  std::string("sqlite:journal=delete"),
                                  std::string("sqlite:journal=off,synchronous=off"),
                                  std::string("sqlite:synchronous=off,batch=7"),
                                  std::string("sqlite:journal=delete,synchronous=off,batch=7"),
                                  std::string("sqlite:mmap=1MiB,cache=16KiB"),
                                  std::string("lmdb:batch=7"),
                                  std::string("lmdb:writemap=on"),
                                  std::string("lmdb:writemap=on,batch=7"),
                                  std::string("lmdb:sync=full,batch=7"),
                                  std::string("lmdb:sync=nometa,batch=7"),
                                  std::string("mmap-window:advice=random,populate=on"),
                                  std::string("read-write-flushed:every=7"),
                                  fmt::format("mmap-window:size={},count=2", granule),
                                  fmt::format("mmap-window:size={},count=3", 2 * granule),
                                  fmt::format("mmap-window:size={},count=2", 18 * granule)}) {
    if (all.at(ParseSpec(more).name).unavailable.empty()) specs.push_back(more);
  }
  return specs;
}

inline const StrategyInfo& InfoOf(const std::string& spec) {
  return Registry<StrategyInfo>::Instance().Find(ParseSpec(spec).name);
}

// Operations that a strategy gets: fewer for one that waits for the device as it goes.
inline std::uint64_t OperationCount(const std::string& spec, std::uint64_t count) {
  const bool waits = InfoOf(spec).durability == Durability::kPeriodic ||
                     spec == "sqlite:journal=delete" || spec.starts_with("lmdb:sync");
  return waits ? count / 5 : count;
}

// Whether the spec refuses records of this size, as a window smaller than a record does.
inline bool RecordTooLarge(const std::string& spec, std::uint64_t record_size) {
  const Spec parsed = ParseSpec(spec);
  if (parsed.name != "mmap-window") return false;
  return Options(parsed, InfoOf(spec).options).Size("size") < record_size;
}

}  // namespace faultline::testing
