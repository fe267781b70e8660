// What the planted strategies of plugin_test.py have in common: all but what is wrong with them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "faultline/synchronous.h"

namespace faultline {

// Positioned calls through a buffer of the session's own.
class PlainAccess {
 public:
  PlainAccess(const os::File& file, std::uint64_t record_bytes)
      : file_(&file), record_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const std::span<std::byte> record(record_.data(), length);
    file_->ReadExactlyAt(offset, record);
    visit(std::span<const std::byte>(record));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const std::span<std::byte> record(record_.data(), length);
    file_->ReadExactlyAt(offset, record);
    mutate(record);
    file_->WriteAt(offset, record);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const std::span<std::byte> record(record_.data(), length);
    produce(record);
    file_->WriteAt(offset, record);
  }

  void Flush() { file_->SyncData(); }

 private:
  const os::File* file_;
  std::vector<std::byte> record_;
};

template <class Access>
class Planted final : public Strategy {
 public:
  // What each access gets besides the file and its records' size.
  template <class... Parts>
  explicit Planted(Parts... parts)
      : new_session_([=](const os::File& file, std::uint64_t record_bytes) {
          return std::make_unique<Synchronous<Access>>(file, record_bytes, parts...);
        }) {}

  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override { return new_session_(file_, record_bytes_); }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  std::function<std::unique_ptr<Session>(const os::File&, std::uint64_t)> new_session_;
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

}  // namespace faultline
