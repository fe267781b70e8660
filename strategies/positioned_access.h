// Access to records by positioned calls: one read call per read, one read and one write call per
// update, one write call per write, through a buffer of the session's own; one call that punches a
// hole for a run of discards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "faultline/discard.h"
#include "faultline/file.h"

namespace faultline {

class PositionedAccess {
 public:
  // `file` is open for reading and writing, and outlives the access. No operation is longer than
  // `record_bytes`; the buffer is made here, so that no operation pays for it.
  PositionedAccess(const os::File& file, std::uint64_t record_bytes)
      : file_(&file), buffer_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const std::span<std::byte> record(buffer_.data(), length);
    file_->ReadExactlyAt(offset, record);
    visit(std::span<const std::byte>(record));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const std::span<std::byte> record(buffer_.data(), length);
    file_->ReadExactlyAt(offset, record);
    mutate(record);
    file_->WriteAt(offset, record);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const std::span<std::byte> record(buffer_.data(), length);
    produce(record);
    file_->WriteAt(offset, record);
  }

  // One call; what is left of a block of the file system's is overwritten with zeros by it.
  void Discard(const DiscardRun& run) { file_->Discard(run.offset, run.length); }

  void Flush() { file_->SyncData(); }

 private:
  const os::File* file_;
  std::vector<std::byte> buffer_;
};

}  // namespace faultline
