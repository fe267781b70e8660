// A trace's summary for people.
#include <algorithm>
#include <numeric>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/trace/replay.h"
#include "harness/trace/trace_summary.h"

namespace faultline {
namespace {

constexpr std::size_t kFilesShown = 10;
constexpr std::size_t kCommandShown = 200;

std::string Percent(double part, double whole) {
  return whole == 0 ? "none" : Concat(FormatReal(100 * part / whole, 1), " %");
}

std::string Column(const std::string& text, std::size_t width, bool right = true) {
  const std::string blanks(width - std::min(width, text.size()), ' ');
  return right ? blanks + text : text + blanks;
}

// Whatever the trace's maker put in: no control characters reach the terminal.
std::string Printable(const std::string& text) {
  std::string printable = text;
  for (char& letter : printable) {
    if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) letter = '?';
  }
  return printable;
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
  std::string text =
      "\nfiles            size      reads    read bytes     writes  written bytes  flushes\n";
  std::size_t shown = 0;
  for (const std::size_t file : ByTraffic(summary)) {
    if (++shown > kFilesShown) {
      text += Concat("  and ", FormatCount(summary.files.size() - kFilesShown), " more\n");
      break;
    }
    const FileSummary& figures = summary.files[file];
    text += Concat(
        "  ", Printable(summary.scan->files[file].path), "\n           ",
        Column(FormatBytes(summary.scan->extents[file]), 10),
        Column(FormatCount(figures.reads), 11), Column(FormatBytes(figures.read_bytes), 14),
        Column(FormatCount(figures.writes), 11), Column(FormatBytes(figures.written_bytes), 15),
        Column(FormatCount(figures.flushes), 9), "\n");
  }
  return text;
}

std::string MixText(const TraceScan& scan) {
  std::string text = "\nevents\n";
  for (std::size_t kind = 0; kind < kEventKinds; ++kind) {
    if (scan.events[kind] == 0) continue;
    text +=
        Concat("  ", Column(std::string(EventKindName(static_cast<EventKind>(kind))), 12, false),
               Column(FormatCount(scan.events[kind]), 15),
               scan.bytes[kind] == 0 ? "" : Column(FormatBytes(scan.bytes[kind]), 14), "\n");
  }
  return text;
}

std::string SizesText(const TraceSummary& summary) {
  std::string text = "\nup to bytes          reads         writes\n";
  for (std::size_t bin = 0; bin < summary.read_sizes.size(); ++bin) {
    if (summary.read_sizes[bin] + summary.write_sizes[bin] == 0) continue;
    text += Concat("  ", Column(FormatSize(std::uint64_t{1} << bin), 9),
                   Column(FormatCount(summary.read_sizes[bin]), 15),
                   Column(FormatCount(summary.write_sizes[bin]), 15), "\n");
  }
  return text;
}

std::string OrderText(const TraceSummary& summary) {
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;
  for (const FileSummary& file : summary.files) {
    reads += file.reads;
    writes += file.writes;
  }
  return Concat(
      "\nsequential       ", Percent(summary.sequential_reads, reads), " of reads, ",
      Percent(summary.sequential_writes, writes),
      " of writes begin where the\n                 thread's access before to the file ended\n");
}

std::string FlushText(const TraceSummary& summary) {
  const std::uint64_t flushes = summary.scan->CountOf(EventKind::kFlush);
  if (flushes == 0) return "flushes          none\n";
  std::string text = Concat("flushes          ", FormatCount(flushes));
  if (summary.scan->end.timed && summary.scan->span_ns > 0) {
    text += Concat(", ", FormatSignificant(flushes * 1e9 / summary.scan->span_ns), " a second");
  }
  if (summary.median_writes_per_flush) {
    text += Concat("; about ", FormatSignificant(*summary.median_writes_per_flush), " writes and ",
                   FormatBytes(static_cast<std::uint64_t>(*summary.median_written_bytes_per_flush)),
                   "\n                 lie before one (median)");
  }
  if (summary.unflushed_writes > 0) {
    text += Concat("; ", FormatCount(summary.unflushed_writes), " writes are behind the last");
  }
  return text + "\n";
}

std::string ReuseText(const TraceSummary& summary) {
  const PageSample& pages = summary.pages;
  auto bytes = [](double count) {
    return FormatBytes(static_cast<std::uint64_t>(count * kSummaryPageBytes));
  };
  std::string text = Concat("working set      ", bytes(pages.distinct_pages()), " in all");
  const auto& intervals = pages.pages_per_interval();
  if (summary.interval_ns > 0 && !intervals.empty()) {
    std::vector<double> sorted = intervals;
    std::sort(sorted.begin(), sorted.end());
    text += Concat("; in ", FormatSeconds(summary.interval_ns / 1e9), " at most ",
                   bytes(sorted.back()), ", median ", bytes(sorted[sorted.size() / 2]));
  }
  double uses = pages.first_uses();
  for (const double count : pages.distances()) uses += count;
  text += Concat("\nused again       ", Percent(uses - pages.first_uses(), uses),
                 " of page accesses; a cache that drops the page used least recently\n"
                 "                 would answer with this much memory:\n");
  double answered = 0;
  for (std::size_t bin = 0; bin < PageSample::kDistanceBins; ++bin) {
    if (pages.distances()[bin] == 0) continue;
    answered += pages.distances()[bin];
    text += Concat("  ", Column(bytes(static_cast<double>(std::uint64_t{1} << bin)), 12),
                   Column(Percent(answered, uses), 10), "\n");
  }
  text +=
      Concat("hot pages        the most used 1 % get ", Percent(pages.AccessesOfHottest(0.01), 1),
             " of the accesses, 10 % get ", Percent(pages.AccessesOfHottest(0.1), 1), "\n");
  if (pages.rate() < 1) {
    text += Concat("                 (estimates from ", Percent(pages.rate(), 1),
                   " of the pages, by SHARDS)\n");
  }
  return text;
}

std::string HotText(const TraceSummary& summary) {
  std::string text =
      Concat("hot regions      of ", FormatSize(summary.region_bytes), ", by accesses\n");
  for (const HotRegion& region : summary.hot_regions) {
    text += Concat("  ", Column(FormatCount(region.accesses), 12), "  ",
                   Column(Percent(static_cast<double>(region.accesses),
                                  static_cast<double>(summary.scan->accesses)),
                          8),
                   "  at ", FormatSize(region.offset), " of ",
                   Printable(summary.scan->files[region.file - 1].path), "\n");
  }
  return text;
}

std::string ReplayText(const TraceScan& scan) try {
  const ReplayLayout layout = LayOut(scan, 0);
  return Concat(
      "replayed as      ", FormatCount(layout.operations), " operations on ",
      FormatCount(layout.geometry.records), " blocks of ", FormatSize(layout.geometry.record_size),
      " (", FormatBytes(layout.geometry.file_size()), ");\n                 ",
      FormatCount(layout.split_accesses),
      " accesses lie in several and are split;\n                 ",
      Wrap(Concat("growth and truncation: ", ReplayFacts(scan, layout).at("growth")), 17, 17),
      "\n");
} catch (const Error& error) {
  return Concat("replayed as      nothing: ", error.what(), "\n");
}

}  // namespace

