#include "benchmarks/hand_loops.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "harness/base/random.h"

namespace faultline::peers {
namespace {

[[noreturn, gnu::cold]] void ThrowLast(const char* operation) {
  throw std::system_error(errno, std::generic_category(), operation);
}

int OpenForUpdate(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd == -1) ThrowLast("hand-written loop: open");
  return fd;
}

}  // namespace

MappedRecords::MappedRecords(const std::filesystem::path& path) {
  const int fd = OpenForUpdate(path);
  struct stat status;
  if (::fstat(fd, &status) == 0) {
    size_ = static_cast<std::size_t>(status.st_size);
    void* address = ::mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (address != MAP_FAILED) base_ = static_cast<std::byte*>(address);
  }
  const int code = errno;
  ::close(fd);
  errno = code;
  if (base_ == nullptr) ThrowLast("hand-written loop: map");
}

MappedRecords::~MappedRecords() { ::munmap(base_, size_); }

void MappedRecords::Increment(std::span<const std::uint64_t> offsets) const {
  IncrementAt({base_, size_}, offsets);
}

void IncrementAt(std::span<std::byte> memory, std::span<const std::uint64_t> offsets) {
  std::byte* const base = memory.data();
  for (const std::uint64_t offset : offsets) {
    std::uint64_t word;
    std::memcpy(&word, base + offset, sizeof word);
    ++word;
    std::memcpy(base + offset, &word, sizeof word);
    // Or two updates of one record in a row could become one store.
    asm volatile("" ::: "memory");
  }
}

void MappedRecords::CopyOut(std::span<const std::uint64_t> offsets,
                            std::span<std::byte> record) const {
  for (const std::uint64_t offset : offsets) {
    std::memcpy(record.data(), base_ + offset, record.size());
    asm volatile("" ::: "memory");  // or only the last copy would be made
  }
}

void MappedRecords::CopyIn(std::span<const std::uint64_t> offsets,
                           std::span<const std::byte> record) const {
  for (const std::uint64_t offset : offsets) {
    std::memcpy(base_ + offset, record.data(), record.size());
    asm volatile("" ::: "memory");
  }
}

void MappedRecords::AdviseRandom() const {
  if (::madvise(base_, size_, MADV_RANDOM) != 0) ThrowLast("hand-written loop: advise");
}

std::uint64_t MappedRecords::TouchAtRandom(std::uint64_t count, std::uint64_t stride,
                                           std::uint64_t seed) const {
  Random random(seed);
  const std::uint64_t places = size_ / stride;
  std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    sum += std::to_integer<std::uint64_t>(base_[random.Below(places) * stride]);
  }
  // Or the compiler could leave the reads out.
  asm volatile("" ::"r"(sum));
  return sum;
}

RecordsBehindCalls::RecordsBehindCalls(const std::filesystem::path& path, std::size_t record_bytes)
    : fd_(OpenForUpdate(path)), record_bytes_(record_bytes) {}

RecordsBehindCalls::~RecordsBehindCalls() { ::close(fd_); }

void RecordsBehindCalls::Increment(std::span<const std::uint64_t> offsets) const {
  std::vector<std::byte> record(record_bytes_);
  const auto whole = static_cast<ssize_t>(record_bytes_);
  for (const std::uint64_t offset : offsets) {
    const auto at = static_cast<off_t>(offset);
    if (::pread(fd_, record.data(), record.size(), at) != whole) {
      ThrowLast("hand-written loop: read");
    }
    std::uint64_t word;
    std::memcpy(&word, record.data(), sizeof word);
    ++word;
    std::memcpy(record.data(), &word, sizeof word);
    if (::pwrite(fd_, record.data(), record.size(), at) != whole) {
      ThrowLast("hand-written loop: write");
    }
  }
}

}  // namespace faultline::peers
