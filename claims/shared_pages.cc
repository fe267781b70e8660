#include "claims/shared_pages.h"

#include <algorithm>
#include <memory>

#include "claims/partner.h"
#include "harness/os/address_map.h"

namespace faultline {
namespace {

using nlohmann::json;

constexpr std::byte kMark{0x5a};

// The second process: maps the object, and tells what it finds in it.
const Registration<os::ChildMain> kSharer{
    PartnerMain("page-sharer", [](const json& request, os::Channel& asker) -> Answering {
      auto object = std::make_shared<os::FileMapping>();
      auto view = std::make_shared<os::View>();
      const std::string path = request.at("path");
      return [object, view, path, &asker](const json&) -> json {
        *object = path.empty()
                      ? os::FileMapping::ReceiveFrom(asker)
                      : os::FileMapping::FromFile(os::File::Open(path, os::FileAccess::kReadWrite),
                                                  os::Protection::kReadWrite);
        *view = object->Map();
        std::uint64_t wrong = 0;
        for (std::uint64_t at = 0; at < view->size(); at += os::PageSize()) {
          wrong += view->bytes()[at] != kMark;
        }
        return {{"frames", FramesOf(*view)}, {"wrong", wrong}};
      };
    })};

}  // namespace

std::vector<std::uint64_t> FramesOf(const os::View& view) {
  for (std::uint64_t at = 0; at < view.size(); at += os::PageSize()) {
    static_cast<void>(*static_cast<const volatile std::byte*>(view.data() + at));
  }
  std::vector<std::uint64_t> frames;
  for (const os::PageState& page : os::ReadPages(view.data(), view.size())) {
    if (!page.frame) {
      throw UnsupportedError("this system doesn't tell which physical page is mapped; run as root");
    }
    frames.push_back(*page.frame);
  }
  return frames;
}

Evidence TwoProcessesShare(const os::FileMapping& object, const std::string& path) {
  const os::View view = object.Map();
  for (std::uint64_t at = 0; at < view.size(); at += os::PageSize()) view.bytes()[at] = kMark;
  const std::vector<std::uint64_t> here = FramesOf(view);
  Partner partner("page-sharer", {{"path", path}});
  partner.Question({});
  if (path.empty()) object.SendTo(partner.channel());
  const json answer = partner.Answer();
  const auto there = answer.at("frames").get<std::vector<std::uint64_t>>();
  std::uint64_t same = 0;
  for (std::size_t i = 0; i < here.size(); ++i) same += i < there.size() && here[i] == there[i];
  std::uint64_t least = ~std::uint64_t{0};
  for (const os::PageState& page : os::ReadPages(view.data(), view.size())) {
    least = std::min(least, page.mappings.value_or(0));
  }
  const auto map = os::ReadAddressMap();
  const os::Region* region = os::FindRegion(map, view.data());
  if (region == nullptr || region->resident_bytes == 0) throw Error("the view is not resident");
  Evidence evidence;
  evidence.figures["pages"] = static_cast<double>(here.size());
  evidence.figures["pages_in_the_same_frame"] = static_cast<double>(same);
  evidence.figures["least_mappings"] = static_cast<double>(least);
  evidence.figures["proportional_share"] =
      static_cast<double>(region->proportional_bytes) / static_cast<double>(region->resident_bytes);
  evidence.figures["wrong_bytes"] = answer.at("wrong");
  return evidence;
}

Judgement JudgeSharing(const Evidence& evidence) {
  const double pages = evidence.Figure("pages");
  const double same = evidence.Figure("pages_in_the_same_frame");
  std::string wrong;
  if (evidence.Figure("proportional_share") > 0.51) {
    wrong = Concat(FormatSignificant(100 * evidence.Figure("proportional_share")),
                   " % of the memory is charged to each of two");
  }
  if (evidence.Figure("least_mappings") != 2) {
    wrong = Concat("a frame is mapped ", evidence.Figure("least_mappings"), " times, not twice");
  }
  if (same != pages) wrong = Concat("only ", same, " of ", pages, " pages share a frame");
  if (evidence.Figure("wrong_bytes") != 0) wrong = "the second process sees other bytes";
  return HoldsUnless(wrong, Concat(same, " of ", pages, " pages in the same frame, mapped twice, ",
                                   FormatSignificant(100 * evidence.Figure("proportional_share")),
                                   " % charged to each"));
}

}  // namespace faultline