std::string SummaryText(const TraceSummary& summary) {
  const TraceScan& scan = *summary.scan;
  std::string text =
      Concat("trace            ", summary.path.native(), ", ", FormatBytes(scan.trace_bytes),
             "\nrecorder         ", Printable(scan.header.recorder), "\ncommand          ",
             Printable(scan.header.command).substr(0, kCommandShown), "\ntime             ",
             scan.end.timed ? FormatSeconds(scan.span_ns / 1e9) : "not kept", "; ",
             FormatCount(summary.processes), summary.processes == 1 ? " process, " : " processes, ",
             FormatCount(summary.threads), summary.threads == 1 ? " thread\n" : " threads\n");
  for (const std::string& note : scan.end.notes) {
    text += Concat("note             ", Wrap(Printable(note), 17, 17), "\n");
  }
  if (scan.CountOf(EventKind::kMap) > 0) {
    text += Concat("mapped accesses  ",
                   scan.end.faults ? "as page faults: to pages that the page tables didn't show yet"
                                   : "not recorded, only that ranges were mapped",
                   "\n");
  }
  text += Concat(FilesText(summary), MixText(scan));
  if (scan.accesses > 0) {
    text += Concat(SizesText(summary), OrderText(summary), FlushText(summary), ReuseText(summary),
                   HotText(summary));
  }
  return text + ReplayText(scan);
}

}  // namespace faultline
