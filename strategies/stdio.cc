// stdio: the C run-time's buffered streams, one per session.
//
// System calls per record: with a buffer of at least a record, a read or an update of a record
// outside the buffer is about 2 to 4 (lseek, read of a buffer's worth, and for an update lseek,
// write of the record when the stream moves on); next to the last record it may be none. The run-
// time decides; the counters tell.
//
// Not to be compared, in bytes read, with strategies that ask for just the record: a buffer's worth
// is read around each.
//
// Two sessions' buffers may hold copies of the same block. That is safe since a stream writes back
// only the bytes that were written to it, never the rest of its buffer.
#include <cstdio>
#include <fmt/format.h>
#include <mutex>

#include "faultline/synchronous.h"
#include "harness/base/text.h"
#include "harness/os/stream_file.h"

namespace faultline::stdio {
namespace {

// A stream with its buffer, which must live as long as the stream.
class Stream {
 public:
  Stream(const std::filesystem::path& path, std::uint64_t buffer_bytes)
      : path_(path), buffer_(buffer_bytes), stream_(os::OpenStream(path)) {
    const int mode = buffer_.empty() ? _IONBF : _IOFBF;
    if (std::setvbuf(stream_, buffer_.empty() ? nullptr : buffer_.data(), mode, buffer_.size()) !=
        0) {
      std::fclose(stream_);
      throw Error(fmt::format(
          "the C run-time refuses a stream buffer of {} bytes for '{}'; try another buffer size",
          buffer_.size(), path.string()));
    }
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (stream_ != nullptr) std::fclose(stream_);
  }

  void Load(std::uint64_t offset, std::span<std::byte> into) {
    Seek(offset);
    if (std::fread(into.data(), 1, into.size(), stream_) != into.size()) {
      Fail("read", offset, into.size());
    }
  }

  void Store(std::uint64_t offset, std::span<const std::byte> from) {
    Seek(offset);
    if (std::fwrite(from.data(), 1, from.size(), stream_) != from.size()) {
      Fail("write", offset, from.size());
    }
  }

  // Hands what is buffered to the system.
  void Drain() {
    if (std::fflush(stream_) != 0) os::ThrowLastError("write a stream's buffer to", path_.string());
  }

  void Sync() { os::SyncStream(stream_, path_); }

  // What is still buffered goes to the system here, not to stable storage: the run-time offers no
  // way to drop it.
  void Close() {
    if (std::fclose(std::exchange(stream_, nullptr)) != 0) {
      os::ThrowLastError("close a stream of", path_.string());
    }
  }

 private:
  void Seek(std::uint64_t offset) {
    if (!os::SeekStream(stream_, offset)) Fail("seek to", offset, 0);
  }

  [[noreturn, gnu::cold, gnu::noinline]] void Fail(std::string_view verb, std::uint64_t offset,
                                                   std::size_t length) {
    if (std::feof(stream_) != 0) {
      throw Error(
          fmt::format("'{}' ends within the {} bytes at offset {}: another program cut it; keep "
                      "others off the data file",
                      path_.string(), length, offset));
    }
    os::ThrowLastError(fmt::format("{} {} bytes at offset {} by a stream of", verb, length, offset),
                       path_.string());
  }

  std::filesystem::path path_;
  std::vector<char> buffer_;
  std::FILE* stream_;
};

class StreamAccess {
 public:
  StreamAccess(Stream& stream, std::uint64_t record_bytes)
      : stream_(&stream), buffer_(record_bytes) {}

  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&& visit) {
    const std::span<std::byte> record(buffer_.data(), length);
    stream_->Load(offset, record);
    visit(std::span<const std::byte>(record));
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&& mutate) {
    const std::span<std::byte> record(buffer_.data(), length);
    stream_->Load(offset, record);
    mutate(record);
    stream_->Store(offset, record);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&& produce) {
    const std::span<std::byte> record(buffer_.data(), length);
    produce(record);
    stream_->Store(offset, record);
  }

  void Flush() { stream_->Sync(); }

 private:
  Stream* stream_;
  std::vector<std::byte> buffer_;
};

class Stdio final : public Strategy {
 public:
  explicit Stdio(std::uint64_t buffer_bytes) : buffer_bytes_(buffer_bytes) {}

  void Open(const DatasetFile& file) override {
    data_file_ = file;
    file_ = OpenDataFile(file, os::FileAccess::kReadWrite);
  }

  std::unique_ptr<Session> NewSession() override {
    auto stream = std::make_unique<Stream>(data_file_.path, buffer_bytes_);
    const std::lock_guard lock(mutex_);
    streams_.push_back(std::move(stream));
    return std::make_unique<Synchronous<StreamAccess>>(*streams_.back(),
                                                       data_file_.geometry.record_size);
  }

  void Flush() override {
    for (const auto& stream : streams_) stream->Drain();
    file_.SyncData();
  }

  void Close() override {
    for (const auto& stream : streams_) stream->Close();
    file_.Close();
  }

  std::map<std::string, std::string> Settings() const override {
    return {{"buffer", buffer_bytes_ == 0 ? "unbuffered" : FormatSize(buffer_bytes_)}};
  }

 private:
  std::uint64_t buffer_bytes_;
  DatasetFile data_file_;
  os::File file_;  // for one synchronisation, however many streams there are
  std::mutex mutex_;
  std::vector<std::unique_ptr<Stream>> streams_;
};

const Registration<StrategyInfo> kRegistered{{
    .name = "stdio",
    .summary = "the C run-time's buffered streams: fseek, fread, fseek, fwrite",
    .calls = "chosen by the run-time: at most 2 per read: lseek, read; 4 per update: lseek, read, "
             "lseek, write",
    .copies = "2 per read, 4 per update, 2 per write; the C run-time may save some",
    .discards = "zeros are written, nothing is given back",
    .options = {{.name = "buffer",
                 .kind = OptionKind::kSize,
                 .default_value = "4096",
                 .summary = "bytes of each stream's buffer; 0 for an unbuffered stream",
                 .maximum = 1 << 30}},
    .make = [](const Options& options) { return std::make_unique<Stdio>(options.Size("buffer")); },
}};

}  // namespace
}  // namespace faultline::stdio
