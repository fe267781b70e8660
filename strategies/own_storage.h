// What strategies that keep the records in storage of their own beside the data file have in
// common: bringing records there and back, where a record of an operation is, and the storage's
// files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "faultline/data_file.h"
#include "faultline/error.h"
#include "faultline/file.h"
#include "faultline/strategy.h"
#include "harness/os/whole_file.h"

namespace faultline {

// The range of an operation as a part of the one record that it lies in. REQUIRES: it lies in one.
struct RecordPart {
  RecordPart(std::uint64_t offset, std::uint64_t record_bytes)
      : number(offset / record_bytes), begin(offset % record_bytes) {}

  std::uint64_t number;  // of the record
  std::uint64_t begin;   // in it, bytes
};

inline std::filesystem::path PathBeside(const std::filesystem::path& path,
                                        std::string_view suffix) {
  return path.native() + std::string(suffix);
}

// Bytes that are moved between a data file and storage in one call.
inline std::uint64_t TransferBytes(const Geometry& geometry) {
  constexpr std::uint64_t kTransferBytes = std::uint64_t{1} << 20;
  return std::max<std::uint64_t>(kTransferBytes / geometry.record_size, 1) * geometry.record_size;
}

// Calls take(number, std::span<const std::byte>) with each record of the data file, in order.
template <class Take>
void ForEachRecord(const DatasetFile& file, Take&& take) {
  if (file.geometry.sparse) {
    throw UnsupportedError(
        fmt::format("an engine would store all {} records of the sparse file {}, holes too; use a "
                    "workload that isn't sparse",
                    file.geometry.records, file.path.string()));
  }
  const os::File data = OpenDataFile(file, os::FileAccess::kRead);
  const std::uint64_t record_bytes = file.geometry.record_size;
  std::vector<std::byte> buffer(TransferBytes(file.geometry));
  std::uint64_t number = 0;
  for (std::uint64_t at = 0; at < file.geometry.file_size();) {
    const auto part = std::span(buffer).first(
        std::min<std::uint64_t>(buffer.size(), file.geometry.file_size() - at));
    data.ReadExactlyAt(at, part);
    for (std::uint64_t in = 0; in < part.size(); in += record_bytes) {
      take(number++, std::span<const std::byte>(part.subspan(in, record_bytes)));
    }
    at += part.size();
  }
}

// Takes all records of a storage in order and writes them to the data file.
class DataFileWriter {
 public:
  explicit DataFileWriter(const DatasetFile& file)
      : geometry_(file.geometry),
        data_(OpenDataFile(file, os::FileAccess::kReadWrite)),
        buffer_(TransferBytes(file.geometry)) {}

  // Throws Error for a record that is not the next one, or of another size than records have.
  void Put(std::uint64_t number, std::span<const std::byte> record) {
    if (number != next_ || next_ == geometry_.records) {
      throw Error(fmt::format("the storage of {} has record {} where record {} of {} should be",
                              data_.path().string(), number, next_, geometry_.records));
    }
    if (record.size() != geometry_.record_size) {
      throw Error(fmt::format("record {} in the storage of {} has {} bytes instead of {}", number,
                              data_.path().string(), record.size(), geometry_.record_size));
    }
    std::copy(record.begin(), record.end(), buffer_.begin() + static_cast<std::ptrdiff_t>(filled_));
    filled_ += record.size();
    ++next_;
    if (filled_ == buffer_.size()) Drain();
  }

  // To be called last. Throws Error when records are missing.
  void Finish() {
    Drain();
    if (next_ == geometry_.records) return;
    throw Error(fmt::format("the storage of {} ends after {} of {} records", data_.path().string(),
                            next_, geometry_.records));
  }

 private:
  void Drain() {
    data_.WriteAt(written_, std::span<const std::byte>(buffer_).first(filled_));
    written_ += filled_;
    filled_ = 0;
  }

