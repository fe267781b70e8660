// The core workloads of YCSB: Cooper et al., "Benchmarking Cloud Serving Systems with YCSB", SoCC
// 2010, table 2.
//
//   a  50 % reads, 50 % updates             d  95 % reads of the latest records, 5 % inserts
//   b  95 % reads,  5 % updates             e  95 % scans, 5 % inserts
//   c  reads only                           f  50 % reads, 50 % read-modify-writes
//
// Records are chosen by a Zipfian distribution whose popular records are scattered over the share;
// in d, the latest inserted record is the most popular one. In the terms of this harness:
// - A read is a read of a whole record. An update writes one of the record's ten fields (its tenth
// part; a record below
//   ten bytes has a field per byte), chosen at random, without looking at it. A read-modify-write
//   is an update of a whole record.
// - A scan begins at a chosen record and reads 1 to 100 records (all lengths equally likely) in the
// order of the file,
//   or fewer where the last present record comes first. It is one operation of YCSB, and as many
//   operations here as it reads records.
// - An insert writes the next record of the room at the end of each share: twice as many records as
// inserts are to be
//   expected, but at most half of the share. Nothing reads a record that is not inserted yet. When
//   the room is full, it counts as empty again, and the next insert writes its first record.
//   Without inserts (a, b, c, f) there is no room, and every record is present.
// - What differs from the reference implementation: ranks are exactly Zipfian and scattered by a
// bijection, not a hash
//   (see distributions.h), and each worker has a share, popular records and insertion room of its
//   own.
#include <fmt/format.h>

#include "faultline/error.h"
#include "workloads/distributions.h"
#include "workloads/generator.h"
#include "workloads/workload.h"

namespace faultline::ycsb {
namespace {

constexpr std::uint64_t kFields = 10;
constexpr std::uint64_t kLongestScan = 100;

enum class Request { kRead, kUpdate, kInsert, kScan, kReadModifyWrite };

// Two kinds of requests: `usual` in the given proportion, `other` in the rest.
struct CoreWorkload {
  std::string_view letter;
  Request usual;
  double proportion;
  Request other;
  bool prefers_latest;
};

constexpr CoreWorkload kCoreWorkloads[] = {
    {"a", Request::kRead, 0.5, Request::kUpdate, false},
    {"b", Request::kRead, 0.95, Request::kUpdate, false},
    {"c", Request::kRead, 1, Request::kRead, false},
    {"d", Request::kRead, 0.95, Request::kInsert, true},
    {"e", Request::kScan, 0.95, Request::kInsert, false},
    {"f", Request::kRead, 0.5, Request::kReadModifyWrite, false},
};

// The records that are kept for inserts at the end of a share.
std::uint64_t InsertionRoom(const CoreWorkload& core, const ShareScope& scope) {
  if (core.other != Request::kInsert) return 0;
  constexpr double kMeanScan = (1 + kLongestScan) / 2.0;
  const double inserts = 1 - core.proportion;
  const double operations_per_request =
      inserts + core.proportion * (core.usual == Request::kScan ? kMeanScan : 1);
  const double expected =
      static_cast<double>(scope.operations()) * inserts / operations_per_request;
  return std::min(static_cast<std::uint64_t>(2 * expected) + 1, scope.records() / 2);
}

class YcsbGenerator {
 public:
  YcsbGenerator(const CoreWorkload& core, double theta, const ShareScope& scope)
      : core_(core),
        scope_(scope),
        fields_(std::min(kFields, scope.record_size())),
        loaded_(scope.records() - InsertionRoom(core, scope)),
        present_(loaded_),
        random_(scope.seed()),
        is_usual_(core.proportion),
        ranks_(core.prefers_latest ? present_ : scope.records(), theta),
        scatter_(scope.records(), Mix64(scope.seed())) {}

