// Building, reusing, repairing and removing data files.
#include "harness/record/dataset.h"

#include <algorithm>
#include <fmt/format.h>
#include <system_error>
#include <utility>
#include <vector>

#include "faultline/error.h"
#include "faultline/file.h"
#include "harness/base/text.h"
#include "harness/os/file_status.h"
#include "harness/os/whole_file.h"
#include "harness/record/content.h"
#include "harness/record/geometry.h"
#include "harness/record/manifest.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

// What a file needs beside its bytes: the file system's own book-keeping, the manifest, and room to
// breathe.
std::uint64_t SlackBytes(const Geometry& geometry) {
  return (std::uint64_t{1} << 20) + geometry.file_size() / 64;
}

// Throws if the file system of `existing` has no room for the file. A sparse file needs none until
// it is written.
void RequireSpace(const fs::path& existing, const Geometry& geometry) {
  if (geometry.sparse) return;
  const std::uint64_t needed = geometry.file_size() + SlackBytes(geometry);
  const std::uint64_t free = os::FreeBytes(existing);
  if (free >= needed) return;
  throw UnsupportedError(fmt::format(
      "not enough space for the data file in {}: it needs {}, {} are free, {} are missing; use "
      "fewer records or choose another directory",
      existing.string(), FormatBytes(needed), FormatBytes(free), FormatBytes(needed - free)));
}

// Directories on the way to a new data file, taken away again unless Keep is called.
class NewDirectories {
 public:
  explicit NewDirectories(const fs::path& directory) : existing_(fs::absolute(directory)) {
    while (!NameIsTaken(existing_)) {
      missing_.push_back(existing_);
      existing_ = existing_.parent_path();
    }
  }
  NewDirectories(const NewDirectories&) = delete;
  NewDirectories& operator=(const NewDirectories&) = delete;
  ~NewDirectories() {
    std::error_code ignored;  // one that is not empty any more is in use, and stays
    for (std::size_t i = 0; i < created_; ++i)
      fs::remove(missing_[missing_.size() - 1 - i], ignored);
  }

  const fs::path& existing() const { return existing_; }

  void Create() {
    for (auto path = missing_.rbegin(); path != missing_.rend(); ++path) {
      std::error_code error;
      fs::create_directory(*path, error);
      if (error) {
        throw Error(fmt::format("can't create the directory {}: {}; choose another directory",
                                path->string(), error.message()));
      }
      ++created_;
    }
  }

  void Keep() { created_ = 0; }

 private:
  fs::path existing_;
  std::vector<fs::path> missing_;  // innermost first
  std::size_t created_ = 0;
};

// Removes a data file and its manifest; returns why it could not.
std::error_code RemovePair(const fs::path& data_file) {
  // The data first: a manifest without data is harmless, data without a manifest would pass for
  // foreign.
  std::error_code error;
  fs::remove(data_file, error);
  if (!error) fs::remove(ManifestPath(data_file), error);
  return error;
}

void RequireNoHole(const os::File& file) {
  const std::uint64_t size = file.Size();
  const std::uint64_t hole = os::NextHole(file, 0);
  if (hole == size) return;
  throw UnsupportedError(
      fmt::format("the file system left a hole at offset {} of {}, which was fully written; choose "
                  "a directory on another file system",
                  hole, file.path().string()));
}

void WriteManifest(const os::File& file, const Geometry& geometry, std::uint64_t seed,
                   ManifestState state) {
  const os::FileIdentity identity = os::IdentityOf(file);
  os::ReplaceFile(ManifestPath(file.path()), FormatManifest({state, geometry, seed, identity.device,
                                                             identity.number, identity.born_ns}));
  os::SyncDirectory(file.path().parent_path());
}

// Throws PreparationStopped when `go_on` says no.
std::function<void()> StopUnless(const std::function<bool()>& go_on) {
  if (!go_on) return {};
  return [&go_on] {
    if (!go_on()) throw PreparationStopped("interrupted while the data file was made ready");
  };
}

// How many pieces of WriteContent are synced together: no wait for the device is longer than they
// take, and a request to stop is heard between two.
constexpr std::uint64_t kPiecesBetweenSyncs = 64;

// Fills `file`, which is empty and our own, and declares it ready.
void Fill(const os::File& file, const Geometry& geometry, std::uint64_t seed,
          const std::function<void()>& stop) {
  // First of all the manifest, so that a file that is left half-built can be told to be ours.
  WriteManifest(file, geometry, seed, ManifestState::kBuilding);
  RequireSpace(file.path().parent_path(), geometry);
  if (geometry.sparse) {
    file.Resize(geometry.file_size());
  } else {
    std::uint64_t pieces = 0;
    WriteContent(file, geometry, seed, [&] {
      if (++pieces % kPiecesBetweenSyncs == 0) file.SyncData();
      if (stop) stop();
    });
  }
  file.SyncAll();
  if (!geometry.sparse) RequireNoHole(file);
  WriteManifest(file, geometry, seed, ManifestState::kReady);
}

// Fills `file`, or removes it together with its manifest and throws why it could not be filled.
void FillOrRemove(os::File file, const Geometry& geometry, std::uint64_t seed,
                  const std::function<void()>& stop) {
  const fs::path path = file.path();
  try {
    Fill(file, geometry, seed, stop);
  } catch (const os::SystemError& error) {
    const std::uint64_t needed = geometry.file_size() + SlackBytes(geometry);
    const std::uint64_t had = os::AllocatedBytes(file) + os::FreeBytes(path.parent_path());
    file = {};
    RemovePair(path);
    if (error.kind() != os::ErrorKind::kNoSpace) throw;
    throw UnsupportedError(fmt::format(
        "the disk got full while {} was built: of {}, {} are missing; use fewer records or choose "
        "another directory",
        path.string(), FormatBytes(needed), FormatBytes(needed - std::min(needed, had))));
  } catch (...) {
    file = {};
    RemovePair(path);
    throw;
  }
}

