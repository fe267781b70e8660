#include <algorithm>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a28 {
namespace {

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t bytes = 16 * os::ViewGranularity();
  const os::File file = NewFile(laboratory, "data", bytes);
  const os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  Evidence evidence;
  // Where a view has just been, the addresses are free.
  os::View probe = object.Map();
  void* const free_place = probe.data();
  probe.Unmap();
  {
    const os::View placed = object.Map({.address = free_place});
    evidence.figures["free_place_granted"] = placed.data() == free_place;
  }
  os::FileMapping other = os::FileMapping::FromMemory(bytes);
  os::View occupant = other.Map();
  std::fill(occupant.bytes().begin(), occupant.bytes().end(), std::byte{42});
  evidence.figures["occupied_place_refused"] = 0;
  try {
    object.Map({.address = occupant.data()});
    evidence.words["occupied_place"] = "mapped";
  } catch (const os::SystemError& error) {
    evidence.figures["occupied_place_refused"] = 1;
    evidence.words["occupied_place"] = fmt::format("refused: {}", error.what());
  }
  evidence.figures["bytes_of_the_occupant_changed"] =
      static_cast<double>(std::count_if(occupant.bytes().begin(), occupant.bytes().end(),
                                        [](std::byte byte) { return byte != std::byte{42}; }));
  evidence.regime = fmt::format("{}, views of {}", FileSystemOf(laboratory), FormatSize(bytes));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::string wrong;
  if (evidence.Figure("free_place_granted") == 0) wrong = "a free place was not granted";
  if (evidence.Figure("occupied_place_refused") == 0) wrong = "an occupied place was given away";
  if (evidence.Figure("bytes_of_the_occupant_changed") != 0) {
    wrong = "what was there before was changed";
  }
  return HoldsUnless(wrong, "free place granted, occupied one refused and left as it was");
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A28",
    .title = "A view can be placed at an address of the caller's choosing, or fails",
    .section = "Mapping a view",
    .method = "Map at a free address and at an occupied one. Holds if the first is granted, the "
              "second refused, and what was there untouched.",
    .why = "The system keeps a map of each process's addresses, and can be asked for a place only "
           "if it is free.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a28
