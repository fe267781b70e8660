#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/child_process.h"
#include "harness/os/file_mapping.h"

namespace faultline::a23 {
namespace {

constexpr std::uint64_t kBytes = 65536;

std::string WhatMappingDoes(const os::FileMapping& object, os::ViewAccess access) {
  return WhatHappens("mapped", [&] { object.Map({.access = access}); });
}

// In a process of its own, which the store is expected to end.
int StoreThroughReadOnlyView(const std::string& path, os::Channel& parent) {
  const os::File file = os::File::Open(path, os::FileAccess::kReadWrite);
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite)
                            .Map({.access = os::ViewAccess::kRead});
  parent.SendLine("about to store");
  *static_cast<volatile std::byte*>(view.data()) = std::byte{1};
  return 0;
}

const Registration<os::ChildMain> kStore{
    {.name = "claim-a23-store", .run = StoreThroughReadOnlyView}};

Evidence Experiment(const Laboratory& laboratory) {
  const os::File file = NewFile(laboratory, "data", kBytes);
  Evidence evidence;
  for (const auto& [name, protection] : {std::pair("read_only", os::Protection::kReadOnly),
                                         std::pair("read_write", os::Protection::kReadWrite)}) {
    const os::FileMapping object = os::FileMapping::FromFile(file, protection);
    evidence.words[fmt::format("{}_object_read_view", name)] =
        WhatMappingDoes(object, os::ViewAccess::kRead);
    evidence.words[fmt::format("{}_object_read_write_view", name)] =
        WhatMappingDoes(object, os::ViewAccess::kReadWrite);
    evidence.words[fmt::format("{}_object_copy_on_write_view", name)] =
        WhatMappingDoes(object, os::ViewAccess::kCopyOnWrite);
  }
  os::ChildProcess child = os::ChildProcess::Start("claim-a23-store", file.path().string());
  std::string line;
  const bool reached = child.channel().ReceiveLine(line) == os::Channel::Result::kLine;
  const os::ChildEnd end = child.Wait();
  evidence.figures["store_was_reached"] = reached;
  evidence.figures["store_ended_the_process"] = end.kind == os::ChildEnd::Kind::kSignalled;
  evidence.words["store_through_a_read_only_view"] = end.Description();
  evidence.regime = fmt::format("{}, objects of an existing file", FileSystemOf(laboratory));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const auto mapped = [&](const char* what) { return evidence.Words(what) == "mapped"; };
  std::string wrong;
  if (mapped("read_only_object_read_write_view")) {
    wrong = "a read-only object permitted a writable view";
  } else if (!mapped("read_only_object_read_view")) {
    wrong = "a read-only object refused a read-only view";
  } else if (!(mapped("read_write_object_read_view") &&
               mapped("read_write_object_read_write_view") &&
               mapped("read_write_object_copy_on_write_view"))) {
    wrong = "a read-write object refused a view";
  } else if (evidence.Figure("store_was_reached") == 0) {
    return {Outcome::kInconclusive, "the storing process ended before its store"};
  } else if (evidence.Figure("store_ended_the_process") == 0) {
    wrong = "a store through a read-only view went through";
  }
  return HoldsUnless(wrong,
                     fmt::format("writable view of a read-only object refused; forbidden store: {}",
                                 evidence.Words("store_through_a_read_only_view")));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A23",
    .title = "A read-only object refuses writable views, a read-write one permits all",
    .section = "Creating a mapping object",
    .method = "Map each kind of view of each kind of object, and store through a read-only view in "
              "a process of its own. Holds if just the writable view of a read-only object is "
              "refused, and the store ends the process.",
    .why =
        "The rights of the handle bound the rights of the page-table entries, which the processor "
        "checks at every access.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a23
