#include "harness/trace/strace_import.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"

namespace faultline {
namespace {

constexpr std::uint64_t kDay = std::uint64_t{86'400} * 1'000'000'000;
constexpr std::uint64_t kPageBytes = 4096;
constexpr std::size_t kMaximumThreads = std::size_t{1} << 22;
constexpr std::size_t kMaximumDescriptors = std::size_t{1} << 20;

// Times since 1970 are beyond any time of a day.
constexpr std::uint64_t kLeastEpochTime = 100 * kDay;

std::uint64_t WholePages(std::uint64_t bytes) {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

ForkKind ForkKindOf(std::string_view call) {
  if (call.starts_with("fork")) return {};
  if (call.starts_with("vfork")) return {.same_memory = true};
  auto has = [&](std::string_view flag) { return call.find(flag) != std::string_view::npos; };
  return {.same_process = has("CLONE_THREAD"),
          .same_descriptors = has("CLONE_FILES"),
          .same_memory = has("CLONE_VM") && !has("CLONE_VM_")};
}

bool IsFork(std::string_view call) {
  for (const std::string_view name : {"fork(", "vfork(", "clone(", "clone3("}) {
    if (call.starts_with(name)) return true;
  }
  return false;
}

}  // namespace

// One finished call of a thread.
class StraceImporter::Call {
 public:
  Call(StraceImporter& importer, std::uint32_t thread_id, TracedThread& thread,
       std::string_view text)
      : importer_(importer),
        builder_(importer.builder_),
        thread_id_(thread_id),
        thread_(thread),
        call_(ParseStraceCall(text)),
        returned_(call_.Returned()) {}

  using Handler = void (Call::*)();
  static const std::unordered_map<std::string_view, Handler>& Handlers();

  // REQUIRES: the name is in Handlers().
  void Run() {
    if (returned_) (this->*Handlers().at(call_.name))();
  }

 private:
  void Open() { Opened(call_.Path(1), StraceDescriptorAt(0), 2); }
  void PlainOpen() { Opened(call_.Path(0), {}, 1); }
  void Creat() { Opened(call_.Path(0), {}, npos); }
  void Close();
  void CloseRange();
  void Dup();
  void Dup2();
  void Fcntl();
  void Ioctl();
  void Seek();
  void LongSeek();
  void Read() { Transfer(EventKind::kRead, 0, std::nullopt); }
  void Write() { Transfer(EventKind::kWrite, 0, std::nullopt); }
  void ReadAt() { Transfer(EventKind::kRead, 0, call_.Number(3)); }
  void WriteAt() { Transfer(EventKind::kWrite, 0, call_.Number(3)); }
  void ReadVectorAt() { VectorAt(EventKind::kRead); }
  void WriteVectorAt() { VectorAt(EventKind::kWrite); }
  void SendFile();
  void CopyRange();
  void Truncate();
  void TruncatePath();
  void Allocate();
  void Sync() { Flush(0); }
  void SyncAll() { Emit(EventKind::kFlush, kAllFiles, 0, 0); }
  void SyncRange();
  void Msync();
  void Mmap();
  void Munmap();
  void Mremap();
  void Exec();
  void Fork();
  void Rename() { builder_.Rename(call_.Path(0), call_.Path(1)); }
  void RenameAt();
  void Unlink() { builder_.Remove(call_.Path(0)); }
  void UnlinkAt() { builder_.Remove(Resolve(StraceDescriptorAt(0), call_.Path(1))); }
  void Unseen() { importer_.unseen_transfers_ = true; }

  static constexpr std::size_t npos = ~std::size_t{0};

  StraceDescriptor StraceDescriptorAt(std::size_t index) const {
    return ParseStraceDescriptor(call_.Argument(index));
  }

  // A relative path as seen from a directory whose path strace printed.
  static std::string Resolve(const StraceDescriptor& directory, const std::string& path) {
    return path.starts_with("/") || directory.path.empty() ? path
                                                           : Concat(directory.path, "/", path);
  }

  DescriptorTable& descriptors() { return *thread_.descriptors; }

  void Emit(EventKind kind, std::uint32_t file, std::uint64_t offset, std::uint64_t length,
            std::uint8_t flags = 0) {
    builder_.Add({.kind = kind,
                  .flags = flags,
                  .file = file,
                  .process = thread_.process,
                  .thread = thread_id_,
                  .time_ns = importer_.time_ns_,
                  .offset = offset,
                  .length = length});
  }

  void Opened(const std::string& path, const StraceDescriptor& directory, std::size_t flags);
  void Insert(std::int64_t number, std::shared_ptr<OpenFile> open, bool close_on_exec);
  void Erase(DescriptorTable::iterator at);

  // What the descriptor stands for: as the calls before tell, or as its printed path does.
  OpenFile& OpenAt(std::size_t index);
  void Transfer(EventKind kind, std::size_t index, std::optional<std::uint64_t> offset) {
    if (*returned_ > 0) TransferBytes(kind, OpenAt(index), offset, *returned_);
  }
  void TransferBytes(EventKind kind, OpenFile& open, std::optional<std::uint64_t> offset,
                     std::uint64_t bytes);
  void VectorAt(EventKind kind);
  void Flush(std::size_t index) { FlushIfRecorded(OpenAt(index).file); }
  void FlushIfRecorded(std::uint32_t file) {
    if (file != 0) Emit(EventKind::kFlush, file, 0, 0);
  }
  void Resize(std::uint32_t file, std::uint64_t size);
  void Unmap(std::uint64_t begin, std::uint64_t end);
  bool Flag(std::size_t index, std::string_view flag) const {
    return index != npos && index < call_.arguments.size() && call_.Has(index, flag);
  }

  StraceImporter& importer_;
  TraceBuilder& builder_;
  std::uint32_t thread_id_;
  TracedThread& thread_;
  StraceCall call_;
  std::optional<std::uint64_t> returned_;
};

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
      {"execve", &Call::Exec},
      {"execveat", &Call::Exec},
      {"fork", &Call::Fork},
      {"vfork", &Call::Fork},
      {"clone", &Call::Fork},
      {"clone3", &Call::Fork},
      {"rename", &Call::Rename},
      {"renameat", &Call::RenameAt},
      {"renameat2", &Call::RenameAt},
      {"unlink", &Call::Unlink},
      {"unlinkat", &Call::UnlinkAt},
      {"io_uring_setup", &Call::Unseen},
      {"io_setup", &Call::Unseen},
  };
  return kHandlers;
}

void StraceImporter::Call::Opened(const std::string& path, const StraceDescriptor& directory,
                                  std::size_t flags) {
  const bool creates_empty = flags == npos;  // creat
  auto has = [&](std::string_view flag) {
    // openat2 prints its flags in a structure.
    return Flag(flags, flag) || (flags != npos && call_.Argument(flags).starts_with("{") &&
                                 call_.Argument(flags).find(flag) != std::string_view::npos);
  };
  const bool truncates = creates_empty || has("O_TRUNC");
  const bool is_file = !has("O_DIRECTORY") && !has("O_PATH") && !has("O_TMPFILE");
  const bool is_new = has("O_CREAT") && has("O_EXCL");
  auto open = std::make_shared<OpenFile>();
  if (is_file) {
    // The result's path has links resolved.
    std::string name = ParseStraceDescriptor(call_.result).path;
    if (name.empty()) name = Resolve(directory, path);
    open->file = builder_.FileOf(name, truncates || is_new);
  }
  open->append = has("O_APPEND");
  open->sync = has("O_SYNC") || has("O_DSYNC");
  if (open->file != 0) {
    const bool writable = creates_empty || has("O_WRONLY") || has("O_RDWR");
    Emit(EventKind::kOpen, open->file, 0, 0, writable ? kFlagWritable : 0);
    const bool remade = builder_.TakeRemoved(open->file);
    if ((truncates || remade) && builder_.SizeOf(open->file) > 0) Resize(open->file, 0);
  }
  Insert(static_cast<std::int64_t>(*returned_), std::move(open), has("O_CLOEXEC"));
}

void StraceImporter::Call::Insert(std::int64_t number, std::shared_ptr<OpenFile> open,
                                  bool close_on_exec) {
  if (descriptors().size() >= kMaximumDescriptors) {
    throw Error("more open descriptors than a process can have");
  }
  descriptors()[number] = {std::move(open), close_on_exec};
}

void StraceImporter::Call::Erase(DescriptorTable::iterator at) {
  if (at->second.open->file != 0) Emit(EventKind::kClose, at->second.open->file, 0, 0);
  descriptors().erase(at);
}

void StraceImporter::Call::Close() {
  const auto at = descriptors().find(StraceDescriptorAt(0).number);
  if (at != descriptors().end()) Erase(at);
}

void StraceImporter::Call::CloseRange() {
  const auto first = static_cast<std::int64_t>(call_.Number(0) & 0xffffffff);
  const auto last = static_cast<std::int64_t>(call_.Number(1) & 0xffffffff);
  if (Flag(2, "CLOSE_RANGE_UNSHARE")) {
    thread_.descriptors = std::make_shared<DescriptorTable>(descriptors());
  }
  std::vector<std::int64_t> numbers;
  for (const auto& [number, entry] : descriptors()) {
    if (number >= first && number <= last) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (const std::int64_t number : numbers) {
    const auto at = descriptors().find(number);
    if (Flag(2, "CLOSE_RANGE_CLOEXEC")) {
      at->second.close_on_exec = true;
    } else {
      Erase(at);
    }
  }
}

void StraceImporter::Call::Dup() {
  OpenAt(0);  // so that it is known
  const std::shared_ptr<OpenFile> open = descriptors().at(StraceDescriptorAt(0).number).open;
  Insert(static_cast<std::int64_t>(*returned_), open, false);
}

void StraceImporter::Call::Dup2() {
  const auto number = static_cast<std::int64_t>(*returned_);
  if (StraceDescriptorAt(0).number == number) return;
  if (const auto replaced = descriptors().find(number); replaced != descriptors().end()) {
    Erase(replaced);
  }
  Dup();
  descriptors().at(number).close_on_exec = Flag(2, "O_CLOEXEC");
}

void StraceImporter::Call::Fcntl() {
  const std::string_view command = call_.Argument(1);
  if (command == "F_DUPFD" || command == "F_DUPFD_CLOEXEC") {
    Dup();
    descriptors().at(static_cast<std::int64_t>(*returned_)).close_on_exec =
        command == "F_DUPFD_CLOEXEC";
  } else if (command == "F_SETFD") {
    OpenAt(0);
    descriptors().at(StraceDescriptorAt(0).number).close_on_exec = call_.Has(2, "FD_CLOEXEC");
  } else if (command == "F_SETFL") {
    OpenAt(0).append = call_.Has(2, "O_APPEND");
  }
}

void StraceImporter::Call::Ioctl() {
  const std::string_view command = call_.Argument(1);
  if (command != "FIOCLEX" && command != "FIONCLEX") return;
  OpenAt(0);
  descriptors().at(StraceDescriptorAt(0).number).close_on_exec = command == "FIOCLEX";
}

void StraceImporter::Call::Seek() { OpenAt(0).offset = *returned_; }

void StraceImporter::Call::LongSeek() {
  if (const auto offset = call_.NumberInBrackets(2)) OpenAt(0).offset = *offset;
}

OpenFile& StraceImporter::Call::OpenAt(std::size_t index) {
  const StraceDescriptor descriptor = StraceDescriptorAt(index);
  const bool named = descriptor.path.starts_with("/") && !descriptor.deleted;
  const auto at = descriptors().find(descriptor.number);
  if (at != descriptors().end()) {
    // A name that belongs to another file tells that the descriptor was replaced out of sight.
    const std::optional<std::uint32_t> known =
        named ? builder_.KnownFile(descriptor.path) : std::nullopt;
    if (!known || *known == at->second.open->file) return *at->second.open;
  }
  auto open = std::make_shared<OpenFile>();
  if (named) open->file = builder_.FileOf(descriptor.path);
  if (open->file != 0) ++importer_.guessed_offsets_;
  Insert(descriptor.number, std::move(open), false);
  return *descriptors().at(descriptor.number).open;
}

void StraceImporter::Call::TransferBytes(EventKind kind, OpenFile& open,
                                         std::optional<std::uint64_t> offset, std::uint64_t bytes) {
  if (open.file == 0) return;
  std::uint64_t begin = offset.value_or(open.offset);
  if (kind == EventKind::kWrite && open.append) begin = builder_.SizeOf(open.file);
  Emit(kind, open.file, begin, bytes);
  if (!offset) open.offset = begin + bytes;
  if (kind == EventKind::kWrite && open.sync) Emit(EventKind::kFlush, open.file, 0, 0);
}

void StraceImporter::Call::VectorAt(EventKind kind) {
  if (*returned_ == 0) return;
  // -1 stands for the descriptor's own offset.
  std::optional<std::uint64_t> offset;
  if (const std::int64_t given = call_.SignedNumber(3); given >= 0) {
    offset = static_cast<std::uint64_t>(given);
  }
  OpenFile& open = OpenAt(0);
  TransferBytes(kind, open, offset, *returned_);
  if (kind == EventKind::kWrite && (Flag(4, "RWF_DSYNC") || Flag(4, "RWF_SYNC"))) {
    FlushIfRecorded(open.file);
  }
}

void StraceImporter::Call::SendFile() {
  if (*returned_ == 0) return;
  TransferBytes(EventKind::kRead, OpenAt(1), call_.NumberInBrackets(2), *returned_);
  TransferBytes(EventKind::kWrite, OpenAt(0), std::nullopt, *returned_);
}

void StraceImporter::Call::CopyRange() {
  if (*returned_ == 0) return;
  TransferBytes(EventKind::kRead, OpenAt(0), call_.NumberInBrackets(1), *returned_);
  TransferBytes(EventKind::kWrite, OpenAt(2), call_.NumberInBrackets(3), *returned_);
}

void StraceImporter::Call::Resize(std::uint32_t file, std::uint64_t size) {
  if (file == 0) return;
  Emit(EventKind::kTruncate, file, size, 0);
  builder_.SetSize(file, size);
}

void StraceImporter::Call::Truncate() { Resize(OpenAt(0).file, call_.Number(1)); }

void StraceImporter::Call::TruncatePath() {
  Resize(builder_.FileOf(call_.Path(0)), call_.Number(1));
}

void StraceImporter::Call::Allocate() {
  const std::uint32_t file = OpenAt(0).file;
  if (file == 0) return;
  const std::uint64_t offset = call_.Number(2);
  const std::uint64_t length = call_.Number(3);
  if (call_.Argument(1) == "0") {
    const std::uint64_t end = offset + length;
    if (end >= offset && end > builder_.SizeOf(file)) Resize(file, end);
  } else if (!call_.Has(1, "FALLOC_FL_KEEP_SIZE") || call_.Has(1, "FALLOC_FL_PUNCH_HOLE")) {
    ++importer_.other_changes_;
  }
}

void StraceImporter::Call::SyncRange() {
  const std::uint32_t file = OpenAt(0).file;
  if (file != 0) Emit(EventKind::kWriteOut, file, call_.Number(1), call_.Number(2));
}

void StraceImporter::Call::Msync() {
  const std::uint64_t begin = call_.Number(0);
  const std::uint64_t end = begin + call_.Number(1);
  const EventKind kind = call_.Has(2, "MS_SYNC") ? EventKind::kFlush : EventKind::kWriteOut;
  thread_.memory->ForEach(begin, end, [&](std::uint64_t first, const MappedRange& range) {
    Emit(kind, range.file, range.offset, range.end - first);
  });
}

void StraceImporter::Call::Unmap(std::uint64_t begin, std::uint64_t end) {
  thread_.memory->Unmap(begin, end, [&](std::uint64_t first, const MappedRange& range) {
    Emit(EventKind::kUnmap, range.file, range.offset, range.end - first);
  });
}

void StraceImporter::Call::Mmap() {
  const std::uint64_t begin = *returned_;
  const std::uint64_t length = WholePages(call_.Number(1));
  if (length == 0 || length > std::numeric_limits<std::uint64_t>::max() - begin) return;
  Unmap(begin, begin + length);
  if (call_.Has(3, "MAP_ANONYMOUS") || call_.Argument(4) == "-1") return;
  const std::uint32_t file = OpenAt(4).file;
  if (file == 0) return;
  const std::string_view protection = call_.Argument(2);
  auto allows = [&](std::string_view flag) {
    return protection.find(flag) != std::string_view::npos;
  };
  const bool shared = call_.Has(3, "MAP_SHARED") || call_.Has(3, "MAP_SHARED_VALIDATE");
  const auto flags = static_cast<std::uint8_t>((allows("PROT_WRITE") ? kFlagWritable : 0) |
                                               (allows("PROT_EXEC") ? kFlagExecutable : 0) |
                                               (shared ? kFlagShared : 0));
  const std::uint64_t offset = call_.Number(5);
  importer_.maps_ = true;
  Emit(EventKind::kMap, file, offset, length, flags);
  thread_.memory->Map(begin,
                      {.end = begin + length, .file = file, .offset = offset, .flags = flags});
}

void StraceImporter::Call::Munmap() {
  const std::uint64_t begin = call_.Number(0);
  Unmap(begin, begin + WholePages(call_.Number(1)));
}

void StraceImporter::Call::Mremap() {
  const std::uint64_t old_begin = call_.Number(0);
  const std::uint64_t old_length = WholePages(call_.Number(1));
  const std::uint64_t new_length = WholePages(call_.Number(2));
  // All that is moved lies in one mapping.
  std::optional<MappedRange> moved;
  thread_.memory->ForEach(
      old_begin, old_begin + std::max(old_length, kPageBytes),
      [&](std::uint64_t, const MappedRange& range) { moved = moved.value_or(range); });
  Unmap(old_begin, old_begin + old_length);
  Unmap(*returned_, *returned_ + new_length);
  if (!moved || new_length > std::numeric_limits<std::uint64_t>::max() - *returned_) return;
  moved->end = *returned_ + new_length;
  Emit(EventKind::kMap, moved->file, moved->offset, new_length, moved->flags);
  thread_.memory->Map(*returned_, *moved);
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
  builder_.Rename(Resolve(StraceDescriptorAt(0), call_.Path(1)),
                  Resolve(StraceDescriptorAt(2), call_.Path(3)));
}

std::string StraceImporter::CallNames() {
  std::vector<std::string> names;
  for (const auto& [name, handler] : Call::Handlers()) {
    if (name != "ioctl") names.push_back(Concat("?", name));
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
      if (!thread.unfinished.starts_with(Concat(line.name, "("))) {
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
    builder_.Note(Concat(FormatCount(guessed_offsets_),
                         " descriptors were opened out of the tracer's sight: their sequential "
                         "transfers are taken to begin at offset 0"));
  }
  if (beginnings_missing_ > 0) {
    builder_.Note(Concat(FormatCount(beginnings_missing_),
                         " calls had begun before the tracer came, and are missing"));
  }
  if (other_changes_ > 0) {
    builder_.Note(Concat(FormatCount(other_changes_),
                         " calls punched holes or moved ranges of files, which a trace has no "
                         "event for"));
  }
  if (unseen_transfers_) {
    builder_.Note(
        "the program used asynchronous I/O (io_uring or io_submit), whose transfers no tracer of "
        "calls sees: they are missing");
  }
}

}  // namespace faultline
