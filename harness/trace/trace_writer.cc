#include "harness/trace/trace_writer.h"

#include <fmt/format.h>
#include <span>
#include <utility>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/trace_format.h"

namespace faultline {

using namespace trace_format;

namespace {

constexpr std::size_t kWriteBufferBytes = std::size_t{1} << 18;

os::File CreateNameless(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
    throw UsageError(
        fmt::format("'{}' is there already; choose another name for the trace", path.native()));
  }
  try {
    return os::File::CreateTemporary(path.has_parent_path() ? path.parent_path() : ".");
  } catch (const os::SystemError& error) {
    throw UsageError(
        fmt::format("no trace can be written to '{}': {}", path.native(), error.what()));
  }
}

}  // namespace

TraceWriter::TraceWriter(std::filesystem::path path, const TraceHeader& header)
    : path_(std::move(path)), file_(CreateNameless(path_)) {
  buffer_.reserve(kWriteBufferBytes + kMaximumText);
  buffer_.append(kMagic);
  PutByte(kVersion);
  PutText(header.recorder);
  PutText(header.command);
}

std::uint32_t TraceWriter::AddFile(std::string_view path, std::optional<std::uint64_t> size_bytes) {
  if (files() >= kMaximumFiles) {
    throw Error(fmt::format("a trace holds at most {} files; name those that matter with --file",
                            FormatCount(kMaximumFiles)));
  }
  PutByte(kFileTag);
  PutText(path);
  PutNumber(size_bytes && *size_bytes < kMaximumEnd ? *size_bytes + 1 : 0);
  ends_.push_back(0);
  if (buffer_.size() >= kWriteBufferBytes) WriteBuffer();
  return static_cast<std::uint32_t>(files());
}

void TraceWriter::Add(const TraceEvent& event) {
  if (!IsRange(event.kind, event.offset, event.length)) {
    throw Error(fmt::format("a range of {} bytes at offset {} is beyond what a trace can hold",
                            event.length, event.offset));
  }
  const std::uint64_t thread = std::uint64_t{event.process} << 32 | event.thread;
  if (last_thread_ != thread) {
    last_thread_ = thread;
    PutByte(kThreadTag);
    PutNumber(event.process);
    PutNumber(event.thread);
  }
  const auto kind = static_cast<std::uint8_t>(event.kind);
  const std::uint64_t expected = ends_.at(event.file);
  const bool other_file = event.file != last_file_;
  const bool offset_given = event.offset != expected;
  const bool length_given = event.length != lengths_[kind];
  PutByte(static_cast<std::uint8_t>(kEventTag | kind | (other_file ? kOtherFile : 0) |
                                    (offset_given ? kOffsetGiven : 0) |
                                    (length_given ? kLengthGiven : 0)));
  PutNumber(Fold(static_cast<std::int64_t>(event.time_ns - time_ns_)));
  if (other_file) PutNumber(event.file);
  if (offset_given) PutNumber(Fold(static_cast<std::int64_t>(event.offset - expected)));
  if (length_given) PutNumber(event.length);
  if (HasFlags(event.kind)) PutByte(event.flags);
  time_ns_ = event.time_ns;
  last_file_ = event.file;
  ends_[event.file] = event.offset + event.length;
  lengths_[kind] = event.length;
  ++events_;
  if (buffer_.size() >= kWriteBufferBytes) WriteBuffer();
}

void TraceWriter::Finish() {
  PutByte(kEndTag);
  PutByte(static_cast<std::uint8_t>((end_.timed ? kTimedBit : 0) | (end_.faults ? kFaultsBit : 0)));
  PutNumber(end_.started_ns);
  PutNumber(events_);
  PutNumber(files());
  if (end_.notes.size() > kMaximumNotes) end_.notes.resize(kMaximumNotes);
  PutNumber(end_.notes.size());
  for (const std::string& note : end_.notes) PutText(note);
  PutCounts();
  WriteBuffer();
  const std::uint32_t checksum = checksum_.checksum();
  for (int byte = 0; byte < 4; ++byte) PutByte(static_cast<std::uint8_t>(checksum >> (8 * byte)));
  WriteBuffer();
  try {
    file_.GiveName(path_);
  } catch (const os::SystemError& error) {
    throw UsageError(fmt::format("the trace can't be named: {}", error.what()));
  }
  file_.Close();
}

void TraceWriter::PutCounts() {
  std::uint64_t counts = 0;
  for (const TraceCountName& known : kTraceCountNames) {
    counts += end_.counts.*known.count != 0 ? 1 : 0;
  }
  PutNumber(counts);
  for (const TraceCountName& known : kTraceCountNames) {
    const std::uint64_t count = end_.counts.*known.count;
    if (count == 0) continue;
    PutText(known.name);
    PutNumber(count);
  }
}

void TraceWriter::PutNumber(std::uint64_t number) {
  while (number >= 0x80) {
    PutByte(static_cast<std::uint8_t>(number | 0x80));
    number >>= 7;
  }
  PutByte(static_cast<std::uint8_t>(number));
}

void TraceWriter::PutText(std::string_view text) {
  text = text.substr(0, kMaximumText);
  PutNumber(text.size());
  buffer_.append(text);
}

void TraceWriter::WriteBuffer() {
  file_.WriteAt(written_, std::as_bytes(std::span<const char>(buffer_)));
  checksum_.process_bytes(buffer_.data(), buffer_.size());
  written_ += buffer_.size();
  buffer_.clear();
}

}  // namespace faultline
