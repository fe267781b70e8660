// Calls on descriptors: opening, duplicating, transfers, sizes, flushes.
#include <algorithm>
#include <vector>

#include "faultline/error.h"
#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

constexpr std::size_t kMaximumDescriptors = std::size_t{1} << 20;

}  // namespace

void StraceImporter::Call::Opened(const std::string& path, std::size_t flags) {
  const bool creates_empty = flags == npos;  // creat
  auto has = [&](std::string_view flag) {
    // openat2 prints its flags in a structure.
    return Flag(flags, flag) || (flags != npos && call_.Argument(flags).starts_with("{") &&
                                 call_.Argument(flags).find(flag) != std::string_view::npos);
  };
  const bool truncates = creates_empty || has("O_TRUNC");
  const bool is_file = !has("O_DIRECTORY") && !has("O_PATH") && !has("O_TMPFILE");
  const bool is_new = has("O_CREAT") && has("O_EXCL");
  auto open = std::make_shared<OpenFile>();
  if (is_file) {
    // The result's path has links resolved.
    std::string name = ParseStraceDescriptor(call_.result).path;
    if (name.empty()) name = path;
    open->file = builder_.FileOf(name, truncates || is_new);
  }
  open->append = has("O_APPEND");
  open->sync = has("O_SYNC") || has("O_DSYNC");
  if (open->file != 0) {
    const bool writable = creates_empty || has("O_WRONLY") || has("O_RDWR");
    Emit(EventKind::kOpen, open->file, 0, 0, writable ? kFlagWritable : 0);
    const bool remade = builder_.TakeRemoved(open->file);
    if ((truncates || remade) && builder_.SizeOf(open->file) > 0) Resize(open->file, 0);
  }
  Insert(static_cast<std::int64_t>(*returned_), std::move(open), has("O_CLOEXEC"));
}

void StraceImporter::Call::Insert(std::int64_t number, std::shared_ptr<OpenFile> open,
                                  bool close_on_exec) {
  if (descriptors().size() >= kMaximumDescriptors) {
    throw Error("more open descriptors than a process can have");
  }
  descriptors()[number] = {std::move(open), close_on_exec};
}

void StraceImporter::Call::Erase(DescriptorTable::iterator at) {
  if (at->second.open->file != 0) Emit(EventKind::kClose, at->second.open->file, 0, 0);
  descriptors().erase(at);
}

void StraceImporter::Call::Close() {
  const auto at = descriptors().find(StraceDescriptorAt(0).number);
  if (at != descriptors().end()) Erase(at);
}

