// What an import of strace's text says of what is missing.
#include <fmt/format.h>

#include "harness/base/text.h"
#include "harness/trace/strace_import.h"

namespace faultline {

std::string StraceImporter::Unplaced() const {
  std::vector<std::string> parts;
  if (unplaced_descriptors_ > 0) {
    parts.push_back(fmt::format(
        "{} on {}{}", CountOf(builder_.counts().unplaced_transfers - stream_transfers_, "transfer"),
        CountOf(unplaced_descriptors_, "unnamed descriptor"),
        options_.look_up
            ? ", whose opening was not seen: record with --recorder strace"
            : fmt::format(": {}, or --descriptor {}=PATH", options_.naming, unplaced_number_)));
  }
  if (stream_transfers_ > 0) {
    parts.push_back(
        fmt::format("{} on standard input or output, which nothing names: if they are files, {}, "
                    "or --descriptor 0=PATH and 1=PATH; if not, --descriptor 1=-",
                    CountOf(stream_transfers_, "transfer"), options_.naming));
  }
  return Join(parts, "; ");
}

void StraceImporter::NoteThreads(std::uint64_t count, std::string_view one, std::string_view many) {
  if (count == 0) return;
  builder_.counts().unseen_threads += count;
  builder_.Note(fmt::format("{} started and never seen, with all that they did: trace with -f",
                            CountOf(count, one, many)));
}

// Where every thread ends with a line of its own, or none of the others was ever seen, one without
// any line was not followed. Else it may have made no call that was traced.
void StraceImporter::CountUnseenThreads() {
  if (threads_seen_ > 0 && threads_ended_ == 0) return;
  std::uint64_t threads = 0;
  std::uint64_t processes = 0;
  for (const auto& [number, thread] : threads_) {
    if (!thread.seen) ++(thread.process == number ? processes : threads);
  }
  NoteThreads(threads, "thread was", "threads were");
  NoteThreads(processes, "process was", "processes were");
}

void StraceImporter::Finish() {
  stream_.Finish();
  if (!timed_) builder_.SetUntimed();
  CountUnseenThreads();
  if (const std::string unplaced = Unplaced(); !unplaced.empty()) builder_.Note(unplaced);
  if (guessed_offsets_ > 0) {
    builder_.Note(fmt::format(
        "{} opened out of the tracer's sight: sequential transfers are taken to begin at offset 0",
        CountOf(guessed_offsets_, "descriptor was", "descriptors were")));
  }
  if (beginnings_missing_ > 0) {
    builder_.Note(fmt::format("{} begun before the tracer came",
                              CountOf(beginnings_missing_, "transfer is missing, which had",
                                      "transfers are missing, which had")));
  }
  if (unread_calls_ > 0) {
    builder_.Note(fmt::format("{} missing; the first is {}",
                              CountOf(unread_calls_, "call that can't be understood is",
                                      "calls that can't be understood are"),
                              first_unread_));
  }
  if (unread_requests_ > 0) {
    builder_.Note(
        fmt::format("{} not printed: trace with -e abbrev=none",
                    CountOf(unread_requests_, "request of io_submit is missing, which was",
                            "requests of io_submit are missing, which were")));
  }
  if (unread_flags_ > 0) {
    builder_.Note(
        fmt::format("constants are printed as numbers, in {} a file: how files were opened, "
                    "flushes of mappings and holes are not known; trace without -X raw and -e raw",
                    CountOf(unread_flags_, "call that opens", "calls that open")));
  }
  if (moved_ranges_ > 0) {
    builder_.Note(fmt::format("{} moved ranges of files, which a trace has no event for",
                              CountOf(moved_ranges_, "call")));
  }
  if (!options_.ordered) {
    builder_.Note(
        "the texts have no times: the order between calls of different threads is not known");
  }
  if (const TraceCounts& counts = builder_.counts(); counts.rings > 0) {
    builder_.Note(fmt::format(
        "the program set up {} of io_uring, whose transfers no tracer of calls sees: {}",
        CountOf(counts.rings, "ring"),
        counts.ring_requests == 0
            ? "an unknown number of requests is missing"
            : CountOf(counts.ring_requests, "request is missing", "requests are missing")));
  }
}

std::unique_ptr<Importer> MakeStraceImporter(TraceBuilder& builder, const ImportRequest& request) {
  return std::make_unique<StraceImporter>(builder,
                                          StraceOptions{.descriptors = request.descriptors});
}

}  // namespace faultline
