#include "harness/trial/setup.h"

#include <algorithm>
#include <span>
#include <vector>

#include "faultline/discard.h"
#include "faultline/error.h"
#include "faultline/file.h"

namespace faultline {
namespace {

void MakeZeros(const os::File& file, std::uint64_t offset, std::uint64_t length) {
  try {
    file.Discard(offset, length);
  } catch (const UnsupportedError&) {
    // The file system has no holes, whatever the strategy.
    const std::vector<std::byte> zeros(std::min<std::uint64_t>(length, std::uint64_t{1} << 20));
    while (length > 0) {
      const auto part = std::span(zeros).first(std::min<std::uint64_t>(length, zeros.size()));
      file.WriteAt(offset, part);
      offset += part.size();
      length -= part.size();
    }
  }
}

// Executes the first of `operations`, with its neighbours where it is a discard. Returns how many
// these were.
std::size_t SetUpFront(const os::File& file, std::span<const Operation> operations) {
  if (operations.front().kind() == OperationKind::kFlush) return 1;  // everything is, at the end
  if (operations.front().kind() != OperationKind::kDiscard) {
    throw Error("the plan's setup does more than discard and flush");
  }
  const DiscardRun run = DiscardsAtFront(operations);
  MakeZeros(file, run.offset, run.length);
  return run.operations;
}

}  // namespace

void SetUpFirstPass(const DatasetFile& file, const Plan& plan, std::uint64_t workers) {
  if (!plan.HasSetup()) return;
  const os::File opened = OpenDataFile(file, os::FileAccess::kReadWrite);
  std::vector<Operation> batch(4096);
  for (std::uint64_t worker = 0; worker < workers; ++worker) {
    const std::unique_ptr<OperationStream> stream = plan.Stream({worker, workers});
    while (const std::size_t count = stream->Next(batch)) {
      if (!stream->IsSetup()) break;
      for (auto left = std::span<const Operation>(batch).first(count); !left.empty();) {
        left = left.subspan(SetUpFront(opened, left));
      }
    }
  }
  opened.SyncData();
}

}  // namespace faultline
