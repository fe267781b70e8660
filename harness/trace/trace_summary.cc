#include "harness/trace/trace_summary.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "harness/base/random.h"
#include "harness/trace/trace_reader.h"

namespace faultline {
namespace {

constexpr std::uint64_t kRegions = 4096;
// A hostile trace may name more threads than there can be: this many are counted apart.
constexpr std::size_t kMostThreads = std::size_t{1} << 20;

// The median of a stream of numbers, to within a quarter of its value, in bounded memory: by bins
// that grow with the numbers, four to each power of two.
class MedianBins {
 public:
  void Add(std::uint64_t value) {
    ++bins_[BinOf(value)];
    ++count_;
  }

  std::optional<double> Median() const {
    if (count_ == 0) return std::nullopt;
    std::uint64_t before = 0;
    for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
      before += bins_[bin];
      if (2 * before >= count_) return LowestOf(bin);
    }
    return std::nullopt;
  }

 private:
  static std::size_t BinOf(std::uint64_t value) {
    if (value < 4) return value;
    const int power = static_cast<int>(std::bit_width(value)) - 3;
    return static_cast<std::size_t>(4 * power) + (value >> power);
  }

  static double LowestOf(std::size_t bin) {
    if (bin < 8) return static_cast<double>(bin);
    const std::size_t power = bin / 4 - 1;
    return static_cast<double>((std::uint64_t{bin % 4} + 4) << power);
  }

  std::array<std::uint64_t, 260> bins_ = {};
  std::uint64_t count_ = 0;
};

// Counts accesses to the files in units of equal size.
class RegionCounts {
 public:
  explicit RegionCounts(const std::vector<std::uint64_t>& extents) {
    unit_ = kSummaryPageBytes;
    while (Exceed(extents, kRegions + extents.size())) unit_ *= 2;
    for (const std::uint64_t extent : extents) {
      first_.push_back(counts_.size());
      counts_.resize(counts_.size() + Units(extent));
    }
  }

  void Add(const TraceEvent& event) {
    const std::uint64_t first = first_[event.file - 1];
    const std::uint64_t last = (event.offset + event.length - 1) / unit_;
    for (std::uint64_t unit = event.offset / unit_; unit <= last; ++unit) ++counts_[first + unit];
  }

  std::vector<HotRegion> Hottest(std::size_t count) const {
    std::vector<HotRegion> regions;
    for (std::size_t file = 0; file < first_.size(); ++file) {
      const std::size_t end = file + 1 < first_.size() ? first_[file + 1] : counts_.size();
      for (std::size_t unit = first_[file]; unit < end; ++unit) {
        if (counts_[unit] == 0) continue;
        regions.push_back({.file = static_cast<std::uint32_t>(file + 1),
                           .offset = (unit - first_[file]) * unit_,
                           .length = unit_,
                           .accesses = counts_[unit]});
      }
    }
    std::stable_sort(regions.begin(), regions.end(), [](const HotRegion& a, const HotRegion& b) {
      return a.accesses > b.accesses;
    });
    regions.resize(std::min(count, regions.size()));
    return regions;
  }

  std::uint64_t unit() const { return unit_; }

 private:
  std::uint64_t Units(std::uint64_t extent) const { return extent / unit_ + (extent % unit_ != 0); }

  bool Exceed(const std::vector<std::uint64_t>& extents, std::uint64_t most) const {
    std::uint64_t sum = 0;
    for (const std::uint64_t extent : extents) {
      sum += Units(extent);
      if (sum > most) return true;
    }
    return false;
  }

  std::uint64_t unit_ = 0;
  std::vector<std::uint64_t> first_;
  std::vector<std::uint64_t> counts_;
};

// Whether accesses continue the one before of the same thread to the same file.
class Sequences {
 public:
  bool Continues(const TraceEvent& event) {
    if (ends_.size() >= kMostThreads) ends_.clear();
    std::uint64_t& end = ends_[std::uint64_t{event.thread} << 32 | event.file];
    return std::exchange(end, event.offset + event.length) == event.offset && event.offset > 0;
  }

