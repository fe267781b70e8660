// The machine and its settings as facts to print beside results. What can't be found out is absent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace faultline::os {

// Facts by name, in the order of the names. A value is absent where this machine doesn't say.
using Facts = std::map<std::string, std::optional<std::string>>;

// The machine; a fact is absent where it can't be found out:
//   architecture                   "x86_64"
//   c_library                      "glibc 2.36"
//   dirty_background_ratio         memory (%, or bytes) that may be dirty before writing out starts
//   dirty_expire                   age at which a dirty page is written out (ms)
//   dirty_ratio                    memory (%, or bytes) that may be dirty before writers have to wait
//   dirty_writeback                time between two searches for pages to be written out (ms)
//   kernel                         name and release
//   memory_bytes                   physical memory
//   memory_limit_in_force          bytes that the groups of this process leave it, or "none"
//   multi_generational_reclaim     mask of that reclaim's parts, "0x0000" when it is off
//   overcommit                     0 by judgement, 1 always, 2 never
//   page_size                      bytes
//   processor                      model
//   processors                     that this process may run on
//   swap_bytes                     swap space
//   swappiness                     readiness to swap anonymous pages rather than drop file pages
//   system                         distribution and its version
//   transparent_huge_pages         for anonymous memory: always, madvise or never
//   transparent_huge_pages_shared  for shared memory and memory file systems
//   virtualization                 "none", or "virtual machine" with what its firmware says
Facts MachineFacts();

// The file system that holds `directory`, and the device under it. Throws SystemError when there is
// no such directory.
//   block_size                  bytes, of the file system
//   device                      kernel's name, "vda1"; absent for a file system without one
//   device_model                as the device says
//   device_physical_block_size  bytes that the device writes at once
//   file_system                 "ext4"
//   free_bytes                  that an unprivileged user may still write
//   mount_options               of the mount and of the file system
//   read_ahead_bytes            longest read-ahead
//   rotational                  yes or no
//   scheduler                   of requests to the device
//   write_cache                 "write back" where the device itself holds writes back, or "write
//   through"
Facts StorageFacts(const std::filesystem::path& directory);

std::uint64_t ProcessorCount();  // that this process may run on
std::uint64_t PhysicalMemoryBytes();
bool RunningAsRoot();
std::int64_t ProcessId();

}  // namespace faultline::os
