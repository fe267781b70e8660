// vectored: several records per call, each to or from a place of its own in memory.
//
// Up to `batch` successive operations of one kind are put in the order of the file, and those that
// lie next to each other, or for reads within `gap` bytes, go in one call.
//
// System calls per group of neighbours: a read is 1 (preadv), an update is 2 (preadv, pwritev), a
// write is 1 (pwritev); a run of discards is 1 (fallocate). Random records of a large file are
// seldom neighbours: then it is one group per record.
//
// Not to be compared with read-write as if a program could always do so: it must know the next
// `batch` operations.
#include <algorithm>
#include <numeric>
#include <vector>

#include "faultline/discard.h"
#include "faultline/effect.h"
#include "faultline/strategy.h"
#include "harness/base/clock.h"

namespace faultline::vectored {
namespace {

// How far operations are put together.
struct Grouping {
  std::uint64_t batch = 64;  // operations at most
  std::uint64_t gap = 0;     // unused bytes that a call may read between two records
};

class VectoredSession final : public Session {
 public:
  VectoredSession(const os::File& file, std::uint64_t record_bytes, Grouping grouping)
      : file_(&file),
        record_bytes_(record_bytes),
        grouping_(grouping),
        records_(grouping.batch * record_bytes),
        skipped_(grouping.gap) {}

  void Execute(const Batch& batch, Observer& observer) override {
    const std::span<const Operation> operations = batch.operations;
    for (std::size_t done = 0; done < operations.size();) {
      const SteadyClock::time_point start = SteadyClock::now();
      const std::size_t count = ExecuteSome(operations.subspan(done), batch.first_sequence + done);
      Report(batch.first_sequence + done, count, start, observer);
      done += count;
    }
  }

 private:
  // All operations of a batch began together and ended together.
  static void Report(std::uint64_t sequence, std::size_t count, SteadyClock::time_point start,
                     Observer& observer) {
    const std::uint64_t every = observer.sample_every();
    if (every == 0) return;
    const auto elapsed_ns = static_cast<std::uint64_t>(NanosecondsSince(start));
    for (std::uint64_t i = sequence; i < sequence + count; ++i) {
      if (i % every == 0) observer.Record(elapsed_ns);
    }
  }

  // Executes the first ones together, and says how many.
  std::size_t ExecuteSome(std::span<const Operation> operations, std::uint64_t sequence) {
    const OperationKind kind = operations.front().kind();
    if (kind == OperationKind::kFlush) {
      file_->SyncData();
      return 1;
    }
    if (kind == OperationKind::kDiscard) {
      const DiscardRun run = DiscardsAtFront(
          operations.first(std::min<std::size_t>(grouping_.batch, operations.size())));
      file_->Discard(run.offset, run.length);
      return run.operations;
    }
    std::size_t count = 1;
    while (count < std::min<std::size_t>(grouping_.batch, operations.size()) &&
           operations[count].kind() == kind) {
      ++count;
    }
    operations = operations.first(OrderWithoutOverlap(operations.first(count)));
    if (kind != OperationKind::kWrite) Transfer(operations, grouping_.gap, &VectoredSession::Read);
    for (std::size_t i = 0; i < operations.size(); ++i) {
      const std::span<std::byte> record = RecordOf(operations, i);
      switch (kind) {
        case OperationKind::kRead:
          read_checksum_ += ReadEffect(record);
          break;
        case OperationKind::kUpdate:
          UpdateEffect(record);
          break;
        default:
          WriteEffect(record, operations[i].offset(), sequence + i);
      }
    }
    if (kind != OperationKind::kRead) Transfer(operations, 0, &VectoredSession::Write);
    return operations.size();
  }

  // Leaves in `order_` the operations by offset. None of them overlaps another: returns how many
  // there are, up to the first that would.
  std::size_t OrderWithoutOverlap(std::span<const Operation> operations) {
    std::size_t count = operations.size();
    while (true) {
      order_.resize(count);
      std::iota(order_.begin(), order_.end(), std::size_t{0});
      std::sort(order_.begin(), order_.end(), [&](std::size_t left, std::size_t right) {
        return operations[left].offset() < operations[right].offset();
      });
      std::size_t cut = count;
      for (std::size_t i = 1; i < count; ++i) {
        const Operation& before = operations[order_[i - 1]];
        if (before.offset() + before.length() <= operations[order_[i]].offset()) continue;
        cut = std::min(cut, std::max(order_[i - 1], order_[i]));
      }
      if (cut == count) return count;
      count = cut;
    }
  }

  // Calls (this->*call)(offset of the group) for each group of neighbours, with its places in
  // memory in `parts_`.
  void Transfer(std::span<const Operation> operations, std::uint64_t gap,
                void (VectoredSession::*call)(std::uint64_t) const) {
    for (std::size_t first = 0; first < order_.size();) {
      parts_.clear();
      const std::uint64_t begin = operations[order_[first]].offset();
      std::uint64_t end = begin;
      std::size_t next = first;
      for (; next < order_.size(); ++next) {
        const Operation& operation = operations[order_[next]];
        const std::uint64_t between = operation.offset() - end;
        if (between > gap) break;
        if (between > 0) parts_.push_back(std::span(skipped_).first(between));
        parts_.push_back(RecordOf(operations, order_[next]));
        end = operation.offset() + operation.length();
      }
      (this->*call)(begin);
      first = next;
    }
  }

  void Read(std::uint64_t offset) const { file_->ReadExactlyAt(offset, parts_); }
  void Write(std::uint64_t offset) const { file_->WriteAt(offset, parts_); }

  // Where the i-th of the operations has its record in memory.
  std::span<std::byte> RecordOf(std::span<const Operation> operations, std::size_t i) {
    return std::span(records_).subspan(i * record_bytes_, operations[i].length());
  }

  const os::File* file_;
  std::uint64_t record_bytes_;
  Grouping grouping_;
  std::vector<std::byte> records_;
  std::vector<std::byte> skipped_;
  std::vector<std::size_t> order_;
  std::vector<std::span<std::byte>> parts_;
};

class Vectored final : public Strategy {
 public:
  explicit Vectored(Grouping grouping) : grouping_(grouping) {}

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<VectoredSession>(file_, record_bytes_, grouping_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  Grouping grouping_;
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "vectored",
    .summary = "several records per call where they are neighbours in the file",
    .calls =
        "per group of neighbours: 1 to read: preadv; 2 to update: preadv, pwritev; 1 to write: "
        "pwritev",
    .copies = "1 per read, 2 per update, 1 per write",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .capabilities = {.gives_back = true},
    .batches = [](const Options&) { return true; },
    .options = {{.name = "batch",
                 .kind = OptionKind::kCount,
                 .default_value = "64",
                 .summary = "successive operations that are put into calls together",
                 .minimum = 1,
                 .maximum = os::File::kMaximumParts},
                {.name = "gap",
                 .kind = OptionKind::kSize,
                 .default_value = "0",
                 .summary = "largest gap in bytes between two records that one call reads",
                 .maximum = 1 << 20}},
    .make =
        [](const Options& options) {
          return std::make_unique<Vectored>(
              Grouping{.batch = options.Count("batch"), .gap = options.Size("gap")});
        },
}};

}  // namespace
}  // namespace faultline::vectored
