// What the tests of harness/record share: an honest executor of plans that shares no code with the
// reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "faultline/effect.h"
#include "faultline/file.h"
#include "harness/base/text.h"
#include "harness/record/dataset.h"
#include "harness/record/plan.h"
#include "tests/support/hand_made_plan.h"
#include "tests/support/temporary_directory.h"

namespace faultline {

inline constexpr std::uint64_t kSeed = 7;  // of data

// Executes one operation on the file, by reading and writing just its range. Returns what a read
// adds to the checksum.
inline std::uint64_t ExecuteOnFile(const os::File& file, const Operation& operation,
                                   std::uint64_t sequence) {
  if (operation.kind() == OperationKind::kFlush) return 0;
  std::vector<std::byte> bytes(operation.length());
  file.ReadExactlyAt(operation.offset(), bytes);
  if (operation.kind() == OperationKind::kRead) return ReadEffect(bytes);
  if (operation.kind() == OperationKind::kUpdate) UpdateEffect(bytes);
  if (operation.kind() == OperationKind::kWrite) {
    WriteEffect(bytes, operation.offset(), sequence);
  }
  if (operation.kind() == OperationKind::kDiscard) bytes.assign(bytes.size(), std::byte{0});
  file.WriteAt(operation.offset(), bytes);
  return 0;
}

// Executes the whole plan on the dataset's file. Returns the checksum of its reads.
inline std::uint64_t ExecuteOnFile(const Dataset& dataset, const HandMadePlan& plan,
                                   std::uint64_t passes) {
  const os::File file = OpenDataFile(dataset.file(), os::FileAccess::kReadWrite);
  std::uint64_t checksum = 0;
  for (const auto& operations : plan.workers()) {
    std::uint64_t sequence = 0;
    for (std::uint64_t pass = 0; pass < passes; ++pass) {
      for (const Operation& operation : operations) {
        checksum += ExecuteOnFile(file, operation, sequence++);
      }
    }
  }
  return checksum;
}

}  // namespace faultline
