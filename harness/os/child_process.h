// Child processes that run a registered function of this program and talk to their parent over a
// channel.
//
// The function is named, not passed, so that a system without fork can start the same executable
// and look it up. Such a system has to load the parent's shared libraries there again; where a
// child is forked, it has them. A child ends when its parent ends, whatever the reason, and with it
// the children that it started itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/registry.h"
#include "harness/os/channel.h"
#include "harness/os/memory_limit.h"

namespace faultline::os {

// What a child runs. Registered by a static `Registration<ChildMain>`; `run` gets the request that
// the parent gave to Start and the channel to the parent, and returns the exit code. An exception
// that leaves it ends the child with kUncaughtException after sending nothing; callers that want
// the message catch it themselves.
struct ChildMain {
  static constexpr std::string_view kKind = "child function";
  static constexpr int kUncaughtException = 70;

  std::string name;
  std::function<int(const std::string& request, Channel& parent)> run;
};

// What a child used in its whole life, as the system reports at its end.
struct ChildUsage {
  double user_seconds = 0;
  double system_seconds = 0;
  std::uint64_t peak_resident_bytes = 0;
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
};

// How a child ended.
struct ChildEnd {
  enum class Kind { kExited, kSignalled };
  Kind kind = Kind::kExited;
  int code = 0;  // exit code or signal number
  ChildUsage usage;

  bool Succeeded() const { return kind == Kind::kExited && code == 0; }

  // "exit code 3", "killed by SIGBUS (access beyond the end of a mapped file, or a failing
  // device)".
  std::string Description() const;
};

// A running child. Move-only; the destructor kills and awaits a child that still runs.
class ChildProcess {
 public:
  ChildProcess() = default;
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess();

  // Starts `name` in a process of its own (and a process group of its own, so that a terminal's
  // Ctrl-C reaches the parent only). With `limit`, the child runs under it from its first
  // instruction of `run` on. Throws SystemError. REQUIRES: a single-threaded parent.
  static ChildProcess Start(const std::string& name, const std::string& request,
                            const MemoryLimit* limit = nullptr);

  Channel& channel() { return channel_; }
  std::int64_t id() const { return id_; }
  bool running() const { return id_ > 0; }

  // Stops the child wherever it is, and returns when it stands still: true. A call of the system
  // that can't be left halfway is finished first. False when the child ended instead. Throws
  // SystemError. REQUIRES: running()
  bool Pause();
  void Resume();  // lets a paused child go on; no effect on any other

  void Kill();      // the child and all that it started; no effect on one that has ended
  ChildEnd Wait();  // until it ends. REQUIRES: running()

 private:
  std::int64_t id_ = 0;
  Channel channel_;
};

}  // namespace faultline::os

namespace faultline {
FAULTLINE_DECLARE_REGISTRY(os::ChildMain);
}  // namespace faultline
