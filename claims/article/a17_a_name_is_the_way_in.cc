#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/os/file_mapping.h"
#include "harness/os/process_access.h"
#include "harness/os/system_info.h"

namespace faultline {
namespace {

using nlohmann::json;

constexpr std::byte kMark{0x17};

// The second process. It was started before the object existed, so it has nothing of it.
const Registration<os::ChildMain> kSeeker{
    PartnerMain("name-seeker", [](const json&, os::Channel&) -> Answering {
      return [](const json& question) -> json {
        if (question.contains("stranger")) os::BecomeStranger();
        if (question.contains("address")) {
          // The address that means the object over there means nothing here.
          std::vector<std::byte> found(1);
          const auto address = question.at("address").get<std::uintptr_t>();
          return WhatHappens("readable", [&] {
            os::ReadMemoryOf(os::ProcessId(), reinterpret_cast<const void*>(address), found);
          });
        }
        bool seen = false;
        const std::string happened = WhatHappens("opened", [&] {
          const auto object =
              os::FileMapping::OpenNamed(question.at("name"), os::Protection::kReadOnly);
          seen = object.Map({.access = os::ViewAccess::kRead}).data()[0] == kMark;
        });
        return seen ? json("found") : json(happened);
      };
    })};

Evidence Experiment(const Laboratory&) {
  Partner stranger("name-seeker");
  Partner second("name-seeker");
  const std::string name = Concat("claim-a17-", os::ProcessId());
  const os::FileMapping object = os::FileMapping::CreateNamed(name, os::PageSize());
  const os::View view = object.Map();
  view.data()[0] = kMark;
  Evidence evidence;
  evidence.words["by_its_name"] = second.Ask({{"name", name}});
  evidence.words["by_another_name"] = second.Ask({{"name", name + "-other"}});
  evidence.words["by_its_address"] =
      second.Ask({{"address", reinterpret_cast<std::uintptr_t>(view.data())}});
  evidence.words["by_its_name_as_a_stranger"] = stranger.Ask({{"name", name}, {"stranger", true}});
  evidence.regime = "an object of no file, a second process of the same user and one of another";
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::string wrong;
  const auto refused = [&](const char* how) { return evidence.Words(how).starts_with("refused"); };
  if (evidence.Words("by_its_name") != "found") wrong = "not found by its name";
  if (!refused("by_another_name")) wrong = "found without its name";
  if (!refused("by_its_address")) wrong = "found by its address alone";
  if (!refused("by_its_name_as_a_stranger")) wrong = "another user got in";
  return HoldsUnless(wrong,
                     "found by its name; by another name, by its address and by another "
                     "user refused");
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A17",
    .title = "Processes are isolated unless both reach the object by a name",
    .section = "Sharing memory",
    .method = "A second process looks for an object by its name, by another name, at its address, "
              "and as another user. Holds if the first finds it and the others are refused.",
    .why = "An address means something in one page table only; a name is looked up by the system, "
           "which checks the rights of whoever asks.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline
