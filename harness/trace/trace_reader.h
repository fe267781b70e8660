// Reading a trace, event by event, in bounded memory; nothing in the file is believed unchecked.
#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/file.h"
#include "harness/trace/event.h"

namespace faultline {

// Whether a regular file that can be read is there and begins as a trace does, of any version.
bool IsTrace(const std::filesystem::path& path);

// Memory: a buffer, and the table of files, which is never larger than the trace itself. One thread
// at a time.
class TraceReader {
 public:
  // Reads the header. Throws UsageError when there is no such file or it is no trace, and Error
  // with the position for a damaged one, as Next does.
  explicit TraceReader(const std::filesystem::path& path);

  const TraceHeader& header() const { return header_; }

  // The files that were spoken of so far, the first of them number 1.
  const std::vector<TraceFile>& files() const { return files_; }

  // The next event; false at the end, when counts and checksum were found to be right.
  bool Next(TraceEvent& event);

  std::uint64_t events() const { return events_; }                 // so far
  std::uint64_t position() const { return buffer_offset_ + at_; }  // in bytes

  // What the trace says at its end. REQUIRES: Next returned false.
  const TraceEnd& end() const { return end_; }

 private:
  [[noreturn]] void Fail(std::uint64_t position, std::string_view why) const;
  [[noreturn]] void FailCut() const;
  void ReadHeader();
  void ReadFile();
  void ReadEvent(std::uint8_t tag, TraceEvent& event);
  void ReadEnd();
  void ReadCounts();
  // Makes at least `bytes` available from at_ on, as far as the file goes. Returns whether they
  // are.
  bool Fill(std::size_t bytes);
  std::uint8_t TakeByte();
  std::uint64_t TakeNumber();
  std::uint32_t TakeId();
  std::string TakeText();

  os::File file_;
  TraceHeader header_;
  std::vector<TraceFile> files_;
  std::vector<std::uint64_t> ends_ = {0};  // of each file's last event, by number
  TraceEnd end_;
  std::vector<unsigned char> buffer_;
  std::size_t at_ = 0;      // next byte of the buffer
  std::size_t filled_ = 0;  // bytes of the buffer
  std::uint64_t buffer_offset_ = 0;
  boost::crc_32_type checksum_;  // of all bytes before buffer_offset_
  std::uint64_t lengths_[kEventKinds] = {};
  std::uint64_t events_ = 0;
  std::uint64_t time_ns_ = 0;
  std::uint32_t last_file_ = kAllFiles;
  std::uint32_t process_ = 0;
  std::uint32_t thread_ = 0;
  bool has_counts_ = false;
  bool ended_ = false;
};

}  // namespace faultline
