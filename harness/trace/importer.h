// Turning other programs' texts into traces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/trace/line_counts.h"
#include "harness/trace/text_lines.h"
#include "harness/trace/trace_builder.h"

namespace faultline {

// Reads one kind of text, line by line. Nothing in a line is an error: what can't be understood is
// skipped and counted.
class Importer {
 public:
  virtual ~Importer() = default;

  // Takes in the next line, which stands at `place`. Throws Error for what a trace can't hold.
  void Take(const TextPlace& place, std::string_view line) {
    place_ = place;
    Line(line);
  }

  // After the last line: what is to be known about the result becomes notes of the trace.
  virtual void Finish() {}

  const LineCounts& counts() const { return counts_; }

  // What the text says of accesses to files without telling where, with what would help; "" where
  // that is nothing. Valid after Finish.
  virtual std::string Unplaced() const { return {}; }

 protected:
  virtual void Line(std::string_view line) = 0;

  void CountUnderstood() { counts_.CountUnderstood(); }
  void CountOwn(std::string_view text) { counts_.CountOwn(place_, text); }
  void CountForeign(std::string_view text) { counts_.CountForeign(place_, text); }

  TextPlace place_;
  LineCounts counts_;
};

// Where on its way a request to a block device is counted.
enum class BlockRequests { kQueued, kIssued, kCompleted };
inline constexpr EnumNames<BlockRequests> kBlockRequestsNames{"queued", "issued", "completed"};

struct ImportRequest {
  // One text; or several of strace -ff, one for each thread, or the folder that they are in. "-" is
  // standard input.
  std::vector<std::filesystem::path> inputs;
  std::filesystem::path output;
  std::string format;  // a format's name, or "" to guess it from the text's beginning
  std::vector<std::string> patterns;
  std::string recorder;  // what goes before the format's name in the trace's header
  // What descriptors stand for that the text of strace or perf doesn't name, by number; "-" for no
  // file.
  std::map<std::int64_t, std::string> descriptors;
  std::string columns;                    // what columns hold (column_import.h), or ""
  std::optional<BlockRequests> requests;  // of blkparse; nothing: the first of these that it has
  std::string line_format;                // that blkparse was given with -f, or "" for its own
};

struct ImportResult {
  std::string_view format;
  std::uint64_t lines = 0;
  std::uint64_t events = 0;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;  // of the trace
  std::vector<std::string> notes;
};

// A format of texts.
struct TextFormat {
  std::string_view name;
  // Whether the line can be one of such a text, and of hardly any other.
  bool (*recognizes)(std::string_view line);
  std::unique_ptr<Importer> (*make)(TraceBuilder& builder, const ImportRequest& request);
};

// The names of all of them.
std::vector<std::string> TextFormatNames();

// Throws UsageError for an unknown name.
const TextFormat& FindTextFormat(std::string_view name);

bool IsFioLine(std::string_view line);
std::unique_ptr<Importer> MakeFioImporter(TraceBuilder& builder, const ImportRequest& request);
bool IsBlkparseLine(std::string_view line);
std::unique_ptr<Importer> MakeBlkparseImporter(TraceBuilder& builder, const ImportRequest& request);
bool IsBiosnoopLine(std::string_view line);
std::unique_ptr<Importer> MakeBiosnoopImporter(TraceBuilder& builder, const ImportRequest& request);
bool IsPerfLine(std::string_view line);
std::unique_ptr<Importer> MakePerfImporter(TraceBuilder& builder, const ImportRequest& request);

// Cuts what comes in pieces into lines. Memory: one line of at most 1 MiB.
class LineSplitter {
 public:
  explicit LineSplitter(Importer& importer) : importer_(importer) {}

  void Take(std::string_view piece);
  void Finish();  // a last line without a line break is one too

  std::uint64_t lines() const { return lines_; }

 private:
  void Line(std::string_view line);

  Importer& importer_;
  LineBuffer rest_;
  std::uint64_t lines_ = 0;
};

// Throws UsageError for inputs that can't be read or are of no known format, for texts most of
// whose lines are of something else or whose accesses can't be placed, and for an output that
// exists; Error for a text without any access that was asked for. Nothing is left behind then.
ImportResult ImportText(const ImportRequest& request);

}  // namespace faultline
