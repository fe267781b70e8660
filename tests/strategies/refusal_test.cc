// What strategies refuse, in words, without touching the file.
#include <sys/types.h>
#include <unistd.h>

#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

constexpr Geometry kRefused{100, 125};

// What opening answers, or "" when it is content.
std::string Refusal(const std::string& spec, const DatasetFile& file) {
  try {
    MakeStrategy(spec)->Open(file);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// Acts as an unprivileged user, as long as it lives: nothing is read-only to root.
class Unprivileged {
 public:
  Unprivileged() : needed_(os::RunningAsRoot()), done_(!needed_ || ::seteuid(kNobody) == 0) {}
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  ~Unprivileged() {
    if (needed_ && done_ && ::seteuid(0) != 0) std::abort();
  }

  bool done() const { return done_; }

 private:
  static constexpr uid_t kNobody = 65534;
  bool needed_;
  bool done_;
};

TEST_CASE("a missing file is refused by every strategy and not made") {
  const TestFile file(kRefused);
  const DatasetFile missing{file.directory() / "missing.data", kRefused};
  for (const std::string& spec : AllSpecs()) {
    INFO(spec);
    CHECK_THAT(Refusal(spec, missing), ContainsSubstring("missing.data"));
    CHECK_FALSE(std::filesystem::exists(missing.path));
  }
}

TEST_CASE("a file of another size is refused by every strategy and left as it is") {
  for (const std::uint64_t bytes : {std::uint64_t{0}, kRefused.file_size() - 1,
                                    kRefused.file_size() + 1, kRefused.file_size() * 3}) {
    const TestFile file(kRefused, bytes);
    const std::vector<std::byte> before = file.Bytes();
    for (const std::string& spec : AllSpecs()) {
      INFO(spec << " on " << bytes << " bytes");
      CHECK_THAT(Refusal(spec, file.file()), ContainsSubstring(std::to_string(bytes)));
      CHECK(Difference(file.Bytes(), before) == "");
    }
  }
}

TEST_CASE("a read-only file is refused by every strategy") {
  using std::filesystem::perms;
  const TestFile file(kRefused);
  std::filesystem::permissions(file.file().path, perms::owner_read | perms::others_read);
  const Unprivileged user;
  if (!user.done()) {
    WARN("SKIPPED: this process can't act as an unprivileged user");
    return;
  }
  for (const std::string& spec : AllSpecs()) {
    INFO(spec);
    CHECK_THAT(Refusal(spec, file.file()), ContainsSubstring("test.data"));
  }
}

TEST_CASE("a directory in the file's place is refused by every strategy") {
  const TestFile file(kRefused);
  for (const std::string& spec : AllSpecs()) {
    INFO(spec);
    CHECK(Refusal(spec, {file.directory(), kRefused}) != "");
  }
}

TEST_CASE("a record larger than the window is refused with the size that would do") {
  const std::uint64_t granule = os::ViewGranularity();
  const TestFile file({3, granule + 1});
  const std::string spec = fmt::format("mmap-window:size={}", granule);
  CHECK_THROWS_AS(MakeStrategy(spec)->Open(file.file()), UsageError);
  CHECK_THAT(Refusal(spec, file.file()),
             ContainsSubstring(fmt::format("size={}", FormatSize(2 * granule))));
  CHECK(Refusal(fmt::format("mmap-window:size={}", 2 * granule), file.file()) == "");
  const TestFile fitting({3, granule});
  CHECK(Refusal(spec, fitting.file()) == "");
}

TEST_CASE("a window that views can't be aligned to is refused with the nearest that would do") {
  const std::uint64_t granule = os::ViewGranularity();
  CHECK_THROWS_WITH(MakeStrategy(fmt::format("mmap-window:size={}", granule + 1)),
                    ContainsSubstring(fmt::format("size={}", FormatSize(2 * granule))));
  CHECK_THROWS_AS(MakeStrategy("mmap-window:size=1"), UsageError);
}

TEST_CASE("a pool of fewer or more frames than it can manage is refused") {
  CHECK_THROWS_AS(MakeStrategy("buffer-pool:memory=4KiB"), UsageError);
  CHECK_THROWS_AS(MakeStrategy("buffer-pool:memory=512GiB,block=512"), UsageError);
  CHECK_NOTHROW(MakeStrategy("buffer-pool:memory=1TiB"));
}

TEST_CASE("options that make no sense are refused before anything is opened") {
  for (const std::string spec :
       {"mmap-window:size=0", "mmap-window:count=1", "mmap-window:count=0",
        "mmap-view:advice=dontneed", "mmap-view:populate=maybe", "mmap-view-flushed:every=0",
        "read-write-flushed:every=0", "stdio:buffer=-1", "read-write:every=1", "mmap-veiw"}) {
    INFO(spec);
    CHECK_THROWS_AS(MakeStrategy(spec), UsageError);
  }
}

}  // namespace
}  // namespace faultline::testing
