// Channels over a pair of connected local sockets.
//
// The protocol is a stream of bytes: a line is its text and '\n'; a handle is one zero byte, which
// carries the descriptor as ancillary data. Lines hold no zero byte, so the n-th zero byte of the
// stream stands for the n-th handle and the order of lines and handles is that of the bytes,
// however the system cuts the stream.
#include "harness/os/channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/os/interruption.h"
#include "harness/os/posix/interruption_wake.h"
#include "harness/os/posix/system_call.h"

namespace faultline::os {
namespace {

constexpr char kHandleMark = '\0';
constexpr std::string_view kSubject = "another process of this run";

bool OtherEndIsGone() { return errno == EPIPE || errno == ECONNRESET; }

// For poll: rounded up, so that a wait never ends before its deadline. -1 for no deadline.
int MillisecondsUntil(std::optional<Channel::Deadline> deadline) {
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - SteadyClock::now());
  return static_cast<int>(
      std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

// Room for the ancillary data of one message with one descriptor; a receive never takes in more, as
// it stops after the message that carries descriptors.
struct alignas(cmsghdr) HandleMessage {
  std::array<char, CMSG_SPACE(sizeof(int))> bytes = {};
};

// Waits until the socket has something to say. kLine for "it has".
Channel::Result AwaitSocket(int fd, std::optional<Channel::Deadline> deadline) {
  while (true) {
    // The descriptor is fetched before the flag is read, so that a request in between is in the
    // pipe.
    pollfd watched[] = {{fd, POLLIN, 0}, {InterruptionDescriptor(), POLLIN, 0}};
    const bool interrupted = Interrupted();
    const int ready = ::poll(watched, 2, interrupted ? 0 : MillisecondsUntil(deadline));
    if (ready == -1 && errno != EINTR) ThrowLastError("wait for", kSubject);
    if (ready > 0 && watched[0].revents != 0) return Channel::Result::kLine;
    if (interrupted || (ready > 0 && watched[1].revents != 0)) {
      return Channel::Result::kInterrupted;
    }
    if (ready == 0 && deadline && SteadyClock::now() >= *deadline) {
      return Channel::Result::kTimedOut;
    }
  }
}

}  // namespace

Channel::Channel(Channel&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)),
      buffered_(std::exchange(other.buffered_, {})),
      handles_(std::exchange(other.handles_, {})) {}

Channel& Channel::operator=(Channel&& other) noexcept {
  Channel moved(std::move(other));  // closes the old end at the end of this function
  std::swap(handle_, moved.handle_);
  std::swap(buffered_, moved.buffered_);
  std::swap(handles_, moved.handles_);
  return *this;
}

Channel::~Channel() { Close(); }

std::pair<Channel, Channel> Channel::Pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    ThrowLastError("make a channel to", kSubject);
  }
  return {Channel(ends[0]), Channel(ends[1])};
}

bool Channel::SendLine(std::string_view line) {
  if (line.find_first_of(std::string_view("\n\0", 2)) != std::string_view::npos) {
    throw SystemError("send a line that holds a line break or a zero byte to", kSubject, EINVAL);
  }
  std::string message(line);
  message += '\n';
  std::string_view left = message;
  while (!left.empty()) {
    const ssize_t sent = RetryInterrupted(
        [&] { return ::send(static_cast<int>(handle_), left.data(), left.size(), MSG_NOSIGNAL); });
    if (sent == -1 && OtherEndIsGone()) return false;
    if (sent == -1) ThrowLastError("send a line to", kSubject);
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

Channel::Result Channel::Receive(std::optional<Deadline> deadline) {
  if (!is_open()) return Result::kClosed;
  const int fd = static_cast<int>(handle_);
  if (const Result result = AwaitSocket(fd, deadline); result != Result::kLine) return result;

  std::array<char, 65536> block;
  iovec part = {block.data(), block.size()};
  HandleMessage control;
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  const ssize_t count = RetryInterrupted([&] { return ::recvmsg(fd, &message, MSG_CMSG_CLOEXEC); });
  if (count == 0 || (count == -1 && OtherEndIsGone())) return Result::kClosed;
  if (count == -1) ThrowLastError("receive from", kSubject);

  const cmsghdr* const header = CMSG_FIRSTHDR(&message);
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    int received = -1;
    std::memcpy(&received, CMSG_DATA(header), sizeof(received));
    handles_.push_back(received);
  }
  // The system drops a descriptor for which this process has no room, and says no more than this.
  if ((message.msg_flags & MSG_CTRUNC) != 0) {
    throw SystemError("receive a handle from", kSubject, EMFILE);
  }
  buffered_.append(block.data(), static_cast<std::size_t>(count));
  return Result::kLine;
}

Channel::Result Channel::ReceiveLine(std::string& line, std::optional<Deadline> deadline) {
  std::size_t searched = 0;
  while (true) {
    if (!buffered_.empty() && buffered_.front() == kHandleMark) {
      throw Error("cannot receive a line from another process of this run: a handle comes first");
    }
    const std::size_t end = buffered_.find('\n', searched);
    if (end != std::string::npos) {
      line.assign(buffered_, 0, end);
      buffered_.erase(0, end + 1);
      return Result::kLine;
    }
    searched = buffered_.size();
    if (const Result result = Receive(deadline); result != Result::kLine) return result;
  }
}

void Channel::SendHandle(std::intptr_t handle) {
  char mark = kHandleMark;
  iovec part = {&mark, 1};
  HandleMessage control;
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  message.msg_controllen = control.bytes.size();
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  const int fd = static_cast<int>(handle);
  std::memcpy(CMSG_DATA(header), &fd, sizeof(fd));
  const ssize_t sent = RetryInterrupted(
      [&] { return ::sendmsg(static_cast<int>(handle_), &message, MSG_NOSIGNAL); });
  if (sent == -1) ThrowLastError("send a handle to", kSubject);
}

std::intptr_t Channel::ReceiveHandle() {
  while (buffered_.empty()) {
    switch (Receive(std::nullopt)) {
      case Result::kLine:
        break;
      case Result::kInterrupted:
        throw SystemError("receive a handle from", kSubject, EINTR);
      default:
        throw SystemError("receive a handle from", kSubject, EPIPE);
    }
  }
  if (buffered_.front() != kHandleMark) {
    throw Error("cannot receive a handle from another process of this run: a line comes first");
  }
  const std::intptr_t handle = handles_.front();
  buffered_.erase(0, 1);
  handles_.erase(handles_.begin());
  return handle;
}

void Channel::EndSending() {
  if (is_open()) ::shutdown(static_cast<int>(handle_), SHUT_WR);
}

void Channel::Close() {
  CloseQuietly(std::exchange(handle_, -1));
  for (const std::intptr_t handle : handles_) CloseQuietly(handle);
  handles_.clear();
  buffered_.clear();
}

}  // namespace faultline::os
