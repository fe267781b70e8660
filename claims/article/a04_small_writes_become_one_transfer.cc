#include <fmt/format.h>
#include <vector>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"
#include "harness/os/machine_counters.h"

namespace faultline::a04 {
namespace {

constexpr std::uint64_t kUpdates = 64;

// What this process made dirty, and what reached the device, from all processes.
struct Sent {
  double pages = 0;
  double requests = 0;
  double bytes = 0;
};

Sent Now(const std::string& device) {
  const os::DeviceTraffic traffic = os::ReadDeviceTraffic(device);
  return {static_cast<double>(PagesDirtiedSoFar()),
          static_cast<double>(Known(traffic.write_requests, "device requests")),
          static_cast<double>(Known(traffic.write_bytes, "what is written to the device"))};
}

void Enter(const std::string& how, const Sent& before, const Sent& after, Evidence& evidence) {
  evidence.figures[how + "_sent_pages"] = after.pages - before.pages;
  evidence.figures[how + "_device_requests"] = after.requests - before.requests;
  evidence.figures[how + "_device_bytes"] = after.bytes - before.bytes;
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t step = os::PageSize() / kUpdates;
  const os::File file = NewFile(laboratory, "data", 16 * os::PageSize());
  const std::string device = RequireDevice(file);
  FillPageByPage(file);
  Evidence evidence;
  {
    const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
    const Sent before = Now(device);
    for (std::uint64_t i = 0; i < kUpdates; ++i) view.data()[i * step] = std::byte{1};
    view.Flush();
    Enter("mapped", before, Now(device), evidence);
    evidence.figures["mapped_unwritten_pages"] = static_cast<double>(PagesNotYetWritten(file));
  }
  const std::byte value{2};
  const Sent before = Now(device);
  for (std::uint64_t i = 0; i < kUpdates; ++i) {
    file.WriteAt(i * step, std::span(&value, 1));
    file.SyncData();
  }
  Enter("calls", before, Now(device), evidence);
  evidence.figures["updates"] = static_cast<double>(kUpdates);
  evidence.regime =
      fmt::format("{}, {} updates of one byte within one page", FileSystemOf(laboratory), kUpdates);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double mapped = evidence.Figure("mapped_sent_pages");
  const double calls = evidence.Figure("calls_sent_pages");
  const std::string deciding = fmt::format(
      "{} sent to storage, against {:g} by calls; the device counted {:g} and {:g} requests, "
      "others' among them",
      CountOf(static_cast<std::uint64_t>(mapped), "page"), calls,
      evidence.Figure("mapped_device_requests"), evidence.Figure("calls_device_requests"));
  if (mapped == 0 || evidence.Figure("mapped_unwritten_pages") != 0) {
    return {Outcome::kInconclusive,
            fmt::format("{}; a page that was sent is not written", deciding)};
  }
  // A page that the system or others have written meanwhile is sent once more.
  const bool holds = mapped * 8 <= evidence.Figure("updates") && mapped * 4 <= calls;
  return {holds ? Outcome::kHolds : Outcome::kDoesNotHold, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A04",
    .title = "Several small writes become one larger transfer",
    .section = "What mapping offers",
    .method =
        "64 stores within one page and a flush, against 64 writes with a data sync after "
        "each. Holds if the flush takes at most an eighth of a request an update, and at most "
        "a quarter of the calls' requests.",
    .why = "Stores to a page that is dirty already add nothing to what has to be written.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a04
