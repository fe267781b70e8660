// Data files: built once, reused, repaired, and never confused with foreign files.
#include "harness/record/dataset.h"

#include <algorithm>
#include <string>

#include "faultline/error.h"
#include "harness/os/file_status.h"
#include "harness/record/manifest.h"
#include "tests/catch.h"
#include "tests/record/fixture.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

constexpr Geometry kFilled{10000, 125};  // 1.2 MB: several blocks, the last one not whole
constexpr Geometry kSparse{10000, 4096, true};

std::string Content() {
  std::string bytes(kFilled.file_size(), '\0');
  FillContent(kFilled, kSeed, 0, std::as_writable_bytes(std::span(bytes)));
  return bytes;
}

void Overwrite(const fs::path& path, std::uint64_t offset, const std::string& bytes) {
  os::File::Open(path, os::FileAccess::kReadWrite).WriteAt(offset, std::as_bytes(std::span(bytes)));
}

void Truncate(const fs::path& path, std::uint64_t size) {
  os::File::Open(path, os::FileAccess::kReadWrite).Resize(size);
}

// Prepare must refuse with all of `words` in one line, and leave the bytes behind `path` alone.
void CheckRefused(const TemporaryDirectory& directory, const fs::path& path,
                  const std::string& word) {
  const std::string before = ReadBytes(path);
  const auto entries = directory.Entries();
  try {
    Dataset::Prepare(directory.path(), kFilled, kSeed);
    FAIL("not refused");
  } catch (const Error& error) {
    const std::string message = error.what();
    CHECK_THAT(message, ContainsSubstring(word));
    CHECK_THAT(message, ContainsSubstring(directory.path().string()));
    CHECK_THAT(message, ContainsSubstring("; move "));
    CHECK(message.find('\n') == std::string::npos);
  }
  CHECK(ReadBytes(path) == before);
  CHECK(directory.Entries() == entries);
}

TEST_CASE("a preparation that is told to stop leaves nothing behind and the next one works") {
  const TemporaryDirectory directory;
  int asked = 0;
  const auto once = [&asked] { return ++asked < 2; };
  CHECK_THROWS_AS(Dataset::Prepare(directory.path() / "a", kFilled, kSeed, [] { return false; }),
                  PreparationStopped);
  CHECK(directory.Entries() == 0);
  CHECK_THROWS_AS(Dataset::Prepare(directory.path() / "a", {20'000, 125}, kSeed, once),
                  PreparationStopped);
  CHECK(asked == 2);
  CHECK(directory.Entries() == 0);
  CHECK(Dataset::Prepare(directory.path() / "a", kFilled, kSeed).IsPristine());
  // One that is there already is looked through, and stays.
  CHECK_THROWS_AS(Dataset::Prepare(directory.path() / "a", kFilled, kSeed, [] { return false; }),
                  PreparationStopped);
  CHECK(Dataset::Prepare(directory.path() / "a", kFilled, kSeed).IsPristine());
}

TEST_CASE("a new dataset holds its content without a hole and says that it is ready") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path() / "a" / "b", kFilled, kSeed);
  CHECK(dataset.file().path == directory.path() / "a" / "b" / "faultline-10000x125-7.data");
  CHECK(dataset.file().geometry == kFilled);
  CHECK(dataset.seed() == kSeed);
  CHECK(ReadBytes(dataset.file().path) == Content());
  CHECK(dataset.IsPristine());
  const os::File file = OpenDataFile(dataset.file(), os::FileAccess::kRead);
  CHECK(os::NextHole(file, 0) == kFilled.file_size());
  const Manifest manifest = LoadManifest(dataset.file().path);
  CHECK(manifest.state == ManifestState::kReady);
  CHECK(manifest.geometry == kFilled);
  CHECK(manifest.inode == os::IdentityOf(file).number);
  CHECK(manifest.born_ns == os::IdentityOf(file).born_ns);
}

TEST_CASE("a dataset can be prepared in the current directory by an empty path") {
  const TemporaryDirectory directory;
  const fs::path before = fs::current_path();
  fs::current_path(directory.path());
  CHECK(Dataset::Prepare("", kFilled, kSeed).IsPristine());
  fs::current_path(before);
  CHECK(directory.Entries() == 2);
}

TEST_CASE("an intact dataset is reused and not written") {
  const TemporaryDirectory directory;
  const Dataset first = Dataset::Prepare(directory.path(), kFilled, kSeed);
  const auto written = fs::last_write_time(first.file().path);
  const auto number =
      os::IdentityOf(os::File::Open(first.file().path, os::FileAccess::kRead)).number;
  const Dataset second = Dataset::Prepare(directory.path(), kFilled, kSeed);
  CHECK(fs::last_write_time(second.file().path) == written);
  CHECK(os::IdentityOf(os::File::Open(second.file().path, os::FileAccess::kRead)).number == number);
  CHECK(second.Repair() == 0);
}

