#include <fmt/format.h>
#include <memory>

#include "claims/laboratory.h"
#include "harness/os/address_map.h"

namespace faultline::a14 {
namespace {

int SomeCode() { return 1; }

std::string BackingAt(const std::vector<os::Region>& map, const void* address) {
  const os::Region* region = os::FindRegion(map, address);
  return region == nullptr ? "nothing" : std::string(os::BackingName(region->backing));
}

Evidence Experiment(const Laboratory&) {
  const auto heap = std::make_unique<int>(SomeCode());
  int stack = *heap;
  static int written_data = 14;  // not 0: its first value is in the program's file
  written_data += stack;
  const auto map = os::ReadAddressMap();
  Evidence evidence;
  std::uint64_t code = 0;
  std::uint64_t code_resident = 0;
  std::uint64_t code_copied = 0;
  std::uint64_t code_of_no_file = 0;
  for (const os::Region& region : map) {
    if (!region.executable || region.backing == os::Backing::kSystem) continue;
    code += region.bytes();
    code_resident += region.resident_bytes;
    code_copied += region.anonymous_bytes;
    if (region.backing != os::Backing::kProgram) code_of_no_file += region.bytes();
  }
  evidence.figures["code_bytes"] = static_cast<double>(code);
  evidence.figures["code_resident_bytes"] = static_cast<double>(code_resident);
  evidence.figures["code_copied_bytes"] = static_cast<double>(code_copied);
  evidence.figures["code_bytes_of_no_file"] = static_cast<double>(code_of_no_file);
  const os::Region* data = os::FindRegion(map, &written_data);
  evidence.figures["own_copy_of_written_data_bytes"] =
      data == nullptr ? 0 : static_cast<double>(data->anonymous_bytes);
  evidence.words["written_data"] = BackingAt(map, &written_data);
  evidence.words["code"] = BackingAt(map, reinterpret_cast<const void*>(&SomeCode));
  evidence.words["heap"] = BackingAt(map, heap.get());
  evidence.words["stack"] = BackingAt(map, &stack);
  evidence.regime = fmt::format("{} regions of this process", map.size());
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::string wrong;
  if (evidence.Words("code") != "program") wrong = "code is backed by " + evidence.Words("code");
  if (evidence.Words("heap") != "anonymous") wrong = "the heap is of " + evidence.Words("heap");
  if (evidence.Words("stack") != "stack") wrong = "the stack is of " + evidence.Words("stack");
  if (evidence.Words("written_data") != "program") {
    wrong = "the program's data is of " + evidence.Words("written_data");
  }
  if (evidence.Figure("code_bytes_of_no_file") != 0) wrong = "there is code of no file";
  if (evidence.Figure("code_copied_bytes") != 0) {
    wrong = "code has pages that are the process's own";
  }
  if (evidence.Figure("own_copy_of_written_data_bytes") == 0) {
    wrong = "written data of the program has no page of the process's own";
  }
  return HoldsUnless(
      wrong,
      fmt::format("{} of code resident, all of files, no page changed; heap and stack of none",
                  FormatBytes(static_cast<std::uint64_t>(evidence.Figure("code_resident_bytes")))));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A14",
    .title = "Code pages are backed by the executable, data pages by the pagefile",
    .section = "How memory is backed",
    .method = "This process's own address map. Holds if all code is of files and unchanged, heap "
              "and stack are of no file, and data that the program wrote has pages of its own.",
    .why = "Code is mapped from its file and never written; written pages of the program's data "
           "become private copies, which like heap and stack can only go to swap space.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a14