void StraceImporter::Call::CloseRange() {
  const auto first = static_cast<std::int64_t>(call_.Number(0) & 0xffffffff);
  const auto last = static_cast<std::int64_t>(call_.Number(1) & 0xffffffff);
  if (Flag(2, "CLOSE_RANGE_UNSHARE")) {
    thread_.descriptors = std::make_shared<DescriptorTable>(descriptors());
  }
  std::vector<std::int64_t> numbers;
  for (const auto& [number, entry] : descriptors()) {
    if (number >= first && number <= last) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (const std::int64_t number : numbers) {
    const auto at = descriptors().find(number);
    if (Flag(2, "CLOSE_RANGE_CLOEXEC")) {
      at->second.close_on_exec = true;
    } else {
      Erase(at);
    }
  }
}

void StraceImporter::Call::Dup() {
  OpenAt(0);  // so that it is known
  const std::shared_ptr<OpenFile> open = descriptors().at(StraceDescriptorAt(0).number).open;
  Insert(static_cast<std::int64_t>(*returned_), open, false);
}

void StraceImporter::Call::Dup2() {
  const auto number = static_cast<std::int64_t>(*returned_);
  if (StraceDescriptorAt(0).number == number) return;
  if (const auto replaced = descriptors().find(number); replaced != descriptors().end()) {
    Erase(replaced);
  }
  Dup();
  descriptors().at(number).close_on_exec = Flag(2, "O_CLOEXEC");
}

void StraceImporter::Call::Fcntl() {
  const std::string_view command = call_.Argument(1);
  if (command == "F_DUPFD" || command == "F_DUPFD_CLOEXEC") {
    Dup();
    descriptors().at(static_cast<std::int64_t>(*returned_)).close_on_exec =
        command == "F_DUPFD_CLOEXEC";
  } else if (command == "F_SETFD") {
    OpenAt(0);
    descriptors().at(StraceDescriptorAt(0).number).close_on_exec = call_.Has(2, "FD_CLOEXEC");
  } else if (command == "F_SETFL") {
    OpenAt(0).append = call_.Has(2, "O_APPEND");
  }
}

void StraceImporter::Call::Ioctl() {
  const std::string_view command = call_.Argument(1);
  if (command != "FIOCLEX" && command != "FIONCLEX") return;
  OpenAt(0);
  descriptors().at(StraceDescriptorAt(0).number).close_on_exec = command == "FIOCLEX";
}

void StraceImporter::Call::Seek() { OpenAt(0).offset = *returned_; }

void StraceImporter::Call::LongSeek() {
  if (const auto offset = call_.NumberInBrackets(2)) OpenAt(0).offset = *offset;
}

OpenFile& StraceImporter::Call::OpenAt(std::size_t index) {
  const StraceDescriptor descriptor = StraceDescriptorAt(index);
  const bool named = descriptor.path.starts_with("/") && !descriptor.deleted;
  const auto at = descriptors().find(descriptor.number);
  if (at != descriptors().end()) {
    // A name that belongs to another file tells that the descriptor was replaced out of sight.
    const std::optional<std::uint32_t> known =
        named ? builder_.KnownFile(descriptor.path) : std::nullopt;
    if (!known || *known == at->second.open->file) return *at->second.open;
  }
  auto open = std::make_shared<OpenFile>();
  if (named) open->file = builder_.FileOf(descriptor.path);
  if (open->file != 0) ++importer_.guessed_offsets_;
  Insert(descriptor.number, std::move(open), false);
  return *descriptors().at(descriptor.number).open;
}

void StraceImporter::Call::TransferBytes(EventKind kind, OpenFile& open,
                                         std::optional<std::uint64_t> offset, std::uint64_t bytes) {
  if (open.file == 0) return;
  std::uint64_t begin = offset.value_or(open.offset);
  if (kind == EventKind::kWrite && open.append) begin = builder_.SizeOf(open.file);
  Emit(kind, open.file, begin, bytes);
  if (!offset) open.offset = begin + bytes;
  if (kind == EventKind::kWrite && open.sync) Emit(EventKind::kFlush, open.file, 0, 0);
}

void StraceImporter::Call::VectorAt(EventKind kind) {
  if (*returned_ == 0) return;
  // -1 stands for the descriptor's own offset.
  std::optional<std::uint64_t> offset;
  if (const std::int64_t given = call_.SignedNumber(3); given >= 0) {
    offset = static_cast<std::uint64_t>(given);
  }
  OpenFile& open = OpenAt(0);
  TransferBytes(kind, open, offset, *returned_);
  if (kind == EventKind::kWrite && (Flag(4, "RWF_DSYNC") || Flag(4, "RWF_SYNC"))) {
    FlushIfRecorded(open.file);
  }
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
  if (call_.Argument(1) == "0") {
    const std::uint64_t end = offset + length;
    if (end >= offset && end > builder_.SizeOf(file)) Resize(file, end);
  } else if (!call_.Has(1, "FALLOC_FL_KEEP_SIZE") || call_.Has(1, "FALLOC_FL_PUNCH_HOLE")) {
    ++importer_.other_changes_;
  }
}

void StraceImporter::Call::SyncRange() {
  const std::uint32_t file = OpenAt(0).file;
  if (file != 0) Emit(EventKind::kWriteOut, file, call_.Number(1), call_.Number(2));
}

}  // namespace faultline
