// The formats are in tracefs, which is mounted without a name for a moment: no other process sees
// it, and nothing is left of it.
#include "harness/os/posix/event_formats.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <fmt/format.h>
#include <optional>

#include "faultline/system_error.h"
#include "harness/os/posix/system_call.h"

#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif

namespace faultline::os {
namespace {

constexpr int kConfigCreate = 6;  // FSCONFIG_CMD_CREATE

Descriptor MountTracefs() {
  const Descriptor context(static_cast<int>(::syscall(SYS_fsopen, "tracefs", 1)));
  if (context.get() < 0) return Descriptor();
  if (::syscall(SYS_fsconfig, context.get(), kConfigCreate, nullptr, nullptr, 0) != 0) {
    return Descriptor();
  }
  return Descriptor(static_cast<int>(::syscall(SYS_fsmount, context.get(), 1, 0)));
}

std::optional<std::string> ReadBelow(const Descriptor& root, const std::string& path) {
  const Descriptor file(::openat(root.get(), path.c_str(), O_RDONLY | O_CLOEXEC));
  char text[4096];
  const ssize_t count =
      file.get() < 0 ? -1 : RetryInterrupted([&] { return ::read(file.get(), text, sizeof text); });
  if (count <= 0) return std::nullopt;
  return std::string(text, static_cast<std::size_t>(count));
}

std::optional<std::uint64_t> NumberBehind(std::string_view text, std::string_view mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const char* const begin = text.data() + at + mark.size();
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  return error == std::errc() && end != begin ? std::optional(number) : std::nullopt;
}

// Where a field of numbers of that size is in the event's data.
std::optional<std::size_t> OffsetOf(std::string_view format, std::string_view field,
                                    std::size_t bytes) {
  for (const std::string_view end : {";", "["}) {
    const std::size_t at = format.find(fmt::format(" {}{}", field, end));
    if (at == std::string_view::npos) continue;
    const std::string_view rest = format.substr(at);
    if (NumberBehind(rest, "size:").value_or(1) % bytes == 0) return NumberBehind(rest, "offset:");
  }
  return std::nullopt;
}

}  // namespace

std::vector<EventFormat> FindEventFormats(const std::vector<KernelEventKind>& kinds) {
  const Descriptor root = MountTracefs();
  if (root.get() < 0) return {};
  std::vector<EventFormat> formats;
  for (const KernelEventKind& kind : kinds) {
    const auto text = ReadBelow(root, fmt::format("events/{}/{}/format", kind.group, kind.name));
    if (!text) return {};
    EventFormat format{.id = 0, .offsets = {}, .with_mode = kind.with_mode};
    const auto id = NumberBehind(*text, "ID: ");
    for (const char* const field : kind.fields) {
      if (const auto offset = OffsetOf(*text, field, kind.field_bytes))
        format.offsets.push_back(*offset);
    }
    if (!id || format.offsets.size() < kind.fields.size()) {
      errno = ENOENT;
      return {};
    }
    format.id = *id;
    formats.push_back(std::move(format));
  }
  return formats;
}

std::string WhyNoEvents(int code, std::string_view what) {
  if (code == ENOENT) return fmt::format("this kernel has no trace events of {}", what);
  if (code == EPERM || code == EACCES)
    return fmt::format("watching {} one by one needs root", what);
  if (code == ENOSYS || code == ENODEV || code == EINVAL) {
    return "this kernel has no trace events, or a container forbids them";
  }
  return SystemError("watch", std::string(what), code).what();
}

}  // namespace faultline::os
