// Blocks of a file read many at a time.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "harness/base/error.h"
#include "harness/os/anonymous_memory.h"
#include "strategies/block_file.h"
#include "strategies/ring.h"

namespace faultline {

// One session's. Without liburing it can't be made: UnsupportedError.
class BatchReader {
 public:
  // For up to `most` blocks at a time. Throws as Ring does.
  BatchReader(const BlockFile& file, unsigned most)
      : file_(&file), most_(most), memory_(most * file.block_bytes()) {
#if FAULTLINE_HAVE_LIBURING
    ring_ = std::make_unique<Ring>(most);
    ring_->Register(memory_.bytes(), file.direct());
#else
    throw UnsupportedError(
        "built without liburing, which reads ahead; install its development package and build "
        "again");
#endif
  }

  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;
  ~BatchReader() {
#if FAULTLINE_HAVE_LIBURING
    if (ring_) ring_->Forget();
#endif
  }

  unsigned most() const { return most_; }

  // Reads the blocks of these numbers and returns when all are here. The i-th is BytesOf(i) until
  // the next call. Throws Error. REQUIRES: at most most() of them.
  void Read(std::span<const std::uint64_t> numbers) {
    std::vector<bool> here(numbers.size());
#if FAULTLINE_HAVE_LIBURING
    unsigned queued = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!file_->IsDirect(BlockOf(numbers[i]))) continue;
      io_uring_sqe* const entry = io_uring_get_sqe(ring_->get());
      if (entry == nullptr) break;
      io_uring_prep_read_fixed(entry, 0, BytesOf(i).data(),
                               static_cast<unsigned>(file_->block_bytes()),
                               BlockOf(numbers[i]).begin, 0);
      io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
      io_uring_sqe_set_data64(entry, i);
      ++queued;
    }
    unsigned in_kernel = 0;
    int error = 0;
    // After an error too: the kernel may still write to the buffers of what is in flight.
    while (in_kernel > 0 || (queued > 0 && error == 0)) {
      const int result = error == 0 ? io_uring_submit_and_wait(ring_->get(), 1) : 0;
      if (result > 0) {
        queued -= static_cast<unsigned>(result);
        in_kernel += static_cast<unsigned>(result);
      } else if (result < 0 && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
        error = -result;
      }
      io_uring_cqe* entry = nullptr;
      if (error != 0 && in_kernel > 0) io_uring_wait_cqe(ring_->get(), &entry);
      while (io_uring_peek_cqe(ring_->get(), &entry) == 0) {
        here[io_uring_cqe_get_data64(entry)] = entry->res == static_cast<int>(file_->block_bytes());
        io_uring_cqe_seen(ring_->get(), entry);
        --in_kernel;
      }
    }
    if (error != 0) {
      throw os::SystemError("submit to a ring for", file_->direct().path().string(), error);
    }
#endif
    // The file's end, which can't be read this way, and what came short: read again by a call, which
    // tells what is wrong.
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!here[i]) file_->Read(BlockOf(numbers[i]), BytesOf(i));
    }
  }

  std::span<std::byte> BytesOf(std::size_t i) const {
    return memory_.bytes().subspan(i * file_->block_bytes(), file_->block_bytes());
  }

 private:
  BlockFile::Blocks BlockOf(std::uint64_t number) const {
    return {number * file_->block_bytes(), (number + 1) * file_->block_bytes()};
  }

  const BlockFile* file_;
  unsigned most_;
  os::AnonymousMemory memory_;
#if FAULTLINE_HAVE_LIBURING
  std::unique_ptr<Ring> ring_;
#endif
};

}  // namespace faultline
