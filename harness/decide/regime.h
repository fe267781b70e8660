// Regimes: trials that differ in nothing but their strategy, and so may be compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/document/run.h"

namespace faultline {

// A group of the run: one workload with one set of parameters. Valid as long as the run.
struct Regime {
  std::string workload;
  std::vector<const document::Trial*> trials;  // in the run's order, one or more
  const verdict::JudgedGroup* judged = nullptr;

  const document::Trial& first() const { return *trials.front(); }

  // nullptr if there is none of that title.
  const document::Trial* Find(std::string_view title) const;
};

// The regimes of a run, in the order of their first trials.
std::vector<Regime> RegimesOf(const document::Run& run);

// "1,000,000 records of 125 bytes (119 MiB), 100,000 operations in each of 2 passes, 1 thread,
// cache paged, no memory limit".
std::string RegimeText(const document::Trial& trial);

// What `other` has differently, in words, such as "cache streamed, 2 threads"; "" for nothing.
std::string RegimeDifference(const document::Trial& trial, const document::Trial& other);

// What the run holds constant, in words, each a thing that nothing can be said about.
std::vector<std::string> NeverVaried(const document::Run& run);

}  // namespace faultline
