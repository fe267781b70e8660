#include "harness/trace/trace_builder.h"

#include <algorithm>
#include <array>
#include <limits>

namespace faultline {
namespace {

// Where programs, libraries and devices are; nobody asks about these.
constexpr std::array<std::string_view, 9> kSystemFolders = {
    "/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/etc/", "/proc/", "/sys/", "/dev/"};

// Disks and what is made of them: "/dev/sda1", "/dev/mapper/vg-data".
bool IsBlockDevice(std::string_view path) {
  constexpr std::string_view kDevices = "/dev/";
  constexpr std::array<std::string_view, 13> kDisks = {"sd",  "nvme", "vd",      "xvd",  "hd",
                                                       "dm-", "md",   "mapper/", "loop", "mmcblk",
                                                       "nbd", "rbd",  "disk/"};
  if (!path.starts_with(kDevices)) return false;
  path.remove_prefix(kDevices.size());
  return std::any_of(kDisks.begin(), kDisks.end(),
                     [&](std::string_view disk) { return path.starts_with(disk); });
}

// Where the set of letters ends that begins at `at`, one past its ']'; `at` if it does not end.
std::size_t EndOfSet(std::string_view pattern, std::size_t at) {
  const std::size_t first = at + (pattern.substr(at + 1, 1) == "!" ? 2 : 1);
  const std::size_t end = pattern.find(']', first + 1);
  return end == std::string_view::npos ? at : end + 1;
}

// Whether `letter` is one of "[a-cx]", or none of "[!a-cx]".
bool InSet(std::string_view set, char letter) {
  std::string_view letters = set.substr(1, set.size() - 2);
  const bool negated = letters.starts_with("!");
  if (negated) letters.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    char last = letters[i];
    const char first = last;
    if (i + 2 < letters.size() && letters[i + 1] == '-') {
      last = letters[i + 2];
      i += 2;
    }
    found = found || (letter >= first && letter <= last);
  }
  return found != negated;
}

// Only the last star is ever tried again, so the time is bounded by the product of the lengths.
bool MatchGlob(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t in_text = 0;
  std::optional<std::size_t> star;
  std::size_t star_text = 0;
  while (in_text < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = at++;
      star_text = in_text;
      continue;
    }
    if (at < pattern.size()) {
      std::size_t end = pattern[at] == '[' ? EndOfSet(pattern, at) : at;
      const bool matches = end > at ? InSet(pattern.substr(at, end - at), text[in_text])
                                    : pattern[at] == '?' || pattern[at] == text[in_text];
      if (matches) {
        at = std::max(end, at + 1);
        ++in_text;
        continue;
      }
    }
    if (!star) return false;
    at = *star + 1;
    in_text = ++star_text;
  }
  return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

}  // namespace

bool FilePatterns::Match(const std::string& path) const {
  if (patterns_.empty()) {
    return IsBlockDevice(path) ||
           std::none_of(kSystemFolders.begin(), kSystemFolders.end(),
                        [&](std::string_view folder) { return path.starts_with(folder); });
  }
  const std::string name = path.substr(path.rfind('/') + 1);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
    return MatchGlob(pattern, path) || MatchGlob(pattern, name);
  });
}

TraceBuilder::TraceBuilder(TraceWriter& writer, FilePatterns patterns, LookAtFile look)
    : writer_(writer), patterns_(std::move(patterns)), look_(std::move(look)) {}

std::uint32_t TraceBuilder::FileOf(const std::string& path, bool empty) {
  if (const auto known = KnownFile(path)) return *known;
  if (!patterns_.Match(path)) return 0;
  std::optional<std::uint64_t> size;
  if (look_) {
    if (const std::optional<SeenFile> seen = look_(path)) {
      if (!seen->regular) return 0;
      size = seen->size_bytes;
    }
  }
  if (empty) size = 0;
  const std::uint32_t number = writer_.AddFile(path, size);
  numbers_.emplace(path, number);
  files_.push_back({.size_bytes = size.value_or(0)});
  return number;
}

std::optional<std::uint32_t> TraceBuilder::KnownFile(const std::string& path) const {
  const auto found = numbers_.find(path);
  return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

void TraceBuilder::Rename(const std::string& from, const std::string& to) {
  const auto source = numbers_.find(from);
  if (source == numbers_.end()) {
    Remove(to);
    return;
  }
  const std::uint32_t number = source->second;
  const auto target = numbers_.find(to);
  // Of two names of one file both stay, as POSIX wants it.
  if (target != numbers_.end() && target->second == number) return;
  numbers_.erase(source);
  if (target == numbers_.end()) {
    numbers_.emplace(to, number);
    return;
  }
  // A program that replaces its file by a new one, again and again, does it with two files in turn,
  // as its file system probably does.
  const std::uint32_t replaced = std::exchange(target->second, number);
  FileState& file = files_[replaced - 1];
  if (--file.names > 0) return;
  numbers_.emplace(from, replaced);
  file = {.size_bytes = file.size_bytes, .names = 1, .removed = true};
}

void TraceBuilder::Exchange(const std::string& first, const std::string& second) {
  auto of_first = numbers_.extract(first);
  auto of_second = numbers_.extract(second);
  const auto rename = [this](auto& known, const std::string& to) {
    if (known) numbers_.emplace(to, known.mapped());
  };
  rename(of_first, second);
  rename(of_second, first);
}

void TraceBuilder::AddName(std::uint32_t file, const std::string& path) {
  // There is nothing of the new name any more, or it would not be one of this file.
  if (std::exchange(numbers_[path], file) != file) ++files_[file - 1].names;
}

void TraceBuilder::Link(const std::string& from, const std::string& to) {
  const auto source = numbers_.find(from);
  if (source != numbers_.end()) AddName(source->second, to);
}

void TraceBuilder::Remove(const std::string& path) {
  const auto known = numbers_.find(path);
  if (known == numbers_.end()) return;
  FileState& file = files_[known->second - 1];
  if (file.names > 1) {
    --file.names;
    numbers_.erase(known);
  } else {
    file.removed = true;
  }
}

bool TraceBuilder::TakeRemoved(std::uint32_t file) {
  return file != 0 && std::exchange(files_[file - 1].removed, false);
}

void TraceBuilder::Add(TraceEvent event) {
  if (event.file == 0 && (event.kind != EventKind::kFlush || files_.empty())) return;
  if (!first_time_ns_) first_time_ns_ = event.time_ns;
  constexpr std::uint64_t kLatest = std::numeric_limits<std::int64_t>::max();
  event.time_ns = std::min(std::max(event.time_ns, *first_time_ns_) - *first_time_ns_, kLatest);
  writer_.Add(event);
  accesses_ += IsAccess(event.kind) ? 1 : 0;
  if (event.kind == EventKind::kWrite) {
    std::uint64_t& size = files_[event.file - 1].size_bytes;
    size = std::max(size, event.offset + event.length);
  }
}

}  // namespace faultline
