// What a process has open, where it is, and its threads: for a caller that begins to watch it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace faultline::os {

struct OpenFileInfo {
  std::int32_t number = -1;
  // The file's path; of what has none what the system calls it, as in "pipe:[77]". A file that was
  // removed ends in " (deleted)".
  std::string name;
  std::uint64_t offset = 0;  // of the next sequential transfer, in bytes
  bool append = false;
  bool direct = false;   // past the page cache
  bool durable = false;  // writes return when they are on stable storage
  bool close_on_exec = false;
};

// Of the process, 0 for this one, by number. Empty for one that has ended, or that the caller may
// not look into.
std::vector<OpenFileInfo> ReadOpenFiles(std::int64_t process_id = 0);

// What one descriptor of a process stands for, as OpenFileInfo::name; "" where the system doesn't
// say.
std::string NameOfDescriptor(std::int64_t process_id, std::int64_t number);

// Where it works; "" where the system doesn't say.
std::string WorkingDirectory(std::int64_t process_id = 0);

// The numbers of its threads; empty for a process that doesn't exist.
std::vector<std::uint32_t> ThreadsOf(std::int64_t process_id);

}  // namespace faultline::os
