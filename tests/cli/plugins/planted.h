// What the planted strategies of plugin_test.py have in common: all but the access.
#pragma once

#include <memory>

#include "strategies/positioned_access.h"
#include "strategies/synchronous.h"

namespace faultline {

template <class Access>
class Planted final : public Strategy {
 public:
  void Open(const DatasetFile& file) override {
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    record_bytes_ = file.geometry.record_size;
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<Access>>(file_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }
  void Close() override { file_.Close(); }

 private:
  os::File file_;
  std::uint64_t record_bytes_ = 0;
};

}  // namespace faultline
