// A trace's summary for people.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

#include "faultline/error.h"
#include "harness/base/columns.h"
#include "harness/base/text.h"
#include "harness/base/text_table.h"
#include "harness/trace/replay.h"
#include "harness/trace/trace_habits.h"
#include "harness/trace/trace_summary.h"

namespace faultline {
namespace {

constexpr std::size_t kFilesShown = 10;
constexpr std::size_t kCommandShown = 200;
constexpr std::size_t kTextAt = 17;  // behind the names

// What isn't there has no share.
std::string Share(double part, double whole) {
  return whole == 0 ? "none" : FormatShare(part, whole);
}

std::string Named(std::string_view name, const std::string& text) {
  return Labelled(name, text, kTextAt);
}

// The first `left` columns to the left.
std::string Table(const std::vector<TableRow>& rows, std::size_t left = 1) {
  return FormatTable(rows, kTerminalColumns, /*colours=*/false, left);
}

// Files by what is transferred of them, most first.
std::vector<std::size_t> ByTraffic(const TraceSummary& summary) {
  std::vector<std::size_t> order(summary.files.size());
  std::iota(order.begin(), order.end(), 0);
  auto traffic = [&](std::size_t file) {
    return summary.files[file].read_bytes + summary.files[file].written_bytes;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return traffic(a) > traffic(b); });
  return order;
}

std::string FilesText(const TraceSummary& summary) {
  std::vector<TableRow> rows = {
      {"files", "size", "reads", "read bytes", "writes", "written bytes", "flushes"}};
  std::vector<std::size_t> order = ByTraffic(summary);
  const std::size_t more = order.size() - std::min(order.size(), kFilesShown);
  order.resize(order.size() - more);
  for (const std::size_t file : order) {
    const FileSummary& figures = summary.files[file];
    rows.push_back({WithoutControls(summary.scan->files[file].path),
                    FormatBytes(summary.scan->extents[file]), FormatCount(figures.reads),
                    FormatBytes(figures.read_bytes), FormatCount(figures.writes),
                    FormatBytes(figures.written_bytes), FormatCount(figures.flushes)});
  }
  return fmt::format("\n{}{}", Table(rows),
                     more == 0 ? "" : fmt::format("  and {} more\n", FormatCount(more)));
}

std::string MixText(const TraceScan& scan) {
  std::vector<TableRow> rows = {{"events", "count", "bytes"}};
  for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
    if (scan.events[kind] == 0) continue;
    rows.push_back({std::string(EventKindName(static_cast<EventKind>(kind))),
                    FormatCount(scan.events[kind]),
                    scan.bytes[kind] == 0 ? "" : FormatBytes(scan.bytes[kind])});
  }
  return "\n" + Table(rows);
}

std::string SizesText(const TraceSummary& summary) {
  std::vector<TableRow> rows = {{"up to bytes", "reads", "writes"}};
  for (std::size_t bin = 0; bin < summary.read_sizes.size(); ++bin) {
    if (summary.read_sizes[bin] + summary.write_sizes[bin] == 0) continue;
    rows.push_back({FormatSize(std::uint64_t{1} << bin), FormatCount(summary.read_sizes[bin]),
                    FormatCount(summary.write_sizes[bin])});
  }
  return "\n" + Table(rows, 0);
}

std::string OrderText(const TraceSummary& summary) {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  for (const FileSummary& file : summary.files) {
    reads += file.reads;
    writes += file.writes;
  }
  const auto share = [](std::uint64_t part, std::uint64_t whole) {
    return Share(static_cast<double>(part), static_cast<double>(whole));
  };
  return "\n" + Named("sequential", fmt::format("{} of reads, {} of writes begin where the "
                                                "thread's access before to the file ended",
                                                share(summary.sequential_reads, reads),
                                                share(summary.sequential_writes, writes)));
}

std::string FlushText(const TraceSummary& summary) {
  const std::uint64_t flushes = summary.scan->CountOf(EventKind::kFlush);
  if (flushes == 0) return Named("flushes", "none");
  std::string text = FormatCount(flushes);
  if (summary.scan->end.timed && summary.scan->span_ns > 0) {
    text += fmt::format(", {} a second", FormatSignificant(flushes * 1e9 / summary.scan->span_ns));
  }
  if (summary.median_writes_per_flush) {
    // The middle of an even number of them may be a half.
    const double writes = *summary.median_writes_per_flush;
    text += fmt::format(
        "; a typical flush follows {} writes ({})",
        FormatReal(writes, writes == std::floor(writes) ? 0 : 1),
        FormatBytes(static_cast<std::uint64_t>(*summary.median_written_bytes_per_flush)));
  }
  if (summary.unflushed_writes > 0) {
    text += fmt::format("; {} behind the last",
                        CountOf(summary.unflushed_writes, "write is", "writes are"));
  }
  return Named("flushes", text);
}

std::string BytesOfPages(double pages) {
  return FormatBytes(static_cast<std::uint64_t>(pages * kSummaryPageBytes));
}

