// What the code-generation test compiles and checks: the session of mmap-view, and two loops of
// its access class over one record, where an optimizer is most tempted.
#include <cstdint>
#include <span>

#include "faultline/effect.h"
#include "faultline/synchronous.h"
#include "strategies/view_access.h"

template class faultline::Synchronous<faultline::ViewAccess>;

extern "C" void UpdateOneRecord(faultline::ViewAccess access, std::uint64_t offset,
                                std::uint64_t times) {
  for (std::uint64_t i = 0; i != times; ++i) {
    access.Update(offset, 125, [](std::span<std::byte> bytes) { faultline::UpdateEffect(bytes); });
  }
}
