// What strategies with views may tell the system about them, as options.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/strategy.h"
#include "harness/os/file_mapping.h"

namespace faultline {

struct ViewHints {
  std::string advice = "none";
  bool populate = false;

  explicit ViewHints(const Options& options)
      : advice(options.Choice("advice")), populate(options.Flag("populate")) {}

  // A view of that part of the object, advised. Throws what the system refuses.
  os::View Map(const os::FileMapping& mapping, os::MapOptions part = {}) const {
    part.populate = populate;
    os::View view = mapping.Map(part);
    if (advice != "none") view.Advise(Kind());
    return view;
  }

  std::map<std::string, std::string> Settings() const {
    return {{"advice", advice == "none" ? "none given" : advice + ", accepted by the system"},
            {"populate", populate ? "asked for; the system doesn't say how far it went" : "off"}};
  }

 private:
  os::ViewAdvice Kind() const {
    static const std::map<std::string_view, os::ViewAdvice> kKinds = {
        {"normal", os::ViewAdvice::kNormal},
        {"random", os::ViewAdvice::kRandom},
        {"sequential", os::ViewAdvice::kSequential},
        {"willneed", os::ViewAdvice::kWillNeed},
        {"huge", os::ViewAdvice::kHuge},
        {"nohuge", os::ViewAdvice::kNoHuge}};
    return kKinds.at(advice);
  }
};

// The options that ViewHints are made of.
inline std::vector<OptionInfo> ViewHintOptions() {
  return {
      {.name = "advice",
       .kind = OptionKind::kChoice,
       .default_value = "none",
       .summary = "hint to the system about the view's coming accesses, or the size of its pages",
       .choices = {"none", "normal", "random", "sequential", "willneed", "huge", "nohuge"}},
      {.name = "populate",
       .kind = OptionKind::kFlag,
       .default_value = "off",
       .summary = "bring every page in, and into the page table, while mapping"}};
}

}  // namespace faultline
