// Calls that open, duplicate and close descriptors, and those that tell what one stands for.
#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "faultline/error.h"
#include "harness/trace/scanning.h"
#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

constexpr std::size_t kMaximumDescriptors = std::size_t{1} << 20;

// The numbers in "[3, 4]" and "[3<pipe:[7]>, 4<pipe:[7]>]".
std::vector<std::int64_t> NumbersIn(std::string_view text) {
  std::vector<std::int64_t> numbers;
  for (std::string_view rest = text.substr(std::min<std::size_t>(1, text.size())); !rest.empty();) {
    scanning::SkipBlanks(rest);
    const auto number = ToNumber<std::int32_t>(scanning::TakeWhile(rest, "0123456789"));
    if (!number) break;
    numbers.push_back(*number);
    const std::size_t next = rest.find(", ");
    rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + 2);
  }
  return numbers;
}

// The number behind "name=" in a structure.
std::optional<std::uint64_t> NumberBehind(std::string_view text, std::string_view name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + name.size());
  return ToNumber<std::uint64_t>(scanning::TakeWhile(text, scanning::kDigits));
}

// Whether strace printed a constant as its number (-X raw, -e raw). A 0 may stand for itself.
bool IsRawConstant(std::string_view argument) {
  return scanning::IsDigit(argument.front()) && argument != "0" &&
         argument.find("/*") == std::string_view::npos;
}

void SetFlags(OpenFile& open, const StraceCall& call, std::size_t flags) {
  open.append = call.Has(flags, "O_APPEND");
  open.direct = call.Has(flags, "O_DIRECT");
}

}  // namespace

void StraceImporter::Call::Opened(const std::string& path, std::size_t flags) {
  const bool creates_empty = flags == kOfCreat;
  if (flags < call_.arguments.size() && IsRawConstant(call_.arguments[flags])) {
    ++importer_.unread_flags_;
  }
  const bool truncates = creates_empty || call_.Has(flags, "O_TRUNC");
  const bool is_new = call_.Has(flags, "O_CREAT") && call_.Has(flags, "O_EXCL");
  const bool temporary = call_.Has(flags, "O_TMPFILE");
  const StraceDescriptor result = ParseStraceDescriptor(call_.result);
  auto open = std::make_shared<OpenFile>();
  SetFlags(*open, call_, flags);
  open->sync = call_.Has(flags, "O_SYNC") || call_.Has(flags, "O_DSYNC");
  open->number = result.number;
  open->name_printed = !result.path.empty();
  // What was printed has links resolved.
  open->path = open->name_printed ? result.path : path;
  if (temporary) open->path += fmt::format("/(temporary file {})", ++importer_.temporary_files_);
  if (call_.Has(flags, "O_PATH") || (call_.Has(flags, "O_DIRECTORY") && !temporary) ||
      (open->name_printed && !result.named())) {
    open->kind = OpenFile::Kind::kOther;
  } else if (!open->path.empty()) {
    open->kind = OpenFile::Kind::kFile;
    open->file = builder_.FileOf(open->path, truncates || is_new || temporary);
  } else {
    NameBy(*open, result);
  }
  if (open->file != 0) {
    const bool writable =
        creates_empty || call_.Has(flags, "O_WRONLY") || call_.Has(flags, "O_RDWR");
    Emit(EventKind::kOpen, open->file, 0, 0,
         static_cast<std::uint8_t>((writable ? kFlagWritable : 0) |
                                   (open->direct ? kFlagDirect : 0)));
    const bool remade = builder_.TakeRemoved(open->file);
    if ((truncates || remade) && builder_.SizeOf(open->file) > 0) Resize(open->file, 0);
  }
  Insert(result.number, std::move(open), call_.Has(flags, "O_CLOEXEC"));
}

void StraceImporter::Call::OpenOther() {
  auto open = std::make_shared<OpenFile>();
  open->kind = OpenFile::Kind::kOther;
  const bool close_on_exec = std::any_of(
      call_.arguments.begin(), call_.arguments.end(),
      [](std::string_view argument) { return argument.find("CLOEXEC") != std::string_view::npos; });
  Insert(static_cast<std::int64_t>(*returned_), std::move(open), close_on_exec);
}

