#include "harness/walk/walked_process.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

#include "faultline/file.h"
#include "harness/base/clock.h"
#include "harness/json/fields.h"
#include "harness/json/line.h"
#include "harness/os/process_counters.h"
#include "harness/trial/child_answer.h"

namespace faultline {
namespace {

using nlohmann::json;

// What the parent wants.
struct Order {
  enum class What {
    kAct,
    kFetch,  // the object's handle, instead of an answer
    kTake,   // an object that follows
  };

  What what = What::kAct;
  WalkAction action = WalkAction::kLook;
  WalkKind kind = WalkKind::kMemory;  // of an object to be created, with place and bytes
  std::filesystem::path place = {};
  std::uint64_t bytes = 0;
  Touches touches = {};
};

constexpr EnumNames<Order::What> kWhatNames{"act", "fetch", "take"};

template <class Fields>
void Describe(Fields& fields, Order& order) {
  fields("what", order.what, kWhatNames);
  fields("action", order.action, kWalkActionNames);
  fields("kind", order.kind, kWalkKindNames);
  fields.As("place", order.place, PackPath, UnpackPath);
  fields("bytes", order.bytes);
  fields("first", order.touches.first);
  fields("count", order.touches.count);
  fields("stride", order.touches.stride);
}

// What an action cost, and where the view is then; 0: nowhere.
struct Done {
  ActionCost cost;
  std::uint64_t address = 0;
};

template <class Fields>
void Describe(Fields& fields, Done& done) {
  fields("minor", done.cost.minor_faults);
  fields("major", done.cost.major_faults);
  fields("read", done.cost.read_bytes);
  fields("ns", done.cost.elapsed_ns);
  fields("address", done.address);
}

// The child's side.
struct Hand {
  os::FileMapping object;
  os::View view;
};

void Create(Hand& hand, const Order& order) {
  if (order.kind == WalkKind::kTemporary) {
    hand.object = os::FileMapping::FromTemporaryFile(order.place, order.bytes);
  } else if (order.kind == WalkKind::kMemory) {
    hand.object = os::FileMapping::FromMemory(order.bytes);
  } else {
    const os::File file = os::File::Open(order.place, os::FileAccess::kRead, /*follow_links=*/true);
    hand.object = os::FileMapping::FromFile(file, os::Protection::kReadOnly, order.bytes);
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

void Perform(Hand& hand, const Order& order) {
  switch (order.action) {
    case WalkAction::kCreate:
      return Create(hand, order);
    case WalkAction::kMap:
      hand.view = hand.object.Map({.access = hand.object.protection() == os::Protection::kReadWrite
                                                 ? os::ViewAccess::kReadWrite
                                                 : os::ViewAccess::kRead});
      return;
    case WalkAction::kLoad:
      return Touch(hand, order.touches, /*store=*/false);
    case WalkAction::kStore:
      return Touch(hand, order.touches, /*store=*/true);
    case WalkAction::kFlush:
      return hand.view.Flush();
    case WalkAction::kUnmap:
      return hand.view.Unmap();
    case WalkAction::kFree:
      return hand.object.Close();
    default:
      throw Error(fmt::format("the walked process can't {}", WalkActionName(order.action)));
  }
}

// Does what `order` says, with counts as close around it as can be.
Done Measured(Hand& hand, const Order& order) {
  const os::ProcessIo io_before = os::ReadProcessIo();
  const os::ProcessUsage before = os::ReadProcessUsage();
  const SteadyClock::time_point start = SteadyClock::now();
  Perform(hand, order);
  const auto elapsed = SteadyClock::now() - start;
  const os::ProcessUsage after = os::ReadProcessUsage();
  const os::ProcessIo io_after = os::ReadProcessIo();
  Done done;
  done.cost.minor_faults = after.minor_faults.value_or(0) - before.minor_faults.value_or(0);
  done.cost.major_faults = after.major_faults.value_or(0) - before.major_faults.value_or(0);
  if (io_before.read_bytes && io_after.read_bytes) {
    done.cost.read_bytes = *io_after.read_bytes - *io_before.read_bytes;
  }
  done.cost.elapsed_ns = static_cast<std::uint64_t>(Nanoseconds(elapsed));
  done.address = reinterpret_cast<std::uintptr_t>(hand.view.data());
  return done;
}

// The answer to an order, both as they travel; "" where the object's handle is the answer.
std::string AnswerTo(const std::string& line, Hand& hand, os::Channel& parent) {
  const json answer = AnswerOrFailure([&]() -> json {
    const auto order = FromMessage<Order>(FromLine(line));
    if (order.what == Order::What::kFetch) {
      hand.object.SendTo(parent);
      return nullptr;
    }
    if (order.what == Order::What::kTake) {
      hand.object = os::FileMapping::ReceiveFrom(parent);
      return json::object();
    }
    return JsonOf(Measured(hand, order));
  });
  return answer.is_null() ? std::string() : ToLine(answer);
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
void Rehearse(os::Channel& parent) {
  constexpr std::uint64_t kPages = 2;
  // Not the program's path, on which a directory may be closed to this user.
  const std::filesystem::path program = "/proc/self/exe";
  const bool may_read = MayRead(program);
  for (const WalkKind kind : {WalkKind::kExisting, WalkKind::kMemory}) {
    if (kind == WalkKind::kExisting && !may_read) continue;
    Hand hand;
    const auto act = [&](const Order& order) {
      ThrowIfFailure(FromLine(AnswerTo(ToLine(JsonOf(order)), hand, parent)));
    };
    act({.action = WalkAction::kCreate,
         .kind = kind,
         .place = program,
         .bytes = kPages * os::PageSize()});
    for (const WalkAction action : {WalkAction::kMap, WalkAction::kLoad, WalkAction::kStore,
                                    WalkAction::kFlush, WalkAction::kUnmap, WalkAction::kFree}) {
      if (action == WalkAction::kStore && kind == WalkKind::kExisting) continue;
      act({.action = action, .touches = {.count = kPages}});
    }
  }
}

int Handle(const std::string&, os::Channel& parent) {
  Hand hand;
  Rehearse(parent);
  parent.SendLine("{}");
  std::string line;
  while (parent.ReceiveLine(line) == os::Channel::Result::kLine) {
    const std::string answer = AnswerTo(line, hand, parent);
    if (!answer.empty() && !parent.SendLine(answer)) break;
  }
  return 0;
}

const Registration<os::ChildMain> kWalkedProcess{{.name = "walk", .run = Handle}};

json Receive(os::ChildProcess& child) {
  std::string line;
  const os::Channel::Result result = child.channel().ReceiveLine(line);
  if (result == os::Channel::Result::kInterrupted) throw WalkStopped("stopped");
  if (result != os::Channel::Result::kLine) {
    throw Error(fmt::format("the walked process ended: {}", child.Wait().Description()));
  }
  json answer = FromLine(line);
  if (const std::optional<Failure> failure = FailureIn(answer)) throw Error(failure->error);
  return answer;
}

void Send(os::ChildProcess& child, const Order& order) {
  child.channel().SendLine(ToLine(JsonOf(order)));
}

Done Act(os::ChildProcess& child, const Order& order) {
  Send(child, order);
  return FromMessage<Done>(Receive(child));
}

}  // namespace

WalkedProcess::WalkedProcess() : child_(os::ChildProcess::Start("walk", "")) { Receive(child_); }

ActionCost WalkedProcess::Create(WalkKind kind, const std::filesystem::path& place,
                                 std::uint64_t bytes) {
  return Act(child_, {.action = WalkAction::kCreate, .kind = kind, .place = place, .bytes = bytes})
      .cost;
}

os::FileMapping WalkedProcess::FetchObject() {
  Send(child_, {.what = Order::What::kFetch});
  return os::FileMapping::ReceiveFrom(child_.channel());
}

void WalkedProcess::Give(const os::FileMapping& object) {
  Send(child_, {.what = Order::What::kTake});
  object.SendTo(child_.channel());
  Receive(child_);
}

ActionCost WalkedProcess::Map(std::uint64_t& address) {
  const Done done = Act(child_, {.action = WalkAction::kMap});
  address = done.address;
  return done.cost;
}

ActionCost WalkedProcess::Do(WalkAction action, const Touches& touches) {
  return Act(child_, {.action = action, .touches = touches}).cost;
}

void WalkedProcess::End() {
  if (!child_.running()) return;
  child_.Kill();
  child_.Wait();
}

}  // namespace faultline
