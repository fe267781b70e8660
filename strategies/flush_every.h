// An access that flushes after every n-th change of its session.
#pragma once

#include <cstdint>
#include <utility>

#include "faultline/discard.h"
#include "faultline/strategy.h"

namespace faultline {

template <class Records>
class FlushEvery {
 public:
  // `arguments` are those of the access to the records.
  template <class... Arguments>
  explicit FlushEvery(std::uint64_t changes, Arguments&&... arguments)
      : records_(std::forward<Arguments>(arguments)...), every_(changes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    records_.Read(offset, length, visit);
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    records_.Update(offset, length, mutate);
    CountChange();
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    records_.Write(offset, length, produce);
    CountChange();
  }

  // A flush that is due within the run comes at its end.
  void Discard(const DiscardRun& run) {
    records_.Discard(run);
    CountChanges(run.operations);
  }

  void Flush() {
    records_.Flush();
    changes_ = 0;
  }

 private:
  void CountChange() { CountChanges(1); }

  void CountChanges(std::uint64_t changes) {
    changes_ += changes;
    if (changes_ >= every_) Flush();
  }

  Records records_;
  std::uint64_t every_;
  std::uint64_t changes_ = 0;  // since the last flush
};

// The option `every` of strategies that use one, the period of their flushes.
inline OptionInfo EveryOption() {
  return {
      .name = "every",
      .kind = OptionKind::kCount,
      .default_value = "1",
      .summary = "changes of a session (updates, writes, discards) between two synchronisations",
      .minimum = 1};
}

}  // namespace faultline
