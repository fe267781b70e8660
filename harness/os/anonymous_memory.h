// Private memory of no file, straight from the system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/system_error.h"

namespace faultline::os {

// Zeroed pages, which come with the first touch; move-only; given back by the destructor.
class AnonymousMemory {
 public:
  AnonymousMemory() = default;
  // Throws SystemError. A `sparse` range may be larger than memory: the system doesn't promise that
  // there is a page for all of it.
  explicit AnonymousMemory(std::uint64_t bytes, bool sparse = false);
  AnonymousMemory(AnonymousMemory&& other) noexcept;
  AnonymousMemory& operator=(AnonymousMemory&& other) noexcept;
  ~AnonymousMemory();

  // Gives the pages of [offset, offset + length) back; they are zero when touched again. Both are
  // multiples of the page size. Throws SystemError.
  void Discard(std::uint64_t offset, std::uint64_t length) const;

  // Asks for large pages where the range has room for them: fewer translations. Says whether the
  // system takes the wish.
  bool PreferLargePages() const;

  std::byte* data() const { return data_; }
  std::uint64_t size() const { return size_; }
  std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  std::byte* data_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace faultline::os
