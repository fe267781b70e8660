#include "harness/trace/importer.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

#include "faultline/error.h"
#include "faultline/file.h"
#include "harness/base/text.h"
#include "harness/trace/column_import.h"
#include "harness/trace/strace_import.h"
#include "harness/trace/strace_texts.h"

namespace faultline {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;

template <const std::string_view& columns>
std::unique_ptr<Importer> MakePresetImporter(TraceBuilder& builder, const ImportRequest&) {
  return MakeColumnImporter(builder, columns);
}

constexpr std::array kTextFormats = {
    TextFormat{"strace", IsStraceLine, MakeStraceImporter},
    TextFormat{"perf", IsPerfLine, MakePerfImporter},
    TextFormat{"fio", IsFioLine, MakeFioImporter},
    TextFormat{"blkparse", IsBlkparseLine, MakeBlkparseImporter},
    TextFormat{"biosnoop", IsBiosnoopLine, MakeBiosnoopImporter},
    TextFormat{"msr", IsMsrLine, MakePresetImporter<kMsrColumns>},
    TextFormat{"spc", IsSpcLine, MakePresetImporter<kSpcColumns>},
    TextFormat{"alibaba", IsAlibabaLine, MakePresetImporter<kAlibabaColumns>},
    TextFormat{"tencent", IsTencentLine, MakePresetImporter<kTencentColumns>},
};

// What is in columns that the user describes.
constexpr TextFormat kDescribedFormat = {"columns", nullptr,
                                         [](TraceBuilder& builder, const ImportRequest& request) {
                                           return MakeColumnImporter(builder, request.columns);
                                         }};

// The format that most lines of the text's beginning are of. A program's words may come first.
const TextFormat& GuessTextFormat(TextLines& text) {
  std::array<std::size_t, kTextFormats.size()> hits = {};
  const std::string_view beginning = text.Beginning();
  for (std::size_t at = 0; at < beginning.size();) {
    const std::size_t end = std::min(beginning.find('\n', at), beginning.size());
    const std::string_view line = beginning.substr(at, end - at);
    for (std::size_t i = 0; i < hits.size(); ++i)
      hits[i] += kTextFormats[i].recognizes(line) ? 1 : 0;
    at = end + 1;
  }
  const auto most = std::max_element(hits.begin(), hits.end());
  if (*most == 0) {
    throw UsageError(
        fmt::format("'{}' begins like no text of {}; give --format if it is one of them",
                    text.name(), Listing(TextFormatNames(), " or ")));
  }
  return kTextFormats[static_cast<std::size_t>(most - hits.begin())];
}

void TakeLines(TextLines& text, Importer& importer) {
  std::string_view line;
  while (text.Next(line)) importer.Take({.line = text.number()}, line);
  importer.Finish();
}

// Throws UsageError for a text that isn't worth to be imported.
void CheckCounts(const Importer& importer, const TextFormat& format, const std::string& name) {
  const LineCounts& counts = importer.counts();
  if (counts.understood() == 0 && counts.own() > counts.foreign()) {
    throw UsageError(fmt::format(
        "'{}' has nothing but tables or messages of {} ({}), which say of no access where it was{}",
        name, format.name, counts.first(),
        format.name == "strace" ? "; trace without -c, or with -C" : ""));
  }
  if (counts.foreign() <= counts.understood()) return;
  throw UsageError(
      fmt::format("most of '{}' is no text of {}: {} of others, {} of it; the first is {}. Import "
                  "its own lines alone, or give another --format",
                  name, format.name, CountOf(counts.foreign(), "line"),
                  FormatCount(counts.understood()), counts.first()));
}

void CheckAccesses(const Importer& importer, const TraceBuilder& builder, const TraceWriter& writer,
                   const std::string& name) {
  if (const std::string unplaced = importer.Unplaced();
      builder.accesses() == 0 && !unplaced.empty()) {
    throw UsageError(fmt::format("'{}' tells of no access where it was: {}", name, unplaced));
  }
  if (writer.events() == 0) {
    throw Error(fmt::format(
        "nothing in '{}' is an access to a file that was asked for; look at --file", name));
  }
}

const TextFormat& FormatOf(TextLines& text, const ImportRequest& request) {
  if (!request.columns.empty()) {
    if (request.format.empty()) return kDescribedFormat;
    throw UsageError(
        fmt::format("--columns describe a text; leave --format {} out", request.format));
  }
  if (!request.format.empty()) return FindTextFormat(request.format);
  return request.line_format.empty() ? GuessTextFormat(text) : FindTextFormat("blkparse");
}

// Throws UsageError for options that are for texts of another format.
void CheckOptions(std::size_t texts, const TextFormat& format, const ImportRequest& request) {
  const auto is_for = [&](bool given, std::string_view what,
                          std::initializer_list<std::string_view> names) {
    if (!given || std::find(names.begin(), names.end(), format.name) != names.end()) return;
    throw UsageError(fmt::format("{} for texts of {}, and this is one of {}", what, *names.begin(),
                                 format.name));
  };
  is_for(texts > 1, "several texts are", {"strace"});
  is_for(!request.descriptors.empty(), "--descriptor is", {"strace", "perf"});
  is_for(request.requests.has_value(), "--requests is", {"blkparse"});
  is_for(!request.line_format.empty(), "--line-format is", {"blkparse"});
}

// A program opens many files besides those that matter; the others' texts have what was asked for
// only.
FilePatterns PatternsOf(const ImportRequest& request, const TextFormat& format) {
  const bool of_program = format.name == "strace" || format.name == "perf";
  if (request.patterns.empty() && !of_program) return FilePatterns({"*"});
  return FilePatterns(request.patterns);
}

std::string NameOf(const std::vector<TextLines>& texts, const ImportRequest& request) {
  return texts.size() == 1 ? texts.front().name() : request.inputs.front().native();
}

}  // namespace

