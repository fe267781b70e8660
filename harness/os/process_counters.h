// What the system counts for the calling process, and what memory any process has. Every figure
// that can't be had is absent, never 0.
#pragma once

#include <cstdint>
#include <optional>

namespace faultline::os {

using Counter = std::optional<std::uint64_t>;

struct ProcessUsage {
  Counter minor_faults;
  Counter major_faults;
  Counter voluntary_switches;
  Counter involuntary_switches;
  Counter user_ns;
  Counter system_ns;
};
ProcessUsage ReadProcessUsage();

// Major faults of any process so far, its ended threads included; absent for one that is gone.
Counter MajorFaultsOf(std::int64_t process_id);

struct ProcessIo {
  Counter read_calls;        // system calls of the read family
  Counter write_calls;       // system calls of the write family
  Counter asked_read_bytes;  // asked of those calls
  Counter asked_write_bytes;
  Counter read_bytes;             // caused to be fetched from storage, read-ahead included
  Counter write_bytes;            // caused to be sent to storage, counted when a page becomes dirty
  Counter cancelled_write_bytes;  // of these, what was dropped before it was sent
};
ProcessIo ReadProcessIo();

struct ProcessMemory {
  Counter virtual_bytes;  // addresses in use
  Counter resident_bytes;
  Counter peak_resident_bytes;  // since ResetPeakResident, or since the process's start
  Counter file_clean_bytes;
  Counter file_dirty_bytes;
  Counter anonymous_bytes;
  Counter proportional_bytes;  // shared pages divided by their sharers
  Counter page_table_bytes;
};

// Of this process (0) or another; all absent for one that is gone or not to be looked into.
ProcessMemory ReadProcessMemory(std::int64_t process_id = 0);

// Makes the peak start again from the present resident set. False where the system has no such
// call.
bool ResetPeakResident();

}  // namespace faultline::os
