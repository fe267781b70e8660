// Specs: how strategies and workloads are named on the command line and in suite files, with their
// options:
//   name:key=value,key=value       such as mmap-window:size=64KiB,count=16
// One that declares a positional option takes its value without a key, in the first place:
//   name:value,key=value           such as trace:sqlite.fltrace,block=4KiB
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faultline/options.h"

namespace faultline {

// A name with the options that were given, in the order given. A value without a key comes first
// and has an empty one.
struct Spec {
  std::string name;
  std::vector<std::pair<std::string, std::string>> given;

  std::string Text() const;  // the spec as it would be typed
};

// Splits a spec. Throws UsageError on an empty name, a missing '=' (but in the first place, where a
// '/' before the first '=' means the same), an empty key, or a key given twice.
Spec ParseSpec(std::string_view text);

}  // namespace faultline
