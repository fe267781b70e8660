// Calls that submit requests and await them later (io_submit), and rings, whose requests no call
// shows.
#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "harness/trace/scanning.h"
#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

// What stands behind a field's name in a structure: "aio_nbytes=4096", in older versions
// "nbytes:4096". "" where there is no such field.
std::string_view FieldOf(std::string_view structure, std::string_view name) {
  for (std::size_t at = structure.find(name); at != std::string_view::npos;
       at = structure.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool begins = at > 0 && (!scanning::IsWordLetter(structure[at - 1]) ||
                                   structure.substr(0, at).ends_with("aio_"));
    if (!begins || end >= structure.size()) continue;
    if (structure[end] != '=' && structure[end] != ':') continue;
    const std::string_view value = structure.substr(end + 1);
    const std::size_t path = value.find_first_not_of("0123456789-");
    if (path != std::string_view::npos && value[path] == '<') {
      // A descriptor's path may hold a comma.
      return value.substr(0, std::min({value.find(">,"), value.find(">}"), value.size() - 1}) + 1);
    }
    return value.substr(0, value.find_first_of(",}"));
  }
  return {};
}

// Whether a request is of a kind: "IOCB_CMD_PREAD", in older versions "pread".
bool HasOpcode(std::string_view request, std::string_view opcode, std::string_view older) {
  for (const std::string_view word : {opcode, older}) {
    const std::size_t at = request.find(word);
    if (at == std::string_view::npos) continue;
    const std::size_t end = at + word.size();
    const bool begins = at > 0 && !scanning::IsWordLetter(request[at - 1]);
    if (begins && (end >= request.size() || !scanning::IsWordLetter(request[end]))) return true;
  }
  return false;
}

// Queues of requests that are followed at a time.
constexpr std::size_t kMostQueues = std::size_t{1} << 16;

std::string QueueOf(std::uint32_t process, std::string_view context) {
  return fmt::format("{} {}", process, context);
}

std::optional<std::uint64_t> ReadCount(std::string_view text) {
  return ToNumber<std::uint64_t>(text);
}

// Of requests with several parts: the sum of "iov_len=4096" in them.
std::optional<std::uint64_t> PartsLength(std::string_view request) {
  constexpr std::string_view kLength = "iov_len=";
  std::optional<std::uint64_t> sum;
  for (std::size_t at = request.find(kLength); at != std::string_view::npos;
       at = request.find(kLength, at + 1)) {
    std::string_view rest = request.substr(at + kLength.size());
    const auto length = ReadCount(scanning::TakeWhile(rest, scanning::kDigits));
    if (!length) return std::nullopt;
    sum = sum.value_or(0) + *length;
  }
  return sum;
}

}  // namespace

void StraceImporter::Call::Submit() {
  const std::string_view list = call_.Argument(2);
  std::uint64_t read = 0;
  for (std::size_t at = list.find('{'); at != std::string_view::npos && read < *returned_;) {
    // Older versions put each request into two pairs of braces, or the list.
    while (list.substr(at + 1, 1) == "{") ++at;
    const std::size_t end = EndOfGroup(list, at);
    if (end == std::string_view::npos) break;
    Submitted(list.substr(at, end - at));
    ++read;
    at = list.find('{', end);
  }
  counts().asynchronous_requests += read;
  counts().unread_transfers += *returned_ - read;
  importer_.unread_requests_ += *returned_ - read;
  if (importer_.in_flight_.size() >= kMostQueues) importer_.in_flight_.clear();
  std::uint64_t& in_flight = importer_.in_flight_[QueueOf(thread_.process, call_.Argument(0))];
  in_flight += *returned_;
  counts().most_in_flight = std::max(counts().most_in_flight, in_flight);
}

void StraceImporter::Call::GetCompletions() {
  const auto queue = importer_.in_flight_.find(QueueOf(thread_.process, call_.Argument(0)));
  if (queue != importer_.in_flight_.end()) queue->second -= std::min(queue->second, *returned_);
}

void StraceImporter::Call::ForgetQueue() {
  importer_.in_flight_.erase(QueueOf(thread_.process, call_.Argument(0)));
}

void StraceImporter::Call::SetUpRing() {
  ++counts().rings;
  OpenOther();
}

void StraceImporter::Call::Submitted(std::string_view request) {
  std::string_view number = FieldOf(request, "fildes");
  if (number.empty()) number = FieldOf(request, "filedes");
  OpenFile& open = OpenOf(ParseStraceDescriptor(number));
  const bool vector = HasOpcode(request, "IOCB_CMD_PREADV", "preadv") ||
                      HasOpcode(request, "IOCB_CMD_PWRITEV", "pwritev");
  const bool reads = HasOpcode(request, "IOCB_CMD_PREAD", "pread") ||
                     HasOpcode(request, "IOCB_CMD_PREADV", "preadv");
  if (reads || vector || HasOpcode(request, "IOCB_CMD_PWRITE", "pwrite")) {
    const auto length = vector ? PartsLength(request) : ReadCount(FieldOf(request, "nbytes"));
    const auto offset = ReadCount(FieldOf(request, "offset"));
    if (!length || !offset) throw UnreadableCall("a request without length and offset");
    if (*length > 0) {
      TransferBytes(reads ? EventKind::kRead : EventKind::kWrite, open, offset, *length);
    }
  } else if (HasOpcode(request, "IOCB_CMD_FSYNC", "fsync") ||
             HasOpcode(request, "IOCB_CMD_FDSYNC", "fdsync")) {
    FlushOf(open);
  }
}

}  // namespace faultline