TEST_CASE("datasets of other geometries and seeds live side by side") {
  const TemporaryDirectory directory;
  Dataset::Prepare(directory.path(), kFilled, kSeed);
  Dataset::Prepare(directory.path(), kFilled, kSeed + 1);
  Dataset::Prepare(directory.path(), {10, 125}, kSeed);
  CHECK(directory.Entries() == 6);
}

TEST_CASE("repair puts back what differs and rewrites nothing else") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kFilled, kSeed);
  Overwrite(dataset.file().path, 700001, "x");
  CHECK_FALSE(dataset.IsPristine());
  const std::uint64_t rewritten = dataset.Repair();
  CHECK(rewritten >= 1);
  CHECK(rewritten <= 262144);
  CHECK(dataset.IsPristine());
  CHECK(ReadBytes(dataset.file().path) == Content());
}

TEST_CASE("repair reaches the last byte of the file") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kFilled, kSeed);
  Overwrite(dataset.file().path, kFilled.file_size() - 1, "x");
  CHECK_FALSE(dataset.IsPristine());
  dataset.Repair();
  CHECK(ReadBytes(dataset.file().path) == Content());
}

TEST_CASE("a file that a trial cut or extended gets its length and content back") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kFilled, kSeed);
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{300001}, kFilled.file_size() - 1,
                                   kFilled.file_size() + 1, 2 * kFilled.file_size()}) {
    Truncate(dataset.file().path, size);
    CHECK_FALSE(dataset.IsPristine());
    Dataset::Prepare(directory.path(), kFilled, kSeed);
    CHECK(dataset.IsPristine());
    const os::File file = OpenDataFile(dataset.file(), os::FileAccess::kRead);
    CHECK(os::NextHole(file, 0) == kFilled.file_size());
  }
}

TEST_CASE("an interrupted build is built anew in the same file whatever it has in it") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kFilled, kSeed);
  const fs::path& path = dataset.file().path;
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{400000}, 2 * kFilled.file_size()}) {
    Manifest manifest = LoadManifest(path);
    manifest.state = ManifestState::kBuilding;
    WriteBytes(ManifestPath(path), FormatManifest(manifest));
    Truncate(path, size);
    CHECK(Dataset::Prepare(directory.path(), kFilled, kSeed).IsPristine());
    CHECK(LoadManifest(path).state == ManifestState::kReady);
    CHECK(ReadBytes(path) == Content());
  }
}

TEST_CASE("a manifest that lost its data file is replaced by a new dataset") {
  const TemporaryDirectory directory;
  const fs::path path = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  fs::remove(path);
  CHECK(Dataset::Prepare(directory.path(), kFilled, kSeed).IsPristine());
}

TEST_CASE("a sparse dataset is one hole and becomes one again") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kSparse, kSeed);
  CHECK(dataset.file().path.filename() == "faultline-10000x4096-7-sparse.data");
  const auto is_hole = [&] {
    const os::File file = OpenDataFile(dataset.file(), os::FileAccess::kRead);
    return os::NextData(file, 0) == kSparse.file_size();
  };
  CHECK(is_hole());
  CHECK(dataset.IsPristine());
  CHECK(dataset.Repair() == 0);
  Overwrite(dataset.file().path, 20'000'000, std::string(1, '\0'));
  CHECK(dataset.IsPristine());
  Overwrite(dataset.file().path, 30'000'000, "x");
  CHECK_FALSE(dataset.IsPristine());
  CHECK(dataset.Repair() >= 2);
  CHECK(is_hole());
  for (const std::uint64_t size : {std::uint64_t{5}, kSparse.file_size() + 5}) {
    Truncate(dataset.file().path, size);
    CHECK_FALSE(dataset.IsPristine());
    dataset.Repair();
    CHECK(is_hole());
  }
}

TEST_CASE("a bad geometry is refused before anything is made") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(Dataset::Prepare(directory.path() / "new", {0, 125}, kSeed), UsageError);
  CHECK(directory.Entries() == 0);
}

TEST_CASE("a foreign file at the data path stays as it is") {
  const TemporaryDirectory directory;
  const fs::path path = directory.path() / DataFileName(kFilled, kSeed);
  WriteBytes(path, "my only copy");
  CheckRefused(directory, path, "no manifest");
  WriteBytes(path, Content());
  CheckRefused(directory, path, "no manifest");
  WriteBytes(path, "");
  CheckRefused(directory, path, "no manifest");
}

