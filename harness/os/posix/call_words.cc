#include "harness/os/posix/call_words.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fmt/format.h>
#include <vector>

namespace faultline::os {
namespace {

struct NamedBits {
  std::uint64_t bits;
  std::string_view name;
};

// Those of `names` that are in `value`, as "A|B"; "0" for none.
std::string BitWords(std::span<const NamedBits> names, std::uint64_t value) {
  std::string words;
  for (const NamedBits& named : names) {
    if ((value & named.bits) == named.bits)
      words.append(words.empty() ? "" : "|").append(named.name);
  }
  return words.empty() ? "0" : words;
}

// The name of `value`, or its number.
std::string ValueWord(std::span<const NamedBits> names, std::uint64_t value) {
  for (const NamedBits& named : names) {
    if (value == named.bits) return std::string(named.name);
  }
  return fmt::format("{}", value);
}

std::string AddressWord(std::uint64_t value) {
  char text[2 + 16] = {'0', 'x'};
  const auto end = std::to_chars(text + 2, text + sizeof text, value, 16).ptr;
  return std::string(text, end);
}

constexpr NamedBits kOpenBits[] = {{O_APPEND, "O_APPEND"},
                                   {O_DIRECT, "O_DIRECT"},
                                   {O_SYNC, "O_SYNC"},
                                   {O_DSYNC, "O_DSYNC"},
                                   {O_CLOEXEC, "O_CLOEXEC"}};
constexpr NamedBits kWhences[] = {
    {SEEK_SET, "SEEK_SET"}, {SEEK_CUR, "SEEK_CUR"}, {SEEK_END, "SEEK_END"}};
constexpr NamedBits kProtections[] = {
    {PROT_READ, "PROT_READ"}, {PROT_WRITE, "PROT_WRITE"}, {PROT_EXEC, "PROT_EXEC"}};
constexpr NamedBits kSyncings[] = {{MS_SYNC, "MS_SYNC"}, {MS_ASYNC, "MS_ASYNC"}};
constexpr NamedBits kAllocations[] = {{FALLOC_FL_KEEP_SIZE, "FALLOC_FL_KEEP_SIZE"},
                                      {FALLOC_FL_PUNCH_HOLE, "FALLOC_FL_PUNCH_HOLE"},
                                      {FALLOC_FL_COLLAPSE_RANGE, "FALLOC_FL_COLLAPSE_RANGE"},
                                      {FALLOC_FL_ZERO_RANGE, "FALLOC_FL_ZERO_RANGE"},
                                      {FALLOC_FL_INSERT_RANGE, "FALLOC_FL_INSERT_RANGE"}};
constexpr NamedBits kTransfers[] = {
    {RWF_DSYNC, "RWF_DSYNC"}, {RWF_SYNC, "RWF_SYNC"}, {RWF_APPEND, "RWF_APPEND"}};
constexpr NamedBits kCommands[] = {{F_DUPFD, "F_DUPFD"}, {F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"},
                                   {F_GETFD, "F_GETFD"}, {F_SETFD, "F_SETFD"},
                                   {F_GETFL, "F_GETFL"}, {F_SETFL, "F_SETFL"}};
constexpr NamedBits kDescriptorBits[] = {{FD_CLOEXEC, "FD_CLOEXEC"}};
constexpr NamedBits kMemoryFileBits[] = {{MFD_CLOEXEC, "MFD_CLOEXEC"}};
// CLOSE_RANGE_…, which older headers lack.
constexpr NamedBits kClosings[] = {{2, "CLOSE_RANGE_UNSHARE"}, {4, "CLOSE_RANGE_CLOEXEC"}};

// The type of a mapping is a number, the rest are bits.
std::string MappingWords(std::uint64_t value) {
  constexpr std::uint64_t kTypeBits = 0x0f;
  constexpr NamedBits kTypes[] = {{MAP_SHARED, "MAP_SHARED"},
                                  {MAP_PRIVATE, "MAP_PRIVATE"},
                                  {MAP_SHARED_VALIDATE, "MAP_SHARED_VALIDATE"}};
  const std::string type = ValueWord(kTypes, value & kTypeBits);
  return (value & MAP_ANONYMOUS) != 0 ? type + "|MAP_ANONYMOUS" : type;
}

std::vector<NumericCall> MakeNumericCalls() {
  using enum ArgumentWords;
  std::vector<NumericCall> calls = {
      {SYS_read, "read", {kInteger, kNothing, kUnsigned}},
      {SYS_write, "write", {kInteger, kNothing, kUnsigned}},
      {SYS_readv, "readv", {kInteger, kNothing, kUnsigned}},
      {SYS_writev, "writev", {kInteger, kNothing, kUnsigned}},
      {SYS_pread64, "pread64", {kInteger, kNothing, kUnsigned, kUnsigned}},
      {SYS_pwrite64, "pwrite64", {kInteger, kNothing, kUnsigned, kUnsigned}},
      {SYS_preadv, "preadv", {kInteger, kNothing, kUnsigned, kSigned}},
      {SYS_pwritev, "pwritev", {kInteger, kNothing, kUnsigned, kSigned}},
      {SYS_preadv2, "preadv2", {kInteger, kNothing, kUnsigned, kSigned, kSkipped, kTransfer}},
      {SYS_pwritev2, "pwritev2", {kInteger, kNothing, kUnsigned, kSigned, kSkipped, kTransfer}},
      {SYS_lseek, "lseek", {kInteger, kSigned, kWhence}},
      {SYS_fsync, "fsync", {kInteger}},
      {SYS_fdatasync, "fdatasync", {kInteger}},
      {SYS_sync, "sync", {}},
      {SYS_syncfs, "syncfs", {kInteger}},
      {SYS_sync_file_range, "sync_file_range", {kInteger, kUnsigned, kUnsigned, kNothing}},
      {SYS_ftruncate, "ftruncate", {kInteger, kUnsigned}},
      {SYS_fallocate, "fallocate", {kInteger, kAllocation, kUnsigned, kUnsigned}},
      {SYS_fadvise64, "fadvise64", {kInteger, kUnsigned, kUnsigned, kNothing}},
      {SYS_readahead, "readahead", {kInteger, kUnsigned, kUnsigned}},
      {SYS_io_getevents, "io_getevents", {kAddress, kSigned, kSigned, kNothing, kNothing}},
      {SYS_io_destroy, "io_destroy", {kAddress}},
      {SYS_mmap, "mmap", {kAddress, kUnsigned, kProtection, kMapping, kInteger, kAddress}, true},
      {SYS_munmap, "munmap", {kAddress, kUnsigned}},
      {SYS_mremap, "mremap", {kAddress, kUnsigned, kUnsigned, kNothing, kNothing}, true},
      {SYS_msync, "msync", {kAddress, kUnsigned, kSyncing}},
      {SYS_madvise, "madvise", {kAddress, kUnsigned, kNothing}},
      {SYS_close, "close", {kInteger}},
      {SYS_dup, "dup", {kInteger}, true},
      {SYS_dup3, "dup3", {kInteger, kInteger, kOpening}, true},
      {SYS_fcntl, "fcntl", {kInteger, kCommand, kCommandArgument}, true},
      {SYS_fchdir, "fchdir", {kInteger}},
      {SYS_socket, "socket", {kInteger, kOpening, kInteger}, true},
      {SYS_accept, "accept", {kInteger, kNothing, kNothing}, true},
      {SYS_accept4, "accept4", {kInteger, kNothing, kNothing, kOpening}, true},
      {SYS_epoll_create1, "epoll_create1", {kOpening}, true},
      {SYS_eventfd2, "eventfd2", {kUnsigned, kOpening}, true},
      {SYS_signalfd4, "signalfd4", {kInteger, kNothing, kNothing, kOpening}, true},
      {SYS_timerfd_create, "timerfd_create", {kInteger, kOpening}, true},
      {SYS_inotify_init1, "inotify_init1", {kOpening}, true},
      {SYS_memfd_create, "memfd_create", {kNothing, kMemoryFile}, true},
#ifdef SYS_io_pgetevents
      {SYS_io_pgetevents,
       "io_pgetevents",
       {kAddress, kSigned, kSigned, kNothing, kNothing, kNothing}},
#endif
#ifdef SYS_io_uring_setup
      {SYS_io_uring_setup, "io_uring_setup", {kUnsigned, kNothing}, true},
      {SYS_io_uring_enter, "io_uring_enter", {kInteger, kUnsigned, kUnsigned, kNothing}},
#endif
#ifdef SYS_close_range
      {SYS_close_range, "close_range", {kUnsigned, kUnsigned, kClosing}},
#endif
#ifdef SYS_pidfd_open
      {SYS_pidfd_open, "pidfd_open", {kInteger, kNothing}, true},
#endif
#ifdef SYS_dup2
      {SYS_dup2, "dup2", {kInteger, kInteger}, true},
#endif
#ifdef SYS_epoll_create
      {SYS_epoll_create, "epoll_create", {kInteger}, true},
      {SYS_eventfd, "eventfd", {kUnsigned}, true},
      {SYS_signalfd, "signalfd", {kInteger, kNothing, kNothing}, true},
      {SYS_inotify_init, "inotify_init", {}, true},
#endif
  };
  std::sort(calls.begin(), calls.end(),
            [](const NumericCall& a, const NumericCall& b) { return a.number < b.number; });
  return calls;
}

}  // namespace

std::span<const NumericCall> NumericCalls() {
  static const std::vector<NumericCall> kCalls = MakeNumericCalls();
  return kCalls;
}

std::span<const std::int64_t> OpeningCalls() {
  static const std::vector<std::int64_t> kCalls = [] {
    std::vector<std::int64_t> calls = {SYS_openat,
                                       SYS_open_by_handle_at,
                                       SYS_pipe2,
                                       SYS_socketpair,
                                       SYS_fanotify_init,
                                       SYS_userfaultfd,
                                       SYS_perf_event_open,
#ifdef SYS_open
                                       SYS_open,
                                       SYS_creat,
                                       SYS_pipe,
#endif
#ifdef SYS_openat2
                                       SYS_openat2,
#endif
#ifdef SYS_pidfd_getfd
                                       SYS_pidfd_getfd,
#endif
#ifdef SYS_memfd_secret
                                       SYS_memfd_secret
#endif
    };
    std::sort(calls.begin(), calls.end());
    return calls;
  }();
  return kCalls;
}

const NumericCall* FindNumericCall(std::int64_t number) {
  const std::span<const NumericCall> calls = NumericCalls();
  const auto found =
      std::lower_bound(calls.begin(), calls.end(), number,
                       [](const NumericCall& call, std::int64_t n) { return call.number < n; });
  return found == calls.end() || found->number != number ? nullptr : &*found;
}

std::string WordsOf(ArgumentWords kind, std::uint64_t value, std::uint64_t command) {
  switch (kind) {
    case ArgumentWords::kNothing:
    case ArgumentWords::kSkipped:
      return "0";
    case ArgumentWords::kInteger:
      return fmt::format("{}", static_cast<std::int32_t>(value));
    case ArgumentWords::kSigned:
      return fmt::format("{}", static_cast<std::int64_t>(value));
    case ArgumentWords::kUnsigned:
      return fmt::format("{}", value);
    case ArgumentWords::kAddress:
      return AddressWord(value);
    case ArgumentWords::kWhence:
      return ValueWord(kWhences, value);
    case ArgumentWords::kProtection:
      return BitWords(kProtections, value);
    case ArgumentWords::kMapping:
      return MappingWords(value);
    case ArgumentWords::kSyncing:
      return BitWords(kSyncings, value);
    case ArgumentWords::kAllocation:
      return BitWords(kAllocations, value);
    case ArgumentWords::kTransfer:
      return BitWords(kTransfers, value);
    case ArgumentWords::kCommand:
      return ValueWord(kCommands, value);
    case ArgumentWords::kCommandArgument:
      if (command == F_SETFD) return BitWords(kDescriptorBits, value);
      return command == F_SETFL ? BitWords(kOpenBits, value) : fmt::format("{}", value);
    case ArgumentWords::kOpening:
      return BitWords(kOpenBits, value);
    case ArgumentWords::kMemoryFile:
      return BitWords(kMemoryFileBits, value);
    case ArgumentWords::kClosing:
      return BitWords(kClosings, value);
  }
  return "0";
}

std::string ResultWords(const NumericCall& call, std::uint64_t command, std::int64_t result) {
  constexpr std::int64_t kLastError = -4095;
  if (result < 0 && result >= kLastError) return result == -ESPIPE ? "-1 ESPIPE" : "-1";
  if (call.name == "mmap" || call.name == "mremap") {
    return AddressWord(static_cast<std::uint64_t>(result));
  }
  if (call.name == "fcntl" && command == F_GETFL) {
    return fmt::format("{} (flags {})", AddressWord(static_cast<std::uint64_t>(result)),
                       BitWords(kOpenBits, static_cast<std::uint64_t>(result)));
  }
  return fmt::format("{}", result);
}

}  // namespace faultline::os
