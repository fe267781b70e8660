// Anonymous private mappings.
#include "harness/os/anonymous_memory.h"

#include <sys/mman.h>

#include <string>
#include <utility>

namespace faultline::os {

AnonymousMemory::AnonymousMemory(std::uint64_t bytes) : size_(bytes) {
  void* const data =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) ThrowLastError("map memory of so many bytes:", std::to_string(bytes));
  data_ = static_cast<std::byte*>(data);
}

AnonymousMemory::AnonymousMemory(AnonymousMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

AnonymousMemory& AnonymousMemory::operator=(AnonymousMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

AnonymousMemory::~AnonymousMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace faultline::os
