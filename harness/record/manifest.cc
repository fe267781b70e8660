// Writing and reading manifests, and the checks that protect foreign files.
#include "harness/record/manifest.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/number.h"
#include "harness/os/file_status.h"
#include "harness/os/whole_file.h"

namespace faultline {
namespace {

constexpr std::string_view kVersionLine = "faultline-dataset/2";
constexpr std::uint64_t kMaximumManifestBytes = 4096;

[[noreturn]] void Refuse(const std::filesystem::path& path, std::string_view reason) {
  throw Error(
      fmt::format("refused to touch {}: {}; move it out of the way or choose another directory",
                  path.string(), reason));
}

// Reads `key=value` lines in the order in which they must come.
class ManifestReader {
 public:
  ManifestReader(std::string_view text, const std::filesystem::path& path)
      : text_(text), path_(path) {
    const std::string_view version = Line();
    if (version == kVersionLine) return;
    Refuse(path_, version.starts_with("faultline-dataset/")
                      ? "it was written by another version of Faultline"
                      : "it is not a manifest of Faultline");
  }

  std::string_view Text(std::string_view key) {
    const std::string_view line = Line();
    if (!line.starts_with(key) || line.substr(key.size(), 1) != "=") Damaged(key);
    return line.substr(key.size() + 1);
  }

  std::uint64_t Number(std::string_view key) {
    const auto number = ToNumber<std::uint64_t>(Text(key));
    if (!number) Damaged(key);
    return *number;
  }

  // True for `yes`, false for `no`.
  bool Choice(std::string_view key, std::string_view yes, std::string_view no) {
    const std::string_view value = Text(key);
    if (value != yes && value != no) Damaged(key);
    return value == yes;
  }

  void End() {
    if (!text_.empty()) Damaged("end of file");
  }

 private:
  std::string_view Line() {
    const std::size_t end = text_.find('\n');
    if (end == std::string_view::npos) Refuse(path_, "it is not a whole manifest of Faultline");
    const std::string_view line = text_.substr(0, end);
    text_.remove_prefix(end + 1);
    return line;
  }

  [[noreturn]] void Damaged(std::string_view expected) {
    Refuse(path_,
           fmt::format("it is a damaged manifest (no valid '{}' where one belongs)", expected));
  }

  std::string_view text_;
  const std::filesystem::path& path_;
};

// What the name leads to, without following a link; reports what even that can't be found out for.
std::filesystem::file_status StatusOf(const std::filesystem::path& path) {
  std::error_code error;
  const auto status = std::filesystem::symlink_status(path, error);
  if (status.type() == std::filesystem::file_type::none) {
    throw Error(fmt::format("can't inspect {}: {}; choose another directory", path.string(),
                            error.message()));
  }
  return status;
}

// Checked by name before opening: opening a pipe would wait for its other end.
void RequirePlainFile(const std::filesystem::path& path) {
  const auto type = StatusOf(path).type();
  if (type == std::filesystem::file_type::symlink) Refuse(path, "it is a symbolic link");
  if (type != std::filesystem::file_type::regular) Refuse(path, "it is not a regular file");
}

}  // namespace

std::string FormatManifest(const Manifest& manifest) {
  return fmt::format(
      "{}\n"
      "state={}\n"
      "records={}\n"
      "record_size={}\n"
      "sparse={}\n"
      "seed={}\n"
      "device={}\n"
      "inode={}\n"
      "born_ns={}\n",
      kVersionLine, manifest.state == ManifestState::kReady ? "ready" : "building",
      manifest.geometry.records, manifest.geometry.record_size,
      manifest.geometry.sparse ? "yes" : "no", manifest.seed, manifest.device, manifest.inode,
      manifest.born_ns);
}

Manifest ParseManifest(std::string_view text, const std::filesystem::path& path) {
  ManifestReader reader(text, path);
  Manifest manifest;
  manifest.state = reader.Choice("state", "ready", "building") ? ManifestState::kReady
                                                               : ManifestState::kBuilding;
  manifest.geometry.records = reader.Number("records");
  manifest.geometry.record_size = reader.Number("record_size");
  manifest.geometry.sparse = reader.Choice("sparse", "yes", "no");
  manifest.seed = reader.Number("seed");
  manifest.device = reader.Number("device");
  manifest.inode = reader.Number("inode");
  manifest.born_ns = reader.Number("born_ns");
  reader.End();
  return manifest;
}

std::string DataFileName(const Geometry& geometry, std::uint64_t seed) {
  return fmt::format("faultline-{}x{}-{}{}.data", geometry.records, geometry.record_size, seed,
                     geometry.sparse ? "-sparse" : "");
}

std::filesystem::path ManifestPath(const std::filesystem::path& data_file) {
  if (data_file.extension() != ".data") {
    Refuse(data_file, "the name of a data file of Faultline ends in '.data'");
  }
  return std::filesystem::path(data_file).replace_extension(".manifest");
}

bool NameIsTaken(const std::filesystem::path& path) {
  return StatusOf(path).type() != std::filesystem::file_type::not_found;
}

Manifest LoadManifest(const std::filesystem::path& data_file) {
  const std::filesystem::path path = ManifestPath(data_file);
  if (!NameIsTaken(path)) {
    Refuse(data_file, fmt::format("there is no manifest {} beside it, so Faultline did not make it",
                                  path.filename().string()));
  }
  RequirePlainFile(path);
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(path, error);
  if (error || bytes > kMaximumManifestBytes) Refuse(path, "it is not a manifest of Faultline");
  return ParseManifest(os::ReadText(path), path);
}

os::File OpenOwned(const std::filesystem::path& data_file, const Manifest& manifest,
                   os::FileAccess access) {
  if (!NameIsTaken(data_file)) {
    throw Error(fmt::format("there is no data file {}; run again to have it built anew",
                            data_file.string()));
  }
  RequirePlainFile(data_file);
  os::File file = os::File::Open(data_file, access);
  const os::FileIdentity identity = os::IdentityOf(file);
  if (!identity.regular) Refuse(data_file, "it is not a regular file");
  if (identity.links != 1) {
    Refuse(data_file, fmt::format("the file has {} names (hard links)", identity.links));
  }
  if (identity.device != manifest.device || identity.number != manifest.inode ||
      identity.born_ns != manifest.born_ns) {
    Refuse(data_file, "its manifest names another file, so Faultline did not make it");
  }
  return file;
}

}  // namespace faultline