TEST_CASE("a foreign file at the manifest path stays as it is") {
  const TemporaryDirectory directory;
  const fs::path manifest = ManifestPath(directory.path() / DataFileName(kFilled, kSeed));
  WriteBytes(manifest, "cargo: 12 containers\n");
  CheckRefused(directory, manifest, "not a manifest");
  WriteBytes(manifest, std::string(100'000, 'x'));
  CheckRefused(directory, manifest, "not a manifest");
  const fs::path data = directory.path() / DataFileName(kFilled, kSeed);
  WriteBytes(data, "my only copy");
  CheckRefused(directory, data, "not a manifest");
  fs::remove(manifest);
  fs::create_directory(manifest);
  CheckRefused(directory, data, "not a regular file");
}

TEST_CASE("a manifest reached by a link is refused") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  fs::rename(ManifestPath(data), directory.path() / "elsewhere");
  fs::create_symlink(directory.path() / "elsewhere", ManifestPath(data));
  CheckRefused(directory, directory.path() / "elsewhere", "symbolic link");
}

TEST_CASE("a link at the data path is refused and what it leads to stays as it is") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  const fs::path elsewhere = directory.path() / "elsewhere";
  fs::rename(data, elsewhere);
  Overwrite(elsewhere, 10, "changed");
  fs::create_symlink(elsewhere, data);
  CheckRefused(directory, elsewhere, "symbolic link");
  fs::remove(data);
  fs::create_symlink(directory.path() / "nowhere", data);
  CheckRefused(directory, elsewhere, "symbolic link");
  fs::remove(data);
  fs::create_directory(data);
  CheckRefused(directory, elsewhere, "not a regular file");
}

TEST_CASE("a data file with a second name is refused") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  fs::create_hard_link(data, directory.path() / "second");
  Overwrite(data, 10, "changed");
  CheckRefused(directory, data, "2 names");
}

TEST_CASE("a file that was put in the place of the data file is refused") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  // The original goes on living, so that its number can't be given to the copy.
  fs::rename(data, directory.path() / "original");
  fs::copy_file(directory.path() / "original", data);
  Overwrite(data, 10, "changed");
  CheckRefused(directory, data, "another file");
}

// What happens when a file is deleted and another one put in its place: the inode is given out
// again.
TEST_CASE("a file that has the inode of the data file, but was born later, is refused") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  Manifest manifest = LoadManifest(data);
  if (manifest.born_ns == 0) {
    WARN("SKIPPED: the temporary directory's file system keeps no time of birth");
    return;
  }
  --manifest.born_ns;
  WriteBytes(ManifestPath(data), FormatManifest(manifest));
  CheckRefused(directory, data, "another file");
}

TEST_CASE("a manifest that describes another geometry or seed is refused") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  Manifest manifest = LoadManifest(data);
  manifest.geometry.record_size = 126;
  WriteBytes(ManifestPath(data), FormatManifest(manifest));
  CheckRefused(directory, data, "faultline-10000x126-7.data");
  manifest.geometry = kFilled;
  manifest.seed = 8;
  WriteBytes(ManifestPath(data), FormatManifest(manifest));
  CheckRefused(directory, data, "faultline-10000x125-8.data");
}

TEST_CASE("everything that touches a data file refuses one that was replaced") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kFilled, kSeed);
  const fs::path& data = dataset.file().path;
  fs::rename(data, directory.path() / "original");
  WriteBytes(data, "my only copy");
  CHECK_THROWS_WITH(dataset.Repair(), ContainsSubstring("another file"));
  CHECK_THROWS_WITH(dataset.IsPristine(), ContainsSubstring("another file"));
  CHECK_THROWS_WITH(dataset.PrepareCache(CacheState::kCold), ContainsSubstring("another file"));
  CHECK_THROWS_WITH(dataset.PrepareCache(CacheState::kWritten), ContainsSubstring("another file"));
  CHECK_THROWS_WITH(Dataset::Remove(data), ContainsSubstring("another file"));
  CHECK(ReadBytes(data) == "my only copy");
  fs::remove(data);
  CHECK_THROWS_WITH(dataset.Repair(), ContainsSubstring("there is no data file"));
}

TEST_CASE("remove takes a dataset away whole and nothing else") {
  const TemporaryDirectory directory;
  const fs::path data = Dataset::Prepare(directory.path(), kFilled, kSeed).file().path;
  WriteBytes(directory.path() / "letter.data", "dear");
  WriteBytes(directory.path() / "letter.txt", "dear");
  CHECK_THROWS_AS(Dataset::Remove(directory.path() / "letter.data"), Error);
  CHECK_THROWS_AS(Dataset::Remove(directory.path() / "letter.txt"), Error);
  Dataset::Remove(data);
  CHECK(directory.Entries() == 2);
  CHECK_THROWS_AS(Dataset::Remove(data), Error);
}

TEST_CASE("a data file of the wrong size is not opened for a strategy") {
  const TemporaryDirectory directory;
  const Dataset dataset = Dataset::Prepare(directory.path(), kFilled, kSeed);
  Truncate(dataset.file().path, 1'249'999);
  CHECK_THROWS_WITH(OpenDataFile(dataset.file(), os::FileAccess::kRead),
                    ContainsSubstring("1249999") && ContainsSubstring("1250000"));
}

}  // namespace
}  // namespace faultline
