// Reading the kernel's list of mounts.
#include "harness/os/posix/mounts.h"

#include <fmt/format.h>

#include "harness/os/posix/kernel_text.h"

namespace faultline::os {
namespace {

// "\040" is a blank: three octal digits after a backslash.
std::string WithoutEscapes(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto digit = [&](std::size_t place) { return static_cast<unsigned>(text[at + place] - '0'); };
    if (text[at] == '\\' && at + 3 < text.size() && digit(1) < 4 && digit(2) < 8 && digit(3) < 8) {
      plain += static_cast<char>(digit(1) * 64 + digit(2) * 8 + digit(3));
      at += 3;
    } else {
      plain += text[at];
    }
  }
  return plain;
}

bool Holds(const std::string& point, const std::string& path) {
  if (point == "/") return true;
  return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
}

}  // namespace

std::optional<Mount> ParseMount(std::string_view line) {
  // "36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/vda1 rw": the words before the dash
  // vary in number.
  Mount mount;
  const auto id = TakeNumber(line);
  if (!id) return std::nullopt;
  mount.id = *id;
  TakeWord(line);
  TakeWord(line);
  mount.root = WithoutEscapes(TakeWord(line));
  mount.point = WithoutEscapes(TakeWord(line));
  mount.options = TakeWord(line);
  std::string_view word;
  do {
    word = TakeWord(line);
    if (word.empty()) return std::nullopt;
  } while (word != "-");
  mount.kind = TakeWord(line);
  mount.source = WithoutEscapes(TakeWord(line));
  mount.super_options = TakeWord(line);
  return mount;
}

std::vector<Mount> Mounts(const std::string& list) {
  std::vector<Mount> mounts;
  KernelLines lines(list.c_str());
  std::string_view line;
  while (lines.Next(line)) {
    if (auto mount = ParseMount(line)) mounts.push_back(*std::move(mount));
  }
  return mounts;
}

std::optional<Mount> MountOf(const File& file) {
  const auto id = FindNumber(fmt::format("/proc/self/fdinfo/{}", file.handle()), "mnt_id:");
  if (!id) return std::nullopt;
  for (Mount& mount : Mounts()) {
    if (mount.id == *id) return std::move(mount);
  }
  return std::nullopt;
}

std::optional<Mount> MountOf(const std::filesystem::path& path) {
  std::error_code error;
  const std::string canonical = std::filesystem::canonical(path, error).string();
  if (error) return std::nullopt;
  std::optional<Mount> best;
  for (Mount& mount : Mounts()) {
    if (Holds(mount.point, canonical) && (!best || mount.point.size() >= best->point.size())) {
      best = std::move(mount);
    }
  }
  return best;
}

}  // namespace faultline::os
