#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/os/file_mapping.h"
#include "harness/os/process_access.h"
#include "harness/os/system_info.h"

namespace faultline::a17 {
namespace {

using nlohmann::json;

constexpr std::byte kMark{0x17};

// What came of opening by the name, or of a load at the address.
std::string KindName(os::ErrorKind kind) {
  switch (kind) {
    case os::ErrorKind::kNotFound:
      return "not found";
    case os::ErrorKind::kDenied:
      return "denied";
    default:
      return "another error";
  }
}

std::string OpenByName(const std::string& name) {
  try {
    const auto object = os::FileMapping::OpenNamed(name, os::Protection::kReadOnly);
    const os::View view = object.Map({.access = os::ViewAccess::kRead});
    return view.data()[0] == kMark ? "found" : "other bytes";
  } catch (const os::SystemError& error) {
    return KindName(error.kind());
  }
}

// The address that means the object in the first process means something else here, or nothing.
std::string LoadAt(std::uintptr_t address) {
  std::vector<std::byte> found(1);
  try {
    os::ReadMemoryOf(os::ProcessId(), reinterpret_cast<const void*>(address), found);
    return found[0] == kMark ? "found" : "not found";
  } catch (const os::SystemError& error) {
    return error.kind() == os::ErrorKind::kDenied ? "denied" : "not found";
  }
}

// The second process. It was started before the object existed, so it has nothing of it.
const Registration<os::ChildMain> kSeeker{
    PartnerMain("name-seeker", [](const json&, os::Channel&) -> Answering {
      return [](const json& question) -> json {
        if (question.contains("stranger")) os::BecomeStranger();
        if (question.contains("address")) {
          return LoadAt(question.at("address").get<std::uintptr_t>());
        }
        return OpenByName(question.at("name"));
      };
    })};

Evidence Experiment(const Laboratory&) {
  Partner stranger("name-seeker");
  Partner second("name-seeker");
  const std::string name = fmt::format("claim-a17-{}", os::ProcessId());
  const os::FileMapping object = os::FileMapping::CreateNamed(name, os::PageSize());
  const os::View view = object.Map();
  view.data()[0] = kMark;
  Evidence evidence;
  evidence.words["by_its_name"] = second.Ask({{"name", name}});
  evidence.words["by_another_name"] = second.Ask({{"name", name + "-other"}});
  evidence.words["by_its_address"] =
      second.Ask({{"address", reinterpret_cast<std::uintptr_t>(view.data())}});
  try {
    evidence.words["by_its_name_as_a_stranger"] =
        stranger.Ask({{"name", name}, {"stranger", true}});
  } catch (const UnsupportedError& error) {
    evidence.words["by_its_name_as_a_stranger"] = fmt::format("not tried: {}", error.what());
  }
  evidence.regime = "an object of no file, a second process of the same user and one of another";
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const std::string stranger = evidence.Words("by_its_name_as_a_stranger");
  const std::string address = evidence.Words("by_its_address");
  std::string wrong;
  if (evidence.Words("by_its_name") != "found") {
    wrong = "by its name: " + evidence.Words("by_its_name");
  }
  if (evidence.Words("by_another_name") != "not found") {
    wrong = "by another name: " + evidence.Words("by_another_name");
  }
  if (address == "found") wrong = "found by its address alone";
  if (stranger == "found" || stranger == "other bytes") wrong = "another user got in";
  if (wrong.empty() &&
      (address == "denied" || (stranger != "denied" && !stranger.starts_with("not tried")))) {
    return {Outcome::kInconclusive,
            fmt::format("by its address: {}; by another user: {}", address, stranger)};
  }
  return HoldsUnless(
      wrong,
      fmt::format("found by its name; not by another name, nor by its address; another user: {}",
                  stranger));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A17",
    .title = "Processes are isolated unless both reach the object by a name",
    .section = "Sharing memory",
    .method = "A second process looks for an object by its name, by another name, at its address, "
              "and as another user (as root). Holds if the first finds it and the others do not.",
    .why = "An address means something in one page table only; a name is looked up by the system, "
           "which checks the rights of whoever asks.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a17
