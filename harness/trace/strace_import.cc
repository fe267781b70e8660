// Lines, threads and time; what a call does is in strace_descriptor_calls.cc and
// strace_memory_calls.cc.
#include "harness/trace/strace_import.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <utility>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

constexpr std::uint64_t kDay = std::uint64_t{86'400} * 1'000'000'000;
constexpr std::size_t kMaximumThreads = std::size_t{1} << 22;

// Times since 1970 are beyond any time of a day.
constexpr std::uint64_t kLeastEpochTime = 100 * kDay;

ForkKind ForkKindOf(std::string_view call) {
  if (call.starts_with("fork")) return {};
  if (call.starts_with("vfork")) return {.same_memory = true};
  auto has = [&](std::string_view flag) { return call.find(flag) != std::string_view::npos; };
  return {.same_process = has("CLONE_THREAD"),
          .same_descriptors = has("CLONE_FILES"),
          .same_memory = has("CLONE_VM"),
          .same_directory = has("CLONE_FS")};
}

// Without "." and "..", which the paths that descriptors are printed with don't have either.
std::string NormalPath(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

// "" for a directory: nobody told; for a path: the directory, or the file, itself.
std::string Below(const std::string& directory, const std::string& path) {
  if (path.empty()) return directory;
  return NormalPath(directory.empty() ? path : fmt::format("{}/{}", directory, path));
}

bool IsFork(std::string_view call) {
  for (const std::string_view name : {"fork(", "vfork(", "clone(", "clone3("}) {
    if (call.starts_with(name)) return true;
  }
  return false;
}

}  // namespace

const std::unordered_map<std::string_view, StraceImporter::Call::Handler>&
StraceImporter::Call::Handlers() {
  static const std::unordered_map<std::string_view, Handler> kHandlers = {
      {"open", &Call::PlainOpen},
      {"openat", &Call::Open},
      {"openat2", &Call::Open},
      {"creat", &Call::Creat},
      {"close", &Call::Close},
      {"close_range", &Call::CloseRange},
      {"dup", &Call::Dup},
      {"dup2", &Call::Dup2},
      {"dup3", &Call::Dup2},
      {"fcntl", &Call::Fcntl},
      {"fcntl64", &Call::Fcntl},
      {"ioctl", &Call::Ioctl},
      {"lseek", &Call::Seek},
      {"_llseek", &Call::LongSeek},
      {"read", &Call::Read},
      {"readv", &Call::Read},
      {"write", &Call::Write},
      {"writev", &Call::Write},
      {"pread64", &Call::ReadAt},
      {"pwrite64", &Call::WriteAt},
      {"preadv", &Call::ReadVectorAt},
      {"preadv2", &Call::ReadVectorAt},
      {"pwritev", &Call::WriteVectorAt},
      {"pwritev2", &Call::WriteVectorAt},
      {"sendfile", &Call::SendFile},
      {"sendfile64", &Call::SendFile},
      {"copy_file_range", &Call::CopyRange},
      {"splice", &Call::CopyRange},
      {"ftruncate", &Call::Truncate},
      {"ftruncate64", &Call::Truncate},
      {"truncate", &Call::TruncatePath},
      {"truncate64", &Call::TruncatePath},
      {"fallocate", &Call::Allocate},
      {"fsync", &Call::Sync},
      {"fdatasync", &Call::Sync},
      {"sync", &Call::SyncAll},
      {"syncfs", &Call::SyncAll},
      {"sync_file_range", &Call::SyncRange},
      {"msync", &Call::Msync},
      {"mmap", &Call::Mmap},
      {"mmap2", &Call::Mmap},
      {"munmap", &Call::Munmap},
      {"mremap", &Call::Mremap},
      {"chdir", &Call::ChangeDirectory},
      {"fchdir", &Call::ChangeDirectoryTo},
      {"execve", &Call::Exec},
      {"execveat", &Call::Exec},
      {"fork", &Call::Fork},
      {"vfork", &Call::Fork},
      {"clone", &Call::Fork},
      {"clone3", &Call::Fork},
      {"rename", &Call::Rename},
      {"renameat", &Call::RenameAt},
      {"renameat2", &Call::RenameAt},
      {"link", &Call::Link},
      {"linkat", &Call::LinkAt},
      {"unlink", &Call::Unlink},
      {"unlinkat", &Call::UnlinkAt},
      {"io_uring_setup", &Call::Unseen},
      {"io_setup", &Call::Unseen},
  };
  return kHandlers;
}

void StraceImporter::Call::Exec() {
  auto kept = std::make_shared<DescriptorTable>();
  for (const auto& [number, entry] : descriptors()) {
    if (!entry.close_on_exec) kept->emplace(number, entry);
  }
  thread_.descriptors = std::move(kept);
  thread_.memory = std::make_shared<AddressSpace>();
}

void StraceImporter::Call::Fork() {
  if (*returned_ == 0) return;
  std::string text(call_.name);
  for (const std::string_view argument : call_.arguments) text.append("(").append(argument);
  importer_.Adopt(thread_id_, static_cast<std::uint32_t>(*returned_), ForkKindOf(text));
}

void StraceImporter::Call::RenameAt() {
  const std::string from = PathAt(1, 0);
  const std::string to = PathAt(3, 2);
  if (Flag(4, "RENAME_EXCHANGE")) {
    builder_.Exchange(from, to);
  } else {
    builder_.Rename(from, to);
  }
}

std::string StraceImporter::Call::PathAt(std::size_t path, std::optional<std::size_t> directory) {
  const std::string text = call_.Path(path);
  if (text.starts_with("/")) return NormalPath(text);
  if (!directory) return Below(*thread_.directory, text);
  const StraceDescriptor from = StraceDescriptorAt(*directory);
  if (from.number != StraceDescriptor::kCurrentDirectory) return Below(from.path, text);
  if (!from.path.empty()) *thread_.directory = from.path;
  return Below(*thread_.directory, text);
}

std::string StraceImporter::CallNames() {
  std::vector<std::string> names;
  for (const auto& [name, handler] : Call::Handlers()) {
    if (name != "ioctl") names.push_back(fmt::format("?{}", name));
  }
  std::sort(names.begin(), names.end());
  return Join(names, ",");
}

void StraceImporter::Line(std::string_view text) {
  const StraceLine line = ParseStraceLine(text);
  if (line.kind == StraceLine::Kind::kNote) return;
  time_ns_ = TimeOf(line);
  if (before_) before_(time_ns_);
  switch (line.kind) {
    case StraceLine::Kind::kNote:
      break;
    case StraceLine::Kind::kExited:
      threads_.erase(line.thread);
      std::erase(forking_, line.thread);
      break;
    case StraceLine::Kind::kSuperseded:
      Supersede(line.thread, line.successor);
      break;
    case StraceLine::Kind::kUnfinished: {
      TracedThread& thread = ThreadOf(line.thread);
      std::erase(forking_, line.thread);
      thread.unfinished.assign(line.text);
      thread.child_seen = false;
      if (IsFork(line.text)) forking_.push_back(line.thread);
      break;
    }
    case StraceLine::Kind::kResumed: {
      TracedThread& thread = ThreadOf(line.thread);
      if (!thread.unfinished.starts_with(fmt::format("{}(", line.name))) {
        ++beginnings_missing_;  // it was called before the tracer came
        break;
      }
      const std::string call = std::exchange(thread.unfinished, {}).append(line.text);
      Finished(line.thread, call);
      std::erase(forking_, line.thread);
      break;
    }
    case StraceLine::Kind::kCall:
      Finished(line.thread, line.text);
      break;
  }
}

void StraceImporter::Finished(std::uint32_t thread, std::string_view text) {
  if (!Call::Handlers().contains(text.substr(0, text.find('(')))) return;
  Call(*this, thread, ThreadOf(thread), text).Run();
}

// The reference is valid until a thread comes or goes.
TracedThread& StraceImporter::ThreadOf(std::uint32_t id) {
  if (const auto found = threads_.find(id); found != threads_.end()) return found->second;
  if (threads_.size() >= kMaximumThreads) throw Error("more threads than a system can have");
  // A child may be seen before its parent's call returns; of several that wait, the latest is the
  // most likely one.
  for (auto at = forking_.rbegin(); at != forking_.rend(); ++at) {
    TracedThread& parent = threads_.at(*at);
    if (parent.child_seen) continue;
    parent.child_seen = true;
    return threads_.emplace(id, Forked(parent, id, ForkKindOf(parent.unfinished))).first->second;
  }
  TracedThread first;
  first.process = id;
  return threads_.emplace(id, std::move(first)).first->second;
}

void StraceImporter::Adopt(std::uint32_t parent, std::uint32_t child, const ForkKind& kind) {
  if (threads_.contains(child)) return;
  if (threads_.size() >= kMaximumThreads) throw Error("more threads than a system can have");
  threads_.emplace(child, Forked(threads_.at(parent), child, kind));
}

void StraceImporter::Supersede(std::uint32_t leader, std::uint32_t successor) {
  const auto found = threads_.find(successor);
  if (found == threads_.end()) return;
  TracedThread thread = std::move(found->second);
  threads_.erase(found);
  std::erase(forking_, successor);
  threads_.insert_or_assign(leader, std::move(thread));
}

void StraceImporter::PageFault(std::uint32_t thread, std::uint64_t time_ns, std::uint64_t address,
                               bool write) {
  const auto found = threads_.find(thread);
  if (found == threads_.end() || found->second.memory->empty()) return;
  const std::uint64_t page = address / os::PageSize() * os::PageSize();
  found->second.memory->ForEach(
      page, page + os::PageSize(), [&](std::uint64_t first, const MappedRange& range) {
        const bool changes = write && (range.flags & kFlagShared) != 0;
        builder_.Add({.kind = changes ? EventKind::kFaultWrite : EventKind::kFaultRead,
                      .file = range.file,
                      .process = found->second.process,
                      .thread = thread,
                      .time_ns = time_ns,
                      .offset = range.offset,
                      .length = range.end - first});
      });
}

std::uint64_t StraceImporter::TimeOf(const StraceLine& line) {
  if (!line.time_ns) {
    if (!builder_.first_time_ns()) builder_.SetUntimed();
    return time_ns_;
  }
  const bool time_of_day = *line.time_ns < kDay;
  if (time_of_day && day_ns_ + *line.time_ns + kDay / 2 < time_ns_) day_ns_ += kDay;
  if (!builder_.first_time_ns() && *line.time_ns >= kLeastEpochTime) {
    builder_.SetStarted(*line.time_ns);
  }
  return day_ns_ + *line.time_ns;
}

void StraceImporter::Finish() {
  if (guessed_offsets_ > 0) {
    builder_.Note(
        fmt::format("{} descriptors were opened out of the tracer's sight: their sequential "
                    "transfers are taken to begin at offset 0",
                    FormatCount(guessed_offsets_)));
  }
  if (beginnings_missing_ > 0) {
    builder_.Note(fmt::format("{} calls had begun before the tracer came, and are missing",
                              FormatCount(beginnings_missing_)));
  }
  if (other_changes_ > 0) {
    builder_.Note(fmt::format(
        "{} calls punched holes or moved ranges of files, which a trace has no event for",
        FormatCount(other_changes_)));
  }
  if (unseen_transfers_) {
    builder_.Note(
        "the program used asynchronous I/O (io_uring or io_submit), whose transfers no tracer of "
        "calls sees: they are missing");
  }
}

}  // namespace faultline
