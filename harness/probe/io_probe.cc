// Calls and bytes of this process's transfers, from /proc/self/io. What is asked of calls and what
// reaches storage are different things: views ask by no call at all, and the page cache answers
// most calls without storage.
#include "harness/os/process_counters.h"
#include "harness/probe/probe.h"

namespace faultline::io_probe {
namespace {

class IoProbe final : public Probe {
 public:
  std::vector<CounterValue> Read() override {
    const os::ProcessIo io = os::ReadProcessIo();
    return {io.read_calls,        io.write_calls, io.asked_read_bytes,
            io.asked_write_bytes, io.read_bytes,  io.write_bytes};
  }

  std::string WhyAbsent() const override {
    return "no /proc/self/io: the kernel was built without task I/O accounting, or /proc is hidden";
  }
};

const Registration<ProbeInfo> kRegistered{{
    .name = "io",
    .summary = "calls and bytes of the process's transfers (/proc/self/io)",
    .counters =
        {
            {.name = "read_calls", .unit = "", .summary = "system calls of the read family"},
            {.name = "write_calls", .unit = "", .summary = "system calls of the write family"},
            {.name = "asked_read_bytes", .unit = "bytes", .summary = "bytes that those calls read"},
            {.name = "asked_write_bytes",
             .unit = "bytes",
             .summary = "bytes that those calls wrote"},
            {.name = "read_bytes",
             .unit = "bytes",
             .summary = "bytes that it caused to be fetched from storage, read-ahead included"},
            {.name = "write_bytes",
             .unit = "bytes",
             .summary =
                 "bytes that it caused to be sent to storage, counted when a page becomes dirty"},
        },
    .make = [](const ProbeSubject&) { return std::make_unique<IoProbe>(); },
    // Most other sources are files, and reading them counts here.
    .nearness = 2,
}};

}  // namespace
}  // namespace faultline::io_probe
