// What is done to files and directories by name, in one go. All throw SystemError.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "faultline/system_error.h"

namespace faultline::os {

// Makes a change of names in `directory` (creation, renaming, removal) durable.
void SyncDirectory(const std::filesystem::path& directory);

// Writes `text` to `path` so that a reader, also after a crash of this process, sees the old
// contents or the new ones and never a mixture: a new file beside it, then a rename. Not durable
// against power loss.
void ReplaceFile(const std::filesystem::path& path, std::string_view text);

// The whole file as text.
std::string ReadText(const std::filesystem::path& path);

// Bytes that an unprivileged user may still write to the file system of `path`.
std::uint64_t FreeBytes(const std::filesystem::path& path);

}  // namespace faultline::os
