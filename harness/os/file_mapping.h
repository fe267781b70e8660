// File mappings in two levels, as the 1993 article describes them: a mapping object (backed by a
// file, or by memory of the system alone), and views of it, ranges of the process's addresses that
// show a part of the object.
//
// What holds on every system: views of one object are coherent with each other at once, in one
// process and across processes; identical views have different addresses; objects, files and views
// may be closed in any order, and a view stays valid until it is unmapped. What differs between
// systems is said at the function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "faultline/file.h"
#include "harness/os/channel.h"

namespace faultline::os {

// What views an object permits.
enum class Protection { kReadOnly, kReadWrite };

// What a view permits: kCopyOnWrite gives this process its own copy of every page that it stores
// to, and the file never sees the stores.
enum class ViewAccess { kRead, kReadWrite, kCopyOnWrite };

// Hints for a view's range. The last two ask for large pages where the file system has them, or for
// none.
enum class ViewAdvice { kNormal, kRandom, kSequential, kWillNeed, kHuge, kNoHuge };

struct MapOptions {
  ViewAccess access = ViewAccess::kReadWrite;
  std::uint64_t offset = 0;  // a multiple of ViewGranularity()
  std::uint64_t length = 0;  // bytes; 0 for all from offset to the object's end
  void* address =
      nullptr;            // exactly here, or fail with kExists if anything is mapped there already
  bool populate = false;  // bring all pages in, and enter them in the page table, before returning
};

// The alignment that a view's offset must have, in bytes: the page size here, 64 KiB on Windows.
std::uint64_t ViewGranularity();

// The size of a page, in bytes.
std::uint64_t PageSize();

// What views need of their object after it was closed.
struct MappingBacking;

// A mapped range; move-only; unmapped, without flushing, by the destructor. An access beyond the
// end of the file, or to a page that the device can't deliver, ends the process by a signal.
class View {
 public:
  View() = default;
  View(View&& other) noexcept;
  View& operator=(View&& other) noexcept;
  ~View();

  std::byte* data() const { return data_; }
  std::uint64_t size() const { return size_; }
  std::span<std::byte> bytes() const { return {data_, size_}; }

  // Returns when the dirty pages of [offset, offset + length) are on stable storage; length 0 means
  // to the view's end. A range that leaves the view throws (kInvalid) and nothing is written. Any
  // offset will do; whole pages are written.
  void Flush(std::uint64_t offset = 0, std::uint64_t length = 0) const;

  // Starts writing the dirty pages of the range and returns without waiting. Some systems do
  // nothing here: Linux's msync(MS_ASYNC) has written nothing since 2.6.19, so there the range's
  // write-out is started on the file instead.
  void StartFlush(std::uint64_t offset = 0, std::uint64_t length = 0) const;

  // Throws if the system refuses the advice.
  void Advise(ViewAdvice advice) const;

  // The same for the pages that hold [offset, offset + length), bytes within the view.
  void Advise(ViewAdvice advice, std::uint64_t offset, std::uint64_t length) const;

  // Asks the system to take the view's pages out of memory, as it would when memory is short: a
  // page that no one else uses leaves the page cache too, written first if it is dirty. Pages may
  // stay. Throws UnsupportedError where the system has no such call.
  void Reclaim() const;

  void Unmap();  // throws what the system reports

 private:
  friend class FileMapping;

  std::byte* data_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t file_offset_ = 0;
  bool shows_file_ = false;  // whether its pages are those of a file that may be written
  std::shared_ptr<const MappingBacking> backing_;
};

// A mapping object; move-only. Closing it leaves the file, and the views that were made from it, as
// they are.
class FileMapping {
 public:
  FileMapping() = default;
  FileMapping(FileMapping&& other) noexcept;
  FileMapping& operator=(FileMapping&& other) noexcept;
  ~FileMapping();

  // Of an open file, which may be closed afterwards. `size` 0 means the file's own size (an empty
  // file is refused). A larger size extends the file by a hole (refused when the file was opened
  // for reading only); a smaller one makes a smaller object and never cuts the file.
  static FileMapping FromFile(const File& file, Protection protection, std::uint64_t size = 0);

  // Of a new nameless file in `directory`, gone with the object and its views. `size` must not be
  // 0.
  static FileMapping FromTemporaryFile(const std::filesystem::path& directory, std::uint64_t size);

  // Of no file: zeroed memory, shared by all views, backed by swap space. `size` must not be 0.
  static FileMapping FromMemory(std::uint64_t size);

  // The same with a name, for other processes. The name is letters, digits, '-' and '_'. Fails with
  // kExists while another object of that name lives. The name lasts until the last process that
  // created or opened the object has closed it or ended; one left over by a killed process counts
  // as free.
  static FileMapping CreateNamed(const std::string& name, std::uint64_t size);

  // An existing object by its name, with its own size; kNotFound before its creation and after its
  // end.
  static FileMapping OpenNamed(const std::string& name, Protection protection);

  // Frees the names that killed processes have left over. Objects that a process holds stay.
  static void RemoveAbandoned();

  // Throws SystemError: kInvalid for an unaligned offset or a range outside the object, kDenied for
  // an access that the object's protection forbids, kExists when `options.address` is occupied
  // (what is there stays untouched).
  View Map(const MapOptions& options = {}) const;

  std::uint64_t size() const { return size_; }
  Protection protection() const { return protection_; }
  bool is_open() const { return handle_ != -1; }

  // The system's handle, for the other parts of harness/os and a started program that inherits it.
  std::intptr_t handle() const { return handle_; }

  // Whether a program that this process starts afterwards receives the handle. Not inheritable when
  // created.
  void SetInheritable(bool inheritable);
  bool IsInheritable() const;

  // A second handle to the same object in this process; both must be closed. It keeps a name alive
  // like the first.
  FileMapping Duplicate() const;

  // Passes a handle to the process at the channel's other end, which must call ReceiveFrom; this
  // one stays open. The name of a named object lasts until the receiver has closed it too.
  void SendTo(Channel& channel) const;
  static FileMapping ReceiveFrom(Channel& channel);

  void Close();  // throws what the system reports

 private:
  static FileMapping FromNamedDescriptor(std::intptr_t handle, const std::string& name,
                                         std::uint64_t size, Protection protection);
  FileMapping HoldAgain() const;
  void ReleaseHeldName();

  std::intptr_t handle_ = -1;
  std::uint64_t size_ = 0;
  Protection protection_ = Protection::kReadWrite;
  std::string name_;                 // of a named object, else empty
  std::int64_t name_holder_id_ = 0;  // the process that keeps the name alive through this object
  std::shared_ptr<const MappingBacking> backing_;
};

}  // namespace faultline::os
