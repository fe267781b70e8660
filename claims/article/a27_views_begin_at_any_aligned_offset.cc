#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a27 {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;

// A byte stored through a view at `offset`, and read from the file, and the other way round.
bool WorksAt(const os::File& file, const os::FileMapping& object, std::uint64_t offset,
             std::uint64_t length) {
  const os::View view = object.Map({.offset = offset, .length = length});
  view.data()[length - 1] = std::byte{77};
  std::byte found{};
  file.ReadExactlyAt(offset + length - 1, std::span(&found, 1));
  const std::byte written{78};
  file.WriteAt(offset, std::span(&written, 1));
  return found == std::byte{77} && view.data()[0] == written;
}

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewSparseFile(laboratory, "sparse", 1025 * kGiB);
  const std::uint64_t size = file.Size();
  const os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  const std::uint64_t step = os::ViewGranularity();
  Evidence evidence;
  std::uint64_t tried = 0;
  std::uint64_t worked = 0;
  for (const std::uint64_t offset : {std::uint64_t{0}, step, 4 * kGiB - step, 4 * kGiB,
                                     4 * kGiB + 3 * step, 1024 * kGiB - step, 1024 * kGiB}) {
    for (const std::uint64_t length : {std::uint64_t{1}, std::uint64_t{125}, 3 * step + 7}) {
      if (offset + length > size) continue;
      ++tried;
      worked += WorksAt(file, object, offset, length);
    }
  }
  evidence.figures["offsets_tried"] = static_cast<double>(tried);
  evidence.figures["offsets_worked"] = static_cast<double>(worked);
  evidence.figures["file_bytes"] = static_cast<double>(size);
  evidence.figures["bytes_of_a_view_of_length_0"] = static_cast<double>(object.Map().size());
  std::uint64_t refused = 0;
  for (const std::uint64_t offset : {std::uint64_t{1}, step - 1, 4 * kGiB + 512}) {
    try {
      object.Map({.offset = offset, .length = 10});
      evidence.words["unaligned"] = fmt::format("mapped at {}", offset);
    } catch (const os::SystemError& error) {
      ++refused;
      evidence.words.try_emplace("unaligned", fmt::format("refused: {}", error.what()));
    }
  }
  evidence.figures["unaligned_refused_of_3"] = static_cast<double>(refused);
  evidence.regime = fmt::format("{}, a sparse file of {}, alignment {}", FileSystemOf(laboratory),
                                FormatBytes(size), FormatSize(step));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double size = evidence.Figure("file_bytes");
  std::string wrong;
  if (evidence.Figure("offsets_worked") != evidence.Figure("offsets_tried")) {
    wrong = fmt::format("{:g} views at aligned offsets showed other bytes than the file",
                        evidence.Figure("offsets_tried") - evidence.Figure("offsets_worked"));
  } else if (evidence.Figure("unaligned_refused_of_3") != 3) {
    wrong = "a view at an unaligned offset was mapped";
  } else if (evidence.Figure("bytes_of_a_view_of_length_0") != size) {
    wrong = "a view of length 0 was not one of all";
  }
  if (wrong.empty() && size < 1025.0 * static_cast<double>(kGiB)) {
    return {Outcome::kInconclusive, "the file system keeps no file of more than 1 TiB"};
  }
  return HoldsUnless(wrong, fmt::format("{:g} views up to beyond 1 TiB; unaligned ones refused",
                                        evidence.Figure("offsets_tried")));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A27",
    .title = "A view begins at any aligned 64-bit offset, of any length; length 0 maps all",
    .section = "Mapping a view",
    .method =
        "Views around 4 GiB and 1 TiB of a sparse file, of 1 byte to some pages, compared with "
        "calls; unaligned offsets. Holds if all aligned ones work and all others are refused.",
    .why = "Offsets have 64 bits everywhere now; the page table knows whole pages only, whence the "
           "alignment.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a27
