// Verification in windows: the plan runs in plain memory for one part of the file after the other,
// and each part is compared with what the file holds.
#include "harness/record/verification.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <span>
#include <vector>

#include "faultline/error.h"
#include "faultline/file.h"
#include "harness/base/text.h"
#include "harness/os/file_status.h"
#include "harness/record/execute.h"
#include "harness/record/record_history.h"
#include "harness/record/reference_image.h"
#include "harness/record/sparse_image.h"

namespace faultline {
namespace {

constexpr std::uint64_t kWindowBytes = std::uint64_t{64} << 20;
constexpr std::uint64_t kReadBytes = std::uint64_t{256} << 10;

class Verifier {
 public:
  Verifier(const Dataset& dataset, const Plan& plan, std::uint64_t workers, std::uint64_t passes)
      : dataset_(dataset),
        geometry_(dataset.geometry()),
        plan_(plan),
        workers_(workers),
        passes_(passes),
        file_(os::File::Open(dataset.file().path, os::FileAccess::kRead)),
        found_size_(file_.Size()),
        whole_records_(std::min(geometry_.records, found_size_ / geometry_.record_size)),
        found_(std::max<std::uint64_t>(kReadBytes / geometry_.record_size, 1) *
               geometry_.record_size) {}

  Verification Run() {
    if (geometry_.sparse) {
      CompareSparse();
    } else {
      CompareDense();
    }
    CountMissingRecords();
    Conclude();
    return verdict_;
  }

 private:
  void CompareDense() {
    const std::uint64_t window = kWindowBytes / geometry_.record_size;
    for (std::uint64_t first = 0; first < geometry_.records; first += window) {
      const std::uint64_t count = std::min(window, geometry_.records - first);
      ReferenceImage image(geometry_, dataset_.seed(), first, count);
      ExecutePlan(image);
      Compare(image.first_offset(), image.bytes());
    }
  }

  void CompareSparse() {
    BlockMap map(geometry_);
    MarkChanges(map);
    MarkData(map);
    map.Number();
    const std::uint64_t window = std::max<std::uint64_t>(kWindowBytes / map.block_bytes(), 1);
    std::uint64_t block = map.NextMarked(0);
    for (std::uint64_t first = 0; first < map.slots(); first += window) {
      const std::uint64_t count = std::min(window, map.slots() - first);
      SparseImage image(map, first, count);
      ExecutePlan(image);
      for (std::uint64_t slot = first; slot < first + count; ++slot) {
        const std::uint64_t offset = block * map.block_bytes();
        const std::uint64_t length =
            std::min(map.block_bytes(), geometry_.file_size() - offset);  // the last one is short
        Compare(offset, image.Block(slot).first(length));
        block = map.NextMarked(block + 1);
      }
    }
  }

  // Discards are left out: what nothing else touches is zero without them.
  void MarkChanges(BlockMap& map) const {
    ForEachBatch(plan_, workers_, passes_, [&](std::span<const Operation> batch, std::uint64_t) {
      for (const Operation& operation : batch) {
        if (operation.kind() == OperationKind::kUpdate ||
            operation.kind() == OperationKind::kWrite) {
          map.Mark(operation.offset(), operation.length());
        }
      }
    });
  }

  // So that stray bytes are found where the plan has nothing.
  void MarkData(BlockMap& map) const {
    const std::uint64_t end_of_data = std::min(found_size_, geometry_.file_size());
    for (std::uint64_t at = os::NextData(file_, 0); at < end_of_data;) {
      const std::uint64_t end = os::NextHole(file_, at);
      map.Mark(at, end - at);
      at = os::NextData(file_, end);
    }
  }

  template <class Image>
  void ExecutePlan(Image& image) {
    ForEachBatch(plan_, workers_, passes_,
                 [&](std::span<const Operation> batch, std::uint64_t first_sequence) {
                   image.Execute(batch, first_sequence);
                 });
    verdict_.read_checksum += image.read_checksum();
  }

