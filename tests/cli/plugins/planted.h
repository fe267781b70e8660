// What the planted strategies of plugin_test.py have in common: all but the access.
#pragma once

#include <functional>
#include <memory>

#include "strategies/positioned_access.h"
#include "strategies/synchronous.h"

namespace faultline {

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
