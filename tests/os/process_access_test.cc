// Another process's memory, pages in pipes, and strangers.
#include "harness/os/process_access.h"

#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"
#include "harness/os/system_info.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Bytes;
using testing::Forked;
using testing::KindThrownBy;
using testing::Text;

TEST_CASE("another process's memory can be read at its address") {
  char text[] = "before";
  auto [here, there] = Channel::Pair();
  Forked child([&, end = &there] {
    text[0] = 'B';  // in the child's copy only
    end->SendLine("ready");
    ::pause();
    return 0;
  });
  std::string line;
  REQUIRE(here.ReceiveLine(line) == Channel::Result::kLine);
  std::vector<std::byte> found(6);
  try {
    REQUIRE(ReadMemoryOf(child.id(), text, found) == 6);
  } catch (const SystemError& error) {
    if (error.kind() != ErrorKind::kDenied) throw;
    WARN("SKIPPED: no right to read another process's memory");
    return;
  }
  CHECK(Text(found) == "Before");
  CHECK(std::string(text) == "before");
  CHECK_THROWS_AS(ReadMemoryOf(child.id(), nullptr, found), SystemError);
}

TEST_CASE("a gifted page is the same page in the pipe") {
  const View page = FileMapping::FromMemory(PageSize()).Map();
  page.bytes()[0] = std::byte{1};
  const PagePipe pipe;
  try {
    pipe.Gift(page.bytes());
  } catch (const UnsupportedError& error) {
    WARN("SKIPPED: " << error.what());
    return;
  }
  page.bytes()[0] = std::byte{2};
  std::vector<std::byte> found(PageSize());
  pipe.Take(found);
  CHECK(found[0] == std::byte{2});
}

TEST_CASE("a stranger can't open what is its owner's alone") {
  if (!RunningAsRoot()) {
    WARN("SKIPPED: only root can become another user");
    CHECK_THROWS_AS(BecomeStranger(), UnsupportedError);
    return;
  }
  const std::string name = "stranger-test-" + std::to_string(ProcessId());
  const FileMapping object = FileMapping::CreateNamed(name, PageSize());
  Forked child([&] {
    BecomeStranger();
    return KindThrownBy([&] { FileMapping::OpenNamed(name, Protection::kReadOnly); }) ==
                   ErrorKind::kDenied
               ? 0
               : 1;
  });
  CHECK(child.ExitCode() == 0);
}

TEST_CASE("reclaimed pages of a clean file leave memory and come back the same") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "data");
  const std::vector<std::byte> content(16 * PageSize(), std::byte{7});
  file.WriteAt(0, content);
  file.SyncAll();
  const View view = FileMapping::FromFile(file, Protection::kReadWrite).Map({.populate = true});
  view.Reclaim();
  const Residency left = MeasureResidency(file);
  if (left.cached_pages == left.total_pages) {
    WARN("SKIPPED: nothing was reclaimed, as on a file system that lives in memory");
  }
  CHECK(std::equal(content.begin(), content.end(), view.bytes().begin()));
  CHECK_THROWS_AS(View().Reclaim(), SystemError);
}

}  // namespace
}  // namespace faultline::os
