// Views over mmap.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <fmt/format.h>
#include <utility>

#include "harness/os/file_mapping.h"
#include "harness/os/posix/mapping_backing.h"

namespace faultline::os {
namespace {

// The whole pages of a view that a range of it touches, in bytes from the view's begin.
struct SpannedPages {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

// Throws before anything is done when the range leaves the view, which may be the sign of a lost
// flush elsewhere.
SpannedPages CheckedRange(const View& view, std::uint64_t offset, std::uint64_t length,
                          const MappingBacking* backing) {
  if (offset > view.size() || length > view.size() - offset) {
    throw SystemError(fmt::format("flush {} bytes at offset {} of a view of {} bytes of", length,
                                  offset, view.size()),
                      backing == nullptr ? "nothing" : backing->subject, EINVAL);
  }
  const std::uint64_t end = length == 0 ? view.size() : offset + length;
  const std::uint64_t first = offset / PageSize() * PageSize();
  return {first, end - first};
}

int SystemAdvice(ViewAdvice advice) {
  switch (advice) {
    case ViewAdvice::kRandom:
      return MADV_RANDOM;
    case ViewAdvice::kSequential:
      return MADV_SEQUENTIAL;
    case ViewAdvice::kWillNeed:
      return MADV_WILLNEED;
    case ViewAdvice::kHuge:
      return MADV_HUGEPAGE;
    case ViewAdvice::kNoHuge:
      return MADV_NOHUGEPAGE;
    case ViewAdvice::kNormal:
      break;
  }
  return MADV_NORMAL;
}

}  // namespace

std::uint64_t PageSize() {
  static const auto kPageSize = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return kPageSize;
}

std::uint64_t ViewGranularity() { return PageSize(); }

View::View(View&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      file_offset_(std::exchange(other.file_offset_, 0)),
      shows_file_(std::exchange(other.shows_file_, false)),
      backing_(std::move(other.backing_)) {}

View& View::operator=(View&& other) noexcept {
  View moved(std::move(other));  // unmaps the old range at the end of this function
  std::swap(data_, moved.data_);
  std::swap(size_, moved.size_);
  std::swap(file_offset_, moved.file_offset_);
  std::swap(shows_file_, moved.shows_file_);
  std::swap(backing_, moved.backing_);
  return *this;
}

View::~View() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

void View::Flush(std::uint64_t offset, std::uint64_t length) const {
  const SpannedPages range = CheckedRange(*this, offset, length, backing_.get());
  if (range.length == 0) return;
  if (RetryInterrupted([&] { return ::msync(data_ + range.first, range.length, MS_SYNC); }) != 0) {
    ThrowLastError("flush a view of", backing_->subject);
  }
}

void View::StartFlush(std::uint64_t offset, std::uint64_t length) const {
  const SpannedPages range = CheckedRange(*this, offset, length, backing_.get());
  if (range.length == 0 || !shows_file_) return;
#ifdef SYNC_FILE_RANGE_WRITE
  const int result = RetryInterrupted([&] {
    return ::sync_file_range(backing_->flush_file.get(),
                             static_cast<off_t>(file_offset_ + range.first),
                             static_cast<off_t>(range.length), SYNC_FILE_RANGE_WRITE);
  });
#else
  const int result = ::msync(data_ + range.first, range.length, MS_ASYNC);
#endif
  if (result != 0) ThrowLastError("start to flush a view of", backing_->subject);
}

void View::Advise(ViewAdvice advice) const {
  if (data_ == nullptr) throw SystemError("give advice on", "a view that is not mapped", EINVAL);
  Advise(advice, 0, size_);
}

void View::Advise(ViewAdvice advice, std::uint64_t offset, std::uint64_t length) const {
  const std::uint64_t begin = offset / PageSize() * PageSize();
  if (::madvise(data_ + begin, offset + length - begin, SystemAdvice(advice)) != 0) {
    ThrowLastError("give advice on a view of", backing_->subject);
  }
}

void View::Reclaim() const {
  if (data_ == nullptr) throw SystemError("reclaim", "a view that is not mapped", EINVAL);
  if (::madvise(data_, size_, MADV_PAGEOUT) == 0) return;
  if (errno == EINVAL) throw UnsupportedError("this system can't reclaim pages on demand");
  ThrowLastError("reclaim a view of", backing_->subject);
}

void View::Unmap() {
  std::byte* const data = std::exchange(data_, nullptr);
  const std::uint64_t size = std::exchange(size_, 0);
  const auto backing = std::exchange(backing_, nullptr);
  if (data != nullptr && ::munmap(data, size) != 0) {
    ThrowLastError("unmap a view of", backing->subject);
  }
}

}  // namespace faultline::os
