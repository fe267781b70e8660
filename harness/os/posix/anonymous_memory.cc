// Anonymous private mappings.
#include "harness/os/anonymous_memory.h"

#include <sys/mman.h>

#include <fmt/format.h>
#include <utility>

namespace faultline::os {

AnonymousMemory::AnonymousMemory(std::uint64_t bytes, bool sparse) : size_(bytes) {
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | (sparse ? MAP_NORESERVE : 0);
  void* const data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (data == MAP_FAILED) ThrowLastError("map", fmt::format("{} bytes of memory", bytes));
  data_ = static_cast<std::byte*>(data);
}

AnonymousMemory::AnonymousMemory(AnonymousMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

AnonymousMemory& AnonymousMemory::operator=(AnonymousMemory&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void AnonymousMemory::Discard(std::uint64_t offset, std::uint64_t length) const {
  if (::madvise(data_ + offset, length, MADV_DONTNEED) != 0) {
    ThrowLastError("give back", fmt::format("{} bytes of memory", length));
  }
}

bool AnonymousMemory::PreferLargePages() const {
  return ::madvise(data_, size_, MADV_HUGEPAGE) == 0;
}

AnonymousMemory::~AnonymousMemory() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

}  // namespace faultline::os
