#include "harness/trace/text_lines.h"

#include <zlib.h>

#include <fmt/format.h>
#include <utility>

#include "faultline/error.h"
#include "faultline/file.h"

namespace faultline {
namespace {

constexpr std::size_t kMaximumLine = std::size_t{1} << 20;
constexpr std::size_t kKeptOfLongLine = kMaximumLine / 4;  // of its beginning, and of its end
constexpr std::size_t kCompressedPiece = std::size_t{1} << 16;
constexpr std::string_view kGzipMagic = "\x1f\x8b";

// The program that decompresses what begins so, or "".
std::string_view OtherCompressor(std::string_view beginning) {
  constexpr std::pair<std::string_view, std::string_view> kOthers[] = {{"\x28\xb5\x2f\xfd", "zstd"},
                                                                       {"\xfd\x37zXZ", "xz"},
                                                                       {"BZh", "bzip2"},
                                                                       {"\x04\x22\x4d\x18", "lz4"}};
  for (const auto& [magic, program] : kOthers) {
    if (beginning.starts_with(magic)) return program;
  }
  return {};
}

}  // namespace

void LineBuffer::Append(std::string_view part) {
  text_.append(part);
  if (text_.size() > kMaximumLine) {
    text_.erase(kKeptOfLongLine, text_.size() - 2 * kKeptOfLongLine);
  }
}

struct TextInput::Inflater {
  // 15: the largest window; 16: gzip's format.
  Inflater() : input(kCompressedPiece) { ::inflateInit2(&stream, 15 + 16); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { ::inflateEnd(&stream); }

  void Give(std::size_t bytes) {
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(bytes);
  }

  z_stream stream = {};
  std::vector<char> input;
  bool in_member = true;  // the end of what was compressed at once is still to come
  bool at_end = false;    // of the file
};

void TextInput::CloseStream::operator()(std::FILE* stream) const {
  if (stream != stdin) std::fclose(stream);
}

TextInput::TextInput(std::filesystem::path path) : path_(std::move(path)) {
  std::error_code ignored;
  if (path_ == "-") {
    stream_.reset(stdin);
  } else if (std::filesystem::exists(path_, ignored) &&
             !std::filesystem::is_regular_file(path_, ignored) &&
             !std::filesystem::is_directory(path_, ignored)) {
    stream_.reset(std::fopen(path_.c_str(), "rb"));
    if (!stream_)
      throw UsageError(fmt::format("nothing to import: '{}' can't be read", path_.native()));
  } else {
    try {
      os::File::Open(path_, os::FileAccess::kRead, /*follow_links=*/true);
    } catch (const os::SystemError& error) {
      throw UsageError(fmt::format("nothing to import: {}", error.what()));
    }
  }
}

TextInput::TextInput(TextInput&&) noexcept = default;
TextInput::~TextInput() = default;

std::size_t TextInput::Read(std::span<char> into) {
  if (inflater_) return Inflate(into);
  const std::size_t count = ReadRaw(into);
  if (std::exchange(begun_, true)) return count;
  const std::string_view beginning(into.data(), count);
  if (const std::string_view program = OtherCompressor(beginning); !program.empty()) {
    throw UsageError(fmt::format(
        "'{}' is compressed by {}; import it with '{} -dc FILE | faultline trace import -'", name(),
        program, program));
  }
  if (!beginning.starts_with(kGzipMagic)) return count;
  inflater_ = std::make_unique<Inflater>();
  inflater_->input.assign(into.begin(), into.begin() + static_cast<std::ptrdiff_t>(count));
  inflater_->Give(count);
  return Inflate(into);
}

std::size_t TextInput::ReadRaw(std::span<char> into) {
  if (stream_) {
    const std::size_t count = std::fread(into.data(), 1, into.size(), stream_.get());
    if (count == 0 && std::ferror(stream_.get()))
      throw Error(fmt::format("{} can't be read on", name()));
    return count;
  }
  const os::File file = os::File::Open(path_, os::FileAccess::kRead, /*follow_links=*/true);
  const std::size_t count = file.ReadAt(offset_, std::as_writable_bytes(into));
  offset_ += count;
  return count;
}

void TextInput::RefillInflater() {
  Inflater& inflater = *inflater_;
  if (inflater.stream.avail_in > 0 || inflater.at_end) return;
  inflater.input.resize(kCompressedPiece);
  const std::size_t count = ReadRaw(inflater.input);
  inflater.at_end = count == 0;
  inflater.Give(count);
}

std::size_t TextInput::Inflate(std::span<char> into) {
  Inflater& inflater = *inflater_;
  z_stream& stream = inflater.stream;
  stream.next_out = reinterpret_cast<Bytef*>(into.data());
  stream.avail_out = static_cast<uInt>(into.size());
  while (stream.avail_out > 0) {
    RefillInflater();
    if (stream.avail_in == 0) {
      if (inflater.in_member) {
        throw Error(fmt::format("the compressed text '{}' is cut; 'gzip -dc' says how far it goes",
                                name()));
      }
      break;
    }
    if (!inflater.in_member) {
      // Another text behind the first, or bytes that fill a block of some medium.
      if (*stream.next_in != static_cast<Bytef>(kGzipMagic[0])) break;
      ::inflateReset(&stream);
      inflater.in_member = true;
    }
    const int result = ::inflate(&stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      inflater.in_member = false;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      throw Error(fmt::format("the compressed text '{}' is damaged", name()));
    }
  }
  return into.size() - stream.avail_out;
}

TextLines::TextLines(std::filesystem::path path, std::size_t piece_bytes)
    : path_(path), input_(std::move(path)), piece_(piece_bytes) {}

bool TextLines::Fill() {
  if (left_.empty()) left_ = {piece_.data(), input_.Read(piece_)};
  return !left_.empty();
}

std::string_view TextLines::Beginning() {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  Fill();
  if (left_.starts_with(kByteOrderMark)) left_.remove_prefix(kByteOrderMark.size());
  return left_;
}

bool TextLines::Next(std::string_view& line) {
  if (std::exchange(rest_taken_, false)) rest_.clear();
  while (true) {
    if (!Fill()) {
      if (rest_.empty()) return false;
      line = rest_.text();
      rest_taken_ = true;
      break;
    }
    const std::size_t end = left_.find('\n');
    const std::string_view part = left_.substr(0, end);
    left_.remove_prefix(end == std::string_view::npos ? left_.size() : end + 1);
    if (end == std::string_view::npos || !rest_.empty()) rest_.Append(part);
    if (end == std::string_view::npos) continue;
    line = rest_.empty() ? part : rest_.text();
    rest_taken_ = !rest_.empty();
    break;
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  ++number_;
  return true;
}

}  // namespace faultline
