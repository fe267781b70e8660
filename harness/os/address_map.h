// What lies in a process's address space, range by range, and what backs it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/system_error.h"
#include "harness/base/enum_names.h"

namespace faultline::os {

// Where the contents of a range come from, and go to when memory is short.
enum class Backing {
  kProgram,       // an executable or a library: its code, constants and initial data
  kFile,          // a file that no code is taken from
  kMemoryObject,  // shared memory of no file
  kAnonymous,     // private memory of no file: heap and the like
  kStack,
  kSystem,  // pages that the system itself lends to every process
};
inline constexpr EnumNames<Backing> kBackingNames{"program",   "file",  "memory object",
                                                  "anonymous", "stack", "system"};
inline std::string_view BackingName(Backing backing) { return kBackingNames(backing); }

// A range of addresses with one backing and one protection.
struct Region {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // one past the last address
  bool readable = false;
  bool writable = false;
  bool executable = false;
  bool shared = false;  // stores are seen by all processes that map the same
  Backing backing = Backing::kAnonymous;
  std::string name;          // the file's path, or what the system calls it; "" for no name
  std::uint64_t offset = 0;  // in the file, of `begin`
  std::uint64_t resident_bytes = 0;
  std::uint64_t proportional_bytes = 0;  // shared pages divided by their sharers
  std::uint64_t dirty_bytes = 0;         // changed since they were last on storage
  std::uint64_t anonymous_bytes = 0;     // this process's own: of a file's range, private copies

  std::uint64_t bytes() const { return end - begin; }
};

// Of the process, 0 for this one, in the order of addresses; empty for one that has none, as a
// thread of the kernel or a process that has ended and was not awaited. Throws SystemError:
// kNotFound for no such process, kDenied for one that the caller may not inspect.
std::vector<Region> ReadAddressMap(std::int64_t process_id = 0);

// The region of `map` that holds `address`, or nullptr.
const Region* FindRegion(const std::vector<Region>& map, const void* address);

}  // namespace faultline::os
