// Which frames of physical memory show in a process's pages, and how often each frame is mapped.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "faultline/system_error.h"

namespace faultline::os {

// One page of a process's addresses.
struct PageState {
  bool present = false;                   // in the page table: a load causes no fault
  bool swapped = false;                   // in swap space
  bool of_file = false;                   // of a file or a shared object, not the process's own
  std::optional<std::uint64_t> frame;     // number of the physical page; absent when not present,
                                          // or when the caller may not know (needs root on Linux)
  std::optional<std::uint64_t> mappings;  // page-table entries that show the frame, all processes
};

// The pages of [address, address + bytes), widened to whole pages, of the process (0: this one).
// They are read one after another, while the process goes on. Throws SystemError as
// ReadAddressMap does.
std::vector<PageState> ReadPages(const void* address, std::uint64_t bytes,
                                 std::int64_t process_id = 0);

}  // namespace faultline::os
