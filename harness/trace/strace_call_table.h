// The calls that an importer of strace's text reads; what each does is in strace_call.h.
#pragma once

#include <cstdint>
#include <string_view>

namespace faultline {

struct CallShape {
  std::uint8_t arguments = 0;  // as many as every version prints; 0 where that varies
  bool transfers = false;      // bytes of a file
  bool recorded = false;  // 'trace record' asks for it; the others only say what a descriptor is
  bool opens = false;     // returns a descriptor of a file
  bool makes_descriptors = false;  // in memory, or by names: numbers alone don't tell them
};

// nullptr for a call that is none of these.
const CallShape* FindCallShape(std::string_view name);

}  // namespace faultline
