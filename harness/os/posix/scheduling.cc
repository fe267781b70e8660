// Time in the run queue (/proc/self/task/*/schedstat), and the effect of limits on processor time
// (cpu.stat of the control groups).
#include "harness/os/scheduling.h"

#include <dirent.h>

#include <fmt/format.h>
#include <memory>
#include <utility>

#include "harness/os/posix/control_groups.h"
#include "harness/os/posix/kernel_text.h"

namespace faultline::os {

Counter ParseDelayNs(std::string_view schedstat) {
  if (!TakeNumber(schedstat)) return std::nullopt;
  return TakeNumber(schedstat);
}

RunQueue::RunQueue(std::string tasks) : tasks_(std::move(tasks)) {}

Counter RunQueue::ReadDelayNs() {
  struct Closer {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, Closer> folder(::opendir(tasks_.c_str()));
  if (!folder) return std::nullopt;
  std::map<std::string, std::uint64_t> found;
  std::uint64_t sum = 0;
  while (const dirent* entry = ::readdir(folder.get())) {
    if (entry->d_name[0] == '.') continue;
    KernelLines lines(fmt::format("{}/{}/schedstat", tasks_, entry->d_name).c_str());
    std::string_view line;
    // A thread may end between its name and its figure.
    if (!lines.Next(line)) continue;
    const Counter delay = ParseDelayNs(line);
    if (!delay) continue;
    found[entry->d_name] = *delay;
    sum += *delay;
  }
  if (found.empty()) return std::nullopt;
  for (const auto& [thread, last] : delay_ns_) {
    const auto still = found.find(thread);
    // One whose figure shrank is another thread that got the number of one that ended.
    if (still == found.end() || still->second < last) of_ended_ns_ += last;
  }
  delay_ns_ = std::move(found);
  return sum + of_ended_ns_;
}

ProcessorLimits::ProcessorLimits() {
  for (const int version : {1, 2}) {
    const auto hierarchy = FindHierarchy(version, "cpu");
    if (!hierarchy) continue;
    for (const std::string& directory : GroupsUpwards(*hierarchy)) {
      files_.push_back(directory + "/cpu.stat");
    }
  }
}

Counter ProcessorLimits::ReadThrottledNs() const {
  Counter sum;
  for (const std::string& file : files_) {
    if (const Counter one = ThrottledNs(file)) sum = sum.value_or(0) + *one;
  }
  return sum;
}

}  // namespace faultline::os
