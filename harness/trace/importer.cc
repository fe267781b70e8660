#include "harness/trace/importer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>

#include "faultline/error.h"
#include "faultline/file.h"
#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/trace/strace_import.h"

namespace faultline {
namespace {

constexpr std::size_t kMaximumLine = std::size_t{1} << 20;
constexpr std::size_t kPiece = std::size_t{1} << 18;

bool IsStraceLine(std::string_view line) {
  try {
    const StraceLine::Kind kind = ParseStraceLine(line).kind;
    return kind != StraceLine::Kind::kNote;
  } catch (const Error&) {
    return false;
  }
}

// "  8,0    3        1     0.000000000   697  G   W …": a device and three numbers.
bool IsBlkparseLine(std::string_view line) {
  const std::string_view text = Trim(line);
  const std::size_t comma = text.find_first_not_of("0123456789");
  if (comma == std::string_view::npos || comma == 0 || text[comma] != ',') return false;
  const std::size_t blank = text.find_first_not_of("0123456789", comma + 1);
  return blank != std::string_view::npos && blank > comma + 1 && text[blank] == ' ';
}

TextFormat GuessFormat(std::string_view beginning, const std::filesystem::path& input) {
  for (const std::string& line : Split(beginning, '\n')) {
    if (line.starts_with("fio version ")) return TextFormat::kFio;
    if (IsBlkparseLine(line)) return TextFormat::kBlkparse;
    if (IsStraceLine(line)) return TextFormat::kStrace;
  }
  throw UsageError(fmt::format(
      "'{}' begins like no text of strace, fio or blkparse; give --format if it is one of them",
      input.native()));
}

}  // namespace

TextFormat ParseTextFormat(std::string_view name) {
  if (const auto format = kTextFormatNames.Find(name)) return *format;
  throw UsageError(
      fmt::format("unknown format '{}'; use {}", name, Listing(kTextFormatNames.All(), " or ")));
}

std::unique_ptr<Importer> MakeImporter(TextFormat format, TraceBuilder& builder) {
  switch (format) {
    case TextFormat::kStrace:
      return std::make_unique<StraceImporter>(builder);
    case TextFormat::kFio:
      return MakeFioImporter(builder);
    case TextFormat::kBlkparse:
      return MakeBlkparseImporter(builder);
  }
  return nullptr;
}

void LineSplitter::Take(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    if (end == std::string_view::npos || !rest_.empty()) {
      const std::string_view part = piece.substr(0, end);
      if (rest_.size() + part.size() > kMaximumLine) {
        throw Error(fmt::format("{}:{}: a line of more than 1 MiB is no line of such a text",
                                source_, lines_ + 1));
      }
      rest_.append(part);
      if (end == std::string_view::npos) return;
      Line(rest_);
      rest_.clear();
    } else {
      Line(piece.substr(0, end));
    }
    piece.remove_prefix(end + 1);
  }
}

void LineSplitter::Finish() {
  if (!rest_.empty()) Line(rest_);
  rest_.clear();
  importer_.Finish();
}

void LineSplitter::Line(std::string_view line) {
  ++lines_;
  try {
    importer_.Line(line);
  } catch (const os::SystemError&) {
    throw;  // of the trace that is written
  } catch (const Error& error) {
    // What it quotes of the text may be anything.
    throw Error(fmt::format("{}:{}: {}", source_, lines_, WithoutControls(error.what())));
  }
}

ImportResult ImportText(const ImportRequest& request) {
  std::vector<char> piece(kPiece);
  std::uint64_t offset = 0;
  os::File input;
  auto read = [&] {
    const std::size_t count = input.ReadAt(offset, std::as_writable_bytes(std::span(piece)));
    offset += count;
    return std::string_view(piece.data(), count);
  };
  std::string_view text;
  try {
    input = os::File::Open(request.input, os::FileAccess::kRead, /*follow_links=*/true);
    text = read();
  } catch (const os::SystemError& error) {
    throw UsageError(fmt::format("nothing to import: {}", error.what()));
  }
  const TextFormat format =
      request.format.empty() ? GuessFormat(text, request.input) : ParseTextFormat(request.format);
  TraceWriter writer(
      request.output,
      {.recorder = fmt::format("{}, imported from {}", request.recorder, TextFormatName(format)),
       .command = request.input.filename().native()});
  TraceBuilder builder(writer, FilePatterns(request.patterns));
  const std::unique_ptr<Importer> importer = MakeImporter(format, builder);
  LineSplitter lines(*importer, request.input.native());
  for (; !text.empty(); text = read()) lines.Take(text);
  lines.Finish();
  if (writer.events() == 0) {
    throw Error(
        fmt::format("nothing in '{}' is an access to a file that was asked for; look at --file",
                    request.input.native()));
  }
  writer.Finish();
  return {.format = format,
          .lines = lines.lines(),
          .events = writer.events(),
          .files = writer.files(),
          .bytes = writer.bytes()};
}

}  // namespace faultline
