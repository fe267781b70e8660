// What the tests of this folder share: the kind of an error, and a forked process.
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/file.h"
#include "faultline/system_error.h"
#include "harness/base/text.h"
#include "harness/os/scratch_file_system.h"
#include "tests/catch.h"
#include "tests/support/temporary_directory.h"

namespace faultline::os::testing {

// The kind of the SystemError that `action` throws; nothing if it throws none.
template <class Action>
std::optional<ErrorKind> KindThrownBy(Action action) {
  try {
    action();
  } catch (const SystemError& error) {
    return error.kind();
  }
  return std::nullopt;
}

// A forked process that runs `body`, which returns its exit code. Killed and awaited at the latest
// by the destructor.
class Forked {
 public:
  template <class Body>
  explicit Forked(Body body) : id_(::fork()) {
    if (id_ != 0) return;
    int code = 99;
    try {
      code = body();
    } catch (...) {
      code = 98;
    }
    ::_exit(code);
  }
  Forked(const Forked&) = delete;
  Forked& operator=(const Forked&) = delete;
  ~Forked() {
    if (id_ > 0) Kill();
  }

  pid_t id() const { return id_; }

  void Kill() {
    ::kill(id_, SIGKILL);
    Status();
  }

  // As waitpid tells it.
  int Status() {
    int status = -1;
    ::waitpid(id_, &status, 0);
    id_ = 0;
    return status;
  }

  // The exit code, or -1 when a signal ended it.
  int ExitCode() {
    const int status = Status();
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  // The number of the signal that ended it, or 0.
  int Signal() {
    const int status = Status();
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

 private:
  pid_t id_;
};

// Runs `body`, with a directory in memory, in a process with mounts of its own. It returns 0 when
// all is well.
template <class Body>
void InPrivateMounts(Body body) {
  Forked process([&] {
    try {
      return body(EnterPrivateMounts());
    } catch (const UnsupportedError&) {
      return 77;
    }
  });
  const int code = process.ExitCode();
  if (code == 77) {
    WARN("SKIPPED: no root, or no loop devices");
  } else {
    CHECK(code == 0);
  }
}

inline std::vector<std::byte> Bytes(std::string_view text) {
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

inline std::string Text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A file with that text, and the folders above it.
inline void Put(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  WriteBytes(path, text);
}

// A new file with that content.
inline File FileWith(const std::filesystem::path& path, std::string_view text) {
  File file = File::Create(path);
  file.WriteAt(0, Bytes(text));
  return file;
}

}  // namespace faultline::os::testing
