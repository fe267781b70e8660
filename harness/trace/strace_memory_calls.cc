// Calls on a process's memory: mapping, unmapping, moving, flushing what is mapped.
#include <algorithm>
#include <limits>

#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

std::uint64_t WholePages(std::uint64_t bytes) {
  return (bytes + kPageBytes - 1) / kPageBytes * kPageBytes;
}

}  // namespace

void StraceImporter::Call::Msync() {
  const std::uint64_t begin = call_.Number(0);
  const std::uint64_t end = begin + call_.Number(1);
  if (end < begin) throw UnreadableCall("a range beyond all memory");
  const EventKind kind = call_.Has(2, "MS_SYNC") ? EventKind::kFlush : EventKind::kWriteOut;
  thread_.memory->ForEach(begin, end, [&](std::uint64_t first, const MappedRange& range) {
    Emit(kind, range.file, range.offset, range.end - first);
  });
}

void StraceImporter::Call::AdviseMemory() {
  // Of the program's own memory there is much advice, which is no file's.
  bool file = false;
  const std::uint64_t begin = call_.Number(0);
  thread_.memory->ForEach(begin, begin + call_.Number(1),
                          [&](std::uint64_t, const MappedRange&) { file = true; });
  counts().advice_calls += file ? 1 : 0;
}

void StraceImporter::Call::Unmap(std::uint64_t begin, std::uint64_t end) {
  thread_.memory->Unmap(begin, end, [&](std::uint64_t first, const MappedRange& range) {
    Emit(EventKind::kUnmap, range.file, range.offset, range.end - first);
  });
}

// Old versions printed the offset in pages, as the call has it, and later ones in bytes. An offset
// that is no multiple of a page's bytes is in pages, and so are all that follow.
void StraceImporter::Call::MmapPages() {
  const std::uint64_t offset = call_.Number(5);
  if (offset % kPageBytes != 0) importer_.maps_in_pages_ = true;
  if (!importer_.maps_in_pages_) return Map(offset);
  if (offset > std::numeric_limits<std::uint64_t>::max() / kPageBytes) {
    throw UnreadableCall("an offset beyond any file");
  }
  Map(offset * kPageBytes);
}

void StraceImporter::Call::Map(std::uint64_t offset) {
  const std::uint64_t begin = *returned_;
  const std::uint64_t length = WholePages(call_.Number(1));
  if (length == 0 || length > std::numeric_limits<std::uint64_t>::max() - begin) return;
  Unmap(begin, begin + length);
  if (call_.Has(3, "MAP_ANONYMOUS") || call_.Argument(4) == "-1") return;
  const std::uint32_t file = OpenAt(4).file;
  if (file == 0) return;
  const std::string_view protection = call_.Argument(2);
  auto allows = [&](std::string_view flag) {
    return protection.find(flag) != std::string_view::npos;
  };
  const bool shared = call_.Has(3, "MAP_SHARED") || call_.Has(3, "MAP_SHARED_VALIDATE");
  const auto flags = static_cast<std::uint8_t>((allows("PROT_WRITE") ? kFlagWritable : 0) |
                                               (allows("PROT_EXEC") ? kFlagExecutable : 0) |
                                               (shared ? kFlagShared : 0));
  importer_.maps_ = true;
  Emit(EventKind::kMap, file, offset, length, flags);
  thread_.memory->Map(begin,
                      {.end = begin + length, .file = file, .offset = offset, .flags = flags});
}

void StraceImporter::Call::Munmap() {
  const std::uint64_t begin = call_.Number(0);
  const std::uint64_t length = call_.Number(1);
  if (length > std::numeric_limits<std::uint64_t>::max() / 2) {
    throw UnreadableCall("a range beyond all memory");
  }
  Unmap(begin, begin + WholePages(length));
}

void StraceImporter::Call::Mremap() {
  const std::uint64_t old_begin = call_.Number(0);
  const std::uint64_t old_length = WholePages(call_.Number(1));
  const std::uint64_t new_length = WholePages(call_.Number(2));
  // All that is moved lies in one mapping.
  std::optional<MappedRange> moved;
  thread_.memory->ForEach(
      old_begin, old_begin + std::max(old_length, kPageBytes),
      [&](std::uint64_t, const MappedRange& range) { moved = moved.value_or(range); });
  Unmap(old_begin, old_begin + old_length);
  Unmap(*returned_, *returned_ + new_length);
  if (!moved || new_length > std::numeric_limits<std::uint64_t>::max() - *returned_) return;
  moved->end = *returned_ + new_length;
  Emit(EventKind::kMap, moved->file, moved->offset, new_length, moved->flags);
  thread_.memory->Map(*returned_, *moved);
}

}  // namespace faultline
