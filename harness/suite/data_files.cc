#include "harness/suite/data_files.h"

#include <algorithm>

#include "faultline/error.h"
#include "harness/os/memory_limit.h"
#include "harness/record/manifest.h"

namespace faultline {
namespace {

constexpr std::uint64_t kMostBytesThatGo = std::uint64_t{2} << 30;  // of data files kept at once

}  // namespace

DataFiles::~DataFiles() {
  for (const Entry& entry : entries_) Drop(entry);
}

void DataFiles::Drop(const Entry& entry) {
  if (!entry.goes) return;
  try {
    Dataset::Remove(entry.dataset.file().path);
  } catch (const Error&) {
    // It stays as a data file of Faultline's, which any later run may use.
  }
}

void DataFiles::MakeRoom() {
  std::uint64_t bytes = 0;
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    bytes += entry->goes ? entry->dataset.geometry().file_size() : 0;
    // The one in use stays whatever its size.
    if (bytes > kMostBytesThatGo && entry != entries_.begin()) {
      Drop(*entry);
      entry = entries_.erase(entry);
    } else {
      ++entry;
    }
  }
}

const Dataset& DataFiles::Of(const TrialSpec& spec, const std::function<bool()>& go_on) {
  const Geometry geometry = spec.DataGeometry();
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.dataset.geometry() == geometry && entry.dataset.seed() == spec.seed;
  });
  if (found != entries_.end()) {
    entries_.splice(entries_.begin(), entries_, found);
    return entries_.front().dataset;
  }
  const bool goes = new_files_ == NewFiles::kGo &&
                    !NameIsTaken(spec.directory / DataFileName(geometry, spec.seed));
  entries_.push_front({Dataset::Prepare(spec.directory, geometry, spec.seed, go_on), goes});
  MakeRoom();
  return entries_.front().dataset;
}

std::optional<LimitProof> LimitTrials::TryOnce(std::uint64_t limit_bytes, const Dataset& dataset) {
  if (!os::MemoryLimit::WhyUnavailable().empty() || !tried_.insert(limit_bytes).second) {
    return std::nullopt;
  }
  return ProveMemoryLimit(dataset, limit_bytes);
}

}  // namespace faultline