  Geometry geometry_;
  os::File data_;
  std::vector<std::byte> buffer_;
  std::uint64_t filled_ = 0;   // bytes of the buffer
  std::uint64_t written_ = 0;  // bytes of the file
  std::uint64_t next_ = 0;     // number of the next record
};

// Access to records in an engine's transactions, of which a session has one at a time.
// `Transactions` has
//   BeforeRead(), BeforeChange(), AfterOperation(), End()
//   Visit(number, record_bytes, visit)  calls visit(std::span<const std::byte>) with the record
//   Store(number, bytes)                replaces it
// and where the engine gives room to write to, Reserve(number, record_bytes) →
// std::span<std::byte>. `Storage` has Sync(), which returns when everything committed is on stable
// storage.
template <class Transactions, class Storage>
class TransactionalAccess {
 public:
  TransactionalAccess(Transactions& transactions, const Storage& storage,
                      std::uint64_t record_bytes)
      : transactions_(&transactions),
        storage_(&storage),
        record_bytes_(record_bytes),
        buffer_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const RecordPart part(offset, record_bytes_);
    transactions_->BeforeRead();
    transactions_->Visit(part.number, record_bytes_, [&](std::span<const std::byte> record) {
      visit(record.subspan(part.begin, length));
    });
    transactions_->AfterOperation();
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    Change(offset, length, true, mutate);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    if constexpr (requires { transactions_->Reserve(offset, length); }) {
      if (length == record_bytes_) {
        transactions_->BeforeChange();
        produce(transactions_->Reserve(offset / record_bytes_, record_bytes_));
        transactions_->AfterOperation();
        return;
      }
    }
    Change(offset, length, length != record_bytes_, produce);
  }

  void Flush() {
    transactions_->End();
    storage_->Sync();
  }

  void EndBatch() { transactions_->End(); }

 private:
  // In a copy: the engine's own memory may be read only, and gone once room for the change is made.
  template <class Mutate>
  void Change(std::uint64_t offset, std::uint64_t length, bool load, Mutate&& mutate) {
    const RecordPart part(offset, record_bytes_);
    transactions_->BeforeChange();
    if (load) {
      transactions_->Visit(part.number, record_bytes_, [&](std::span<const std::byte> record) {
        std::copy(record.begin(), record.end(), buffer_.begin());
      });
    }
    mutate(std::span(buffer_).subspan(part.begin, length));
    transactions_->Store(part.number, buffer_);
    transactions_->AfterOperation();
  }

  Transactions* transactions_;
  const Storage* storage_;
  std::uint64_t record_bytes_;
  std::vector<std::byte> buffer_;
};

// The option `batch` of strategies with transactions.
inline OptionInfo BatchOption() {
  return {.name = "batch",
          .kind = OptionKind::kCount,
          .default_value = "1",
          .summary = "operations of a session in one transaction",
          .minimum = 1};
}

// The files of a strategy's own storage, the main one first. Beside them lies a mark as long as
// they are the strategy's: without it, files of these names are foreign.
class StorageFiles {
 public:
  explicit StorageFiles(std::vector<std::filesystem::path> paths)
      : paths_(std::move(paths)), mark_(PathBeside(paths_.front(), ".mark")) {}

  // Clears the names for new storage. Throws Error when foreign files have them.
  void Claim() const {
    Remove();
    if (Exists(mark_)) Refuse(mark_);
    os::ReplaceFile(mark_, kMark);
  }

  // Removes those files that are there. Throws Error for what isn't the strategy's, and touches
  // none of it.
  void Remove() const {
    const bool marked = IsMarked();
    for (const std::filesystem::path& path : paths_) {
      if (!Exists(path)) continue;
      if (!marked || !IsPlain(path)) Refuse(path);
      RemoveOne(path);
    }
    if (marked) RemoveOne(mark_);
  }

 private:
  static constexpr std::string_view kMark =
      "The file whose name this one has without its end is a benchmark's, and may be removed.\n";

  bool IsMarked() const {
    if (!IsPlain(mark_)) return false;
    const os::File mark = os::File::Open(mark_, os::FileAccess::kRead);
    if (mark.Size() != kMark.size()) return false;
    std::string text(kMark.size(), '\0');
    mark.ReadExactlyAt(0, std::as_writable_bytes(std::span(text)));
    return text == kMark;
  }

  // Of the name itself, whatever a link points to.
  static std::filesystem::file_type TypeOf(const std::filesystem::path& path) {
    std::error_code error;
    return std::filesystem::symlink_status(path, error).type();
  }

  static bool Exists(const std::filesystem::path& path) {
    return TypeOf(path) != std::filesystem::file_type::not_found;
  }

  static bool IsPlain(const std::filesystem::path& path) {
    return TypeOf(path) == std::filesystem::file_type::regular;
  }

  [[noreturn]] static void Refuse(const std::filesystem::path& path) {
    throw Error(
        fmt::format("refused to touch {}, which has the name of a strategy's storage and is none; "
                    "move it out of the way",
                    path.string()));
  }

  static void RemoveOne(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::remove(path, error);
    if (error) {
      throw Error(fmt::format("can't remove {}: {}; check the rights of its directory",
                              path.string(), error.message()));
    }
  }

  std::vector<std::filesystem::path> paths_;
  std::filesystem::path mark_;
};

}  // namespace faultline
