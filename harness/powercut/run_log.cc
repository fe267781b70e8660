#include "harness/powercut/run_log.h"

namespace faultline {

RunLog::RunLog(std::uint64_t operations)
    : mapping_(os::FileMapping::FromMemory(sizeof(Counts) + operations * sizeof(std::uint64_t))),
      view_(mapping_.Map()) {}

RunLog::RunLog(os::Channel& channel)
    : mapping_(os::FileMapping::ReceiveFrom(channel)), view_(mapping_.Map()) {}

void RunLog::Issue(std::uint64_t sequence, std::uint64_t now_ns) {
  times()[sequence] = now_ns;
  counts().issued.store(sequence + 1, std::memory_order_release);
}

void RunLog::Acknowledge(std::uint64_t operations) {
  counts().acknowledged.store(operations, std::memory_order_release);
}

std::uint64_t RunLog::issued() const { return counts().issued.load(std::memory_order_acquire); }

LoggedRun RunLog::Read() const {
  LoggedRun run;
  run.acknowledged = counts().acknowledged.load(std::memory_order_acquire);
  run.issued = issued();
  run.issued_ns.assign(times(), times() + run.issued);
  return run;
}

}  // namespace faultline
