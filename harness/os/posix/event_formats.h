// Kinds of the kernel's trace events, as it describes them itself: for the sources of this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace faultline::os {

// A kind of event: "exceptions", "page_fault_user", and those of its fields that are wanted.
struct KernelEventKind {
  const char* group;
  const char* name;
  std::vector<const char*> fields;  // numbers, or lists of such
  std::size_t field_bytes = 8;      // of each number
  bool with_mode = false;           // also KernelEvent::foreign_mode
};

struct EventFormat {
  std::uint64_t id = 0;
  std::vector<std::size_t> offsets;  // of the wanted fields in an event's data
  bool with_mode = false;
};

// In the order of the kinds; empty, with errno, where they can't be found.
std::vector<EventFormat> FindEventFormats(const std::vector<KernelEventKind>& kinds);

// Why events of `what` can't be watched: the error of a call in words.
std::string WhyNoEvents(int code, std::string_view what);

}  // namespace faultline::os
