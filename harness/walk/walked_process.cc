#include "harness/walk/walked_process.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/text.h"
#include "harness/os/file.h"
#include "harness/os/process_counters.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

// A path may be any bytes, so it travels as their numbers.
std::vector<std::uint8_t> PathBytes(const std::filesystem::path& path) {
  const std::string text = path.string();
  return {text.begin(), text.end()};
}

std::filesystem::path PathFrom(const json& bytes) {
  const auto numbers = bytes.get<std::vector<std::uint8_t>>();
  return std::string(numbers.begin(), numbers.end());
}

// The child's side.
struct Hand {
  os::FileMapping object;
  os::View view;
};

void Create(Hand& hand, const json& order) {
  const auto kind = order.at("kind").get<WalkKind>();
  const auto place = PathFrom(order.at("place"));
  const auto bytes = order.at("bytes").get<std::uint64_t>();
  if (kind == WalkKind::kTemporary) {
    hand.object = os::FileMapping::FromTemporaryFile(place, bytes);
  } else if (kind == WalkKind::kMemory) {
    hand.object = os::FileMapping::FromMemory(bytes);
  } else {
    const os::File file = os::File::Open(place, os::FileAccess::kRead, /*follow_links=*/true);
    hand.object = os::FileMapping::FromFile(file, os::Protection::kReadOnly, bytes);
  }
}

void Touch(const Hand& hand, const Touches& touches, bool store) {
  for (std::uint64_t i = 0; i < touches.count; ++i) {
    volatile std::byte* const byte =
        hand.view.data() + (touches.first + i * touches.stride) * os::PageSize();
    if (store) {
      *byte = std::byte{0x5a};
    } else {
      static_cast<void>(*byte);
    }
  }
}

void Perform(Hand& hand, WalkAction action, const json& order) {
  const Touches touches = {.first = order.value("first", std::uint64_t{0}),
                           .count = order.value("count", std::uint64_t{0}),
                           .stride = order.value("stride", std::uint64_t{1})};
  switch (action) {
    case WalkAction::kCreate:
      return Create(hand, order);
    case WalkAction::kMap:
      hand.view = hand.object.Map({.access = hand.object.protection() == os::Protection::kReadWrite
                                                 ? os::ViewAccess::kReadWrite
                                                 : os::ViewAccess::kRead});
      return;
    case WalkAction::kLoad:
      return Touch(hand, touches, /*store=*/false);
    case WalkAction::kStore:
      return Touch(hand, touches, /*store=*/true);
    case WalkAction::kFlush:
      return hand.view.Flush();
    case WalkAction::kUnmap:
      return hand.view.Unmap();
    case WalkAction::kFree:
      return hand.object.Close();
    default:
      throw Error(Concat("the walked process can't ", WalkActionName(action)));
  }
}

// Does what `order` says, with counts as close around it as can be.
json Measured(Hand& hand, const json& order) {
  using Clock = std::chrono::steady_clock;
  const auto action = order.at("action").get<WalkAction>();
  const os::ProcessIo io_before = os::ReadProcessIo();
  const os::ProcessUsage before = os::ReadProcessUsage();
  const Clock::time_point start = Clock::now();
  Perform(hand, action, order);
  const auto elapsed = Clock::now() - start;
  const os::ProcessUsage after = os::ReadProcessUsage();
  const os::ProcessIo io_after = os::ReadProcessIo();
  const bool told = io_before.read_bytes && io_after.read_bytes;
  return {{"minor", after.minor_faults.value_or(0) - before.minor_faults.value_or(0)},
          {"major", after.major_faults.value_or(0) - before.major_faults.value_or(0)},
          {"read", told ? json(*io_after.read_bytes - *io_before.read_bytes) : json(nullptr)},
          {"ns", std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed).count()},
          {"address", reinterpret_cast<std::uintptr_t>(hand.view.data())}};
}

