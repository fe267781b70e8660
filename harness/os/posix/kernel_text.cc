// Reading and writing the kernel's small text files.
#include "harness/os/posix/kernel_text.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>

#include "harness/base/text.h"

namespace faultline::os {
namespace {

void SkipBlanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
}

}  // namespace

KernelLines::KernelLines(const char* path) : handle_(::open(path, O_RDONLY | O_CLOEXEC)) {}

KernelLines::~KernelLines() {
  if (handle_ >= 0) ::close(handle_);
}

bool KernelLines::Refill() {
  if (begin_ > 0) {
    std::memmove(buffer_, buffer_ + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (handle_ < 0 || end_ == sizeof buffer_) return false;
  ssize_t got;
  do {
    got = ::read(handle_, buffer_ + end_, sizeof buffer_ - end_);
  } while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  end_ += static_cast<std::size_t>(got);
  return true;
}

bool KernelLines::Next(std::string_view& line) {
  std::size_t searched = 0;
  while (true) {
    const void* found = std::memchr(buffer_ + begin_ + searched, '\n', end_ - begin_ - searched);
    if (found != nullptr) {
      const auto length =
          static_cast<std::size_t>(static_cast<const char*>(found) - (buffer_ + begin_));
      line = {buffer_ + begin_, length};
      begin_ += length + 1;
      return true;
    }
    searched = end_ - begin_;
    if (!Refill()) break;
  }
  line = {buffer_ + begin_, end_ - begin_};
  begin_ = end_;
  return !line.empty();
}

std::optional<std::uint64_t> TakeNumber(std::string_view& text) {
  SkipBlanks(text);
  std::uint64_t value = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  return value;
}

std::string_view TakeWord(std::string_view& text) {
  SkipBlanks(text);
  std::size_t length = 0;
  while (length < text.size() && text[length] != ' ' && text[length] != '\t') ++length;
  const std::string_view word = text.substr(0, length);
  text.remove_prefix(length);
  return word;
}

std::optional<std::uint64_t> FindNumber(const std::string& path, std::string_view key) {
  KernelLines lines(path.c_str());
  std::string_view line;
  while (lines.Next(line)) {
    if (TakeWord(line) == key) return TakeNumber(line);
  }
  return std::nullopt;
}

std::optional<std::string> FirstLine(const std::string& path) {
  KernelLines lines(path.c_str());
  std::string_view line;
  if (!lines.Next(line)) return std::nullopt;
  line = Trim(line);
  if (line.empty()) return std::nullopt;
  return std::string(line);
}

std::optional<std::uint64_t> FirstNumber(const std::string& path) {
  KernelLines lines(path.c_str());
  std::string_view line;
  if (!lines.Next(line)) return std::nullopt;
  return TakeNumber(line);
}

std::string ChoiceIn(const std::string& line) {
  const std::size_t begin = line.find('[');
  const std::size_t end = line.find(']');
  if (begin == std::string::npos || end == std::string::npos || end < begin) return line;
  return line.substr(begin + 1, end - begin - 1);
}

int WriteControl(const std::string& path, std::string_view text) {
  const int handle = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (handle < 0) return errno;
  ssize_t written;
  do {
    written = ::write(handle, text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  const int code = written < 0 ? errno : 0;
  ::close(handle);
  return code;
}

}  // namespace faultline::os
