// What workloads have in common: shares of the operations, and the template that turns a small
// generator with an inlinable `Operation Next()` into a plan, with one virtual call per chunk of
// operations and none per operation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "faultline/operation.h"
#include "harness/base/random.h"
#include "harness/record/geometry.h"
#include "harness/record/plan.h"
#include "workloads/workload.h"

namespace faultline {

// Part `index` of `total` dealt out to `count`: the parts add up, and differ by at most one.
// REQUIRES: index < count.
constexpr std::uint64_t DealtOut(std::uint64_t total, std::uint64_t index, std::uint64_t count) {
  return total / count + (index < total % count ? 1 : 0);
}

// `updates` operations and the flushes among them, one after every `flush_every` (0 for none).
constexpr std::uint64_t WithFlushes(std::uint64_t updates, std::uint64_t flush_every) {
  return updates + (flush_every == 0 ? 0 : updates / flush_every);
}

// How many records make a file of about `file_bytes`; at least 1, also for a size of 0 (which is
// refused elsewhere).
std::uint64_t RecordsOfFile(std::uint64_t file_bytes, std::uint64_t record_size);

// Throws UsageError unless the geometry is sound, there are operations and workers, and each worker
// has a record.
void CheckRequest(const PlanRequest& request);

// The option `flush-every` of every workload that changes records.
inline constexpr const char* kFlushEveryOption = "flush-every";
OptionInfo FlushEveryOption();

// The option `kind` of workloads that can read or update, and its value.
OptionInfo KindOption();
OperationKind KindOf(const Options& options);

// The option `theta` of Zipfian workloads.
OptionInfo ThetaOption();

// Throws UsageError when flushes are asked of a workload that changes nothing; `cause` is the
// option that makes it so.
void RefuseFlushesWithoutUpdates(const Options& options, std::string_view workload,
                                 std::string_view cause);

// The records that one worker may touch, numbered from 0, and how many operations it has to do.
class ShareScope {
 public:
  ShareScope(const PlanRequest& request, std::uint64_t index);

  std::uint64_t index() const { return index_; }
  std::uint64_t records() const { return records_; }
  std::uint64_t record_size() const { return record_size_; }  // bytes
  std::uint64_t operations() const { return operations_; }
  std::uint64_t seed() const { return seed_; }  // another one for each worker

  Operation OnRecord(OperationKind kind, std::uint64_t record) const {
    return Operation(kind, first_offset_ + record * record_size_, record_size_);
  }

  // Part `part` of a record that is cut into `parts` of as equal a size as whole bytes allow.
  // REQUIRES: part < parts ≤ record_size().
  Operation OnPart(OperationKind kind, std::uint64_t record, std::uint64_t part,
                   std::uint64_t parts) const {
    const std::uint64_t begin = part * record_size_ / parts;
    const std::uint64_t end = (part + 1) * record_size_ / parts;
    return Operation(kind, first_offset_ + record * record_size_ + begin, end - begin);
  }

 private:
  std::uint64_t index_;
  std::uint64_t first_offset_;
  std::uint64_t records_;
  std::uint64_t record_size_;
  std::uint64_t operations_;
  std::uint64_t seed_;
};

// Operations of one kind on whole records, chosen by `Records::Next()`.
template <class Records>
class WholeRecordGenerator {
 public:
  WholeRecordGenerator(const ShareScope& scope, OperationKind kind, Records records)
      : scope_(scope), kind_(kind), records_(std::move(records)) {}

  Operation Next() { return scope_.OnRecord(kind_, records_.Next()); }

 private:
  ShareScope scope_;
  OperationKind kind_;
  Records records_;
};

// A workload that changes records, with the option `flush-every`.
class FlushingWorkload : public Workload {
 public:
  // Flushes that a strategy doesn't keep are no flushes.
  bool NeedsDurability() const final { return flush_every_ > 0; }

 protected:
  explicit FlushingWorkload(const Options& options)
      : flush_every_(options.Count(kFlushEveryOption)) {}

  std::uint64_t flush_every() const { return flush_every_; }

 private:
  std::uint64_t flush_every_;
};

// Puts a flush after every `flush_every` operations of another generator that are no reads. A flush
// is an operation of the plan and counts as one.
template <class Generator>
class FlushingGenerator {
 public:
  // `flush_every` 0: no flushes.
  FlushingGenerator(Generator generator, std::uint64_t flush_every)
      : generator_(std::move(generator)),
        flush_every_(flush_every == 0 ? ~std::uint64_t{0} : flush_every),
        until_flush_(flush_every_) {}

  Operation Next() {
    if (until_flush_ == 0) [[unlikely]] {
      until_flush_ = flush_every_;
      return Operation(OperationKind::kFlush, 0, 1);
    }
    const Operation operation = generator_.Next();
    until_flush_ -= operation.kind() == OperationKind::kRead ? 0 : 1;
    return operation;
  }

 private:
  Generator generator_;
  std::uint64_t flush_every_;
  std::uint64_t until_flush_;
};

template <class Generator>
class GeneratedStream final : public OperationStream {
 public:
  GeneratedStream(const Generator& generator, std::uint64_t operations)
      : generator_(generator), left_(operations) {}

  std::size_t Next(std::span<Operation> into) override {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), left_));
    // In a local copy the generator's state can stay in registers: nothing that is written to
    // `into` can be part of it.
    Generator generator = generator_;
    for (Operation& operation : into.first(count)) operation = generator.Next();
    generator_ = generator;
    left_ -= count;
    return count;
  }

 private:
  Generator generator_;
  std::uint64_t left_;
};

// Throws Error unless `share` is one of the `workers` that the plan was made for.
void CheckShare(const Share& share, std::uint64_t workers);

template <class Generator>
class GeneratedPlan final : public Plan {
 public:
  // `make` gets each worker's ShareScope and returns its generator in the state of the beginning,
  // so that whatever is costly is computed once per plan.
  template <class Make>
  GeneratedPlan(const PlanRequest& request, Make make) {
    for (std::uint64_t index = 0; index < request.workers; ++index) {
      const ShareScope scope(request, index);
      beginnings_.push_back({make(scope), scope.operations()});
    }
  }

  std::unique_ptr<OperationStream> Stream(Share share) const override {
    CheckShare(share, beginnings_.size());
    const Beginning& beginning = beginnings_[share.index];
    return std::make_unique<GeneratedStream<Generator>>(beginning.generator, beginning.operations);
  }

 private:
  struct Beginning {
    Generator generator;
    std::uint64_t operations;
  };
  std::vector<Beginning> beginnings_;
};

// The plan of a workload that only reads. Throws UsageError for a request that CheckRequest
// refuses.
template <class Make>
std::unique_ptr<Plan> MakeGeneratedPlan(const PlanRequest& request, Make make) {
  CheckRequest(request);
  using Generator = decltype(make(std::declval<const ShareScope&>()));
  return std::make_unique<GeneratedPlan<Generator>>(request, std::move(make));
}

// The same with a flush after every `flush_every` updates and writes of a worker (0 for none).
template <class Make>
std::unique_ptr<Plan> MakeFlushingPlan(const PlanRequest& request, std::uint64_t flush_every,
                                       Make make) {
  return MakeGeneratedPlan(request, [&](const ShareScope& scope) {
    return FlushingGenerator(make(scope), flush_every);
  });
}

}  // namespace faultline
