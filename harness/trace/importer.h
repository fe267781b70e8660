// Turning other programs' texts into traces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/trace/trace_builder.h"

namespace faultline {

// Reads one kind of text, line by line.
class Importer {
 public:
  virtual ~Importer() = default;

  // Throws Error, without the line's number, for a line that can't be part of such a text.
  virtual void Line(std::string_view line) = 0;

  // After the last line: what is to be known about the result becomes notes of the trace.
  virtual void Finish() {}
};

enum class TextFormat { kStrace, kFio, kBlkparse };

inline constexpr EnumNames<TextFormat> kTextFormatNames{"strace", "fio", "blkparse"};
inline std::string_view TextFormatName(TextFormat format) { return kTextFormatNames(format); }
TextFormat ParseTextFormat(std::string_view name);  // throws UsageError for anything else

std::unique_ptr<Importer> MakeImporter(TextFormat format, TraceBuilder& builder);
std::unique_ptr<Importer> MakeFioImporter(TraceBuilder& builder);
std::unique_ptr<Importer> MakeBlkparseImporter(TraceBuilder& builder);

// Cuts what comes in pieces into lines. Memory: one line.
class LineSplitter {
 public:
  // `source` names the text in errors.
  LineSplitter(Importer& importer, std::string source)
      : importer_(importer), source_(std::move(source)) {}

  // Throws Error with source and line number for what the importer refuses, and for a line of more
  // than 1 MiB.
  void Take(std::string_view piece);
  void Finish();  // a last line without a line break is one too

  std::uint64_t lines() const { return lines_; }

 private:
  void Line(std::string_view line);

  Importer& importer_;
  std::string source_;
  std::string rest_;
  std::uint64_t lines_ = 0;
};

struct ImportRequest {
  std::filesystem::path input;
  std::filesystem::path output;
  std::string format;  // a format's name, or "" to guess it from the text's first lines
  std::vector<std::string> patterns;
  std::string recorder;  // what goes before the format's name in the trace's header
};

struct ImportResult {
  TextFormat format = TextFormat::kStrace;
  std::uint64_t lines = 0;
  std::uint64_t events = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // of the trace
};

// Throws UsageError for an input that can't be read or is of no known format, and for an output
// that exists; Error with file and line for a malformed text. Nothing is left behind then.
ImportResult ImportText(const ImportRequest& request);

}  // namespace faultline
