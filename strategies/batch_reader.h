// Blocks of a file read side by side, while the program does something else.
#pragma once

#include <cerrno>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "faultline/error.h"
#include "harness/os/anonymous_memory.h"
#include "strategies/block_file.h"
#include "strategies/ring.h"

namespace faultline {

// One session's. Each of its places takes one block at a time. Without liburing it can't be made:
// UnsupportedError.
class BatchReader {
 public:
  // Throws as Ring does.
  BatchReader(const BlockFile& file, unsigned places)
      : file_(&file), blocks_(places), memory_(places * file.block_bytes()) {
#if FAULTLINE_HAVE_LIBURING
    ring_ = std::make_unique<Ring>(places);
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

  std::uint64_t memory_bytes() const { return memory_.size(); }

  // The block of this number shall come to the place; Submit begins to read it. REQUIRES: what was
  // to come there before has been awaited.
  void Queue(unsigned place, std::uint64_t number) {
    blocks_[place] = {.number = number};
#if FAULTLINE_HAVE_LIBURING
    if (!file_->IsDirect(BlockOf(number))) return;
    io_uring_sqe* const entry = io_uring_get_sqe(ring_->get());
    if (entry == nullptr) return;
    io_uring_prep_read_fixed(entry, 0, BytesOf(place).data(),
                             static_cast<unsigned>(file_->block_bytes()), BlockOf(number).begin, 0);
    io_uring_sqe_set_flags(entry, IOSQE_FIXED_FILE);
    io_uring_sqe_set_data64(entry, place);
    blocks_[place].pending = true;
#endif
  }

  // What the system doesn't take now, Await submits. Throws Error.
  void Submit() { Enter(0); }

  // Returns when the place's block is here. Throws Error.
  void Await(unsigned place) {
    Block& block = blocks_[place];
    while (block.pending) {
      Reap();
      if (block.pending) Enter(1);
    }
    // The file's end, which can't be read through the ring, and what came short: read by a call,
    // which tells what is wrong.
    if (!block.here) file_->Read(BlockOf(block.number), BytesOf(place));
  }

  std::span<std::byte> BytesOf(unsigned place) const {
    return memory_.bytes().subspan(place * file_->block_bytes(), file_->block_bytes());
  }

 private:
  struct Block {
    std::uint64_t number = 0;
    bool pending = false;  // the ring has it
    bool here = false;
  };

  BlockFile::Blocks BlockOf(std::uint64_t number) const {
    return {number * file_->block_bytes(), (number + 1) * file_->block_bytes()};
  }

  // Submits all that is queued, and returns when `completed` of all are done.
  void Enter([[maybe_unused]] unsigned completed) {
#if FAULTLINE_HAVE_LIBURING
    const int result = io_uring_submit_and_wait(ring_->get(), completed);
    if (result < 0 && result != -EINTR && result != -EAGAIN && result != -EBUSY) {
      throw os::SystemError("submit to a ring for", file_->direct().path().string(), -result);
    }
#endif
  }

  // Notes what is completed.
  void Reap() {
#if FAULTLINE_HAVE_LIBURING
    io_uring_cqe* entry = nullptr;
    while (io_uring_peek_cqe(ring_->get(), &entry) == 0) {
      Block& block = blocks_[io_uring_cqe_get_data64(entry)];
      block.pending = false;
      block.here = entry->res == static_cast<int>(file_->block_bytes());
      io_uring_cqe_seen(ring_->get(), entry);
    }
#endif
  }

  const BlockFile* file_;
  std::vector<Block> blocks_;  // by place
  os::AnonymousMemory memory_;
#if FAULTLINE_HAVE_LIBURING
  std::unique_ptr<Ring> ring_;
#endif
};

}  // namespace faultline
