// Shared libraries by dlopen.
#include "harness/os/shared_library.h"

#include <dlfcn.h>
#include <link.h>

#include <cstdint>
#include <cstring>
#include <fmt/format.h>

#include "faultline/error.h"

namespace faultline::os {

bool LooksLikeLibrary(std::string_view contents) {
  ElfW(Ehdr) head;
  if (contents.size() < sizeof head) return false;
  std::memcpy(&head, contents.data(), sizeof head);
  if (std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_type != ET_DYN) return false;
  // The table of sections is what linkers write last.
  const std::uint64_t sections_bytes = std::uint64_t{head.e_shnum} * head.e_shentsize;
  return head.e_shoff <= contents.size() && sections_bytes <= contents.size() - head.e_shoff;
}

void LoadSharedLibrary(const std::filesystem::path& path) {
  // A name without a directory would be looked for among the system's libraries.
  const std::string full = std::filesystem::absolute(path).string();
  if (::dlopen(full.c_str(), RTLD_NOW | RTLD_LOCAL) != nullptr) return;
  const char* reason = ::dlerror();
  throw UnsupportedError(
      fmt::format("can't load the library: {}", reason == nullptr ? "no reason given" : reason));
}

}  // namespace faultline::os
