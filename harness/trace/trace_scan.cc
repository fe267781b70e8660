#include "harness/trace/trace_scan.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "faultline/file.h"
#include "harness/os/file_status.h"
#include "harness/trace/file_ends.h"
#include "harness/trace/trace_reader.h"

namespace faultline {
namespace {

// When the range is cut at the borders of blocks. REQUIRES: it isn't empty.
std::uint64_t PartsOf(FileRange range, std::size_t size) {
  const std::uint64_t block = kLeastBlock << size;
  return (range.end - 1) / block - range.begin / block + 1;
}

void CountAccess(const TraceEvent& event, TraceScan& scan) {
  const FileRange range = {event.offset, event.offset + event.length};
  ++scan.accesses;
  std::uint64_t& extent = scan.extents[event.file - 1];
  extent = std::max(extent, range.end);
  scan.touched.Add(event.file, range);
  for (std::size_t size = 0; size < kBlockSizes; ++size) {
    const std::uint64_t parts = PartsOf(range, size);
    scan.parts[size] += parts;
    scan.split[size] += parts > 1 ? 1 : 0;
  }
}

void CountCut(FileRange cut, EventKind kind, TraceScan& scan) {
  const bool discards = kind == EventKind::kDiscard;
  ++(discards ? scan.discards : scan.cuts);
  (discards ? scan.discarded_bytes : scan.cut_bytes) += cut.end - cut.begin;
  for (std::size_t size = 0; size < kBlockSizes; ++size) scan.cut_parts[size] += PartsOf(cut, size);
}

TraceScan Scan(const std::filesystem::path& path) {
  TraceReader reader(path);
  TraceScan scan;
  TraceEvent event;
  FileEnds ends;
  bool played = false;
  while (reader.Next(event)) {
    scan.extents.resize(reader.files().size());
    while (ends.size() < reader.files().size()) {
      ends.Add(reader.files()[ends.size()].size.value_or(0));
    }
    const auto kind = static_cast<std::size_t>(event.kind);
    ++scan.events[kind];
    scan.bytes[kind] += event.length;
    scan.span_ns = std::max(scan.span_ns, event.time_ns);
    const bool access = IsAccess(event.kind) && event.length > 0;
    const FileRange cut = ends.Next(event);
    if (!played && (access || !cut.empty() || event.kind == EventKind::kFlush)) {
      scan.first_ns = event.time_ns;
      played = true;
    }
    if (access) CountAccess(event, scan);
    if (!cut.empty()) CountCut(cut, event.kind, scan);
  }
  scan.path = path;
  scan.header = reader.header();
  scan.end = reader.end();
  scan.files = reader.files();
  scan.extents.resize(scan.files.size());
  for (std::size_t i = 0; i < scan.files.size(); ++i) {
    scan.extents[i] = std::max(scan.extents[i], scan.files[i].size.value_or(0));
  }
  scan.trace_bytes = reader.position();
  return scan;
}

}  // namespace

std::shared_ptr<const TraceScan> ScanTrace(const std::filesystem::path& path) {
  using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>;
  static std::mutex mutex;
  static std::map<Key, std::shared_ptr<const TraceScan>> known;
  const TraceReader probe(path);  // says what is wrong with a file that can't be a trace
  const os::File file = os::File::Open(path, os::FileAccess::kRead, /*follow_links=*/true);
  const os::FileIdentity identity = os::IdentityOf(file);
  const std::lock_guard lock(mutex);
  std::shared_ptr<const TraceScan>& scan =
      known[{identity.device, identity.number, identity.born_ns, file.Size()}];
  if (!scan) scan = std::make_shared<const TraceScan>(Scan(path));
  return scan;
}

}  // namespace faultline
