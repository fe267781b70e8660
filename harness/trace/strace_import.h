// strace's text as a trace: which file each call was about, and where in it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "harness/trace/importer.h"
#include "harness/trace/process_state.h"
#include "harness/trace/strace_line.h"

namespace faultline {

// Follows descriptors through duplicates, forks and execs, offsets through transfers and seeks, and
// mappings. Descriptors that were opened out of sight are known by the paths that strace's option
// -y prints; their sequential transfers are taken to begin at offset 0.
class StraceImporter final : public Importer {
 public:
  explicit StraceImporter(TraceBuilder& builder) : builder_(builder) {}

  // The calls to trace, as strace's option `trace` takes them; each with a '?' before it, so that
  // systems that don't have one do without.
  static std::string CallNames();

  void Line(std::string_view line) override;
  void Finish() override;

  // `before` is called with each line's time before the line takes effect.
  void OnTime(std::function<void(std::uint64_t time_ns)> before) { before_ = std::move(before); }

  // A page fault of a thread at an address: an event if a file of the trace is mapped there. A
  // store to a private mapping takes a copy of the page, and so is a read of the file.
  void PageFault(std::uint32_t thread, std::uint64_t time_ns, std::uint64_t address, bool write);

  // Whether any file of the trace was mapped.
  bool maps() const { return maps_; }

  // Whether every thread that was seen has ended.
  bool complete() const { return threads_.empty(); }

 private:
  class Call;

  TracedThread& ThreadOf(std::uint32_t id);
  void Finished(std::uint32_t thread, std::string_view text);
  void Adopt(std::uint32_t parent, std::uint32_t child, const ForkKind& kind);
  void Supersede(std::uint32_t leader, std::uint32_t successor);
  std::uint64_t TimeOf(const StraceLine& line);

  TraceBuilder& builder_;
  std::function<void(std::uint64_t)> before_;
  std::unordered_map<std::uint32_t, TracedThread> threads_;
  std::vector<std::uint32_t> forking_;  // threads with an unfinished fork, the latest last
  std::uint64_t time_ns_ = 0;
  std::uint64_t day_ns_ = 0;  // for clocks that begin anew at midnight
  std::uint64_t guessed_offsets_ = 0;
  std::uint64_t beginnings_missing_ = 0;
  std::uint64_t other_changes_ = 0;  // holes punched and the like
  bool maps_ = false;
  bool unseen_transfers_ = false;  // asynchronous ones, which no tracer of calls sees
};

}  // namespace faultline
