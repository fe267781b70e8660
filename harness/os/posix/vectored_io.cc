// Transfers between one range of a file and several places in memory.
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <fmt/format.h>

#include "faultline/file.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

static_assert(File::kMaximumParts <= IOV_MAX);

using Parts = std::span<const std::span<std::byte>>;

// Calls transfer(vectors, count, offset) for as many parts at a time as a call takes, and
// finish(offset, part) for what a short call left.
template <class Transfer, class Finish>
void TransferParts(std::uint64_t offset, Parts parts, Transfer transfer, Finish finish) {
  std::array<iovec, File::kMaximumParts> vectors;
  while (!parts.empty()) {
    const Parts here = parts.first(std::min(parts.size(), vectors.size()));
    for (std::size_t i = 0; i < here.size(); ++i) vectors[i] = {here[i].data(), here[i].size()};
    auto done = static_cast<std::uint64_t>(
        transfer(vectors.data(), static_cast<int>(here.size()), static_cast<off_t>(offset)));
    for (const std::span<std::byte> part : here) {
      const std::uint64_t moved = std::min<std::uint64_t>(done, part.size());
      if (moved < part.size()) finish(offset + moved, part.subspan(moved));
      done -= moved;
      offset += part.size();
    }
    parts = parts.subspan(here.size());
  }
}

}  // namespace

void File::ReadExactlyAt(std::uint64_t offset, Parts into) const {
  TransferParts(
      offset, into,
      [&](const iovec* vectors, int count, off_t at) {
        const ssize_t done = RetryInterrupted(
            [&] { return ::preadv(static_cast<int>(handle_), vectors, count, at); });
        if (done < 0)
          ThrowLastError(fmt::format("read {} parts at offset {} of", count, at), path_.native());
        return done;
      },
      [&](std::uint64_t at, std::span<std::byte> rest) { ReadExactlyAt(at, rest); });
}

void File::WriteAt(std::uint64_t offset, Parts from) const {
  TransferParts(
      offset, from,
      [&](const iovec* vectors, int count, off_t at) {
        const ssize_t done = RetryInterrupted(
            [&] { return ::pwritev(static_cast<int>(handle_), vectors, count, at); });
        if (done < 0)
          ThrowLastError(fmt::format("write {} parts at offset {} of", count, at), path_.native());
        return done;
      },
      [&](std::uint64_t at, std::span<std::byte> rest) { WriteAt(at, rest); });
}

}  // namespace faultline::os