std::vector<std::string> TextFormatNames() {
  std::vector<std::string> names;
  for (const TextFormat& format : kTextFormats) names.emplace_back(format.name);
  return names;
}

const TextFormat& FindTextFormat(std::string_view name) {
  for (const TextFormat& format : kTextFormats) {
    if (name == format.name) return format;
  }
  throw UsageError(
      fmt::format("unknown format '{}'; use {}", name, Listing(TextFormatNames(), " or ")));
}

void LineSplitter::Take(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t end = piece.find('\n');
    if (end == std::string_view::npos || !rest_.empty()) {
      rest_.Append(piece.substr(0, end));
      if (end == std::string_view::npos) return;
      Line(rest_.text());
      rest_.clear();
    } else {
      Line(piece.substr(0, end));
    }
    piece.remove_prefix(end + 1);
  }
}

void LineSplitter::Finish() {
  if (!rest_.empty()) Line(rest_.text());
  rest_.clear();
  importer_.Finish();
}

void LineSplitter::Line(std::string_view line) { importer_.Take({.line = ++lines_}, line); }

ImportResult ImportText(const ImportRequest& request) {
  std::vector<TextLines> texts = OpenTexts(request.inputs, kPiece);
  const std::string name = NameOf(texts, request);
  const TextFormat& format = FormatOf(texts.front(), request);
  CheckOptions(texts.size(), format, request);
  TraceWriter writer(request.output, {.recorder = fmt::format("{}, imported from {}",
                                                              request.recorder, format.name),
                                      .command = std::filesystem::path(name).filename().native()});
  TraceBuilder builder(writer, PatternsOf(request, format));
  const std::unique_ptr<Importer> importer = format.make(builder, request);
  if (texts.size() > 1) {
    TakeTexts(texts, static_cast<StraceImporter&>(*importer));
  } else {
    TakeLines(texts.front(), *importer);
  }
  CheckCounts(*importer, format, name);
  CheckAccesses(*importer, builder, writer, name);
  if (const std::string skipped = importer->counts().SkippedText(format.name); !skipped.empty()) {
    builder.Note(skipped);
  }
  writer.Finish();
  ImportResult result = {.format = format.name,
                         .events = writer.events(),
                         .files = writer.files(),
                         .bytes = writer.bytes(),
                         .notes = writer.end().notes};
  for (const TextLines& text : texts) result.lines += text.number();
  return result;
}

}  // namespace faultline
