// Calls that move bytes, change sizes, and flush.
#include <algorithm>
#include <fmt/format.h>

#include "harness/trace/strace_call.h"
#include "harness/trace/trace_format.h"

namespace faultline {

void StraceImporter::Call::Emit(EventKind kind, std::uint32_t file, std::uint64_t offset,
                                std::uint64_t length, std::uint8_t flags) {
  if (!trace_format::IsRange(kind, offset, length)) {
    throw UnreadableCall(fmt::format(
        "a range of {} bytes at offset {} is beyond what a trace can hold", length, offset));
  }
  builder_.Add({.kind = kind,
                .flags = flags,
                .file = file,
                .process = thread_.process,
                .thread = thread_id_,
                .time_ns = importer_.time_ns_,
                .offset = offset,
                .length = length});
}

void StraceImporter::Call::TransferBytes(EventKind kind, OpenFile& open,
                                         std::optional<std::uint64_t> offset, std::uint64_t bytes,
                                         StraceTransferFlags flags) {
  open.seekable = open.seekable || offset;
  if (open.kind == OpenFile::Kind::kUnnamed) importer_.CountUnplaced(open);
  if (open.file == 0) return;
  if (!offset && open.offset_guessed) {
    ++importer_.guessed_offsets_;
    open.offset_guessed = false;
  }
  const bool writes = kind == EventKind::kWrite;
  const bool append = writes && (open.append || flags.append);
  const std::uint64_t begin = append ? builder_.SizeOf(open.file) : offset.value_or(open.offset);
  Emit(kind, open.file, begin, bytes);
  if (!offset) open.offset = begin + bytes;
  counts().direct_transfers += open.direct ? 1 : 0;
  counts().appended_writes += append ? 1 : 0;
  if (writes && (open.sync || flags.sync)) {
    ++counts().durable_writes;
    FlushOf(open);
  }
}

void StraceImporter::Call::VectorAt(EventKind kind) {
  if (*returned_ == 0) return;
  // -1 stands for the descriptor's own offset.
  std::optional<std::uint64_t> offset;
  if (const std::int64_t given = call_.SignedNumber(3); given >= 0) {
    offset = static_cast<std::uint64_t>(given);
  }
  TransferBytes(kind, OpenAt(0), offset, *returned_,
                {.append = call_.Has(4, "RWF_APPEND"),
                 .sync = call_.Has(4, "RWF_DSYNC") || call_.Has(4, "RWF_SYNC")});
}

void StraceImporter::Call::SendFile() {
  if (*returned_ == 0) return;
  TransferBytes(EventKind::kRead, OpenAt(1), call_.NumberInBrackets(2), *returned_);
  TransferBytes(EventKind::kWrite, OpenAt(0), std::nullopt, *returned_);
}

void StraceImporter::Call::CopyRange() {
  if (*returned_ == 0) return;
  TransferBytes(EventKind::kRead, OpenAt(0), call_.NumberInBrackets(1), *returned_);
  TransferBytes(EventKind::kWrite, OpenAt(2), call_.NumberInBrackets(3), *returned_);
}

void StraceImporter::Call::Seek() {
  OpenFile& open = OpenAt(0);
  open.offset = *returned_;
  open.offset_guessed = false;
  open.seekable = true;
  if (call_.Has(2, "SEEK_END") && call_.Argument(1) == "0" && open.file != 0) {
    builder_.SetSize(open.file, *returned_);
  }
}

void StraceImporter::Call::LongSeek() {
  OpenFile& open = OpenAt(0);
  if (const auto offset = call_.NumberInBrackets(2)) open.offset = *offset;
  open.offset_guessed = false;
  open.seekable = true;
}

void StraceImporter::Call::Resize(std::uint32_t file, std::uint64_t size) {
  if (file == 0) return;
  Emit(EventKind::kTruncate, file, size, 0);
  builder_.SetSize(file, size);
}

void StraceImporter::Call::Truncate() { Resize(OpenAt(0).file, call_.Number(1)); }

void StraceImporter::Call::TruncatePath() { Resize(builder_.FileOf(PathAt(0)), call_.Number(1)); }

void StraceImporter::Call::Allocate() {
  const std::uint32_t file = OpenAt(0).file;
  if (file == 0) return;
  const std::uint64_t offset = call_.Number(2);
  const std::uint64_t length = call_.Number(3);
  if (call_.Has(1, "FALLOC_FL_PUNCH_HOLE") || call_.Has(1, "FALLOC_FL_ZERO_RANGE")) {
    Emit(EventKind::kDiscard, file, offset, length);
    return;
  }
  if (call_.Has(1, "FALLOC_FL_COLLAPSE_RANGE") || call_.Has(1, "FALLOC_FL_INSERT_RANGE")) {
    ++importer_.moved_ranges_;
    return;
  }
  ++counts().preallocations;
  const std::uint64_t end = offset + length;
  if (!call_.Has(1, "FALLOC_FL_KEEP_SIZE") && end > builder_.SizeOf(file)) Resize(file, end);
}

void StraceImporter::Call::Advise() {
  if (OpenAt(0).file != 0) ++counts().advice_calls;
}

void StraceImporter::Call::WriteOut(std::size_t offset, std::size_t length) {
  const std::uint32_t file = OpenAt(0).file;
  if (file != 0) {
    Emit(EventKind::kWriteOut, file, call_.Number(offset), call_.Number(length));
  }
}

}  // namespace faultline
