// buffer-pool: a cache of the program's own: a fixed number of frames of memory, each with a page of
// the file, transferred past the system's cache.
//
// System calls per record: none while its page is in a frame; else 1 (pread), and 1 (pwritev) for
// each run of changed pages that leaves its frames: changed pages are written in batches, when
// none of a part's unchanged pages can be spared.
//
// The pool is in parts by page number, each with a hash table of its own, its frames, and a hand
// that goes round them (clock eviction: a page used since the hand's last visit stays for one more).
// With `ahead` a session knows its next operations, and reads the pages that they will miss many at a
// time (io_uring), into `ahead` pages of its own first: one call for all, and 1 copy more for each.
//
// Where there are several sessions, a part is locked while one of its pages is looked up, used, or
// transferred.
//
// Not to be compared with strategies that use the system's cache under a memory limit, without
// regard to `memory`: this one takes that much of its own, used or not by anybody else, and no more.
#include <algorithm>
#include <bit>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

#include "harness/os/anonymous_memory.h"
#include "strategies/batch_reader.h"
#include "strategies/block_file.h"
#include "strategies/lookahead.h"
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
        states_(memory.size() / file.block_bytes()),
        numbers_(states_.size(), kEmpty),
        table_(states_.size()) {}

  // `shared`: with other threads.
  template <class Visit>
  void With(std::uint64_t number, PageUse use, bool shared, Visit&& visit) {
    std::unique_lock lock(lock_, std::defer_lock);
    if (shared) lock.lock();
    std::uint32_t index = table_.Find(number);
    if (index == SlotTable::kNone) [[unlikely]]
      index = Load(number);
    states_[index] |= use == PageUse::kChange ? kUsed | kChanged : kUsed;
    visit(BytesOf(index).data());
  }

  // Which of the pages are missing, and until when that is known: see Install.
  std::uint64_t FindMissing(std::span<const std::uint64_t> numbers,
                            std::vector<std::uint64_t>& missing) {
    const std::lock_guard lock(lock_);
    std::copy_if(numbers.begin(), numbers.end(), std::back_inserter(missing),
                 [&](std::uint64_t number) { return table_.Find(number) == SlotTable::kNone; });
    return evictions_;
  }

  // Takes pages that were read since FindMissing said `evictions`; `bytes_of(i)` has the i-th. Those
  // that came meanwhile stay as they are. When others left meanwhile, one of these may have come,
  // been changed and left: what was read of them counts for nothing.
  template <class ReadBytes>
  void Install(std::span<const std::uint64_t> numbers, std::uint64_t evictions,
               ReadBytes&& bytes_of) {
    const std::lock_guard lock(lock_);
    if (evictions != evictions_) return;
    // Looked up before the first is taken: that may push out another of them, changed since.
    std::vector<bool> absent(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      absent[i] = table_.Find(numbers[i]) == SlotTable::kNone;
    }
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!absent[i]) continue;
      const std::uint32_t index = FreeFrame();
      const std::span<const std::byte> bytes = bytes_of(i);
      std::copy(bytes.begin(), bytes.end(), BytesOf(index).begin());
      Hold(index, numbers[i]);
      states_[index] = kUsed;
    }
  }

  // Writes every changed page.
  void WriteAll() {
    const std::lock_guard lock(lock_);
    to_write_.clear();
    for (std::uint32_t index = 0; index < states_.size(); ++index) {
      if ((states_[index] & kChanged) != 0) to_write_.push_back(index);
    }
    WriteCollected();
  }

 private:
  static constexpr std::uint64_t kEmpty = ~std::uint64_t{0};

  // What is known of a frame's page, small enough for all to be in the processor's cache.
  using State = std::uint8_t;
  static constexpr State kUsed = 1;     // since the hand came by
  static constexpr State kChanged = 2;  // since it was written

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
    Hold(index, number);
    return index;
  }

  void Hold(std::uint32_t index, std::uint64_t number) {
    numbers_[index] = number;
    table_.Insert(number, index);
  }

  // A frame whose page is in the table no more.
  std::uint32_t FreeFrame() {
    if (filled_ < states_.size()) return static_cast<std::uint32_t>(filled_++);
    // The hand looks for an unchanged page, and at changed ones until there is a batch of them.
    to_write_.clear();
    for (std::size_t steps = 0; steps < 2 * states_.size() && to_write_.size() < batch_; ++steps) {
      const std::uint32_t index = hand_;
      hand_ = hand_ + 1 == states_.size() ? 0 : hand_ + 1;
      if ((states_[index] & kUsed) != 0) {
        states_[index] &= static_cast<State>(~kUsed);
      } else if (states_[index] == 0) {
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
    if (numbers_[index] != kEmpty) {
      table_.Erase(numbers_[index]);
      ++evictions_;
    }
    numbers_[index] = kEmpty;
    states_[index] = 0;
    return index;
  }

  // Writes the pages of `to_write_`, neighbours in one call, in the order of the file.
  void WriteCollected() {
    std::sort(to_write_.begin(), to_write_.end(), [&](std::uint32_t left, std::uint32_t right) {
      return numbers_[left] < numbers_[right];
    });
    for (std::size_t first = 0; first < to_write_.size();) {
      const std::uint64_t number = numbers_[to_write_[first]];
      parts_.clear();
      std::size_t next = first;
      while (next < to_write_.size() && numbers_[to_write_[next]] == number + parts_.size()) {
        parts_.push_back(BytesOf(to_write_[next++]));
      }
      file_->Write(BlocksOf(number, parts_.size()), parts_);
      first = next;
    }
    for (const std::uint32_t index : to_write_) states_[index] &= static_cast<State>(~kChanged);
  }

  ShortLock lock_;
  const BlockFile* file_;
  std::span<std::byte> memory_;
  std::uint64_t batch_;
  std::vector<State> states_;           // of frames
  std::vector<std::uint64_t> numbers_;  // of the pages in them
  SlotTable table_;
  std::uint64_t filled_ = 0;  // frames that had a page so far
  std::uint64_t evictions_ = 0;
  std::uint32_t hand_ = 0;
  std::vector<std::uint32_t> to_write_;
  std::vector<std::span<std::byte>> parts_;
};

class BufferPool;

// Gathers the pages of the next operations, and brings those that the pool misses.
class PagesAhead {
 public:
  PagesAhead(BufferPool& pool, unsigned most);

  void operator()(const Operation& operation);
  void Finish();

 private:
  void Bring(std::span<const std::uint64_t> numbers);

  BufferPool* pool_;
  std::unique_ptr<BatchReader> reader_;
  std::vector<std::uint64_t> wanted_;
  std::vector<std::uint64_t> missing_;
};

class BufferPool final : public Strategy {
 public:
  BufferPool(std::uint64_t memory_bytes, std::uint64_t block_bytes, std::uint64_t batch,
             std::uint64_t ahead)
      : memory_bytes_(memory_bytes), block_bytes_(block_bytes), batch_(batch), ahead_(ahead) {
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
    large_pages_ = memory_.PreferLargePages();
    for (std::uint64_t i = 0; i < parts; ++i) {
      parts_.push_back(std::make_unique<PoolPart>(
          file_, memory_.bytes().subspan(i * part_bytes, part_bytes), batch_));
    }
  }

  std::unique_ptr<Session> NewSession() override {
    ++sessions_;
    if (ahead_ > 0) {
      return std::make_unique<Lookahead<PagedAccess<BufferPool>, PagesAhead>>(
          ahead_, PagesAhead(*this, static_cast<unsigned>(ahead_)), *this, record_bytes_);
    }
    return std::make_unique<Synchronous<PagedAccess<BufferPool>>>(*this, record_bytes_);
  }

  std::uint64_t page_bytes() const { return block_bytes_; }

  template <class Visit>
  void With(std::uint64_t number, PageUse use, Visit&& visit) {
    parts_[PartOf(number)]->With(number, use, sessions_ > 1, visit);
  }

  // Neighbours are in the same part, so that they can be written together.
  std::size_t PartOf(std::uint64_t number) const {
    const std::uint64_t group = number / kNeighbours;
    return (group * 0x9e3779b97f4a7c15u >> 32) & (parts_.size() - 1);
  }

  PoolPart& part(std::size_t index) { return *parts_[index]; }
  const BlockFile& file() const { return file_; }

  void Flush() override {
    for (const auto& part : parts_) part->WriteAll();
    file_.Sync();
  }

  void Close() override {
    parts_.clear();
    memory_ = {};
    sessions_ = 0;
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"memory", FormatSize(memory_bytes_)},
            {"page", FormatSize(block_bytes_)},
            {"parts", Concat(parts_.size())},
            {"large_pages", large_pages_ ? "asked for" : "refused"}};
  }

 private:
  static constexpr std::uint64_t kNeighbours = 16;
  static constexpr std::uint64_t kMostParts = 64;
  static constexpr std::uint64_t kFramesOfAPart = 16;  // at least
  static constexpr std::uint64_t kFewestFrames = kFramesOfAPart;

  std::uint64_t memory_bytes_;
  std::uint64_t block_bytes_;
  std::uint64_t batch_;
  std::uint64_t ahead_;
  std::uint64_t record_bytes_ = 0;
  std::uint64_t sessions_ = 0;
  BlockFile file_;
  os::AnonymousMemory memory_;
  bool large_pages_ = false;
  std::vector<std::unique_ptr<PoolPart>> parts_;  // a power of two
};

