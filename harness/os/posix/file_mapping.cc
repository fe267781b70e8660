// Mapping objects over descriptors.
#include "harness/os/file_mapping.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <fmt/format.h>
#include <sstream>
#include <string_view>
#include <utility>

#include "harness/os/posix/mapping_backing.h"
#include "harness/os/posix/named_object.h"

namespace faultline::os {
namespace {

constexpr std::string_view kMemory = "memory";
constexpr std::string_view kFile = "file";
constexpr std::string_view kNamed = "named";

void RequireSize(std::uint64_t size, std::string_view subject) {
  if (size == 0) throw SystemError("make a mapping object of 0 bytes of", subject, EINVAL);
}

// `fd` is -1 for an object whose views write to no file.
std::shared_ptr<const MappingBacking> MakeBacking(std::string subject, int fd) {
  Descriptor flush_file;
  if (fd != -1) {
    flush_file = Descriptor(DuplicateDescriptor(fd));
    if (flush_file.get() == -1) ThrowLastError("duplicate the handle of", subject);
  }
  return std::make_shared<const MappingBacking>(
      MappingBacking{std::move(subject), std::move(flush_file)});
}

int SystemProtection(ViewAccess access) {
  return access == ViewAccess::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
}

int SystemFlags(const MapOptions& options) {
  int flags = options.access == ViewAccess::kCopyOnWrite ? MAP_PRIVATE : MAP_SHARED;
#ifdef MAP_FIXED_NOREPLACE
  if (options.address != nullptr) flags |= MAP_FIXED_NOREPLACE;
#endif
#ifdef MAP_POPULATE
  if (options.populate) flags |= MAP_POPULATE;
#endif
  return flags;
}

[[noreturn, gnu::cold]] void ThrowMap(const MapOptions& options, std::uint64_t length,
                                      const MappingBacking* backing, int code) {
  std::string where;
  if (options.address != nullptr) {
    where = fmt::format("{}{}", code == EEXIST ? " at the occupied address " : " at the address ",
                        options.address);
  }
  throw SystemError(fmt::format("map {} bytes from offset {}{} of", length, options.offset, where),
                    backing == nullptr ? "a closed object" : backing->subject, code);
}

}  // namespace

FileMapping::FileMapping(FileMapping&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)),
      size_(std::exchange(other.size_, 0)),
      protection_(other.protection_),
      name_(std::exchange(other.name_, {})),
      name_holder_id_(other.name_holder_id_),
      backing_(std::move(other.backing_)) {}

FileMapping& FileMapping::operator=(FileMapping&& other) noexcept {
  FileMapping moved(std::move(other));  // closes the old object at the end of this function
  std::swap(handle_, moved.handle_);
  std::swap(size_, moved.size_);
  std::swap(protection_, moved.protection_);
  std::swap(name_, moved.name_);
  std::swap(name_holder_id_, moved.name_holder_id_);
  std::swap(backing_, moved.backing_);
  return *this;
}

FileMapping::~FileMapping() {
  ReleaseHeldName();
  CloseQuietly(handle_);
}

FileMapping FileMapping::FromFile(const File& file, Protection protection, std::uint64_t size) {
  const std::string& path = file.path().native();
  const int fd = static_cast<int>(file.handle());
  const int status = ::fcntl(fd, F_GETFL);
  if (status == -1) ThrowLastError("make a mapping object of", path);
  const bool writable = (status & O_ACCMODE) == O_RDWR;
  const std::uint64_t file_size = file.Size();
  if (size == 0) size = file_size;
  RequireSize(size, path);
  if (!writable && (protection == Protection::kReadWrite || size > file_size)) {
    throw SystemError("make a mapping object that changes a file opened for reading only,", path,
                      EACCES);
  }
  FileMapping mapping;
  mapping.handle_ = DuplicateDescriptor(fd);
  if (mapping.handle_ == -1) ThrowLastError("duplicate the handle of", path);
  mapping.size_ = size;
  mapping.protection_ = protection;
  mapping.backing_ = MakeBacking(path, protection == Protection::kReadWrite ? fd : -1);
  if (size > file_size) file.Resize(size);
  return mapping;
}

FileMapping FileMapping::FromTemporaryFile(const std::filesystem::path& directory,
                                           std::uint64_t size) {
  RequireSize(size, "a temporary file");
  return FromFile(File::CreateTemporary(directory), Protection::kReadWrite, size);
}

FileMapping FileMapping::FromMemory(std::uint64_t size) {
  RequireSize(size, kMemory);
  FileMapping mapping;
  mapping.handle_ = ::memfd_create("faultline", MFD_CLOEXEC);
  if (mapping.handle_ == -1) ThrowLastError("make a mapping object of", kMemory);
  const auto set_size = [&] {
    return ::ftruncate(static_cast<int>(mapping.handle_), static_cast<off_t>(size));
  };
  if (RetryInterrupted(set_size) != 0) {
    const int code = errno;
    throw SystemError(fmt::format("make a mapping object of {} bytes of", size), kMemory, code);
  }
  mapping.size_ = size;
  mapping.backing_ = MakeBacking(std::string(kMemory), -1);
  return mapping;
}

FileMapping FileMapping::FromNamedDescriptor(std::intptr_t handle, const std::string& name,
                                             std::uint64_t size, Protection protection) {
  FileMapping mapping;
  mapping.handle_ = handle;
  mapping.size_ = size;
  mapping.protection_ = protection;
  mapping.name_ = name;
  mapping.name_holder_id_ = ::getpid();
  mapping.backing_ = MakeBacking(fmt::format("the object '{}'", name), -1);
  return mapping;
}

FileMapping FileMapping::CreateNamed(const std::string& name, std::uint64_t size) {
  RequireSize(size, name);
  return FromNamedDescriptor(CreateNamedObject(name, size).Release(), name, size,
                             Protection::kReadWrite);
}