  Operation Next() {
    if (scan_left_ != 0) {
      --scan_left_;
      return scope_.OnRecord(OperationKind::kRead, scan_next_++);
    }
    switch (is_usual_.Happens(random_) ? core_.usual : core_.other) {
      case Request::kRead:
        break;
      case Request::kUpdate: {
        const std::uint64_t record = Choose();
        return scope_.OnPart(OperationKind::kWrite, record, random_.Below(fields_), fields_);
      }
      case Request::kInsert:
        return Insert();
      case Request::kScan:
        return BeginScan();
      case Request::kReadModifyWrite:
        return scope_.OnRecord(OperationKind::kUpdate, Choose());
    }
    return scope_.OnRecord(OperationKind::kRead, Choose());
  }

 private:
  // A record that is present.
  std::uint64_t Choose() {
    if (core_.prefers_latest) return present_ - 1 - ranks_.Next(random_);
    // Popularity belongs to all records of the share from the beginning; those not inserted yet are
    // passed over, as the reference implementation does.
    for (;;) {
      const std::uint64_t record = scatter_(ranks_.Next(random_));
      if (record < present_) return record;
    }
  }

  Operation Insert() {
    if (present_ == scope_.records()) present_ = loaded_;
    const Operation operation = scope_.OnRecord(OperationKind::kWrite, present_++);
    if (core_.prefers_latest) ranks_.SetCount(present_);
    return operation;
  }

  Operation BeginScan() {
    const std::uint64_t record = Choose();
    const std::uint64_t length = std::min(1 + random_.Below(kLongestScan), present_ - record);
    scan_next_ = record + 1;
    scan_left_ = length - 1;
    return scope_.OnRecord(OperationKind::kRead, record);
  }

  CoreWorkload core_;
  ShareScope scope_;
  std::uint64_t fields_;
  std::uint64_t loaded_;   // records present at the beginning
  std::uint64_t present_;  // records present now: those before this one
  std::uint64_t scan_next_ = 0;
  std::uint64_t scan_left_ = 0;
  Random random_;
  Chance is_usual_;
  ZipfianRanks ranks_;
  Scatter scatter_;
};

const CoreWorkload& FindCoreWorkload(std::string_view letter) {
  for (const CoreWorkload& core : kCoreWorkloads) {
    if (core.letter == letter) return core;
  }
  throw UsageError(fmt::format("YCSB has no core workload '{}'; choose one of a to f", letter));
}

class Ycsb final : public FlushingWorkload {
 public:
  explicit Ycsb(const Options& options)
      : FlushingWorkload(options),
        core_(FindCoreWorkload(options.Choice("workload"))),
        theta_(options.Real("theta")) {
    if (core_.letter == "c") RefuseFlushesWithoutUpdates(options, "ycsb", "workload=c");
  }

  std::unique_ptr<Plan> MakePlan(const PlanRequest& request) const override {
    return MakeFlushingPlan(request, flush_every(), [this](const ShareScope& scope) {
      if (core_.other == Request::kInsert && scope.records() < 2) {
        throw UsageError(
            fmt::format("'ycsb:workload={}' needs 2 records for each worker, one of them to be "
                        "inserted; ask for more records or fewer workers",
                        core_.letter));
      }
      return YcsbGenerator(core_, theta_, scope);
    });
  }

 private:
  CoreWorkload core_;
  double theta_;
};

const Registration<WorkloadInfo> kRegistered{{
    .name = "ycsb",
    .summary = "the core workloads a to f of the YCSB benchmark",
    .options = {{.name = "workload",
                 .kind = OptionKind::kChoice,
                 .default_value = "a",
                 .summary = "core workload: a and b update, c reads, d and e insert, f modifies",
                 .choices = {"a", "b", "c", "d", "e", "f"}},
                ThetaOption(),
                FlushEveryOption()},
    .make = [](const Options& options) { return std::make_unique<Ycsb>(options); },
}};

}  // namespace
}  // namespace faultline::ycsb