void StraceImporter::Call::OpenPair() {
  for (const std::string_view argument : call_.arguments) {
    if (!argument.starts_with('[')) continue;
    for (const std::int64_t number : NumbersIn(argument)) {
      auto open = std::make_shared<OpenFile>();
      open->kind = OpenFile::Kind::kOther;
      Insert(number, std::move(open), false);
    }
  }
}

void StraceImporter::Call::Insert(std::int64_t number, std::shared_ptr<OpenFile> open,
                                  bool close_on_exec) {
  if (descriptors().size() >= kMaximumDescriptors) {
    throw UnreadableCall("more open descriptors than a process can have");
  }
  descriptors()[number] = {std::move(open), close_on_exec};
}

void StraceImporter::Call::Erase(DescriptorTable::iterator at) {
  if (at->second.closed) return;
  if (at->second.open->file != 0) Emit(EventKind::kClose, at->second.open->file, 0, 0);
  if (importer_.options_.ordered) {
    descriptors().erase(at);
  } else {
    at->second.closed = true;
  }
}

void StraceImporter::Call::Close() {
  const auto at = descriptors().find(DescriptorAt(0).number);
  if (at != descriptors().end()) Erase(at);
}

void StraceImporter::Call::CloseRange() {
  const auto first = static_cast<std::int64_t>(call_.Number(0) & 0xffffffff);
  const auto last = static_cast<std::int64_t>(call_.Number(1) & 0xffffffff);
  if (call_.Has(2, "CLOSE_RANGE_UNSHARE")) {
    thread_.descriptors = std::make_shared<DescriptorTable>(descriptors());
  }
  std::vector<std::int64_t> numbers;
  for (const auto& [number, entry] : descriptors()) {
    if (number >= first && number <= last) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  for (const std::int64_t number : numbers) {
    const auto at = descriptors().find(number);
    if (call_.Has(2, "CLOSE_RANGE_CLOEXEC")) {
      at->second.close_on_exec = true;
    } else {
      Erase(at);
    }
  }
}

void StraceImporter::Call::Dup() {
  OpenAt(0);  // so that it is known
  const std::shared_ptr<OpenFile> open = descriptors().at(DescriptorAt(0).number).open;
  Insert(static_cast<std::int64_t>(*returned_), open, false);
}

void StraceImporter::Call::Dup2() {
  const auto number = static_cast<std::int64_t>(*returned_);
  if (DescriptorAt(0).number == number) return;
  if (const auto replaced = descriptors().find(number); replaced != descriptors().end()) {
    Erase(replaced);
  }
  Dup();
  descriptors().at(number).close_on_exec = call_.Has(2, "O_CLOEXEC");
}

void StraceImporter::Call::Fcntl() {
  const std::string_view command = call_.Argument(1);
  if (command == "F_DUPFD" || command == "F_DUPFD_CLOEXEC") {
    Dup();
    descriptors().at(static_cast<std::int64_t>(*returned_)).close_on_exec =
        command == "F_DUPFD_CLOEXEC";
  } else if (command == "F_SETFD") {
    OpenAt(0);
    descriptors().at(DescriptorAt(0).number).close_on_exec = call_.Has(2, "FD_CLOEXEC");
  } else if (command == "F_SETFL") {
    SetFlags(OpenAt(0), call_, 2);  // durable writes can't be asked for later
  } else if (command == "F_GETFL" && call_.result.find("(flags ") != std::string_view::npos) {
    const StraceCall flags = {.arguments = {call_.result}};
    OpenFile& open = OpenAt(0);
    SetFlags(open, flags, 0);
    open.sync = flags.Has(0, "O_SYNC") || flags.Has(0, "O_DSYNC");
  }
}

void StraceImporter::Call::Ioctl() {
  const std::string_view command = call_.Argument(1);
  if (command == "FIOCLEX" || command == "FIONCLEX") {
    OpenAt(0);
    descriptors().at(DescriptorAt(0).number).close_on_exec = command == "FIOCLEX";
  } else if (command.starts_with("TC") || command.starts_with("TIOC") ||
             command.ends_with("TCGETS")) {
    IsNoFile();  // but a terminal
  }
}

void StraceImporter::Call::IsNoFile() {
  OpenFile& open = OpenAt(0);
  if (open.kind == OpenFile::Kind::kUnnamed) open.kind = OpenFile::Kind::kOther;
}

void StraceImporter::Call::Status() { LearnStatus(OpenAt(0), call_.Argument(1)); }

void StraceImporter::Call::StatusAt() {
  // Of an empty path the descriptor itself is asked for.
  if (call_.Argument(1) != "\"\"") return;
  for (const std::string_view argument : call_.arguments) {
    if (argument.starts_with('{')) LearnStatus(OpenAt(0), argument);
  }
}

void StraceImporter::Call::LearnStatus(OpenFile& open, std::string_view status) {
  const std::size_t mode = status.find("_mode=S_IF");
  if (mode == std::string_view::npos) return;
  const std::string_view kind = status.substr(mode + 10);
  if (!kind.starts_with("REG") && !kind.starts_with("BLK")) {
    if (open.kind == OpenFile::Kind::kUnnamed) open.kind = OpenFile::Kind::kOther;
    return;
  }
  open.seekable = true;
  const auto size = NumberBehind(status, "_size=");
  if (size && open.file != 0 && kind.starts_with("REG")) builder_.SetSize(open.file, *size);
}

OpenFile& StraceImporter::Call::OpenOf(const StraceDescriptor& descriptor) {
  const auto at = descriptors().find(descriptor.number);
  if (at != descriptors().end()) {
    OpenFile& known = *at->second.open;
    if (known.inherited) NameBy(known, descriptor);
    if (Confirm(known, descriptor)) return known;
  }
  auto open = std::make_shared<OpenFile>();
  open->number = descriptor.number;
  open->offset_guessed = true;
  NameBy(*open, descriptor);
  Insert(descriptor.number, std::move(open), false);
  return *descriptors().at(descriptor.number).open;
}

bool StraceImporter::Call::Confirm(OpenFile& open, const StraceDescriptor& descriptor) {
  if (descriptor.path.empty() || descriptor.path == open.path) {
    open.name_printed = open.name_printed || !descriptor.path.empty();
    return true;
  }
  if (open.kind == OpenFile::Kind::kUnnamed) {
    NameBy(open, descriptor);
    return true;
  }
  if (descriptor.deleted) return true;  // under a name that is gone
  if (!descriptor.named()) return open.kind == OpenFile::Kind::kOther;
  if (open.file != 0 && builder_.KnownFile(descriptor.path) == open.file) {
    // It has that name by now.
  } else if (open.name_printed || open.path.empty()) {
    return false;
  } else if (open.kind == OpenFile::Kind::kFile) {
    // The program asked for it by a link, or from a directory that nothing told.
    const std::optional<std::uint32_t> known = builder_.KnownFile(descriptor.path);
    if (known || open.file == 0) {
      open.file = builder_.FileOf(descriptor.path);
    } else {
      builder_.AddName(open.file, descriptor.path);
    }
  }
  open.path = descriptor.path;
  open.name_printed = true;
  return true;
}

void StraceImporter::Call::NameBy(OpenFile& open, const StraceDescriptor& printed) {
  StraceDescriptor descriptor = printed;
  const bool inherited = std::exchange(open.inherited, false);
  const auto given = importer_.options_.descriptors.find(descriptor.number);
  const bool is_given = given != importer_.options_.descriptors.end();
  if (descriptor.path.empty() && !is_given) descriptor.SetPath(LookUp(open, inherited));
  if (descriptor.path.empty() && !is_given) return;
  open.name_printed = !descriptor.path.empty();
  open.path = open.name_printed ? descriptor.path : given->second;
  if (open.name_printed ? !descriptor.named() : open.path == "-") {
    open.kind = OpenFile::Kind::kOther;
    return;
  }
  open.kind = OpenFile::Kind::kFile;
  const std::string name = descriptor.deleted ? open.path + " (deleted)" : open.path;
  open.file = builder_.FileOf(name);
  if (!inherited) return;
  const os::OpenFileInfo& info = importer_.inherited_.at(open.number);
  open.offset_guessed = info.name != name;  // it was replaced out of sight
  if (open.offset_guessed) return;
  open.append = info.append;
  open.direct = info.direct;
  open.sync = info.durable;
  open.offset = info.offset;
}

std::string StraceImporter::Call::LookUp(const OpenFile& open, bool inherited) const {
  if (inherited) return importer_.inherited_.at(open.number).name;
  const auto& look_up = importer_.options_.look_up;
  return look_up ? look_up(thread_.process, open.number) : "";
}

}  // namespace faultline
