// What processes have open and mapped, as far as their calls tell.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace faultline {

// An open file description: what descriptors of several processes may share.
struct OpenFile {
  enum class Kind : std::uint8_t {
    kUnnamed,  // nothing told what it is
    kFile,     // `file` is its number, 0 where it isn't asked for
    kOther,    // a directory, pipe, socket or the like
  };
  Kind kind = Kind::kUnnamed;
  bool append = false;          // writes go to the end
  bool direct = false;          // transfers go past the page cache
  bool sync = false;            // writes return when they are on stable storage
  bool offset_guessed = false;  // since it was opened out of sight
  bool name_printed =
      false;              // `path` is the system's; else what the program asked for, perhaps a link
  bool seekable = false;  // something told that it is no pipe and no terminal
  bool inherited = false;      // it was open before the first call, and nothing told of it since
  std::uint32_t file = 0;      // its number in the trace
  std::uint64_t offset = 0;    // of the next sequential transfer, in bytes
  std::string path;            // "" where nothing told
  std::int64_t number = -1;    // of the descriptor under which it was met first
  std::uint64_t unplaced = 0;  // transfers while it is unnamed
};

struct OpenDescriptor {
  std::shared_ptr<OpenFile> open;
  bool close_on_exec = false;
  // Kept where the order of threads is not known: another one may have used it before.
  bool closed = false;
};

using DescriptorTable = std::unordered_map<std::int64_t, OpenDescriptor>;

// A range of a process's memory that shows a range of a file.
struct MappedRange {
  std::uint64_t end = 0;  // address
  std::uint32_t file = 0;
  std::uint64_t offset = 0;  // in the file, of the range's beginning
  std::uint8_t flags = 0;    // kFlag… of event.h
};

// The mapped files of one address space.
class AddressSpace {
 public:
  // REQUIRES: nothing is mapped at [begin, range.end).
  void Map(std::uint64_t begin, const MappedRange& range) { ranges_.emplace(begin, range); }

  // Takes [begin, end) away. Calls taken(begin, range) for each part that was mapped.
  using Taken = std::function<void(std::uint64_t begin, const MappedRange& range)>;
  void Unmap(std::uint64_t begin, std::uint64_t end, const Taken& taken);

  // Calls seen(begin, range) for each part of [begin, end) that is mapped.
  void ForEach(std::uint64_t begin, std::uint64_t end, const Taken& seen) const;

  bool empty() const { return ranges_.empty(); }

 private:
  std::map<std::uint64_t, MappedRange> ranges_;  // by first address
};

// One thread, and what it shares with others.
struct TracedThread {
  std::uint32_t process = 0;
  std::shared_ptr<DescriptorTable> descriptors = std::make_shared<DescriptorTable>();
  std::shared_ptr<AddressSpace> memory = std::make_shared<AddressSpace>();
  // Where relative paths begin; "" where no call told.
  std::shared_ptr<std::string> directory = std::make_shared<std::string>();
  std::string unfinished;   // the beginning of a call that another thread's line interrupted
  bool child_seen = false;  // of an unfinished fork: its child's lines came first
  bool seen = true;  // false: its parent's call returned its number, and no line is its own yet
  bool announced = true;  // false: its lines came first, and its parent's call is still to return
};

// What a fork shares.
struct ForkKind {
  bool same_process = false;      // a thread
  bool same_descriptors = false;  // one table for both
  bool same_memory = false;
  bool same_directory = false;  // where one goes the other goes
};

// The state of the child right after the fork.
TracedThread Forked(const TracedThread& parent, std::uint32_t child, const ForkKind& kind);

}  // namespace faultline