 private:
  std::unordered_map<std::uint64_t, std::uint64_t> ends_;
};

class Summarizer {
 public:
  explicit Summarizer(TraceSummary& summary) : summary_(summary), regions_(summary.scan->extents) {
    summary.files.resize(summary.scan->files.size());
    if (summary.scan->end.timed && summary.scan->span_ns > 0) {
      summary.interval_ns = summary.scan->span_ns / TraceSummary::kIntervals + 1;
    }
  }

  void Add(const TraceEvent& event) {
    if (threads_.size() < kMostThreads) {
      threads_.insert(event.thread);
      processes_.insert(event.process);
    }
    if (event.kind == EventKind::kFlush) AddFlush(event);
    if (IsAccess(event.kind) && event.length > 0) AddAccess(event);
  }

  void Finish() {
    summary_.processes = processes_.size();
    summary_.threads = threads_.size();
    summary_.median_writes_per_flush = writes_per_flush_.Median();
    summary_.median_written_bytes_per_flush = bytes_per_flush_.Median();
    summary_.unflushed_writes = unflushed_writes_;
    summary_.region_bytes = regions_.unit();
    summary_.hot_regions = regions_.Hottest(TraceSummary::kHotRegions);
  }

 private:
  void AddFlush(const TraceEvent& event) {
    if (event.file != kAllFiles) ++summary_.files[event.file - 1].flushes;
    if (unflushed_writes_ == 0) return;
    writes_per_flush_.Add(std::exchange(unflushed_writes_, 0));
    bytes_per_flush_.Add(std::exchange(unflushed_bytes_, 0));
  }

  void AddAccess(const TraceEvent& event) {
    FileSummary& file = summary_.files[event.file - 1];
    const bool changes = event.kind == EventKind::kWrite || event.kind == EventKind::kFaultWrite;
    const auto bin = static_cast<std::size_t>(std::bit_width(event.length - 1));
    const bool continues = sequences_.Continues(event);
    if (changes) {
      ++file.writes;
      file.written_bytes += event.length;
      ++summary_.write_sizes[bin];
      summary_.sequential_writes += continues ? 1 : 0;
      ++unflushed_writes_;
      unflushed_bytes_ += event.length;
    } else {
      ++file.reads;
      file.read_bytes += event.length;
      ++summary_.read_sizes[bin];
      summary_.sequential_reads += continues ? 1 : 0;
    }
    regions_.Add(event);
    // Times may go back a little, as events are in the order in which calls ended.
    if (summary_.interval_ns > 0) {
      interval_ = std::max(interval_, event.time_ns / summary_.interval_ns);
    }
    const std::uint64_t base = Mix64(event.file);
    const std::uint64_t last = (event.offset + event.length - 1) / kSummaryPageBytes;
    for (std::uint64_t page = event.offset / kSummaryPageBytes; page <= last; ++page) {
      summary_.pages.Access(base + page, interval_);
    }
  }

  TraceSummary& summary_;
  RegionCounts regions_;
  Sequences sequences_;
  std::unordered_set<std::uint32_t> processes_;
  std::unordered_set<std::uint32_t> threads_;
  std::uint64_t interval_ = 0;
  std::uint64_t unflushed_writes_ = 0;
  std::uint64_t unflushed_bytes_ = 0;
  MedianBins writes_per_flush_;
  MedianBins bytes_per_flush_;
};

}  // namespace

TraceSummary SummarizeTrace(const std::filesystem::path& path) {
  TraceSummary summary;
  summary.path = path;
  summary.scan = ScanTrace(path);
  Summarizer summarizer(summary);
  TraceReader reader(path);
  TraceEvent event;
  while (reader.Next(event)) summarizer.Add(event);
  summarizer.Finish();
  return summary;
}

}  // namespace faultline
