// Memory limits for child processes: anonymous memory and the page cache that they bring in,
// together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "faultline/system_error.h"

namespace faultline::os {

// What the limited processes hold and have met.
struct LimitedMemory {
  std::uint64_t limit_bytes = 0;
  std::uint64_t current_bytes = 0;
  std::uint64_t peak_bytes = 0;  // what is held now, where the system keeps no peak
  std::optional<std::uint64_t> anonymous_bytes;
  std::optional<std::uint64_t> file_bytes;  // page cache charged here
  std::optional<std::uint64_t>
      limit_hits;  // times that the limit was reached and memory was reclaimed
  std::optional<std::uint64_t> given_up_pages;  // so far: reclaimed, or (version 1) freed as well
  std::optional<std::uint64_t> kills;  // processes killed because nothing could be reclaimed
};

// A limit on this machine; move-only. The destructor removes it (processes still in it are killed
// first). One left behind by a killed run is removed by RemoveAbandoned of any later one.
class MemoryLimit {
 public:
  MemoryLimit() = default;
  MemoryLimit(MemoryLimit&& other) noexcept;
  MemoryLimit& operator=(MemoryLimit&& other) noexcept;
  ~MemoryLimit();

  // Throws UnsupportedError where no controller can be used, saying which were tried and why each
  // refused; UsageError for a limit under 4 MiB.
  static MemoryLimit Create(std::uint64_t limit_bytes);

  // "" if Create can work on this machine, or else why it can't.
  static std::string WhyUnavailable();

  // Removes what runs that are gone have left anywhere on this machine, with the processes that are
  // still in it. Limits of runs that live, and of other containers, stay.
  static void RemoveAbandoned();

  // Puts a process under the limit; its memory from now on counts.
  void Admit(std::int64_t process_id) const;

  LimitedMemory Usage() const;
  const std::string& mechanism() const {
    return mechanism_;
  }  // such as "memory controller, version 1"

 private:
  std::string group_;
  std::string mechanism_;
};

}  // namespace faultline::os
