// Texts to import, line by line: files, compressed ones, pipes, standard input.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// A line in the making. Of one that is longer than 1 MiB the middle is left out: what is long in a
// tracer's line is a text in quotes, and what counts stands before and behind it.
class LineBuffer {
 public:
  void Append(std::string_view part);
  std::string_view text() const { return text_; }
  bool empty() const { return text_.empty(); }
  void clear() { text_.clear(); }

 private:
  std::string text_;
};

// The bytes of a text. One that gzip made is decompressed. A file is open only while it is read, so
// that there may be any number of them; they may change meanwhile. One thread at a time.
class TextInput {
 public:
  // "-" is standard input. Throws UsageError for what can't be read.
  explicit TextInput(std::filesystem::path path);
  TextInput(TextInput&&) noexcept;
  ~TextInput();

  // Up to into.size() bytes; 0 at the end. Throws Error for a damaged or cut compressed text, and
  // UsageError for one that another program than gzip made.
  std::size_t Read(std::span<char> into);

  std::string name() const { return path_ == "-" ? "standard input" : path_.native(); }

 private:
  struct Inflater;
  struct CloseStream {
    void operator()(std::FILE* stream) const;
  };

  std::size_t ReadRaw(std::span<char> into);
  std::size_t Inflate(std::span<char> into);
  void RefillInflater();

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, CloseStream> stream_;  // of what has no positions
  std::uint64_t offset_ = 0;                        // of other files
  bool begun_ = false;
  std::unique_ptr<Inflater> inflater_;  // of a compressed text
};

// Memory: one piece, and one line of at most 1 MiB.
class TextLines {
 public:
  TextLines(std::filesystem::path path, std::size_t piece_bytes);

  // The first piece. To be called before Next.
  std::string_view Beginning();

  // The next line, without its line break, valid until the next call; false at the end. A last line
  // without a line break is one too.
  bool Next(std::string_view& line);

  std::uint64_t number() const { return number_; }  // of the line that was returned last, from 1
  std::string name() const { return input_.name(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  bool Fill();

  std::filesystem::path path_;
  TextInput input_;
  std::vector<char> piece_;
  std::string_view left_;  // of the piece
  LineBuffer rest_;        // of a line that began in pieces before
  bool rest_taken_ = false;
  std::uint64_t number_ = 0;
};

}  // namespace faultline
