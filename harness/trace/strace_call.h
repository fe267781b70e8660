// What each finished call in strace's text does to descriptors, mappings and files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "harness/base/text.h"
#include "harness/trace/strace_import.h"

namespace faultline {

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
  void Open() { Opened(PathAt(1, 0), 2); }
  void PlainOpen() { Opened(PathAt(0), 1); }
  void Creat() { Opened(PathAt(0), npos); }
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
  void ChangeDirectory() { *thread_.directory = PathAt(0); }
  void ChangeDirectoryTo() { *thread_.directory = StraceDescriptorAt(0).path; }
  void Rename() { builder_.Rename(PathAt(0), PathAt(1)); }
  void RenameAt();
  void Link() { builder_.Link(PathAt(0), PathAt(1)); }
  void LinkAt() { builder_.Link(PathAt(1, 0), PathAt(3, 2)); }
  void Unlink() { builder_.Remove(PathAt(0)); }
  void UnlinkAt() { builder_.Remove(PathAt(1, 0)); }
  void Unseen() { importer_.unseen_transfers_ = true; }

  static constexpr std::size_t npos = ~std::size_t{0};

  StraceDescriptor StraceDescriptorAt(std::size_t index) const {
    return ParseStraceDescriptor(call_.Argument(index));
  }

  // The path at argument `path`; a relative one as seen from the directory whose descriptor is at
  // argument `directory`, or from the thread's current one. Still relative where nobody told where
  // that is. Takes note of a current directory that strace printed.
  std::string PathAt(std::size_t path, std::optional<std::size_t> directory = std::nullopt);

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

  void Opened(const std::string& path, std::size_t flags);
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

}  // namespace faultline