  // Compares whole records, `right`, with the file from `offset` on, as far as the file goes.
  void Compare(std::uint64_t offset, std::span<const std::byte> right) {
    const std::uint64_t end = whole_records_ * geometry_.record_size;
    right = right.first(std::min<std::uint64_t>(right.size(), end - std::min(end, offset)));
    while (!right.empty()) {
      const auto part = right.first(std::min(right.size(), found_.size()));
      file_.ReadExactlyAt(offset, std::span(found_).first(part.size()));
      if (std::memcmp(part.data(), found_.data(), part.size()) != 0) {
        CountWrongRecords(offset, part);
      }
      offset += part.size();
      right = right.subspan(part.size());
    }
  }

  void CountWrongRecords(std::uint64_t offset, std::span<const std::byte> right) {
    const std::uint64_t size = geometry_.record_size;
    for (std::uint64_t at = 0; at < right.size(); at += size) {
      if (std::memcmp(right.data() + at, found_.data() + at, size) == 0) continue;
      if (verdict_.wrong_records++ == 0) verdict_.first_wrong_record = (offset + at) / size;
    }
  }

  // Records that the file is too short for are wrong, whatever they should hold.
  void CountMissingRecords() {
    if (whole_records_ == geometry_.records) return;
    if (verdict_.wrong_records == 0) verdict_.first_wrong_record = whole_records_;
    verdict_.wrong_records += geometry_.records - whole_records_;
  }

  void Conclude() {
    const bool right_length = found_size_ == geometry_.file_size();
    verdict_.correct = right_length && verdict_.wrong_records == 0;
    const std::string count =
        verdict_.wrong_records == 0
            ? fmt::format("all {} records are as they should be", FormatCount(geometry_.records))
            : fmt::format("{} of {}{}", FormatCount(verdict_.wrong_records),
                          CountOf(geometry_.records, "record"),
                          verdict_.wrong_records == 1 ? " is wrong" : " are wrong");
    if (!right_length) {
      verdict_.damage = Damage::kLength;
      const bool longer = found_size_ > geometry_.file_size();
      const std::uint64_t difference =
          longer ? found_size_ - geometry_.file_size() : geometry_.file_size() - found_size_;
      verdict_.description =
          fmt::format("the file has {} bytes instead of {}, {}{}{}", FormatCount(found_size_),
                      FormatCount(geometry_.file_size()), FormatCount(difference),
                      longer ? " too many; " : " too few; ", count);
    } else if (!verdict_.correct) {
      const Diagnosis diagnosis = DiagnoseFirst();
      verdict_.damage = diagnosis.damage;
      const std::uint64_t begin = verdict_.first_wrong_record * geometry_.record_size;
      verdict_.description = fmt::format(
          "{}; the first is record {} (bytes {} to {}): {}, {}", count, verdict_.first_wrong_record,
          begin, begin + geometry_.record_size, DamageName(diagnosis.damage), diagnosis.text);
    } else {
      verdict_.description = count;
    }
  }

  Diagnosis DiagnoseFirst() const {
    std::vector<std::byte> found(geometry_.record_size);
    file_.ReadExactlyAt(verdict_.first_wrong_record * geometry_.record_size, found);
    RecordHistory history(geometry_, dataset_.seed(), verdict_.first_wrong_record, found);
    ForEachBatch(plan_, workers_, passes_,
                 [&](std::span<const Operation> batch, std::uint64_t first_sequence) {
                   history.Execute(batch, first_sequence);
                 });
    return history.Diagnose();
  }

  const Dataset& dataset_;
  const Geometry geometry_;
  const Plan& plan_;
  const std::uint64_t workers_;
  const std::uint64_t passes_;
  const os::File file_;
  const std::uint64_t found_size_;
  const std::uint64_t whole_records_;  // as many as the file has room for
  std::vector<std::byte> found_;       // of the file, whole records
  Verification verdict_;
};

}  // namespace

Verification Verify(const Dataset& dataset, const Plan& plan, std::uint64_t workers,
                    std::uint64_t passes) {
  return Verifier(dataset, plan, workers, passes).Run();
}

}  // namespace faultline
