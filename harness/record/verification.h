// Proving that no update was lost: the file's final bytes against a reference that executed the
// same plan in plain memory, read by a path that has nothing to do with the strategy.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/enum_names.h"
#include "harness/record/dataset.h"
#include "harness/record/plan.h"

namespace faultline {

// How the first wrong record is wrong.
enum class Damage {
  kLost,       // it holds an older state: some or all of its updates are missing
  kTorn,       // part of it is new, part of it is old
  kMisplaced,  // it holds what belongs to another record, or updates that were meant for another
  kForeign,    // it holds what no state of any record of this dataset ever was
  kLength,     // the file is shorter or longer than it should be
};
inline constexpr EnumNames<Damage> kDamageNames{"lost", "torn", "misplaced", "foreign", "length"};
inline std::string_view DamageName(Damage damage) { return kDamageNames(damage); }

struct Verification {
  bool correct = true;
  std::uint64_t wrong_records = 0;
  std::uint64_t first_wrong_record = 0;
  Damage damage = Damage::kLost;  // of the first wrong record
  std::uint64_t read_checksum =
      0;  // what all reads of the plan must add up to, over all workers (ReadEffect)

  // One line: "12 of 1,000,000 records are wrong; the first is record 4711 (bytes 588875 to
  // 589000): lost, it …".
  std::string description;
};

// Executes `passes` passes of `plan` for `workers` shares in plain memory and compares the file
// with the result. Needs memory for a window of the file (at most 64 MiB), whatever the file's
// size: a larger file takes the plan several times. Throws Error when the file can't be read.
Verification Verify(const Dataset& dataset, const Plan& plan, std::uint64_t workers,
                    std::uint64_t passes);

}  // namespace faultline
