#include "harness/trace/process_state.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace faultline {
namespace {

// The part of a range at `begin` that lies in [from, to).
std::pair<std::uint64_t, MappedRange> Part(std::uint64_t begin, MappedRange range,
                                           std::uint64_t from, std::uint64_t to) {
  const std::uint64_t first = std::max(begin, from);
  range.offset += first - begin;
  range.end = std::min(range.end, to);
  return {first, range};
}

}  // namespace

void AddressSpace::ForEach(std::uint64_t begin, std::uint64_t end, const Taken& seen) const {
  auto at = ranges_.upper_bound(begin);
  if (at != ranges_.begin()) --at;
  for (; at != ranges_.end() && at->first < end; ++at) {
    if (at->second.end <= begin) continue;
    const auto [first, part] = Part(at->first, at->second, begin, end);
    seen(first, part);
  }
}

void AddressSpace::Unmap(std::uint64_t begin, std::uint64_t end, const Taken& taken) {
  if (ranges_.empty() || begin >= end) return;
  auto at = ranges_.upper_bound(begin);
  if (at != ranges_.begin()) --at;
  while (at != ranges_.end() && at->first < end) {
    const auto [first, whole] = *at;
    if (whole.end <= begin) {
      ++at;
      continue;
    }
    at = ranges_.erase(at);
    if (first < begin) ranges_.insert(Part(first, whole, first, begin));
    if (whole.end > end) ranges_.insert(Part(first, whole, end, whole.end));
    const auto [cut, part] = Part(first, whole, begin, end);
    if (taken) taken(cut, part);
  }
}

TracedThread Forked(const TracedThread& parent, std::uint32_t child, const ForkKind& kind) {
  TracedThread forked;
  forked.process = kind.same_process ? parent.process : child;
  forked.descriptors = kind.same_descriptors
                           ? parent.descriptors
                           : std::make_shared<DescriptorTable>(*parent.descriptors);
  forked.memory = kind.same_memory ? parent.memory : std::make_shared<AddressSpace>(*parent.memory);
  forked.directory =
      kind.same_directory ? parent.directory : std::make_shared<std::string>(*parent.directory);
  return forked;
}

}  // namespace faultline
