// What each finished call in strace's text does to descriptors, mappings and files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "harness/trace/strace_call_table.h"
#include "harness/trace/strace_import.h"

namespace faultline {

// What a call asks for besides what its descriptor was opened for.
struct StraceTransferFlags {
  bool append = false;
  bool sync = false;
};

// One finished call of a thread.
class StraceImporter::Call {
 public:
  Call(StraceImporter& importer, std::uint32_t thread_id, TracedThread& thread,
       const StraceCall& call)
      : importer_(importer),
        builder_(importer.builder_),
        thread_id_(thread_id),
        thread_(thread),
        call_(call),
        returned_(call.Returned()) {}

  using Handler = void (Call::*)();
  struct Row {
    std::string_view name;
    CallShape shape;
    Handler handler;
  };

  // All calls that are read, by name.
  static const std::vector<Row>& Rows();
  // nullptr for any other.
  static const Row* Find(std::string_view name);

  // Throws UnreadableCall.
  void Run(const Row& row) {
    if (returned_) {
      (this->*row.handler)();
    } else if (row.handler == &Call::Seek && call_.FailedWith("ESPIPE")) {
      IsNoFile();
    }
  }

 private:
  // Instead of the place of flags: creat has none, and what some calls open with is not told.
  static constexpr std::size_t kOfCreat = ~std::size_t{0};
  static constexpr std::size_t kUntoldFlags = kOfCreat - 1;

  // strace_open_calls.cc
  void Open() { Opened(NameAt(1, 0), 2); }
  void PlainOpen() { Opened(NameAt(0), 1); }
  void Creat() { Opened(NameAt(0), kOfCreat); }
  void OpenSomething() { Opened({}, kUntoldFlags); }
  void OpenOther();
  void OpenPair();
  void Close();
  void CloseRange();
  void Dup();
  void Dup2();
  void Fcntl();
  void Ioctl();
  void IsNoFile();
  void Status();
  void StatusAt();

  // strace_transfer_calls.cc
  void Seek();
  void LongSeek();
  void Read() { Transfer(EventKind::kRead, std::nullopt); }
  void Write() { Transfer(EventKind::kWrite, std::nullopt); }
  void ReadAt() { Transfer(EventKind::kRead, call_.Number(3)); }
  void WriteAt() { Transfer(EventKind::kWrite, call_.Number(3)); }
  void ReadVectorAt() { VectorAt(EventKind::kRead); }
  void WriteVectorAt() { VectorAt(EventKind::kWrite); }
  void SendFile();
  void CopyRange();
  void Truncate();
  void TruncatePath();
  void Allocate();
  void Advise();
  void Sync() { FlushOf(OpenAt(0)); }
  void SyncAll() { Emit(EventKind::kFlush, kAllFiles, 0, 0); }
  void SyncRange() { WriteOut(1, 2); }
  void SyncRange2() { WriteOut(2, 3); }

  // strace_async_calls.cc
  void Submit();
  void Submitted(std::string_view request);
  void GetCompletions();
  void ForgetQueue();
  void SetUpRing();
  void EnterRing() { counts().ring_requests += *returned_; }

  // strace_memory_calls.cc
  void Msync();
  void AdviseMemory();
  void Mmap() { Map(call_.Number(5)); }
  void MmapPages();
  void Munmap();
  void Mremap();

  // strace_name_calls.cc
  void Exec();
  void Fork();
  void ChangeDirectory() { *thread_.directory = PathAt(0); }
  void ChangeDirectoryTo() { *thread_.directory = DirectoryAt(0); }
  void Rename() { builder_.Rename(PathAt(0), PathAt(1)); }
  void RenameAt();
  void Link() { builder_.Link(PathAt(0), PathAt(1)); }
  void LinkAt() { builder_.Link(PathAt(1, 0), PathAt(3, 2)); }
  void Unlink() { builder_.Remove(PathAt(0)); }
  void UnlinkAt() { builder_.Remove(PathAt(1, 0)); }

  StraceDescriptor DescriptorAt(std::size_t index) const {
    return ParseStraceDescriptor(call_.Argument(index));
  }

  // What the directory is called whose descriptor is argument `index`: the thread's current one for
  // AT_FDCWD; "" where nothing told. Takes note of a current directory that strace printed.
  std::string DirectoryAt(std::size_t index);

  // The path at argument `path`; a relative one as seen from the directory whose descriptor is at
  // argument `directory`, or from the thread's current one. Still relative where nothing told where
  // that is.
  std::string PathAt(std::size_t path, std::optional<std::size_t> directory = std::nullopt);
  // Likewise; "" where strace didn't print it.
  std::string NameAt(std::size_t path, std::optional<std::size_t> directory = std::nullopt);

  DescriptorTable& descriptors() { return *thread_.descriptors; }
  TraceCounts& counts() { return builder_.counts(); }

  // Throws UnreadableCall for a range that a trace can't hold.
  void Emit(EventKind kind, std::uint32_t file, std::uint64_t offset, std::uint64_t length,
            std::uint8_t flags = 0);

  // A descriptor was opened: for `path`, or "" where nothing told; with the flags at that argument.
  void Opened(const std::string& path, std::size_t flags);
  void Insert(std::int64_t number, std::shared_ptr<OpenFile> open, bool close_on_exec);
  void Erase(DescriptorTable::iterator at);

  // What the descriptor stands for: as the calls before tell, or as its printed path does. Valid
  // until the descriptor is replaced.
  OpenFile& OpenAt(std::size_t index) { return OpenOf(DescriptorAt(index)); }
  OpenFile& OpenOf(const StraceDescriptor& descriptor);
  // Takes in what was printed as the descriptor's name. False if it says that the descriptor was
  // replaced out of sight.
  bool Confirm(OpenFile& open, const StraceDescriptor& descriptor);
  void NameBy(OpenFile& open, const StraceDescriptor& printed);
  // What the system calls what the descriptor stands for, as far as it can be asked.
  std::string LookUp(const OpenFile& open, bool inherited) const;

  void Transfer(EventKind kind, std::optional<std::uint64_t> offset) {
    if (*returned_ > 0) TransferBytes(kind, OpenAt(0), offset, *returned_);
  }
  void TransferBytes(EventKind kind, OpenFile& open, std::optional<std::uint64_t> offset,
                     std::uint64_t bytes, StraceTransferFlags flags = {});
  void VectorAt(EventKind kind);
  void FlushOf(const OpenFile& open) {
    if (open.file != 0) Emit(EventKind::kFlush, open.file, 0, 0);
  }
  void WriteOut(std::size_t offset, std::size_t length);
  void Resize(std::uint32_t file, std::uint64_t size);
  void LearnStatus(OpenFile& open, std::string_view status);
  void Map(std::uint64_t offset);
  void Unmap(std::uint64_t begin, std::uint64_t end);

  StraceImporter& importer_;
  TraceBuilder& builder_;
  std::uint32_t thread_id_;
  TracedThread& thread_;
  const StraceCall& call_;
  std::optional<std::uint64_t> returned_;
};

}  // namespace faultline