PagesAhead::PagesAhead(BufferPool& pool, unsigned most)
    : pool_(&pool), reader_(std::make_unique<BatchReader>(pool.file(), most)) {}

void PagesAhead::operator()(const Operation& operation) {
  const std::uint64_t page_bytes = pool_->page_bytes();
  const std::uint64_t last = (operation.offset() + operation.length() - 1) / page_bytes;
  for (std::uint64_t page = operation.offset() / page_bytes; page <= last; ++page) {
    wanted_.push_back(page);
  }
}

// Part by part: what one knows about its pages holds for them only.
void PagesAhead::Finish() {
  const auto place = [&](std::uint64_t number) { return std::pair(pool_->PartOf(number), number); };
  std::sort(wanted_.begin(), wanted_.end(),
            [&](std::uint64_t left, std::uint64_t right) { return place(left) < place(right); });
  wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
  for (std::span<const std::uint64_t> rest = wanted_; !rest.empty();) {
    const auto now = rest.first(std::min<std::size_t>(rest.size(), reader_->most()));
    Bring(now);
    rest = rest.subspan(now.size());
  }
  wanted_.clear();
}

void PagesAhead::Bring(std::span<const std::uint64_t> numbers) {
  struct Share {
    std::size_t part;
    std::size_t first;  // of missing_
    std::uint64_t evictions;
  };
  std::vector<Share> shares;
  missing_.clear();
  while (!numbers.empty()) {
    const std::size_t part = pool_->PartOf(numbers.front());
    const auto end = std::find_if(numbers.begin(), numbers.end(), [&](std::uint64_t number) {
      return pool_->PartOf(number) != part;
    });
    const auto count = static_cast<std::size_t>(end - numbers.begin());
    const std::size_t first = missing_.size();
    const std::uint64_t evictions = pool_->part(part).FindMissing(numbers.first(count), missing_);
    if (missing_.size() > first) shares.push_back({part, first, evictions});
    numbers = numbers.subspan(count);
  }
  reader_->Read(missing_);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const std::size_t first = shares[i].first;
    const std::size_t end = i + 1 < shares.size() ? shares[i + 1].first : missing_.size();
    pool_->part(shares[i].part)
        .Install(std::span(missing_).subspan(first, end - first), shares[i].evictions,
                 [&](std::size_t at) { return reader_->BytesOf(first + at); });
  }
}

const Registration<StrategyInfo> kRegistered{{
    .name = "buffer-pool",
    .summary = "pages cached in frames of the program's own, transferred past the system's cache",
    .calls = "none in a cached page; else 1: pread, and pwritev for each run of changed pages "
             "evicted; flush: pwritev for each run, fdatasync",
    .copies = "none, but of records across two pages, and with ahead of pages that were missing",
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
                {.name = "ahead",
                 .kind = OptionKind::kCount,
                 .default_value = "0",
                 .summary = "operations whose missing pages are read together before them",
                 .minimum = 0,
                 .maximum = 4096},
                BlockOption()},
    .make =
        [](const Options& options) {
          return std::make_unique<BufferPool>(options.Size("memory"), BlockBytes(options),
                                              options.Count("batch"), options.Count("ahead"));
        },
}};

}  // namespace
}  // namespace faultline
