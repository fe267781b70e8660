// Directories of a run that never got under way.
#include "harness/report/new_directories.h"

#include "faultline/error.h"
#include "harness/base/text.h"
#include "tests/catch.h"
#include "tests/support/temporary_directory.h"

namespace faultline {
namespace {

namespace fs = std::filesystem;

TEST_CASE("what was made is removed with all that is above it") {
  const TemporaryDirectory directory;
  fs::create_directories(directory.path() / "old");
  {
    NewDirectories made;
    made.Make(directory.path() / "old" / "a" / "b" / "", "--output");
    made.Make(directory.path() / "old", "--output");
    made.Add(directory.path() / "old" / "lock");
    WriteBytes(directory.path() / "old" / "lock", "x");
    CHECK(fs::is_directory(directory.path() / "old" / "a" / "b"));
  }
  CHECK(fs::is_directory(directory.path() / "old"));
  CHECK(fs::is_empty(directory.path() / "old"));
}

TEST_CASE("what was there and what is not empty stays") {
  const TemporaryDirectory directory;
  WriteBytes(directory.path() / "lock", "x");
  {
    NewDirectories made;
    made.Add(directory.path() / "lock");
    made.Make(directory.path() / "new", "--output");
    WriteBytes(directory.path() / "new" / "file", "x");
  }
  CHECK(fs::exists(directory.path() / "lock"));
  CHECK(fs::exists(directory.path() / "new" / "file"));
}

TEST_CASE("what is kept stays") {
  const TemporaryDirectory directory;
  {
    NewDirectories made;
    made.Make(directory.path() / "new", "--output");
    made.Keep();
  }
  CHECK(fs::exists(directory.path() / "new"));
}

TEST_CASE("a directory that can't be made is refused and half of it doesn't stay") {
  const TemporaryDirectory directory;
  WriteBytes(directory.path() / "file", "x");
  {
    NewDirectories made;
    CHECK_THROWS_AS(made.Make(directory.path() / "file", "--output"), UsageError);
    CHECK_THROWS_WITH(made.Make(directory.path() / "file" / "under", "--directory"),
                      ContainsSubstring("choose another with --directory"));
    CHECK_THROWS_AS(made.Make(directory.path() / "new" / std::string(300, 'x'), "--output"),
                    UsageError);
  }
  CHECK(fs::exists(directory.path() / "file"));
  CHECK_FALSE(fs::exists(directory.path() / "new"));
}

}  // namespace
}  // namespace faultline
