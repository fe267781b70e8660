// Page faults one by one, where the kernel tells them.
#include "harness/os/page_fault_events.h"

#include <algorithm>

#include "harness/os/system_info.h"
#include "harness/os/watched_program.h"
#include "tests/catch.h"
#include "tests/os/support.h"

namespace faultline::os {
namespace {

TEST_CASE("the faults of a program that is started are seen with thread, time and kind") {
  if (const std::string why = PageFaultEvents::WhyUnavailable(); !why.empty()) {
    CHECK_THROWS_AS(PageFaultEvents(), UnsupportedError);
    WARN("SKIPPED: " << why);
    return;
  }
  PageFaultEvents events;
  WatchedProgram program([](const std::string&) { return std::vector<std::string>{"true"}; });
  CHECK(program.Wait().Succeeded());
  std::vector<PageFaultEvent> faults;
  events.Take(faults);
  CHECK(events.lost() == 0);
  const auto own = static_cast<std::uint32_t>(ProcessId());
  auto count = [&](bool write) {
    return std::count_if(faults.begin(), faults.end(), [&](const PageFaultEvent& fault) {
      return fault.thread != own && fault.write == write && fault.address != 0 &&
             fault.time_ns > 1'500'000'000'000'000'000;
    });
  };
  CHECK(count(false) > 0);
  CHECK(count(true) > 0);
  std::vector<PageFaultEvent> more;
  events.Take(more);
  CHECK(std::none_of(more.begin(), more.end(),
                     [&](const PageFaultEvent& fault) { return fault.thread != own; }));
}

}  // namespace
}  // namespace faultline::os
