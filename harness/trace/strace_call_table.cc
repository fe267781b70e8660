#include "harness/trace/strace_call_table.h"

#include <unordered_map>
#include <vector>

#include "harness/trace/strace_call.h"

namespace faultline {

const std::vector<StraceImporter::Call::Row>& StraceImporter::Call::Rows() {
  // Of the shapes: a transfer of bytes, and what only says what a descriptor is.
  constexpr auto kMoves = [](std::uint8_t arguments, bool recorded = true) {
    return CallShape{.arguments = arguments, .transfers = true, .recorded = recorded};
  };
  constexpr auto kChanges = [](std::uint8_t arguments) {
    return CallShape{.arguments = arguments, .recorded = true};
  };
  constexpr auto kOpens = [](std::uint8_t arguments) {
    return CallShape{.arguments = arguments, .recorded = true, .opens = true};
  };
  constexpr auto kTells = [](std::uint8_t arguments) { return CallShape{.arguments = arguments}; };
  constexpr auto kMakes = [](std::uint8_t arguments) {
    return CallShape{.arguments = arguments, .makes_descriptors = true};
  };
  static const std::vector<Row> kRows = {
      {"open", kOpens(0), &Call::PlainOpen},
      {"openat", kOpens(0), &Call::Open},
      {"openat2", kOpens(4), &Call::Open},
      {"creat", kOpens(2), &Call::Creat},
      {"open_by_handle_at", kMakes(3), &Call::OpenSomething},
      {"close", kChanges(1), &Call::Close},
      {"close_range", kChanges(3), &Call::CloseRange},
      {"dup", kChanges(1), &Call::Dup},
      {"dup2", kChanges(2), &Call::Dup2},
      {"dup3", kChanges(3), &Call::Dup2},
      {"fcntl", kChanges(0), &Call::Fcntl},
      {"fcntl64", kChanges(0), &Call::Fcntl},
      {"ioctl", kTells(0), &Call::Ioctl},
      {"fstat", kTells(2), &Call::Status},
      {"fstat64", kTells(2), &Call::Status},
      {"newfstatat", kTells(4), &Call::StatusAt},
      {"fstatat64", kTells(4), &Call::StatusAt},
      {"statx", kTells(5), &Call::StatusAt},

      {"lseek", kChanges(3), &Call::Seek},
      {"_llseek", kChanges(4), &Call::LongSeek},
      {"llseek", kTells(4), &Call::LongSeek},
      {"read", kMoves(3), &Call::Read},
      {"readv", kMoves(3), &Call::Read},
      {"write", kMoves(3), &Call::Write},
      {"writev", kMoves(3), &Call::Write},
      {"pread64", kMoves(4), &Call::ReadAt},
      {"pwrite64", kMoves(4), &Call::WriteAt},
      {"pread", kMoves(4, false), &Call::ReadAt},
      {"pwrite", kMoves(4, false), &Call::WriteAt},
      {"preadv", kMoves(4), &Call::ReadVectorAt},
      {"preadv2", kMoves(5), &Call::ReadVectorAt},
      {"pwritev", kMoves(4), &Call::WriteVectorAt},
      {"pwritev2", kMoves(5), &Call::WriteVectorAt},
      {"sendfile", kMoves(4), &Call::SendFile},
      {"sendfile64", kMoves(4), &Call::SendFile},
      {"copy_file_range", kMoves(6), &Call::CopyRange},
      {"splice", kMoves(6), &Call::CopyRange},
      {"ftruncate", kChanges(2), &Call::Truncate},
      {"ftruncate64", kChanges(2), &Call::Truncate},
      {"truncate", kChanges(2), &Call::TruncatePath},
      {"truncate64", kChanges(2), &Call::TruncatePath},
      {"fallocate", kChanges(4), &Call::Allocate},
      {"fadvise64", kTells(4), &Call::Advise},
      {"fadvise64_64", kTells(4), &Call::Advise},
      {"arm_fadvise64_64", kTells(4), &Call::Advise},
      {"posix_fadvise", kTells(4), &Call::Advise},
      {"readahead", kTells(3), &Call::Advise},
      {"fsync", kChanges(1), &Call::Sync},
      {"fdatasync", kChanges(1), &Call::Sync},
      {"sync", kChanges(0), &Call::SyncAll},
      {"syncfs", kChanges(1), &Call::SyncAll},
      {"sync_file_range", kChanges(4), &Call::SyncRange},
      {"sync_file_range2", kChanges(4), &Call::SyncRange2},

      {"io_submit", kMoves(3), &Call::Submit},
      {"io_getevents", kChanges(5), &Call::GetCompletions},
      {"io_pgetevents", kChanges(6), &Call::GetCompletions},
      {"io_destroy", kChanges(1), &Call::ForgetQueue},
      {"io_uring_setup", kChanges(2), &Call::SetUpRing},
      {"io_uring_enter", kChanges(0), &Call::EnterRing},

      {"msync", kChanges(3), &Call::Msync},
      {"madvise", kTells(3), &Call::AdviseMemory},
      {"mmap", kChanges(6), &Call::Mmap},
      {"old_mmap", kTells(6), &Call::Mmap},
      {"mmap2", kChanges(6), &Call::MmapPages},
      {"munmap", kChanges(2), &Call::Munmap},
      {"mremap", kChanges(0), &Call::Mremap},

      {"chdir", kChanges(1), &Call::ChangeDirectory},
      {"fchdir", kChanges(1), &Call::ChangeDirectoryTo},
      {"execve", kChanges(3), &Call::Exec},
      {"execveat", kChanges(5), &Call::Exec},
      {"fork", kChanges(0), &Call::Fork},
      {"vfork", kChanges(0), &Call::Fork},
      {"clone", kChanges(0), &Call::Fork},
      {"clone2", kTells(0), &Call::Fork},
      {"clone3", kChanges(2), &Call::Fork},
      {"rename", kChanges(2), &Call::Rename},
      {"renameat", kChanges(4), &Call::RenameAt},
      {"renameat2", kChanges(5), &Call::RenameAt},
      {"link", kChanges(2), &Call::Link},
      {"linkat", kChanges(5), &Call::LinkAt},
      {"unlink", kChanges(1), &Call::Unlink},
      {"unlinkat", kChanges(3), &Call::UnlinkAt},

      {"socket", kTells(3), &Call::OpenOther},
      {"accept", kTells(3), &Call::OpenOther},
      {"accept4", kTells(4), &Call::OpenOther},
      {"epoll_create", kTells(1), &Call::OpenOther},
      {"epoll_create1", kTells(1), &Call::OpenOther},
      {"eventfd", kTells(1), &Call::OpenOther},
      {"eventfd2", kTells(2), &Call::OpenOther},
      {"signalfd", kTells(3), &Call::OpenOther},
      {"signalfd4", kTells(4), &Call::OpenOther},
      {"timerfd_create", kTells(2), &Call::OpenOther},
      {"inotify_init", kTells(0), &Call::OpenOther},
      {"inotify_init1", kTells(1), &Call::OpenOther},
      {"fanotify_init", kMakes(2), &Call::OpenOther},
      {"memfd_create", kTells(2), &Call::OpenOther},
      {"memfd_secret", kMakes(1), &Call::OpenOther},
      {"pidfd_open", kTells(2), &Call::OpenOther},
      {"perf_event_open", kMakes(5), &Call::OpenOther},
      {"userfaultfd", kMakes(1), &Call::OpenOther},
      {"pidfd_getfd", kMakes(3), &Call::OpenSomething},
      {"pipe", kMakes(1), &Call::OpenPair},
      {"pipe2", kMakes(2), &Call::OpenPair},
      {"socketpair", kMakes(4), &Call::OpenPair},
      {"getdents", kTells(3), &Call::IsNoFile},
      {"getdents64", kTells(3), &Call::IsNoFile},
      {"connect", kTells(3), &Call::IsNoFile},
      {"bind", kTells(3), &Call::IsNoFile},
      {"listen", kTells(2), &Call::IsNoFile},
      {"getsockname", kTells(3), &Call::IsNoFile},
      {"getpeername", kTells(3), &Call::IsNoFile},
      {"getsockopt", kTells(5), &Call::IsNoFile},
      {"setsockopt", kTells(5), &Call::IsNoFile},
      {"sendto", kTells(6), &Call::IsNoFile},
      {"recvfrom", kTells(6), &Call::IsNoFile},
      {"sendmsg", kTells(3), &Call::IsNoFile},
      {"recvmsg", kTells(3), &Call::IsNoFile},
      {"shutdown", kTells(2), &Call::IsNoFile},
  };
  return kRows;
}

const StraceImporter::Call::Row* StraceImporter::Call::Find(std::string_view name) {
  static const std::unordered_map<std::string_view, const Row*> kByName = [] {
    std::unordered_map<std::string_view, const Row*> rows;
    for (const Row& row : Rows()) rows.emplace(row.name, &row);
    return rows;
  }();
  const auto found = kByName.find(name);
  return found == kByName.end() ? nullptr : found->second;
}

const CallShape* FindCallShape(std::string_view name) {
  const StraceImporter::Call::Row* row = StraceImporter::Call::Find(name);
  return row == nullptr ? nullptr : &row->shape;
}

}  // namespace faultline
