#include "harness/trace/trace_reader.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/format.h>
#include <limits>
#include <span>

#include "faultline/error.h"
#include "harness/trace/trace_format.h"

namespace faultline {

using namespace trace_format;

namespace {

constexpr std::size_t kReadBufferBytes = std::size_t{1} << 18;
constexpr std::size_t kMaximumEvent = 2 + 4 * kMaximumVarint;

os::File OpenTrace(const std::filesystem::path& path) {
  try {
    return os::File::Open(path, os::FileAccess::kRead, /*follow_links=*/true);
  } catch (const os::SystemError& error) {
    throw UsageError(fmt::format("no trace: {}", error.what()));
  }
}

}  // namespace

bool IsTrace(const std::filesystem::path& path) {
  std::error_code ignored;
  // Opening a pipe would wait for its writer.
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  try {
    std::array<char, kMagic.size()> begin;
    const os::File file = os::File::Open(path, os::FileAccess::kRead, /*follow_links=*/true);
    return file.ReadAt(0, std::as_writable_bytes(std::span(begin))) == begin.size() &&
           std::string_view(begin.data(), begin.size()) == kMagic;
  } catch (const os::SystemError&) {
    return false;
  }
}

TraceReader::TraceReader(const std::filesystem::path& path)
    : file_(OpenTrace(path)), buffer_(kReadBufferBytes) {
  ReadHeader();
}

bool TraceReader::Next(TraceEvent& event) {
  while (!ended_) {
    Fill(kMaximumEvent);
    const std::uint64_t position = this->position();
    const std::uint8_t tag = TakeByte();
    if (tag >= kEventTag) {
      ReadEvent(tag, event);
      return true;
    }
    switch (tag) {
      case kFileTag:
        ReadFile();
        break;
      case kThreadTag:
        process_ = TakeId();
        thread_ = TakeId();
        break;
      case kEndTag:
        ReadEnd();
        break;
      default:
        Fail(position, fmt::format("no entry begins with {}", unsigned{tag}));
    }
  }
  return false;
}

void TraceReader::Fail(std::uint64_t position, std::string_view why) const {
  throw Error(fmt::format("the trace '{}' is damaged at byte {}: {}; record or import it again",
                          file_.path().native(), position, why));
}

void TraceReader::FailCut() const { Fail(buffer_offset_ + filled_, "the file ends here too soon"); }

void TraceReader::ReadHeader() {
  Fill(kReadBufferBytes);
  if (filled_ < kMagic.size() + 1 ||
      std::memcmp(buffer_.data(), kMagic.data(), kMagic.size()) != 0) {
    throw UsageError(
        fmt::format("'{}' is no trace of Faultline; 'faultline trace import' makes one of "
                    "strace's, fio's and blkparse's texts",
                    file_.path().native()));
  }
  at_ = kMagic.size();
  const unsigned version = TakeByte();
  if (version != kVersion && version != kVersionWithoutCounts) {
    throw UsageError(
        fmt::format("'{}' is a trace of version {}, and this program reads versions up to {}",
                    file_.path().native(), version, unsigned{kVersion}));
  }
  has_counts_ = version != kVersionWithoutCounts;
  header_.recorder = TakeText();
  header_.command = TakeText();
}

void TraceReader::ReadFile() {
  const std::uint64_t position = this->position();
  if (files_.size() >= kMaximumFiles) Fail(position, "there are more files than a trace can hold");
  TraceFile file;
  file.path = TakeText();
  const std::uint64_t size = TakeNumber();
  if (size > kMaximumEnd) Fail(position, "no file is as large as this one is said to be");
  if (size > 0) file.size = size - 1;
  files_.push_back(std::move(file));
  ends_.push_back(0);
}

void TraceReader::ReadEvent(std::uint8_t tag, TraceEvent& event) {
  const std::uint64_t position = this->position() - 1;
  const std::uint8_t kind = tag & kKindMask;
  if (kind >= kEventKinds) Fail(position, fmt::format("no event is of kind {}", unsigned{kind}));
  event.kind = static_cast<EventKind>(kind);
  event.time_ns = time_ns_ + static_cast<std::uint64_t>(Unfold(TakeNumber()));
  if (event.time_ns > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    Fail(position, "the event's time is before the trace's beginning");
  }
  event.file = tag & kOtherFile ? TakeId() : last_file_;
  if (event.file > files_.size()) {
    Fail(position,
         fmt::format("the event is of file {} and there are {}", event.file, files_.size()));
  }
  if (event.file == kAllFiles && event.kind != EventKind::kFlush) {
    Fail(position, "only a flush may be of all files");
  }
  event.offset = ends_[event.file];
  if (tag & kOffsetGiven) event.offset += static_cast<std::uint64_t>(Unfold(TakeNumber()));
  event.length = tag & kLengthGiven ? TakeNumber() : lengths_[kind];
  if (!IsRange(event.kind, event.offset, event.length)) {
    Fail(position, "the event's range is beyond any file");
  }
  event.flags = HasFlags(event.kind) ? TakeByte() : std::uint8_t{0};
  event.process = process_;
  event.thread = thread_;
  time_ns_ = event.time_ns;
  last_file_ = event.file;
  ends_[event.file] = event.offset + event.length;
  lengths_[kind] = event.length;
  ++events_;
}

void TraceReader::ReadEnd() {
  std::uint64_t position = this->position();
  const std::uint8_t bits = TakeByte();
  if (bits & ~(kTimedBit | kFaultsBit))
    Fail(position, "the trace has properties that no trace has");
  end_.timed = (bits & kTimedBit) != 0;
  end_.faults = (bits & kFaultsBit) != 0;
  end_.started_ns = TakeNumber();
  position = this->position();
  if (TakeNumber() != events_) Fail(position, "the number of events is another");
  position = this->position();
  if (TakeNumber() != files_.size()) Fail(position, "the number of files is another");
  position = this->position();
  const std::uint64_t notes = TakeNumber();
  if (notes > kMaximumNotes) Fail(position, "there are more notes than a trace can hold");
  for (std::uint64_t i = 0; i < notes; ++i) end_.notes.push_back(TakeText());
  if (has_counts_) ReadCounts();

  checksum_.process_bytes(buffer_.data(), at_);
  const std::uint32_t computed = checksum_.checksum();
  checksum_.reset();  // what follows is not part of it
  position = this->position();
  std::uint32_t stored = 0;
  for (int byte = 0; byte < 4; ++byte) stored |= std::uint32_t{TakeByte()} << (8 * byte);
  if (stored != computed) Fail(position, "the checksum is another: some byte before was changed");
  if (Fill(1)) Fail(this->position(), "something follows the end");
  ended_ = true;
}

void TraceReader::ReadCounts() {
  const std::uint64_t position = this->position();
  const std::uint64_t counts = TakeNumber();
  if (counts > kMaximumCounts) Fail(position, "there are more counts than a trace can hold");
  for (std::uint64_t i = 0; i < counts; ++i) {
    const std::string name = TakeText();
    const std::uint64_t count = TakeNumber();
    // Those of a later program say nothing here.
    for (const TraceCountName& known : kTraceCountNames) {
      if (known.name == name) end_.counts.*known.count = count;
    }
  }
}

bool TraceReader::Fill(std::size_t bytes) {
  if (filled_ - at_ >= bytes) return true;
  checksum_.process_bytes(buffer_.data(), at_);
  buffer_offset_ += at_;
  std::memmove(buffer_.data(), buffer_.data() + at_, filled_ - at_);
  filled_ -= at_;
  at_ = 0;
  const std::span<unsigned char> free = std::span(buffer_).subspan(filled_);
  filled_ += file_.ReadAt(buffer_offset_ + filled_, std::as_writable_bytes(free));
  return filled_ >= bytes;
}

std::uint8_t TraceReader::TakeByte() {
  if (at_ == filled_ && !Fill(1)) FailCut();
  return buffer_[at_++];
}

std::uint64_t TraceReader::TakeNumber() {
  const std::uint64_t position = this->position();
  std::uint64_t number = 0;
  for (std::size_t byte = 0; byte < kMaximumVarint; ++byte) {
    const std::uint64_t bits = TakeByte();
    // The tenth byte has room for one bit.
    if (byte + 1 == kMaximumVarint && bits > 1) break;
    number |= (bits & 0x7f) << (7 * byte);
    if (bits < 0x80) return number;
  }
  Fail(position, "a number has more than 64 bits");
}

std::uint32_t TraceReader::TakeId() {
  const std::uint64_t position = this->position();
  const std::uint64_t id = TakeNumber();
  if (id > std::numeric_limits<std::uint32_t>::max()) {
    Fail(position, "a file, process or thread has a number of more than 32 bits");
  }
  return static_cast<std::uint32_t>(id);
}

std::string TraceReader::TakeText() {
  const std::uint64_t position = this->position();
  const std::uint64_t length = TakeNumber();
  if (length > kMaximumText) Fail(position, "a text is longer than a trace may have");
  if (!Fill(length)) FailCut();
  std::string text(reinterpret_cast<const char*>(buffer_.data()) + at_, length);
  at_ += length;
  return text;
}

}  // namespace faultline
