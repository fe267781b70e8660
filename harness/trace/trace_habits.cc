#include "harness/trace/trace_habits.h"

#include <fmt/format.h>
#include <vector>

#include "harness/base/text.h"

namespace faultline {
std::uint64_t TransfersOf(const TraceScan& scan) {
  return scan.CountOf(EventKind::kRead) + scan.CountOf(EventKind::kWrite);
}

std::string HowMoved(const TraceScan& scan) {
  const TraceCounts& counts = scan.end.counts;
  const std::string transfers = FormatCount(TransfersOf(scan));
  const std::string writes = FormatCount(scan.CountOf(EventKind::kWrite));
  std::vector<std::string> parts;
  if (counts.direct_transfers > 0) {
    parts.push_back(fmt::format("{} of {} go past the page cache (O_DIRECT)",
                                FormatCount(counts.direct_transfers), transfers));
  }
  if (counts.asynchronous_requests > 0) {
    parts.push_back(fmt::format(
        "{} awaited later (io_submit), {} in flight at most",
        CountOf(counts.asynchronous_requests, "is a request that was", "are requests that were"),
        FormatCount(counts.most_in_flight)));
  }
  if (counts.durable_writes > 0) {
    parts.push_back(
        fmt::format("{} of {} writes are durable when they return, as if a flush followed each",
                    FormatCount(counts.durable_writes), writes));
  }
  if (counts.appended_writes > 0) {
    parts.push_back(fmt::format("{} of {} writes go to the file's end (O_APPEND)",
                                FormatCount(counts.appended_writes), writes));
  }
  if (counts.advice_calls > 0) {
    parts.push_back(fmt::format("{} advice on accesses",
                                CountOf(counts.advice_calls, "call gives", "calls give")));
  }
  if (counts.preallocations > 0) {
    parts.push_back(
        fmt::format("{} space ahead (fallocate)",
                    CountOf(counts.preallocations, "call allocates", "calls allocate")));
  }
  return Join(parts, "; ");
}

std::string MayLack(const TraceScan& scan) {
  const TraceCounts& counts = scan.end.counts;
  std::vector<std::string> reasons;
  if (counts.unseen_threads > 0) {
    reasons.push_back(fmt::format(
        "{} started and never seen",
        CountOf(counts.unseen_threads, "thread or process was", "threads or processes were")));
  }
  if (counts.rings > 0 && counts.ring_requests == 0) {
    reasons.push_back(fmt::format("{} of io_uring with an unknown number of requests",
                                  CountOf(counts.rings, "ring")));
  }
  const std::uint64_t known =
      counts.ring_requests + counts.unread_transfers + counts.unplaced_transfers;
  if (known > 0 && known >= (scan.accesses + known) / 10.0) {
    std::vector<std::string> parts;
    if (counts.ring_requests > 0) {
      parts.push_back(CountOf(counts.ring_requests, "request to io_uring", "requests to io_uring"));
    }
    if (counts.unread_transfers > 0) {
      parts.push_back(CountOf(counts.unread_transfers, "transfer that was not understood",
                              "transfers that were not understood"));
    }
    if (counts.unplaced_transfers > 0) {
      parts.push_back(CountOf(counts.unplaced_transfers, "transfer of a file that nothing names",
                              "transfers of files that nothing names"));
    }
    reasons.push_back(
        fmt::format("{}, beside {} accesses", Join(parts, ", "), FormatCount(scan.accesses)));
  }
  return Join(reasons, "; ");
}

}  // namespace faultline
