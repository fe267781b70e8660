#include "harness/trace/trace_scan.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <tuple>

#include "harness/os/file.h"
#include "harness/trace/trace_reader.h"

namespace faultline {
namespace {

void CountAccess(const TraceEvent& event, TraceScan& scan) {
  const std::uint64_t last = event.offset + event.length - 1;
  ++scan.accesses;
  std::uint64_t& extent = scan.extents[event.file - 1];
  extent = std::max(extent, last + 1);
  for (std::size_t size = 0; size < kBlockSizes; ++size) {
    const std::uint64_t block = kLeastBlock << size;
    const std::uint64_t parts = last / block - event.offset / block + 1;
    scan.parts[size] += parts;
    scan.split[size] += parts > 1 ? 1 : 0;
  }
}

TraceScan Scan(const std::filesystem::path& path) {
  TraceReader reader(path);
  TraceScan scan;
  TraceEvent event;
  bool played = false;
  while (reader.Next(event)) {
    scan.extents.resize(reader.files().size());
    const auto kind = static_cast<std::size_t>(event.kind);
    ++scan.events[kind];
    scan.bytes[kind] += event.length;
    scan.span_ns = std::max(scan.span_ns, event.time_ns);
    const bool access = IsAccess(event.kind) && event.length > 0;
    if (!played && (access || event.kind == EventKind::kFlush)) {
      scan.first_ns = event.time_ns;
      played = true;
    }
    if (access) CountAccess(event, scan);
  }
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
  const os::FileIdentity identity = file.Identity();
  const std::lock_guard lock(mutex);
  std::shared_ptr<const TraceScan>& scan =
      known[{identity.device, identity.number, identity.born_ns, file.Size()}];
  if (!scan) scan = std::make_shared<const TraceScan>(Scan(path));
  return scan;
}

}  // namespace faultline
