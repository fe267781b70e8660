// Calls on names and processes: directories, renaming, links, forks, execs.
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <utility>

#include "harness/trace/scanning.h"
#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

// Without "." and "..", which the paths that descriptors are printed with don't have either.
std::string NormalPath(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

// "" for a directory: nothing told; for a path: the directory, or the file, itself.
std::string Below(const std::string& directory, const std::string& path) {
  if (path.empty()) return directory;
  return NormalPath(directory.empty() ? path : fmt::format("{}/{}", directory, path));
}

// The number of a new thread. Inside a container that strace looks into from outside another stands
// behind it: "5 /* 4711 in strace's PID NS */".
std::uint32_t NewThread(std::string_view result, std::uint64_t returned) {
  const std::size_t comment = result.find("/* ");
  if (comment != std::string_view::npos && result.ends_with(" in strace's PID NS */")) {
    std::string_view rest = result.substr(comment + 3);
    const auto outside = ToNumber<std::uint32_t>(scanning::TakeWhile(rest, scanning::kDigits));
    if (outside) return *outside;
  }
  return static_cast<std::uint32_t>(returned);
}

}  // namespace

std::string StraceImporter::Call::DirectoryAt(std::size_t index) {
  const StraceDescriptor directory = DescriptorAt(index);
  if (directory.number == StraceDescriptor::kCurrentDirectory) {
    if (!directory.path.empty()) *thread_.directory = directory.path;
    return *thread_.directory;
  }
  if (!directory.path.empty()) return directory.path;
  const auto at = descriptors().find(directory.number);
  return at == descriptors().end() ? "" : at->second.open->path;
}

std::string StraceImporter::Call::PathAt(std::size_t path, std::optional<std::size_t> directory) {
  const std::string text = call_.Path(path);
  if (text.starts_with("/")) return NormalPath(text);
  return Below(directory ? DirectoryAt(*directory) : *thread_.directory, text);
}

std::string StraceImporter::Call::NameAt(std::size_t path, std::optional<std::size_t> directory) {
  if (!call_.Argument(path).starts_with('"')) return {};
  return PathAt(path, directory);
}

void StraceImporter::Call::RenameAt() {
  const std::string from = PathAt(1, 0);
  const std::string to = PathAt(3, 2);
  if (call_.Has(4, "RENAME_EXCHANGE")) {
    builder_.Exchange(from, to);
  } else {
    builder_.Rename(from, to);
  }
}

void StraceImporter::Call::Exec() {
  auto kept = std::make_shared<DescriptorTable>();
  for (const auto& [number, entry] : descriptors()) {
    if (!entry.close_on_exec) kept->emplace(number, entry);
  }
  thread_.descriptors = std::move(kept);
  thread_.memory = std::make_shared<AddressSpace>();
}

void StraceImporter::Call::Fork() {
  if (*returned_ == 0) return;
  std::string text(call_.name);
  for (const std::string_view argument : call_.arguments) text.append("(").append(argument);
  importer_.Adopt(thread_id_, NewThread(call_.result, *returned_), ForkKindOf(text));
}

}  // namespace faultline
