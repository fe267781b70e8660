// What all importers have in common: the files that the user wants, their sizes as they change, and
// the trace that is written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/trace/trace_writer.h"

namespace faultline {

// Which files belong to a trace.
class FilePatterns {
 public:
  FilePatterns() = default;
  // Globs ('*', '?', '[…]'; a '*' matches slashes too), each held against the whole path and
  // against its last part. With none, all files but the system's own belong to it, and devices with
  // blocks.
  explicit FilePatterns(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {}

  bool Match(const std::string& path) const;

 private:
  std::vector<std::string> patterns_;
};

// What a caller that can read the file system knows of a path; absent where there is none.
struct SeenFile {
  bool regular = false;
  std::uint64_t size_bytes = 0;
};
using LookAtFile = std::function<std::optional<SeenFile>(const std::string& path)>;

// Sends events to a trace under the files' names. A file is what has a name: one that is removed
// and made again under its old name is the same file, cut to nothing meanwhile.
class TraceBuilder {
 public:
  // `writer` outlives this. Without `look`, sizes are known only as far as the events tell.
  TraceBuilder(TraceWriter& writer, FilePatterns patterns, LookAtFile look = {});

  // The number of the file that is now called `path`; 0 if it is not to be recorded. `empty` says
  // that it surely holds nothing when the trace first speaks of it.
  std::uint32_t FileOf(const std::string& path, bool empty = false);

  // The number if there is one already; nothing is looked at or added.
  std::optional<std::uint32_t> KnownFile(const std::string& path) const;

  // A name was moved, onto another one perhaps; two were exchanged; a file got a further name, or
  // it showed that it has one; or one was removed.
  void Rename(const std::string& from, const std::string& to);
  void Exchange(const std::string& first, const std::string& second);
  void AddName(std::uint32_t file, const std::string& path);
  void Link(const std::string& from, const std::string& to);
  void Remove(const std::string& path);

  // Whether the file's last name was removed since anybody opened it; forgets it.
  bool TakeRemoved(std::uint32_t file);

  // The file's size as far as it is known, in bytes. REQUIRES: file != 0.
  std::uint64_t SizeOf(std::uint32_t file) const { return files_[file - 1].size_bytes; }
  void SetSize(std::uint32_t file, std::uint64_t size_bytes) {
    files_[file - 1].size_bytes = size_bytes;
  }

  // Writes the event; writes make the file grow. Nothing for file 0, unless it is a flush and there
  // is a file. Times are in ns of any clock: the first one becomes 0, and none is before it.
  // REQUIRES: a trace can hold its range (trace_format::IsRange).
  void Add(TraceEvent event);

  // Says at the trace's end what there is to be known: counts, a sentence, or that no time was
  // kept.
  TraceCounts& counts() { return writer_.end().counts; }
  void Note(std::string note) { writer_.end().notes.push_back(std::move(note)); }
  void SetUntimed() { writer_.end().timed = false; }
  void SetFaultsRecorded() { writer_.end().faults = true; }
  void SetStarted(std::uint64_t since_1970_ns) { writer_.end().started_ns = since_1970_ns; }

  // Reads, writes and page faults so far.
  std::uint64_t accesses() const { return accesses_; }

  // Time 0 of the trace by the events' clock; absent before the first event.
  std::optional<std::uint64_t> first_time_ns() const { return first_time_ns_; }

 private:
  struct FileState {
    std::uint64_t size_bytes = 0;
    std::uint32_t names = 1;
    bool removed = false;
  };

  TraceWriter& writer_;
  FilePatterns patterns_;
  LookAtFile look_;
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<FileState> files_;
  std::optional<std::uint64_t> first_time_ns_;
  std::uint64_t accesses_ = 0;
};

}  // namespace faultline
