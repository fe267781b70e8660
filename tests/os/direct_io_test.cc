// Transfers past the cache, and transfers of several parts.
#include <array>
#include <numeric>

#include "faultline/file.h"
#include "harness/os/anonymous_memory.h"
#include "harness/os/page_cache.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

using testing::Bytes;

TEST_CASE("a direct transfer moves whole blocks and leaves nothing in the cache", "[direct]") {
  const TemporaryDirectory directory;
  const std::uint64_t bytes = 64 * 1024;
  {
    const File file = File::Create(directory / "data");
    file.WriteAt(0, std::vector<std::byte>(bytes, std::byte{7}));
    file.SyncAll();
    Evict(file);
  }
  File direct;
  try {
    direct = File::OpenDirect(directory / "data", FileAccess::kReadWrite);
  } catch (const UnsupportedError& error) {
    WARN("SKIPPED: " << error.what());
    return;
  }
  const std::uint64_t block = direct.DirectAlignment();
  REQUIRE(block >= 512);
  CHECK((block & (block - 1)) == 0);
  const AnonymousMemory memory(bytes);
  direct.ReadExactlyAt(0, memory.bytes());
  CHECK(memory.bytes()[0] == std::byte{7});
  CHECK(memory.bytes()[bytes - 1] == std::byte{7});
  std::fill_n(memory.data(), block, std::byte{9});
  direct.WriteAt(block, memory.bytes().first(block));
  const File file = File::Open(directory / "data", FileAccess::kRead);
  CHECK(MeasureResidency(file).cached_pages == 0);
  std::vector<std::byte> found(bytes);
  file.ReadExactlyAt(0, found);
  CHECK(found[block - 1] == std::byte{7});
  CHECK(found[block] == std::byte{9});
  CHECK(found[2 * block - 1] == std::byte{9});
  CHECK(found[2 * block] == std::byte{7});
}

TEST_CASE("a missing file is not found past the cache either", "[direct]") {
  const TemporaryDirectory directory;
  CHECK_THROWS_AS(File::OpenDirect(directory / "absent", FileAccess::kRead), SystemError);
}

TEST_CASE("more parts than a call takes arrive in their places", "[file]") {
  const TemporaryDirectory directory;
  const File file = File::Create(directory / "parts");
  constexpr std::size_t kParts = 2 * File::kMaximumParts + 3;
  std::vector<std::byte> content(3 * kParts);
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<std::byte>(i * 31);
  std::vector<std::span<std::byte>> parts;
  // From the back of memory to the front, so that each must be dealt with by itself.
  for (std::size_t i = kParts; i-- > 0;) parts.push_back(std::span(content).subspan(3 * i, 3));
  file.WriteAt(5, std::span<const std::span<std::byte>>(parts));
  CHECK(file.Size() == 5 + content.size());
  std::vector<std::byte> read(content.size());
  std::vector<std::span<std::byte>> into;
  for (std::size_t i = kParts; i-- > 0;) into.push_back(std::span(read).subspan(3 * i, 3));
  file.ReadExactlyAt(5, std::span<const std::span<std::byte>>(into));
  CHECK(read == content);
  std::array<std::byte, 3> last;
  file.ReadExactlyAt(5 + content.size() - 3, last);
  CHECK(std::equal(last.begin(), last.end(), content.begin()));
  CHECK_THROWS_AS(file.ReadExactlyAt(6, std::span<const std::span<std::byte>>(into)), Error);
}

TEST_CASE("memory that is given back is zero when touched again", "[memory]") {
  const AnonymousMemory memory(4 * 65536, true);
  std::fill(memory.bytes().begin(), memory.bytes().end(), std::byte{5});
  memory.Discard(65536, 2 * 65536);
  CHECK(memory.bytes()[65535] == std::byte{5});
  CHECK(memory.bytes()[65536] == std::byte{0});
  CHECK(memory.bytes()[3 * 65536 - 1] == std::byte{0});
  CHECK(memory.bytes()[3 * 65536] == std::byte{5});
}

}  // namespace
}  // namespace faultline::os