FileMapping FileMapping::OpenNamed(const std::string& name, Protection protection) {
  NamedObject object = OpenNamedObject(name, protection == Protection::kReadWrite);
  return FromNamedDescriptor(object.fd.Release(), name, object.size, protection);
}

void FileMapping::RemoveAbandoned() { RemoveAbandonedNames(); }

View FileMapping::Map(const MapOptions& options) const {
  const std::uint64_t room = options.offset < size_ ? size_ - options.offset : 0;
  const std::uint64_t length = options.length == 0 ? room : options.length;
  if (length == 0 || length > room) ThrowMap(options, length, backing_.get(), EINVAL);
  if (options.access == ViewAccess::kReadWrite && protection_ == Protection::kReadOnly) {
    ThrowMap(options, length, backing_.get(), EACCES);
  }
  void* const data =
      ::mmap(options.address, length, SystemProtection(options.access), SystemFlags(options),
             static_cast<int>(handle_), static_cast<off_t>(options.offset));
  if (data == MAP_FAILED) {
    const int code = errno;
    ThrowMap(options, length, backing_.get(), code);
  }
  // A system that doesn't know the flag takes the address for a hint and goes elsewhere when it is
  // occupied.
  if (options.address != nullptr && data != options.address) {
    ::munmap(data, length);
    ThrowMap(options, length, backing_.get(), EEXIST);
  }
  View view;
  view.data_ = static_cast<std::byte*>(data);
  view.size_ = length;
  view.file_offset_ = options.offset;
  view.shows_file_ = options.access != ViewAccess::kCopyOnWrite && backing_->flush_file.get() != -1;
  view.backing_ = backing_;
  return view;
}

void FileMapping::SetInheritable(bool inheritable) {
  if (::fcntl(static_cast<int>(handle_), F_SETFD, inheritable ? 0 : FD_CLOEXEC) != 0) {
    ThrowLastError("change the inheritance of a handle of", "a mapping object");
  }
}

bool FileMapping::IsInheritable() const {
  const int flags = ::fcntl(static_cast<int>(handle_), F_GETFD);
  if (flags == -1) ThrowLastError("find out the inheritance of a handle of", "a mapping object");
  return (flags & FD_CLOEXEC) == 0;
}

FileMapping FileMapping::Duplicate() const {
  FileMapping copy;
  if (!name_.empty()) {
    copy = HoldAgain();
    if (copy.is_open()) return copy;
  }
  copy.handle_ = DuplicateDescriptor(handle_);
  if (copy.handle_ == -1) ThrowLastError("duplicate a handle of", "a mapping object");
  copy.size_ = size_;
  copy.protection_ = protection_;
  copy.backing_ = backing_;
  return copy;
}

// One more object that keeps the name alive by itself; a closed one if the name no longer leads to
// this object.
FileMapping FileMapping::HoldAgain() const {
  Descriptor held =
      HoldNamedObjectAgain(name_, static_cast<int>(handle_), protection_ == Protection::kReadWrite);
  if (held.get() == -1) return {};
  return FromNamedDescriptor(held.Release(), name_, size_, protection_);
}

void FileMapping::SendTo(Channel& channel) const {
  // What travels is a holder of its own, so that the name stays alive on the way.
  FileMapping passed = Duplicate();
  const std::string_view kind = !passed.name_.empty()                     ? kNamed
                                : passed.backing_->flush_file.get() != -1 ? kFile
                                                                          : kMemory;
  const char* const access = protection_ == Protection::kReadWrite ? "read-write" : "read-only";
  if (!channel.SendLine(fmt::format("mapping {} {} {} {}", size_, access, kind, passed.name_))) {
    throw SystemError("send a mapping object to", "a process that is gone", EPIPE);
  }
  channel.SendHandle(passed.handle_);
  // The receiver has it: close this end's descriptor, but let go of nothing that the two have in
  // common.
  passed.name_.clear();
}

FileMapping FileMapping::ReceiveFrom(Channel& channel) {
  std::string line;
  if (channel.ReceiveLine(line) != Channel::Result::kLine) {
    throw SystemError("receive a mapping object from", "another process of this run", EPIPE);
  }
  std::istringstream words(line);
  std::string what, access, kind, name;
  std::uint64_t size = 0;
  words >> what >> size >> access >> kind;
  if (!words || what != "mapping") {
    throw Error(fmt::format("cannot receive a mapping object: '{}' came in its place", line));
  }
  words >> name;
  const Protection protection =
      access == "read-write" ? Protection::kReadWrite : Protection::kReadOnly;
  Descriptor fd(static_cast<int>(channel.ReceiveHandle()));
  if (kind == kNamed) return FromNamedDescriptor(fd.Release(), name, size, protection);
  FileMapping mapping;
  mapping.size_ = size;
  mapping.protection_ = protection;
  mapping.backing_ = MakeBacking("a received object", kind == kFile ? fd.get() : -1);
  mapping.handle_ = fd.Release();
  return mapping;
}

// A forked child has the same lock as its parent, so only the process that took it may let it go.
void FileMapping::ReleaseHeldName() {
  if (!name_.empty() && handle_ != -1 && name_holder_id_ == ::getpid()) {
    ReleaseName(name_, static_cast<int>(handle_));
  }
  name_.clear();
}

void FileMapping::Close() {
  ReleaseHeldName();
  const int fd = static_cast<int>(std::exchange(handle_, -1));
  size_ = 0;
  const auto backing = std::exchange(backing_, nullptr);
  if (fd != -1 && ::close(fd) != 0 && errno != EINTR) {
    ThrowLastError("close the mapping object of", backing->subject);
  }
}

}  // namespace faultline::os
