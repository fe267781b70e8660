// buffer-pool: a cache of the program's own: a fixed number of frames of memory, each with a page
// of the file, transferred past the system's cache.
//
// System calls per record: none while its page is in a frame; else 1 (pread), and 1 (pwritev) for
// each run of changed pages that leaves its frames: changed pages are written in batches, when
// none of a part's unchanged pages can be spared. The whole pages of a run of neighbouring discards
// leave their frames unwritten, and become a hole (1 call: fallocate).
//
// The pool is in parts by page number, each with its share of a hash table, its frames, and a hand
// that goes round them (clock eviction: a page used since the hand's last visit stays for one
// more). With `ahead` a session knows its next operations, and reads the pages that they will miss
// while it executes earlier ones (io_uring), into memory of its own first: one call for many, and 1
// copy more for each.
//
// Where there are several sessions, a part is locked while one of its pages is looked up, used, or
// transferred.
//
// Not to be compared with strategies that use the system's cache under a memory limit, without
// regard to `memory`: this one takes that much of its own, whether others use it or not, and no
// more.
#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "harness/os/anonymous_memory.h"
#include "strategies/block_file.h"
#include "strategies/lookahead.h"
#include "strategies/paged_access.h"
#include "strategies/pages_ahead.h"
#include "strategies/pool_part.h"
#include "strategies/pool_session.h"

namespace faultline::buffer_pool {
namespace {

// How many operations are announced before their turn, and for what; 0 for none.
struct Ahead {
  std::uint64_t read = 0;      // of missing pages
  std::uint64_t prefetch = 0;  // of records in frames, by the processor
};

class BufferPool final : public Strategy {
 public:
  BufferPool(std::uint64_t memory_bytes, std::uint64_t block_bytes, std::uint64_t batch,
             Ahead ahead)
      : memory_bytes_(memory_bytes), block_bytes_(block_bytes), batch_(batch), ahead_(ahead) {
    if (ahead.read != 0 && ahead.prefetch != 0) {
      throw UsageError("buffer-pool: ahead and prefetch exclude each other; try one of them");
    }
    if (memory_bytes / block_bytes > kMostFrames) {
      throw UsageError(fmt::format("buffer-pool: {} has room for more than {} pages; try block={}",
                                   FormatSize(memory_bytes), kMostFrames,
                                   FormatSize(std::bit_ceil(memory_bytes / kMostFrames))));
    }
    if (memory_bytes < kFewestFrames * block_bytes) {
      throw UsageError(fmt::format(
          "buffer-pool: {} has room for fewer than {} pages; try memory={}",
          FormatSize(memory_bytes), kFewestFrames, FormatSize(kFewestFrames * block_bytes)));
    }
  }

  void Open(const DatasetFile& file) override {
    file_.Open(file, block_bytes_);
    record_bytes_ = file.geometry.record_size;
    const std::uint64_t frames = memory_bytes_ / block_bytes_;
    const std::uint64_t parts = std::min(kMostParts, std::bit_floor(frames / kFramesOfAPart));
    const std::uint64_t frames_of_part = frames / parts;
    memory_ = os::AnonymousMemory(parts * frames_of_part * block_bytes_);
    large_pages_ = memory_.PreferLargePages();
    frames_ = std::make_unique<PoolFrames>(memory_.bytes(), block_bytes_, parts);
    for (std::uint64_t i = 0; i < parts; ++i) {
      parts_.push_back(std::make_unique<PoolPart>(
          file_, *frames_, static_cast<std::uint32_t>(1 + i * frames_of_part),
          static_cast<std::uint32_t>(frames_of_part), batch_));
    }
  }

  std::unique_ptr<Session> NewSession() override {
    ++sessions_;
    const std::span<std::byte> buffer = buffers_.New(record_bytes_);
    using Records = PoolSession<BufferPool>;
    if (ahead_.prefetch > 0) {
      return std::make_unique<Lookahead<Records, PrefetchFrames<BufferPool>>>(
          Distance{ahead_.prefetch}, PrefetchFrames<BufferPool>(*this), *this, buffer);
    }
    if (ahead_.read > 0) {
      const std::size_t piece = std::max<std::size_t>(1, ahead_.read / kPiecesAhead);
      const Distance distance{piece, ahead_.read / piece};
      PagesAhead<BufferPool> ahead(*this, distance, record_bytes_);
      ahead_bytes_ = ahead.memory_bytes();
      return std::make_unique<Lookahead<Records, PagesAhead<BufferPool>>>(
          distance, std::move(ahead), *this, buffer);
    }
    return std::make_unique<Records>(*this, buffer);
  }

