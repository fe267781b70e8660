// Access to records where they lie: the whole file is at one address, as a view or as a copy in
// memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/strategy.h"

namespace faultline {

// Hands out the bytes themselves: a read or an update is a load or a store, no copy and no call.
class DirectAccess {
 public:
  // `base` is the address of the file's first byte, valid as long as the access is used. A flush is
  // the whole strategy's, whose Flush must be safe to call from several threads.
  DirectAccess(std::byte* base, Strategy& strategy) : base_(base), strategy_(&strategy) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    visit(std::span<const std::byte>(base_ + offset, length));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    mutate(std::span<std::byte>(base_ + offset, length));
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    produce(std::span<std::byte>(base_ + offset, length));
  }

  void Flush() { strategy_->Flush(); }

 private:
  std::byte* base_;
  Strategy* strategy_;
};

}  // namespace faultline