std::string WorkingSetText(const TraceSummary& summary) {
  std::string text = BytesOfPages(summary.pages.distinct_pages()) + " in all";
  std::vector<double> sorted = summary.pages.pages_per_interval();
  if (summary.interval_ns > 0 && !sorted.empty()) {
    std::sort(sorted.begin(), sorted.end());
    text += fmt::format("; in {} at most {}, median {}", FormatSeconds(summary.interval_ns / 1e9),
                        BytesOfPages(sorted.back()), BytesOfPages(sorted[sorted.size() / 2]));
  }
  return Named("working set", text);
}

std::string ReuseText(const PageSample& pages) {
  double uses = pages.first_uses();
  for (const double count : pages.distances()) uses += count;
  std::string text =
      Named("used again", fmt::format("{} of page accesses; a cache that drops the page used least "
                                      "recently would answer with this much memory:",
                                      Share(uses - pages.first_uses(), uses)));
  std::vector<TableRow> rows;
  double answered = 0;
  for (std::size_t bin = 0; bin < PageSample::kDistanceBins; ++bin) {
    if (pages.distances()[bin] == 0) continue;
    answered += pages.distances()[bin];
    rows.push_back(
        {BytesOfPages(static_cast<double>(std::uint64_t{1} << bin)), Share(answered, uses)});
  }
  text += Table(rows, 0);
  text += Named("hot pages", fmt::format("the most used 1 % get {} of the accesses, 10 % get {}",
                                         Share(pages.AccessesOfHottest(0.01), 1),
                                         Share(pages.AccessesOfHottest(0.1), 1)));
  if (pages.rate() < 1) {
    text += Named(
        "", fmt::format("(estimates from {} of the pages, by SHARDS)", Share(pages.rate(), 1)));
  }
  return text;
}

std::string HotText(const TraceSummary& summary) {
  std::vector<TableRow> rows;
  for (const HotRegion& region : summary.hot_regions) {
    rows.push_back(
        {fmt::format("{} at {}", WithoutControls(summary.scan->files[region.file - 1].path),
                     FormatSize(region.offset)),
         FormatCount(region.accesses),
         Share(static_cast<double>(region.accesses), static_cast<double>(summary.scan->accesses))});
  }
  return Named("hot regions", fmt::format("of {}, by accesses", FormatSize(summary.region_bytes))) +
         Table(rows);
}

std::string RunTimeText(const TraceCounts& counts) {
  const auto seconds = [](std::uint64_t ns) {
    return FormatSeconds(static_cast<double>(ns) / 1e9);
  };
  if (counts.run_ns == 0) return {};
  std::string text = seconds(counts.run_ns) + " while it was recorded";
  if (counts.plain_run_ns != 0) text += fmt::format(", {} without", seconds(counts.plain_run_ns));
  return text;
}

std::string ReplayText(const TraceScan& scan) try {
  const ReplayLayout layout = LayOut(scan, {});
  const std::map<std::string, std::string> facts = ReplayFacts(scan, layout);
  return Named(
      "replayed as",
      fmt::format("{} on {} of {} ({}); {}; growth and truncation: {}{}",
                  CountOf(layout.operations, "operation"),
                  CountOf(layout.geometry.records, "block"),
                  FormatSize(layout.geometry.record_size), FormatBytes(layout.geometry.file_size()),
                  CountOf(layout.split_accesses, "access lies in several and is split",
                          "accesses lie in several and are split"),
                  facts.at("growth"), layout.compact ? "; compact: " + facts.at("compact") : ""));
} catch (const Error& error) {
  return Named("replayed as", fmt::format("nothing: {}", error.what()));
}

}  // namespace

std::string SummaryText(const TraceSummary& summary) {
  const TraceScan& scan = *summary.scan;
  std::string text =
      Named("trace", fmt::format("{}, {}", summary.path.native(), FormatBytes(scan.trace_bytes)));
  text += Named("recorder", WithoutControls(scan.header.recorder));
  text += Named("command", KeepBeginning(WithoutControls(scan.header.command), kCommandShown));
  text += Named("time", fmt::format("{}; {}, {}",
                                    scan.end.timed ? FormatSeconds(scan.span_ns / 1e9) : "not kept",
                                    CountOf(summary.processes, "process", "processes"),
                                    CountOf(summary.threads, "thread")));
  if (const std::string ran = RunTimeText(scan.end.counts); !ran.empty()) text += Named("ran", ran);
  for (const std::string& note : scan.end.notes) text += Named("note", WithoutControls(note));
  if (scan.CountOf(EventKind::kMap) > 0) {
    text += Named("mapped accesses",
                  scan.end.faults ? "as page faults: to pages that the page tables didn't show yet"
                                  : "not recorded, only that ranges were mapped");
  }
  for (const auto& [name, words] :
       {std::pair("transfers", HowMoved(scan)), std::pair("missing", MayLack(scan))}) {
    if (!words.empty()) text += Named(name, words);
  }
  text += FilesText(summary) + MixText(scan);
  if (scan.accesses > 0) {
    text += SizesText(summary) + OrderText(summary) + FlushText(summary) + WorkingSetText(summary) +
            ReuseText(summary.pages) + HotText(summary);
  }
  return text + ReplayText(scan);
}

}  // namespace faultline