bool MayRead(const std::filesystem::path& path) {
  try {
    os::File::Open(path, os::FileAccess::kRead, /*follow_links=*/true);
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Code, stack and heap that an action needs come into memory when they are first used, which must
// not count as the action's faults. Without a file to read, objects of memory are rehearsed alone.
void Rehearse() {
  constexpr std::uint64_t kPages = 2;
  // Not the program's path, on which a directory may be closed to this user.
  const std::filesystem::path program = "/proc/self/exe";
  const bool may_read = MayRead(program);
  for (const WalkKind kind : {WalkKind::kExisting, WalkKind::kMemory}) {
    if (kind == WalkKind::kExisting && !may_read) continue;
    Hand hand;
    Measured(hand, {{"action", WalkAction::kCreate},
                    {"kind", kind},
                    {"place", PathBytes(program)},
                    {"bytes", kPages * os::PageSize()}});
    for (const WalkAction action : {WalkAction::kMap, WalkAction::kLoad, WalkAction::kStore,
                                    WalkAction::kFlush, WalkAction::kUnmap, WalkAction::kFree}) {
      if (action == WalkAction::kStore && kind == WalkKind::kExisting) continue;
      ToLine(Measured(hand, {{"action", action}, {"count", kPages}}));
    }
  }
}

int Handle(const std::string&, os::Channel& parent) {
  Hand hand;
  Rehearse();
  parent.SendLine("{}");
  std::string line;
  while (parent.ReceiveLine(line) == os::Channel::Result::kLine) {
    json answer = json::object();
    try {
      const json order = json::parse(line);
      if (order.contains("fetch")) {
        hand.object.SendTo(parent);
        continue;
      }
      if (order.contains("give")) {
        hand.object = os::FileMapping::ReceiveFrom(parent);
      } else {
        answer = Measured(hand, order);
      }
    } catch (const std::exception& error) {
      answer = {{"error", error.what()}};
    }
    if (!parent.SendLine(ToLine(answer))) break;
  }
  return 0;
}

const Registration<os::ChildMain> kWalkedProcess{{.name = "walk", .run = Handle}};

json Receive(os::ChildProcess& child) {
  std::string line;
  const os::Channel::Result result = child.channel().ReceiveLine(line);
  if (result == os::Channel::Result::kInterrupted) throw WalkStopped("stopped");
  if (result != os::Channel::Result::kLine) {
    throw Error(Concat("the walked process ended: ", child.Wait().Description()));
  }
  json answer = json::parse(line);
  if (answer.contains("error")) throw Error(answer.at("error").get<std::string>());
  return answer;
}

json Send(os::ChildProcess& child, const json& order) {
  child.channel().SendLine(ToLine(order));
  return Receive(child);
}

ActionCost CostFrom(const json& answer) {
  const json& read = answer.at("read");
  return {.minor_faults = answer.at("minor"),
          .major_faults = answer.at("major"),
          .read_bytes = read.is_null() ? os::Counter() : os::Counter(read.get<std::uint64_t>()),
          .elapsed_ns = answer.at("ns")};
}

}  // namespace

WalkedProcess::WalkedProcess() : child_(os::ChildProcess::Start("walk", "")) { Receive(child_); }

ActionCost WalkedProcess::Create(WalkKind kind, const std::filesystem::path& place,
                                 std::uint64_t bytes) {
  return CostFrom(Send(child_, {{"action", WalkAction::kCreate},
                                {"kind", kind},
                                {"place", PathBytes(place)},
                                {"bytes", bytes}}));
}

os::FileMapping WalkedProcess::FetchObject() {
  child_.channel().SendLine(ToLine({{"fetch", true}}));
  return os::FileMapping::ReceiveFrom(child_.channel());
}

void WalkedProcess::Give(const os::FileMapping& object) {
  child_.channel().SendLine(ToLine({{"give", true}}));
  object.SendTo(child_.channel());
  Receive(child_);
}

ActionCost WalkedProcess::Map(std::uint64_t& address) {
  const json answer = Send(child_, {{"action", WalkAction::kMap}});
  address = answer.at("address");
  return CostFrom(answer);
}

ActionCost WalkedProcess::Do(WalkAction action, const Touches& touches) {
  return CostFrom(Send(child_, {{"action", action},
                                {"first", touches.first},
                                {"count", touches.count},
                                {"stride", touches.stride}}));
}

void WalkedProcess::End() {
  if (!child_.running()) return;
  child_.Kill();
  child_.Wait();
}

}  // namespace faultline
