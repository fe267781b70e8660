// Private memory of no file, straight from the system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/os/error.h"

namespace faultline::os {

// Zeroed pages, which come with the first touch; move-only; given back by the destructor.
class AnonymousMemory {
 public:
  AnonymousMemory() = default;
  explicit AnonymousMemory(std::uint64_t bytes);  // throws SystemError
  AnonymousMemory(AnonymousMemory&& other) noexcept;
  AnonymousMemory& operator=(AnonymousMemory&& other) noexcept;
  ~AnonymousMemory();

  std::byte* data() const { return data_; }
  std::uint64_t size() const { return size_; }
  std::span<std::byte> bytes() const { return {data_, size_}; }

 private:
  std::byte* data_ = nullptr;
  std::uint64_t size_ = 0;
};

}  // namespace faultline::os
