#include "claims/shared_pages.h"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

#include "claims/partner.h"
#include "harness/os/address_map.h"

namespace faultline {
namespace {

using nlohmann::json;

constexpr std::byte kMark{0x5a};
constexpr int kAttempts = 5;

// The second process: maps the object, and tells what it finds in it.
const Registration<os::ChildMain> kSharer{
    PartnerMain("page-sharer", [](const json& request, os::Channel&) -> Answering {
      auto object = std::make_shared<os::FileMapping>();
      auto view = std::make_shared<os::View>();
      return [object, view, request](const json& question) -> json {
        if (question == "frames") return FramesOf(*view);
        const std::string path = request.at("path");
        *object = path.empty()
                      ? os::FileMapping::OpenNamed(request.at("name"), os::Protection::kReadWrite)
                      : os::FileMapping::FromFile(os::File::Open(path, os::FileAccess::kReadWrite),
                                                  os::Protection::kReadWrite);
        *view = object->Map();
        std::uint64_t wrong = 0;
        for (std::uint64_t at = 0; at < view->size(); at += os::PageSize()) {
          wrong += view->bytes()[at] != kMark;
        }
        return wrong;
      };
    })};

}  // namespace

std::vector<std::uint64_t> FramesOf(const os::View& view) {
  LoadFromEveryPage(view.bytes());
  std::vector<std::uint64_t> frames;
  for (const os::PageState& page : os::ReadPages(view.data(), view.size())) {
    if (!page.present) throw Error("a page left memory while it was inspected");
    frames.push_back(Known(page.frame, "which physical page is mapped (to root only)"));
  }
  return frames;
}

Evidence TwoProcessesShare(const os::FileMapping& object, const Whereabouts& whereabouts) {
  const os::View view = object.Map();
  StoreToEveryPage(view.bytes(), kMark);
  Partner partner("page-sharer", {{"path", whereabouts.path}, {"name", whereabouts.name}});
  const std::uint64_t wrong = partner.Ask("map");
  std::vector<std::uint64_t> here;
  std::vector<std::uint64_t> there;
  // The system may move a page to another frame between the two readings.
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    here = FramesOf(view);
    there = partner.Ask("frames").get<std::vector<std::uint64_t>>();
    if (FramesOf(view) == here) break;
  }
  std::uint64_t same = 0;
  for (std::size_t i = 0; i < here.size(); ++i) same += i < there.size() && here[i] == there[i];
  std::uint64_t least = ~std::uint64_t{0};
  for (const os::PageState& page : os::ReadPages(view.data(), view.size())) {
    least = std::min(least, Known(page.mappings, "how often a physical page is mapped"));
  }
  const auto map = os::ReadAddressMap();
  const os::Region* region = os::FindRegion(map, view.data());
  if (region == nullptr || region->resident_bytes == 0) throw Error("the view is not resident");
  partner.End();
  Evidence evidence;
  evidence.figures["pages"] = static_cast<double>(here.size());
  evidence.figures["pages_in_the_same_frame"] = static_cast<double>(same);
  evidence.figures["least_mappings"] = static_cast<double>(least);
  evidence.figures["proportional_share"] =
      static_cast<double>(region->proportional_bytes) / static_cast<double>(region->resident_bytes);
  evidence.figures["wrong_bytes"] = static_cast<double>(wrong);
  return evidence;
}

Judgement JudgeSharing(const Evidence& evidence) {
  const double pages = evidence.Figure("pages");
  const double same = evidence.Figure("pages_in_the_same_frame");
  std::string wrong;
  if (evidence.Figure("proportional_share") > 0.51) {
    wrong = fmt::format("{} of the memory is charged to each of two",
                        FormatShare(evidence.Figure("proportional_share")));
  }
  if (evidence.Figure("least_mappings") != 2) {
    wrong =
        fmt::format("a frame is mapped {:g} times, not twice", evidence.Figure("least_mappings"));
  }
  if (same != pages) wrong = fmt::format("only {:g} of {:g} pages share a frame", same, pages);
  if (evidence.Figure("wrong_bytes") != 0) wrong = "the second process sees other bytes";
  return HoldsUnless(
      wrong, fmt::format("{:g} of {:g} pages in the same frame, mapped twice, {} charged to each",
                         same, pages, FormatShare(evidence.Figure("proportional_share"))));
}

}  // namespace faultline
