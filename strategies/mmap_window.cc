// mmap-window: views of a part of the file, a bounded number per session, replaced by least recent
// use. It is how a file larger than the address space, or than what a program cares to map, is
// worked on.
//
// System calls per record: none while the record's window is mapped, else 2 (munmap, mmap), and the
// page faults of a fresh view; a run of neighbouring discards is 1 (fallocate). A record across the
// border of two windows is copied out of both and back.
//
// Not to be compared with mmap-view as "mapping against mapping" without the share of window
// changes: with random accesses to a file much larger than size × count, nearly every record costs
// one.
#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <mutex>

#include "faultline/synchronous.h"
#include "harness/base/text.h"
#include "strategies/view_hints.h"
#include "strategies/window_set.h"

namespace faultline::mmap_window {
namespace {

// A record across a border needs both of its windows.
constexpr std::uint64_t kMinimumCount = 2;

class WindowAccess {
 public:
  WindowAccess(WindowSet& windows, const os::File& file, std::uint64_t record_bytes)
      : windows_(&windows), file_(&file), buffer_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const WindowSet::Window window = windows_->At(offset);
    if (offset + length <= window.end) [[likely]] {
      visit(std::span<const std::byte>(window.data + (offset - window.begin), length));
    } else {
      const Straddling record(window, *windows_, offset, {buffer_.data(), length});
      record.CopyOut();
      visit(std::span<const std::byte>(record.bytes));
    }
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const WindowSet::Window window = windows_->At(offset);
    if (offset + length <= window.end) [[likely]] {
      mutate(std::span<std::byte>(window.data + (offset - window.begin), length));
    } else {
      const Straddling record(window, *windows_, offset, {buffer_.data(), length});
      record.CopyOut();
      mutate(record.bytes);
      record.CopyBack();
    }
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const WindowSet::Window window = windows_->At(offset);
    if (offset + length <= window.end) [[likely]] {
      produce(std::span<std::byte>(window.data + (offset - window.begin), length));
    } else {
      const Straddling record(window, *windows_, offset, {buffer_.data(), length});
      produce(record.bytes);
      record.CopyBack();
    }
  }

  // Of the file: windows show the hole at once, whether they are mapped or not.
  void Discard(const DiscardRun& run) { file_->Discard(run.offset, run.length); }

  // Of the file, not of the windows: most of what was changed is in windows that are no longer
  // mapped.
  void Flush() { file_->SyncData(); }

 private:
  // A record that begins in `left` and ends in the window after it, with a copy of it in `bytes`.
  // Both windows stay mapped, since a set has at least two.
  struct Straddling {
    Straddling(const WindowSet::Window& left, WindowSet& windows, std::uint64_t offset,
               std::span<std::byte> copy)
        : bytes(copy),
          left_bytes(left.end - offset),
          left_part(left.data + (offset - left.begin)),
          right_part(windows.At(left.end).data) {}

    void CopyOut() const {
      std::memcpy(bytes.data(), left_part, left_bytes);
      std::memcpy(bytes.data() + left_bytes, right_part, bytes.size() - left_bytes);
    }

    void CopyBack() const {
      std::memcpy(left_part, bytes.data(), left_bytes);
      std::memcpy(right_part, bytes.data() + left_bytes, bytes.size() - left_bytes);
    }

    std::span<std::byte> bytes;
    std::uint64_t left_bytes;
    std::byte* left_part;
    std::byte* right_part;
  };

  WindowSet* windows_;
  const os::File* file_;
  std::vector<std::byte> buffer_;
};

class MmapWindow final : public Strategy {
 public:
  MmapWindow(std::uint64_t window_bytes, std::uint64_t count, ViewHints hints)
      : window_bytes_(window_bytes), count_(count), hints_(std::move(hints)) {
    const std::uint64_t granularity = os::ViewGranularity();
    if (window_bytes % granularity != 0) {
      throw UsageError(
          fmt::format("mmap-window: a window of {} bytes can't be mapped here, as views begin at "
                      "multiples of {}; try size={}",
                      window_bytes, FormatSize(granularity),
                      FormatSize((window_bytes / granularity + 1) * granularity)));
    }
  }

  void Check(const Geometry& geometry) const override {
    if (geometry.record_size <= window_bytes_) return;
    const std::uint64_t granularity = os::ViewGranularity();
    throw UsageError(fmt::format(
        "mmap-window: a record of {} bytes is larger than the window of {}; try size={}",
        geometry.record_size, FormatSize(window_bytes_),
        FormatSize((geometry.record_size + granularity - 1) / granularity * granularity)));
  }

  void Open(const DatasetFile& file) override {
    Check(file.geometry);
    record_bytes_ = file.geometry.record_size;
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
    mapping_ = os::FileMapping::FromFile(file_, os::Protection::kReadWrite);
    windows_of_file_ = (mapping_.size() + window_bytes_ - 1) / window_bytes_;
    count_ = std::min(count_, windows_of_file_);
  }

  std::unique_ptr<Session> NewSession() override {
    auto windows = std::make_unique<WindowSet>(
        mapping_, window_bytes_, static_cast<std::uint32_t>(std::max(kMinimumCount, count_)),
        [this](std::uint64_t offset, std::uint64_t length) {
          return hints_.Map(mapping_, {.offset = offset, .length = length});
        });
    const std::lock_guard lock(mutex_);
    window_sets_.push_back(std::move(windows));
    return std::make_unique<Synchronous<WindowAccess>>(*window_sets_.back(), file_, record_bytes_);
  }

  void Flush() override { file_.SyncData(); }

  void Close() override {
    for (const auto& windows : window_sets_) windows->Clear();
    mapping_.Close();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    std::map<std::string, std::string> settings = hints_.Settings();
    settings.insert({{"size", FormatSize(window_bytes_)},
                     {"count", fmt::format("{} per session", count_)},
                     {"windows_of_file", std::to_string(windows_of_file_)}});
    return settings;
  }

 private:
  std::uint64_t window_bytes_;
  std::uint64_t count_;
  ViewHints hints_;
  std::uint64_t record_bytes_ = 0;
  std::uint64_t windows_of_file_ = 0;
  os::File file_;
  os::FileMapping mapping_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<WindowSet>> window_sets_;  // one per session, unmapped by Close
};

std::vector<OptionInfo> OptionsOf() {
  std::vector<OptionInfo> options = {
      {.name = "size",
       .kind = OptionKind::kSize,
       .default_value = "1MiB",
       .summary = "bytes of a window, a multiple of what views are aligned to",
       .minimum = 1,
       .maximum = static_cast<double>(Operation::kMaximumFileSize)},
      {.name = "count",
       .kind = OptionKind::kCount,
       .default_value = "16",
       .summary = "windows that a session has mapped at a time",
       .minimum = kMinimumCount,
       .maximum = 1 << 20}};
  for (OptionInfo& hint : ViewHintOptions()) options.push_back(std::move(hint));
  return options;
}

const Registration<StrategyInfo> kRegistered{{
    .name = "mmap-window",
    .summary = "views of a part of the file, the least recently used one moved on demand",
    .calls = "none in a mapped window; 2 per change of window: munmap, mmap, and madvise with "
             "advice; flush: fdatasync",
    .copies = "none, but of records across two windows",
    .discards = "1 per run of neighbours: fallocate, which gives the storage back",
    .capabilities = {.gives_back = true},
    .options = OptionsOf(),
    .make =
        [](const Options& options) {
          return std::make_unique<MmapWindow>(options.Size("size"), options.Count("count"),
                                              ViewHints(options));
        },
}};

}  // namespace
}  // namespace faultline::mmap_window