void BuildNew(const fs::path& data_file, const Geometry& geometry, std::uint64_t seed,
              const std::function<void()>& stop) {
  // A manifest may be all that is left of an earlier dataset; anything else of that name is not
  // ours to replace.
  if (NameIsTaken(ManifestPath(data_file))) LoadManifest(data_file);
  NewDirectories directories(data_file.parent_path());
  RequireSpace(directories.existing(), geometry);
  directories.Create();
  FillOrRemove(os::File::Create(data_file), geometry, seed, stop);
  directories.Keep();
}

void RequireDescribes(const Manifest& manifest, const fs::path& data_file, const Geometry& geometry,
                      std::uint64_t seed) {
  if (manifest.geometry == geometry && manifest.seed == seed) return;
  throw Error(
      fmt::format("refused to touch {}: its manifest describes {}; move both out of the way or "
                  "choose another directory",
                  data_file.string(), DataFileName(manifest.geometry, manifest.seed)));
}

// Makes a sparse file one hole again. Returns how many bytes of it were not.
std::uint64_t PunchWhole(const os::File& file, std::uint64_t size) {
  const std::uint64_t found_size = file.Size();
  std::uint64_t data_bytes = 0;
  for (std::uint64_t at = os::NextData(file, 0); at < found_size;) {
    const std::uint64_t end = os::NextHole(file, at);
    data_bytes += end - at;
    at = os::NextData(file, end);
  }
  if (data_bytes != 0) file.Resize(0);
  if (file.Size() != size) file.Resize(size);
  return data_bytes;
}

bool SparseIsZero(const os::File& file) {
  const std::uint64_t size = file.Size();
  std::vector<std::byte> block(std::size_t{256} << 10);
  for (std::uint64_t at = os::NextData(file, 0); at < size;) {
    const std::uint64_t end = os::NextHole(file, at);
    while (at < end) {
      const auto part = std::span(block).first(std::min<std::uint64_t>(block.size(), end - at));
      file.ReadExactlyAt(at, part);
      if (std::any_of(part.begin(), part.end(), [](std::byte b) { return b != std::byte{0}; })) {
        return false;
      }
      at += part.size();
    }
    at = os::NextData(file, end);
  }
  return true;
}

}  // namespace

Dataset::Dataset(const fs::path& directory, const Geometry& geometry, std::uint64_t seed)
    : file_{(directory.empty() ? fs::path(".") : directory) / DataFileName(geometry, seed),
            geometry},
      seed_(seed) {}

Dataset Dataset::Prepare(const fs::path& directory, const Geometry& geometry, std::uint64_t seed,
                         const std::function<bool()>& go_on) {
  CheckGeometry(geometry);
  const std::function<void()> stop = StopUnless(go_on);
  Dataset dataset(directory, geometry, seed);
  const fs::path& path = dataset.file_.path;
  if (!NameIsTaken(path)) {
    BuildNew(path, geometry, seed, stop);
    return dataset;
  }
  const Manifest manifest = LoadManifest(path);
  RequireDescribes(manifest, path, geometry, seed);
  if (manifest.state == ManifestState::kBuilding) {
    os::File file = OpenOwned(path, manifest, os::FileAccess::kReadWrite);
    file.Resize(0);
    FillOrRemove(std::move(file), geometry, seed, stop);
  } else {
    dataset.Repair(stop);
  }
  return dataset;
}

Dataset Dataset::Attach(const fs::path& directory, const Geometry& geometry, std::uint64_t seed) {
  Dataset dataset(directory, geometry, seed);
  const fs::path& path = dataset.file_.path;
  const Manifest manifest = LoadManifest(path);
  RequireDescribes(manifest, path, geometry, seed);
  OpenOwned(path, manifest, os::FileAccess::kRead);
  if (manifest.state != ManifestState::kReady) {
    throw Error(
        fmt::format("the data file {} is not finished; run again to have it built", path.string()));
  }
  return dataset;
}

void Dataset::Remove(const fs::path& data_file) {
  const Manifest manifest = LoadManifest(data_file);
  OpenOwned(data_file, manifest, os::FileAccess::kRead);
  if (const std::error_code error = RemovePair(data_file)) {
    throw Error(fmt::format("can't remove {}: {}; check the rights of its directory",
                            data_file.string(), error.message()));
  }
}

std::uint64_t Dataset::Repair(const std::function<void()>& before_each) const {
  const os::File file = OpenOwned(file_.path, LoadManifest(file_.path), os::FileAccess::kReadWrite);
  const std::uint64_t size = geometry().file_size();
  std::uint64_t rewritten = 0;
  if (geometry().sparse) {
    rewritten = PunchWhole(file, size);
  } else {
    // A file that is too short grows block by block as the comparison meets its end, and so without
    // a hole.
    CompareContent(
        file, geometry(), seed_,
        [&](std::uint64_t offset, std::span<const std::byte> right) {
          file.WriteAt(offset, right);
          rewritten += right.size();
          return true;
        },
        before_each);
    if (file.Size() > size) file.Resize(size);
  }
  file.SyncData();
  return rewritten;
}

bool Dataset::IsPristine() const {
  const os::File file = OpenOwned(file_.path, LoadManifest(file_.path), os::FileAccess::kRead);
  if (file.Size() != geometry().file_size()) return false;
  if (geometry().sparse) return SparseIsZero(file);
  bool pristine = true;
  CompareContent(file, geometry(), seed_,
                 [&](std::uint64_t, std::span<const std::byte>) { return pristine = false; });
  return pristine;
}

}  // namespace faultline
