#include <algorithm>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a30 {
namespace {

Evidence Experiment(const Laboratory& laboratory) {
  constexpr std::uint64_t kBytes = 1 << 20;
  const os::File file = NewFile(laboratory, "data", kBytes);
  std::vector<std::byte> content(kBytes);
  file.ReadExactlyAt(0, content);
  const os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  os::View first = object.Map();
  const os::View second = object.Map();
  Evidence evidence;
  evidence.figures["addresses_differ"] = first.data() != second.data();
  first.data()[5] = content[5] = std::byte{1};
  second.data()[kBytes - 1] = content[kBytes - 1] = std::byte{2};
  const auto wrong = [&](const os::View& view) {
    std::uint64_t count = 0;
    for (std::uint64_t at = 0; at < kBytes; ++at) count += view.data()[at] != content[at];
    return static_cast<double>(count);
  };
  evidence.figures["wrong_bytes_in_either"] = wrong(first) + wrong(second);
  first.Unmap();
  evidence.figures["wrong_bytes_after_the_other_was_unmapped"] = wrong(second);
  evidence.regime = fmt::format("{}, two views of the same 1 MiB", FileSystemOf(laboratory));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::string wrong;
  if (evidence.Figure("addresses_differ") == 0) wrong = "both views have the same address";
  if (evidence.Figure("wrong_bytes_in_either") != 0) wrong = "the views show different bytes";
  if (evidence.Figure("wrong_bytes_after_the_other_was_unmapped") != 0) {
    wrong = "unmapping one view changed the other";
  }
  return HoldsUnless(wrong, "two addresses, the same bytes, one outlives the other");
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A30",
    .title = "Identical views get different addresses, and unmapping one leaves the other",
    .section = "Mapping a view",
    .method = "Map the same range twice, store through each, unmap one. Holds if addresses differ "
              "and the bytes never do.",
    .why = "Each view is an entry of its own in the process's map of addresses; what they share is "
           "the pages.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a30
