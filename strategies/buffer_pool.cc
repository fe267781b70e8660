// buffer-pool: a cache of the program's own: a fixed number of frames of memory, each with a page of
// the file, transferred past the system's cache.
//
// System calls per record: none while its page is in a frame; else 1 (pread), and 1 (pwritev) for
// each run of changed pages that leaves its frames: changed pages are written in batches, when
// none of a part's unchanged pages can be spared.
//
// The pool is in parts by page number, each with a hash table of its own, its frames, and a hand
// that goes round them (clock eviction: a page used since the hand's last visit stays for one more).
// A part is locked while one of its pages is looked up, used, or transferred.
//
// Not to be compared with strategies that use the system's cache under a memory limit, without
// regard to `memory`: this one takes that much of its own, used or not by anybody else, and no more.
#include <algorithm>
#include <bit>
#include <mutex>
#include <vector>

#include "harness/os/anonymous_memory.h"
#include "strategies/block_file.h"
#include "strategies/paged_access.h"
#include "strategies/short_lock.h"
#include "strategies/slot_table.h"
#include "strategies/synchronous.h"

namespace faultline {
namespace {

// One part: some frames, and where in them pages are.
class PoolPart {
 public:
  // The part's frames lie at `memory`. All outlive the part.
  PoolPart(const BlockFile& file, std::span<std::byte> memory, std::uint64_t batch)
      : file_(&file),
        memory_(memory),
        batch_(batch),
        frames_(memory.size() / file.block_bytes()),
        table_(frames_.size()) {}

  template <class Visit>
  void With(std::uint64_t number, PageUse use, Visit&& visit) {
    const std::lock_guard lock(lock_);
    std::uint32_t index = table_.Find(number);
    if (index == SlotTable::kNone) [[unlikely]]
      index = Load(number);
    Frame& frame = frames_[index];
    frame.used = true;
    if (use == PageUse::kChange) frame.changed = true;
    visit(BytesOf(index).data());
  }

  // Writes every changed page.
  void WriteAll() {
    const std::lock_guard lock(lock_);
    to_write_.clear();
    for (std::uint32_t index = 0; index < frames_.size(); ++index) {
      if (frames_[index].changed) to_write_.push_back(index);
    }
    WriteCollected();
  }

 private:
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};

  struct Frame {
    std::uint64_t number = kEmpty;  // of the page in it
    bool used = false;              // since the hand came by
    bool changed = false;           // since it was written
  };

  std::span<std::byte> BytesOf(std::uint32_t index) const {
    return memory_.subspan(index * file_->block_bytes(), file_->block_bytes());
  }

  BlockFile::Blocks BlocksOf(std::uint64_t number, std::uint64_t count = 1) const {
    return {number * file_->block_bytes(), (number + count) * file_->block_bytes()};
  }

  // Brings the page into a frame.
  std::uint32_t Load(std::uint64_t number) {
    const std::uint32_t index = FreeFrame();
    file_->Read(BlocksOf(number), BytesOf(index));
    frames_[index].number = number;
    table_.Insert(number, index);
    return index;
  }

  // A frame whose page is in the table no more.
  std::uint32_t FreeFrame() {
    if (filled_ < frames_.size()) return static_cast<std::uint32_t>(filled_++);
    // The hand looks for an unchanged page, and at changed ones until there is a batch of them.
    to_write_.clear();
    for (std::size_t steps = 0; steps < 2 * frames_.size() && to_write_.size() < batch_; ++steps) {
      const std::uint32_t index = hand_;
      hand_ = hand_ + 1 == frames_.size() ? 0 : hand_ + 1;
      Frame& frame = frames_[index];
      if (frame.used) {
        frame.used = false;
      } else if (!frame.changed) {
        return Emptied(index);
      } else if (std::find(to_write_.begin(), to_write_.end(), index) == to_write_.end()) {
        to_write_.push_back(index);
      }
    }
    const std::uint32_t first = to_write_.front();
    WriteCollected();
    return Emptied(first);
  }

  std::uint32_t Emptied(std::uint32_t index) {
    Frame& frame = frames_[index];
    if (frame.number != kEmpty) table_.Erase(frame.number);
    frame = {};
    return index;
  }

  // Writes the pages of `to_write_`, neighbours in one call, in the order of the file.
  void WriteCollected() {
    std::sort(to_write_.begin(), to_write_.end(), [&](std::uint32_t left, std::uint32_t right) {
      return frames_[left].number < frames_[right].number;
    });
    for (std::size_t first = 0; first < to_write_.size();) {
      const std::uint64_t number = frames_[to_write_[first]].number;
      parts_.clear();
      std::size_t next = first;
      while (next < to_write_.size() && frames_[to_write_[next]].number == number + parts_.size()) {
        parts_.push_back(BytesOf(to_write_[next++]));
      }
      file_->Write(BlocksOf(number, parts_.size()), parts_);
      first = next;
    }
    for (const std::uint32_t index : to_write_) frames_[index].changed = false;
  }

