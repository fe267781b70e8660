// A line of what 'perf trace' prints, as a call of strace's.
//
//  12.345 ( 0.009 ms): cat/1234 pread64(fd: 3</data/it>, buf: 0x7f01, count: 4096, pos: 512) = 4096
//  13.000 (         ): cat/1234 read(fd: 3</data/it>, buf: 0x7f01, count: 4096) ...
//  14.000 ( 1.000 ms): cat/1234  ... [continued]: read())                                 = 4096
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/trace/strace_syntax.h"

namespace faultline {

// Texts are parts of the line.
struct PerfLine {
  std::optional<std::uint64_t> time_ns;  // since perf began; absent before that
  std::uint32_t thread = 0;              // 0 where the line names none
  std::string_view name;                 // of the call
  std::string_view arguments;            // as printed
  std::string_view result;               // behind the '='; "" of a call that goes on
  bool continued = false;                // the rest of one: without arguments
};

// Nothing for what is no such line.
std::optional<PerfLine> ReadPerfLine(std::string_view line);

// The arguments in the order of strace, with constants as it prints them. perf leaves out those
// that are 0, and names the others. False for a call that no importer reads.
class PerfCall {
 public:
  bool Assign(std::string_view name, std::string_view arguments, std::string_view result);

  // Valid until the next Assign.
  const StraceCall& call() const { return call_; }

 private:
  std::string name_;
  std::string result_;
  std::vector<std::string> texts_;
  StraceCall call_;
};

}  // namespace faultline
