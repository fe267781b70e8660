// Pages of the data file in the system's page cache, whichever process brought them there.
#include "harness/os/page_cache.h"
#include "harness/probe/probe.h"

namespace faultline::cache_probe {
namespace {

class CacheProbe final : public Probe {
 public:
  explicit CacheProbe(const os::File* data_file) : data_file_(data_file) {}

  std::vector<CounterValue> Read() override {
    constexpr std::size_t kCounters = 3;
    if (data_file_ == nullptr) return std::vector<CounterValue>(kCounters);
    const os::Residency residency = os::MeasureResidency(*data_file_);
    return {residency.cached_pages, residency.dirty_pages, residency.writeback_pages};
  }

  std::string WhyAbsent() const override {
    if (data_file_ == nullptr) return "there is no data file";
    return "this kernel lacks cachestat (it came with 6.5), or a filter forbids it; mincore can't "
           "tell dirty pages";
  }

 private:
  const os::File* data_file_;
};

const Registration<ProbeInfo> kRegistered{{
    .name = "cache",
    .summary = "pages of the data file in the page cache (cachestat, or mincore)",
    .counters =
        {
            {.name = "cached_pages",
             .unit = "pages",
             .summary = "pages of the file in memory",
             .kind = CounterKind::kLevel,
             .scope = CounterScope::kFile},
            {.name = "dirty_pages",
             .unit = "pages",
             .summary = "of those, pages that still have to be written (all of a large folio with "
                        "a dirty one)",
             .kind = CounterKind::kLevel,
             .scope = CounterScope::kFile},
            {.name = "writeback_pages",
             .unit = "pages",
             .summary = "of those, pages on their way to storage",
             .kind = CounterKind::kLevel,
             .scope = CounterScope::kFile},
        },
    .make =
        [](const ProbeSubject& subject) { return std::make_unique<CacheProbe>(subject.data_file); },
}};

}  // namespace
}  // namespace faultline::cache_probe
