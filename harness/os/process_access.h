// Ways to share data with another process without a mapping object, and giving up this process's
// rights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "faultline/system_error.h"

namespace faultline::os {

// Copies memory of another process, at an address of that process, by one system call. Returns the
// bytes copied, fewer where its mapped addresses end. Throws SystemError: kDenied without the right
// to (that of a debugger).
std::uint64_t ReadMemoryOf(std::int64_t process_id, const void* address, std::span<std::byte> into);

// A pipe into which memory can be put without a copy: what is changed in those pages afterwards is
// changed in the pipe too. Move-only; both ends belong to this process, and to children that it
// starts later.
class PagePipe {
 public:
  PagePipe();
  PagePipe(PagePipe&& other) noexcept;
  PagePipe& operator=(PagePipe&& other) noexcept;
  ~PagePipe();

  // Puts whole pages in; `pages` must begin at one, and stay mapped until they are taken out. No
  // more than 16 of them at a time. Throws UnsupportedError where the system can't.
  void Gift(std::span<const std::byte> pages) const;

  // Takes `into.size()` bytes out, waiting for them.
  void Take(std::span<std::byte> into) const;

  // The end to take from, to be passed on by a channel; the receiver's is the whole pipe there.
  std::intptr_t taking_end() const { return taking_; }
  static PagePipe FromTakingEnd(std::intptr_t handle);  // which it owns from now on

 private:
  PagePipe(std::intptr_t taking, std::intptr_t giving) : taking_(taking), giving_(giving) {}

  std::intptr_t taking_ = -1;
  std::intptr_t giving_ = -1;
};

// Gives up all rights of this process for good, to be a stranger to its own files and objects.
// Throws UnsupportedError where that takes a right that it doesn't have.
void BecomeStranger();

}  // namespace faultline::os
