// What the tests of harness/record share: a directory of their own, plans made by hand, and an
// honest executor that shares no code with the reference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "faultline/effect.h"
#include "faultline/file.h"
#include "harness/base/text.h"
#include "harness/record/dataset.h"
#include "harness/record/plan.h"

namespace faultline {

inline constexpr std::uint64_t kSeed = 7;  // of data

// A fresh directory, removed with all that is in it.
class TemporaryDirectory {
 public:
  explicit TemporaryDirectory(
      const std::filesystem::path& parent = std::filesystem::temp_directory_path()) {
    std::random_device random;
    do {
      path_ = parent / Concat("faultline-record-test-", random(), "-", random());
    } while (!std::filesystem::create_directories(path_));
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

  std::size_t Entries() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path_), {}));
  }

 private:
  std::filesystem::path path_;
};

inline std::string ReadBytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline void WriteBytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The same operations for each worker at every asking.
class HandMadePlan final : public Plan {
 public:
  explicit HandMadePlan(std::vector<std::vector<Operation>> workers)
      : workers_(std::move(workers)) {}

  std::unique_ptr<OperationStream> Stream(Share share) const override {
    return std::make_unique<HandMadeStream>(workers_[share.index]);
  }

  const std::vector<std::vector<Operation>>& workers() const { return workers_; }

 private:
  class HandMadeStream final : public OperationStream {
   public:
    explicit HandMadeStream(std::span<const Operation> left) : left_(left) {}

    std::size_t Next(std::span<Operation> into) override {
      const std::size_t count = std::min(into.size(), left_.size());
      std::copy_n(left_.begin(), count, into.begin());
      left_ = left_.subspan(count);
      return count;
    }

   private:
    std::span<const Operation> left_;
  };

  std::vector<std::vector<Operation>> workers_;
};

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
