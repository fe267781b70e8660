// Writing a trace, event by event, in bounded memory.
#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/file.h"
#include "harness/trace/event.h"

namespace faultline {

// A trace file in the making. It has no name before Finish: whatever ends the program leaves
// nothing behind. One thread at a time.
class TraceWriter {
 public:
  // Throws UsageError when something is called `path` already, or nothing can be made there.
  TraceWriter(std::filesystem::path path, const TraceHeader& header);

  // The new file's number. Throws Error when there are more than a trace can hold (1,048,576).
  std::uint32_t AddFile(std::string_view path, std::optional<std::uint64_t> size_bytes);

  // REQUIRES: the event's file was added, or is kAllFiles. Throws Error for a range beyond 2^62
  // bytes and an access to more than 4 GiB, and SystemError when the disk is full.
  void Add(const TraceEvent& event);

  // What the end will say; of notes the first 64.
  TraceEnd& end() { return end_; }

  std::uint64_t events() const { return events_; }
  std::uint64_t files() const { return ends_.size() - 1; }
  std::uint64_t bytes() const { return written_ + buffer_.size(); }  // so far

  // Writes the end, and gives the file its name. Throws UsageError when the name was taken
  // meanwhile.
  void Finish();

 private:
  void PutByte(std::uint8_t byte) { buffer_.push_back(static_cast<char>(byte)); }
  void PutNumber(std::uint64_t number);
  void PutText(std::string_view text);
  void PutCounts();
  void WriteBuffer();

  std::filesystem::path path_;
  os::File file_;
  std::string buffer_;
  std::uint64_t written_ = 0;
  boost::crc_32_type checksum_;
  std::vector<std::uint64_t> ends_ = {0};  // of each file's last event, by number
  std::uint64_t lengths_[kEventKinds] = {};
  TraceEnd end_;
  std::uint64_t events_ = 0;
  std::uint64_t time_ns_ = 0;
  std::uint32_t last_file_ = kAllFiles;
  std::optional<std::uint64_t> last_thread_;  // process and thread
};

}  // namespace faultline
