#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a35 {
namespace {

enum Step { kUnmap, kCloseObject, kCloseFile, kDelete };
constexpr const char* kStepNames[] = {"unmap", "close object", "close file", "delete"};

// Goes through the steps in this order and returns what was out of reach too early, or "".
std::string Try(const Laboratory& laboratory, const std::array<Step, 4>& order) {
  const std::filesystem::path path = laboratory.directory / "data";
  os::File file = NewFile(laboratory, "data", 2 * os::ViewGranularity());
  os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  os::View view = object.Map();
  view.data()[0] = std::byte{7};
  std::array<bool, 4> done{};
  std::string wrong;
  for (const Step step : order) {
    switch (step) {
      case kUnmap:
        view.Unmap();
        break;
      case kCloseObject:
        object.Close();
        break;
      case kCloseFile:
        file.Close();
        break;
      case kDelete:
        std::filesystem::remove(path);
        break;
    }
    done[step] = true;
    std::byte found{};
    if (!done[kUnmap] && view.data()[0] != std::byte{7}) wrong = "the view";
    if (!done[kCloseObject] && object.Map().data()[0] != std::byte{7}) wrong = "the object";
    if (!done[kCloseFile]) {
      file.ReadExactlyAt(0, std::span(&found, 1));
      if (found != std::byte{7}) wrong = "the open file";
    }
    if (std::filesystem::exists(path) == done[kDelete]) wrong = "the name";
    if (!wrong.empty()) return fmt::format("{} after '{}'", wrong, kStepNames[step]);
  }
  return "";
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  std::array<Step, 4> order = {kUnmap, kCloseObject, kCloseFile, kDelete};
  std::uint64_t orders = 0;
  std::uint64_t right = 0;
  do {
    ++orders;
    const std::string wrong = Try(laboratory, order);
    right += wrong.empty();
    if (!wrong.empty()) evidence.words["out_of_reach"] = wrong;
  } while (std::next_permutation(order.begin(), order.end()));
  evidence.words.try_emplace("out_of_reach", "nothing");
  evidence.figures["orders"] = static_cast<double>(orders);
  evidence.figures["orders_without_surprise"] = static_cast<double>(right);
  evidence.regime = FileSystemOf(laboratory);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double orders = evidence.Figure("orders");
  const double right = evidence.Figure("orders_without_surprise");
  if (right == orders) {
    return {Outcome::kHolds, fmt::format("all {:g} orders leave the rest reachable", orders)};
  }
  return {Outcome::kDoesNotHold, fmt::format("{:g} of {:g} orders: out of reach {}", orders - right,
                                             orders, evidence.Words("out_of_reach"))};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A35",
    .title = "View, object and file can be closed in any order; none closes or deletes another",
    .section = "Unmapping and closing",
    .method =
        "All 24 orders of unmapping, closing the object, closing and deleting the file. Holds "
        "if everything not yet given up stays usable, with the same bytes, after each step.",
    .why = "Each of them holds the file by a reference of its own; the last one lets it go.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a35
