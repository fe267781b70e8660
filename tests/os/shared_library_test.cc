// Shared libraries: what is none is told from its contents, what can't be loaded is said with the
// reason.
#include "harness/os/shared_library.h"

#include "harness/os/program.h"
#include "harness/os/whole_file.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

TEST_CASE("a library is told from other files and from a part of itself", "[shared_library]") {
  // A program that may lie at any address begins like a library.
  const std::string whole = ReadText(OwnExecutable());
  CHECK(LooksLikeLibrary(whole));
  CHECK_FALSE(LooksLikeLibrary(std::string_view(whole).substr(0, whole.size() - 1)));
  CHECK_FALSE(LooksLikeLibrary(std::string_view(whole).substr(0, 64)));
  CHECK_FALSE(LooksLikeLibrary(std::string(1000, 'x')));
  CHECK_FALSE(LooksLikeLibrary(""));
}

TEST_CASE("a library that can't be loaded is not possible here", "[shared_library]") {
  const TemporaryDirectory directory;
  ReplaceFile(directory / "text.so", "no library");
  CHECK_THROWS_AS(LoadSharedLibrary(directory / "text.so"), UnsupportedError);
  CHECK_THROWS_WITH(LoadSharedLibrary(directory / "text.so"), ContainsSubstring("text.so"));
  CHECK_THROWS_AS(LoadSharedLibrary("libm.so.6"), UnsupportedError);
}

}  // namespace
}  // namespace faultline::os
