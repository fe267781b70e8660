// What a trace consists of: accesses of programs to ranges of files.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

enum class EventKind : std::uint8_t {
  kRead,        // bytes came from the file to the program
  kWrite,       // bytes went from the program to the file
  kMap,         // a range of the file appeared in the program's memory
  kUnmap,       // a range of the file left it
  kFaultRead,   // the program looked at a page of a mapped range that its page table didn't show
  kFaultWrite,  // likewise, and changed it
  kFlush,       // a call that returned when the file was on stable storage
  kWriteOut,    // a call that started or awaited writing, and promises nothing (sync_file_range)
  kTruncate,    // the file's size became `offset`
  kOpen,
  kClose,
  kDiscard,  // a range of the file became zeros, or nobody's: a punched hole, a trim
};
inline constexpr std::size_t kEventKinds = 12;

// "read", "fault-write" and so on, as documents name them.
constexpr std::string_view EventKindName(EventKind kind) {
  constexpr std::array<std::string_view, kEventKinds> kNames = {
      "read",  "write",     "map",      "unmap", "fault-read", "fault-write",
      "flush", "write-out", "truncate", "open",  "close",      "discard"};
  return kNames[static_cast<std::size_t>(kind)];
}

// Whether bytes of the file were read or changed.
constexpr bool IsAccess(EventKind kind) {
  return kind == EventKind::kRead || kind == EventKind::kWrite || kind == EventKind::kFaultRead ||
         kind == EventKind::kFaultWrite;
}

// Bits of TraceEvent::flags. Of a map: what the mapping is; of an open: what the descriptor may do.
inline constexpr std::uint8_t kFlagWritable = 1;
inline constexpr std::uint8_t kFlagShared = 2;      // of a map: stores reach the file
inline constexpr std::uint8_t kFlagExecutable = 4;  // of a map
inline constexpr std::uint8_t kFlagDirect = 8;      // of an open: past the page cache

// The number of no file: of an event that concerns all files (sync).
inline constexpr std::uint32_t kAllFiles = 0;

struct TraceEvent {
  EventKind kind = EventKind::kRead;
  std::uint8_t flags = 0;
  std::uint32_t file = kAllFiles;  // number of a TraceFile, from 1
  std::uint32_t process = 0;
  std::uint32_t thread = 0;
  std::uint64_t time_ns = 0;  // since the trace's beginning; 0 throughout where no clock was kept
  std::uint64_t offset = 0;   // bytes
  std::uint64_t length =
      0;  // bytes; 0 for open, close and truncate, and for flushes of a whole file

  bool operator==(const TraceEvent&) const = default;
};

// A file as it was when the trace first speaks of it.
struct TraceFile {
  std::string path;                   // a text, never opened again
  std::optional<std::uint64_t> size;  // bytes; absent where nobody looked

  bool operator==(const TraceFile&) const = default;
};

// What a trace says about itself at its beginning.
struct TraceHeader {
  std::string recorder;  // what made it: "faultline 0.1.0, strace 6.1"
  std::string command;   // what was recorded, as typed
};

// What its maker counted besides, since no event shows it.
struct TraceCounts {
  // How bytes were moved.
  std::uint64_t direct_transfers = 0;  // past the page cache (O_DIRECT)
  std::uint64_t appended_writes = 0;   // to the file's end, wherever that was (O_APPEND)
  // That were on stable storage when they returned (O_DSYNC, O_SYNC, RWF_DSYNC); a flush follows
  // each in the trace.
  std::uint64_t durable_writes = 0;
  std::uint64_t asynchronous_requests = 0;  // submitted, and awaited later (io_submit)
  std::uint64_t most_in_flight = 0;         // of them at a time
  std::uint64_t advice_calls = 0;    // on coming accesses (posix_fadvise, madvise, readahead)
  std::uint64_t preallocations = 0;  // of space for a file (fallocate)
  // How long the program ran while it was recorded, and without, where that was measured.
  std::uint64_t run_ns = 0;
  std::uint64_t plain_run_ns = 0;
  // What is missing.
  std::uint64_t unseen_threads = 0;      // and processes, which were started and never seen
  std::uint64_t rings = 0;               // of requests that no tracer of calls sees (io_uring)
  std::uint64_t ring_requests = 0;       // submitted to them, as far as calls said so
  std::uint64_t unread_transfers = 0;    // that were not understood, or printed in part
  std::uint64_t unplaced_transfers = 0;  // of files that nothing names
};

// A count of those with the name under which traces and documents have it.
struct TraceCountName {
  std::string_view name;
  std::uint64_t TraceCounts::*count;
};
inline constexpr std::array kTraceCountNames = {
    TraceCountName{"direct_transfers", &TraceCounts::direct_transfers},
    TraceCountName{"appended_writes", &TraceCounts::appended_writes},
    TraceCountName{"durable_writes", &TraceCounts::durable_writes},
    TraceCountName{"asynchronous_requests", &TraceCounts::asynchronous_requests},
    TraceCountName{"most_in_flight", &TraceCounts::most_in_flight},
    TraceCountName{"advice_calls", &TraceCounts::advice_calls},
    TraceCountName{"preallocations", &TraceCounts::preallocations},
    TraceCountName{"run_ns", &TraceCounts::run_ns},
    TraceCountName{"plain_run_ns", &TraceCounts::plain_run_ns},
    TraceCountName{"unseen_threads", &TraceCounts::unseen_threads},
    TraceCountName{"rings", &TraceCounts::rings},
    TraceCountName{"ring_requests", &TraceCounts::ring_requests},
    TraceCountName{"unread_transfers", &TraceCounts::unread_transfers},
    TraceCountName{"unplaced_transfers", &TraceCounts::unplaced_transfers},
};

// And at its end.
struct TraceEnd {
  bool timed = true;               // false: every time is 0
  std::uint64_t started_ns = 0;    // time 0 of the trace, in ns since 1970; 0 where unknown
  bool faults = false;             // accesses to mapped ranges were recorded, page by page
  std::vector<std::string> notes;  // what else is to be known, a sentence each
  TraceCounts counts = {};
};

}  // namespace faultline