  ShortLock lock_;
  const BlockFile* file_;
  std::span<std::byte> memory_;
  std::uint64_t batch_;
  std::vector<Frame> frames_;
  SlotTable table_;
  std::uint64_t filled_ = 0;  // frames that had a page so far
  std::uint32_t hand_ = 0;
  std::vector<std::uint32_t> to_write_;
  std::vector<std::span<std::byte>> parts_;
};

class BufferPool final : public Strategy {
 public:
  BufferPool(std::uint64_t memory_bytes, std::uint64_t block_bytes, std::uint64_t batch)
      : memory_bytes_(memory_bytes), block_bytes_(block_bytes), batch_(batch) {
    if (memory_bytes < kFewestFrames * block_bytes) {
      throw UsageError(Concat("buffer-pool: ", FormatSize(memory_bytes),
                              " has room for fewer than ", kFewestFrames,
                              " pages; try memory=", FormatSize(kFewestFrames * block_bytes)));
    }
  }

  void Open(const DatasetFile& file) override {
    file_.Open(file, block_bytes_);
    record_bytes_ = file.geometry.record_size;
    const std::uint64_t frames = memory_bytes_ / block_bytes_;
    const std::uint64_t parts = std::min(kMostParts, std::bit_floor(frames / kFramesOfAPart));
    const std::uint64_t part_bytes = frames / parts * block_bytes_;
    memory_ = os::AnonymousMemory(parts * part_bytes);
    for (std::uint64_t i = 0; i < parts; ++i) {
      parts_.push_back(std::make_unique<PoolPart>(
          file_, memory_.bytes().subspan(i * part_bytes, part_bytes), batch_));
    }
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<PagedAccess<BufferPool>>>(*this, record_bytes_);
  }

  std::uint64_t page_bytes() const { return block_bytes_; }

  template <class Visit>
  void With(std::uint64_t number, PageUse use, Visit&& visit) {
    // Neighbours are in the same part, so that they can be written together.
    const std::uint64_t group = number / kNeighbours;
    parts_[(group * 0x9e3779b97f4a7c15u >> 32) & (parts_.size() - 1)]->With(number, use, visit);
  }

  void Flush() override {
    for (const auto& part : parts_) part->WriteAll();
    file_.Sync();
  }

  void Close() override {
    parts_.clear();
    memory_ = {};
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"memory", FormatSize(memory_bytes_)},
            {"page", FormatSize(block_bytes_)},
            {"parts", Concat(parts_.size())}};
  }

 private:
  static constexpr std::uint64_t kNeighbours = 16;
  static constexpr std::uint64_t kMostParts = 64;
  static constexpr std::uint64_t kFramesOfAPart = 16;  // at least
  static constexpr std::uint64_t kFewestFrames = kFramesOfAPart;

  std::uint64_t memory_bytes_;
  std::uint64_t block_bytes_;
  std::uint64_t batch_;
  std::uint64_t record_bytes_ = 0;
  BlockFile file_;
  os::AnonymousMemory memory_;
  std::vector<std::unique_ptr<PoolPart>> parts_;  // a power of two
};

const Registration<StrategyInfo> kRegistered{{
    .name = "buffer-pool",
    .summary = "pages cached in frames of the program's own, transferred past the system's cache",
    .calls = "none in a cached page; else 1: pread, and pwritev for each run of changed pages "
             "evicted; flush: pwritev for each run, fdatasync",
    .copies = "none, but of records across two pages",
    .capabilities = {.processes = false},
    .options = {{.name = "memory",
                 .kind = OptionKind::kSize,
                 .default_value = "256MiB",
                 .summary = "bytes of all frames",
                 .minimum = 1,
                 .maximum = static_cast<double>(Operation::kMaximumFileSize)},
                {.name = "batch",
                 .kind = OptionKind::kCount,
                 .default_value = "16",
                 .summary = "changed pages that are written together to make room",
                 .minimum = 1,
                 .maximum = os::File::kMaximumParts},
                BlockOption()},
    .make =
        [](const Options& options) {
          return std::make_unique<BufferPool>(options.Size("memory"), BlockBytes(options),
                                              options.Count("batch"));
        },
}};

}  // namespace
}  // namespace faultline
