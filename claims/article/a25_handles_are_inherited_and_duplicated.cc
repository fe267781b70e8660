#include <algorithm>
#include <cstring>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/os/file_mapping.h"
#include "harness/os/program.h"

namespace faultline::a25 {
namespace {

using nlohmann::json;

// Whether a program started now gets the handle, and a store through it reaches this view.
bool StartedProgramStores(const os::FileMapping& object, const os::View& view, char mark) {
  view.data()[0] = std::byte{0};
  const std::string command = fmt::format("printf {} 1<>/dev/fd/{}", mark, object.handle());
  const int code = os::RunProgram({"sh", "-c", command}, true);
  const bool stored = view.data()[0] == static_cast<std::byte>(mark);
  if (stored != (code == 0)) throw Error(fmt::format("sh -c '{}' ended with {}", command, code));
  return stored;
}

// Whether a program can be started here that sees what it has inherited.
void RequireShell() {
  if (os::RunProgram({"sh", "-c", "test -e /dev/fd/0"}, true) == 0) return;
  throw UnsupportedError("no shell with /dev/fd can be started here");
}

// An unrelated process, as far as the object goes: started before there was one.
const Registration<os::ChildMain> kReceiver{
    PartnerMain("handle-receiver", [](const json&, os::Channel& asker) -> Answering {
      return [&asker](const json&) -> json {
        const auto object = os::FileMapping::ReceiveFrom(asker);
        object.Map().data()[0] = std::byte{0x25};
        return object.size();
      };
    })};

Evidence Experiment(const Laboratory&) {
  RequireShell();
  Partner unrelated("handle-receiver");
  Evidence evidence;
  os::FileMapping object = os::FileMapping::FromMemory(os::PageSize());
  const os::View view = object.Map();
  evidence.figures["inherited_as_created"] = StartedProgramStores(object, view, 'a');
  object.SetInheritable(true);
  evidence.figures["inherited_when_allowed"] = StartedProgramStores(object, view, 'b');
  {
    os::FileMapping duplicate = object.Duplicate();
    evidence.figures["duplicate_inherited"] = StartedProgramStores(duplicate, view, 'c');
    duplicate.SetInheritable(true);
    object.SetInheritable(false);
    evidence.figures["duplicate_inherited_when_allowed"] =
        StartedProgramStores(duplicate, view, 'd');
    evidence.figures["original_inherited_when_forbidden"] = StartedProgramStores(object, view, 'e');
  }
  view.data()[0] = std::byte{0};
  unrelated.Question({});
  object.SendTo(unrelated.channel());
  unrelated.Answer();
  evidence.figures["handed_to_an_unrelated_process"] = view.data()[0] == std::byte{0x25};
  evidence.regime = "an object of no file, programs started by this process";
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::string wrong;
  for (const char* name : {"inherited_when_allowed", "duplicate_inherited_when_allowed",
                           "handed_to_an_unrelated_process"}) {
    if (evidence.Figure(name) == 0) wrong = fmt::format("{}: no", name);
  }
  for (const char* name :
       {"inherited_as_created", "duplicate_inherited", "original_inherited_when_forbidden"}) {
    if (evidence.Figure(name) != 0) wrong = fmt::format("{}: yes", name);
  }
  std::replace(wrong.begin(), wrong.end(), '_', ' ');
  return HoldsUnless(wrong, "3 ways to hand it on work, 3 that were not allowed don't");
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A25",
    .title = "A child can inherit the handle; a duplicate has an inheritability of its own",
    .section = "Sharing memory",
    .method = "Programs are started with the handle inheritable or not, and with a duplicate; it "
              "is sent to an unrelated process. Holds if a store arrives exactly where allowed.",
    .why = "A flag of each descriptor says whether it survives the start of another program; a "
           "socket can carry one to any process.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a25