  std::uint64_t page_bytes() const { return block_bytes_; }

  const BlockFile& file() const { return file_; }

  PoolFrames& frames() { return *frames_; }

  bool IsShared() const { return sessions_ > 1; }

  PoolPart& PartOf(std::uint64_t number) { return *parts_[frames_->table.PartOf(number)]; }

  // For several sessions: the part is locked while the page is looked up, used or transferred.
  template <class Visit>
  void With(std::uint64_t number, PageUse use, Visit&& visit) {
    PoolPart& part = PartOf(number);
    const std::lock_guard lock(part.lock());
    visit(frames_->BytesOf(part.Use(number, use)).data());
  }

  std::optional<std::uint64_t> WhenMissed(std::uint64_t number) {
    return PartOf(number).WhenMissed(number);
  }

  void Install(std::uint64_t number, std::uint64_t missed, std::span<const std::byte> bytes) {
    PartOf(number).Install(number, missed, bytes);
  }

  std::uint64_t discard_bytes() const { return file_.unit(); }

  // The pages' own session is the only one to ask for them, now or ahead: what it began to read
  // before is not installed any more.
  void DiscardPages(std::uint64_t offset, std::uint64_t length) {
    for (std::uint64_t at = offset; at < offset + length; at += block_bytes_) {
      PartOf(at / block_bytes_).Drop(at / block_bytes_);
    }
    file_.Discard(offset, length);
  }

  void Flush() override {
    for (const auto& part : parts_) part->WriteAll();
    file_.Sync();
  }

  void Close() override {
    parts_.clear();
    frames_.reset();
    memory_ = {};
    buffers_.Clear();
    sessions_ = 0;
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    std::map<std::string, std::string> settings = {
        {"memory", FormatSize(memory_bytes_)},
        {"page", FormatSize(block_bytes_)},
        {"parts", std::to_string(parts_.size())},
        {"large_pages", large_pages_ ? "asked for" : "refused"}};
    if (ahead_bytes_ > 0)
      settings["memory_ahead"] = fmt::format("{} a thread", FormatSize(ahead_bytes_));
    return settings;
  }

 private:
  static constexpr std::uint64_t kPiecesAhead = 4;
  static constexpr std::uint64_t kMostParts = 64;
  static constexpr std::uint64_t kMostFrames = std::uint64_t{1}
                                               << 28;  // that the table tells apart
  static constexpr std::uint64_t kFramesOfAPart = 16;  // at least
  static constexpr std::uint64_t kFewestFrames = kFramesOfAPart;

  std::uint64_t memory_bytes_;
  std::uint64_t block_bytes_;
  std::uint64_t batch_;
  Ahead ahead_;
  std::uint64_t record_bytes_ = 0;
  std::uint64_t sessions_ = 0;
  std::uint64_t ahead_bytes_ = 0;  // of each session
  BlockFile file_;
  os::AnonymousMemory memory_;
  bool large_pages_ = false;
  std::unique_ptr<PoolFrames> frames_;
  std::vector<std::unique_ptr<PoolPart>> parts_;  // a power of two
  RecordBuffers buffers_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "buffer-pool",
    .summary = "pages cached in frames of the program's own, transferred past the system's cache",
    .calls = "none in a cached page; else 1: pread, and pwritev for each run of changed pages "
             "evicted; flush: pwritev for each run, fdatasync",
    .copies = "none, but of records across two pages, and with ahead of pages that were missing",
    .discards = "1 per run of neighbours: fallocate, which gives whole pages back, and their "
                "frames; zeros are stored around them",
    .capabilities = {.processes = false, .gives_back = true},
    .batches =
        [](const Options& options) {
          return options.Count("ahead") > 0 || options.Count("prefetch") > 0;
        },
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
                 .summary =
                     "operations whose missing pages are being read while earlier ones execute",
                 .minimum = 0,
                 .maximum = 4096},
                {.name = "prefetch",
                 .kind = OptionKind::kCount,
                 .default_value = "0",
                 .summary = "operations ahead whose records the processor is asked for",
                 .minimum = 0,
                 .maximum = 4096},
                BlockOption()},
    .make =
        [](const Options& options) {
          return std::make_unique<BufferPool>(
              options.Size("memory"), BlockBytes(options), options.Count("batch"),
              Ahead{.read = options.Count("ahead"), .prefetch = options.Count("prefetch")});
        },
}};

}  // namespace
}  // namespace faultline::buffer_pool
