// Calls by programs at the kernel's trace events. What the calling thread starts is known by the
// numbers of its threads, which a map holds with what each is doing:
//
//   raw_syscalls:sys_enter   keeps the arguments of a call that is to be told
//   the tracepoint sys_exit  writes them with the result to a ring
//   sched:sched_process_…    follow forks, ends, execs, by which a thread takes another's number
//   syscalls:sys_exit_execve says that the new program isn't one of 32 bits, whose calls have other
//                            numbers: the kernel leaves those out here
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "faultline/system_error.h"
#include "harness/base/clock.h"
#include "harness/os/posix/bpf_assembler.h"
#include "harness/os/posix/bpf_kernel.h"
#include "harness/os/posix/call_source.h"
#include "harness/os/posix/call_words.h"
#include "harness/os/posix/event_formats.h"

namespace faultline::os {
namespace {

constexpr std::uint32_t kMostThreads = std::uint32_t{1} << 15;  // at a time
constexpr std::uint32_t kMostNumber = 1023;                     // of a call
constexpr std::size_t kRingBytes = std::size_t{32} << 20;

// What the map of threads has of each, by its number.
struct FollowedThread {
  // The call that goes on; what is written to the ring.
  std::uint64_t time_ns;
  std::uint32_t thread;
  std::uint32_t number;
  std::array<std::uint64_t, 6> arguments;
  std::int64_t result;

  std::uint32_t in_call;  // Telling of the call that goes on; 0 in none
  // 1: what is watched. The calling thread has 3 and the tracer, which it starts, 2: they are not.
  std::uint32_t generation;
  std::uint32_t native;  // its calls have this program's numbers
};
constexpr std::size_t kRecordBytes = offsetof(FollowedThread, in_call);
constexpr std::uint32_t kWatched = 1;
constexpr std::uint32_t kCaller = 3;

// Whether a call is told, by its number: with the time of its beginning or, the others, of its end.
enum Telling : std::uint32_t { kNever, kWithBeginning, kWithEnd, kByCommand };

// Counts, by their places in a map.
enum CountPlace : std::uint32_t { kLost, kForeign, kCounts };

constexpr const char* kOtherNumbers =
    "in a container processes have other numbers than the kernel's";

// How many calls go on of threads whose numbers have these last bits. Most calls that end are none
// that was kept, and one look here tells.
constexpr std::uint32_t kCallingSlots = std::uint32_t{1} << 16;

// Of the program's own memory: maps' keys, and a value.
constexpr std::int32_t kKey = 4;
constexpr std::int32_t kSlotKey = 8;
constexpr std::int32_t kValue = 8 + static_cast<std::int32_t>(sizeof(FollowedThread));

const std::vector<KernelEventKind>& ProgramKinds() {
  static const std::vector<KernelEventKind> kKinds = {
      {.group = "raw_syscalls", .name = "sys_enter", .fields = {"id", "args"}},
      {.group = "sched",
       .name = "sched_process_fork",
       .fields = {"parent_pid", "child_pid"},
       .field_bytes = 4},
      {.group = "sched",
       .name = "sched_process_exec",
       .fields = {"pid", "old_pid"},
       .field_bytes = 4},
      {.group = "sched", .name = "sched_process_exit", .fields = {"pid"}, .field_bytes = 4},
      {.group = "syscalls", .name = "sys_exit_execve", .fields = {}}};
  return kKinds;
}

// The programs share their maps and the habit to keep what they are given in BPF_REG_6.
class CallPrograms {
 public:
  CallPrograms()
      : numbers_(MakeBpfMap(BPF_MAP_TYPE_ARRAY, 4, 4, kMostNumber + 1)),
        threads_(MakeBpfMap(BPF_MAP_TYPE_HASH, 4, sizeof(FollowedThread), kMostThreads)),
        calling_(MakeBpfMap(BPF_MAP_TYPE_ARRAY, 4, 8, kCallingSlots)),
        counts_(MakeBpfMap(BPF_MAP_TYPE_ARRAY, 4, 8, kCounts)),
        ring_(kRingBytes),
        formats_(FindEventFormats(ProgramKinds())) {
    if (formats_.empty()) throw UnsupportedError(WhyNoEvents(errno, "system calls"));
    const std::vector<bpf_insn> programs[] = {Enter(formats_[0].offsets), Fork(formats_[1].offsets),
                                              Exec(formats_[2].offsets), End(formats_[3].offsets),
                                              LeaveExec()};
    for (const std::vector<bpf_insn>& program : programs) {
      loaded_.push_back(LoadBpfProgram(BPF_PROG_TYPE_TRACEPOINT, program));
    }
    leave_ = LoadBpfProgram(BPF_PROG_TYPE_RAW_TRACEPOINT, Leave());
    for (const NumericCall& call : NumericCalls()) {
      Tell(call.number, call.number == SYS_fcntl ? kByCommand
                        : call.at_end            ? kWithEnd
                                                 : kWithBeginning);
    }
    for (const std::int64_t opening : OpeningCalls()) Tell(opening, kWithEnd);
  }

  // From now on.
  void FollowCaller() {
    FollowedThread caller = {};
    caller.generation = kCaller;
    caller.native = 1;
    const auto thread = static_cast<std::uint32_t>(::gettid());
    SetInBpfMap(threads_, &thread, &caller);
    attached_.push_back(AttachRawBpfProgram(leave_, "sys_exit"));
    for (std::size_t i = 0; i < loaded_.size(); ++i) {
      attached_.push_back(AttachBpfProgram(loaded_[i], formats_[i].id));
    }
  }

  BpfRing& ring() { return ring_; }

  std::uint64_t Count(std::uint32_t which) const {
    std::uint64_t count = 0;
    GetFromBpfMap(counts_, &which, &count);
    return count;
  }

 private:
  using Offsets = std::vector<std::size_t>;

  void Tell(std::int64_t call, std::uint32_t telling) const {
    const auto number = static_cast<std::uint32_t>(call);
    SetInBpfMap(numbers_, &number, &telling);
  }

  // BPF_REG_0 has the address of the key's value, or the program ends.
  static void LookUp(BpfAssembler& code, BpfAssembler::Label end, const Descriptor& map,
                     std::int32_t key = kKey) {
    code.CallWithKey(BPF_FUNC_map_lookup_elem, map.get(), key);
    code.JumpIf(BPF_JEQ, BPF_REG_0, 0, end);
  }

  // The key is a number that is 4 bytes of what the program was given.
  static void LoadKey(BpfAssembler& code, int given, std::size_t offset) {
    code.Load(BPF_W, BPF_REG_1, given, offset);
    code.StoreLocal(BPF_W, kKey, BPF_REG_1);
  }

  // The key is the calling thread's number.
  static void LoadCaller(BpfAssembler& code) {
    code.Call(BPF_FUNC_get_current_pid_tgid);
    code.StoreLocal(BPF_W, kKey, BPF_REG_0);
  }

  // BPF_REG_9 has the thread of the number that is the key, or the program ends.
  void FindThread(BpfAssembler& code, BpfAssembler::Label end) const {
    LookUp(code, end, threads_);
    code.Move(BPF_REG_9, BPF_REG_0);
  }

  // Likewise of the number that is 4 bytes of what the program was given: BPF_REG_6 has that then,
  // and BPF_REG_7 the thread's generation.
  void FindGiven(BpfAssembler& code, BpfAssembler::Label end, std::size_t offset) const {
    code.Move(BPF_REG_6, BPF_REG_1);
    LoadKey(code, BPF_REG_6, offset);
    FindThread(code, end);
    code.Load(BPF_W, BPF_REG_7, BPF_REG_9, offsetof(FollowedThread, generation));
  }

  // BPF_REG_0 has the place among calling_ of the thread whose number is the key, or the program
  // ends.
  void FindSlot(BpfAssembler& code, BpfAssembler::Label end) const {
    code.LoadLocal(BPF_W, BPF_REG_1, kKey);
    code.And(BPF_REG_1, kCallingSlots - 1);
    code.StoreLocal(BPF_W, kSlotKey, BPF_REG_1);
    LookUp(code, end, calling_, kSlotKey);
  }

  void AddOne(BpfAssembler& code, std::uint32_t which, BpfAssembler::Label end) const {
    code.StoreLocalNumber(BPF_W, kKey, static_cast<std::int32_t>(which));
    LookUp(code, end, counts_);
    code.AddToMemory(BPF_REG_0, 0, 1, BPF_REG_1);
  }

  // A new thread with the generation and the calls of BPF_REG_7 and BPF_REG_8, under the number
  // that is the key. One for which there is no room counts as a lost call.
  void AddThread(BpfAssembler& code, BpfAssembler::Label end) const {
    for (std::size_t at = 0; at < sizeof(FollowedThread); at += 8) {
      code.StoreLocalNumber(BPF_DW, kValue - static_cast<std::int32_t>(at), 0);
    }
    const auto local = [](std::size_t offset) {
      return kValue - static_cast<std::int32_t>(offset);
    };
    code.StoreLocal(BPF_W, local(offsetof(FollowedThread, generation)), BPF_REG_7);
    code.StoreLocal(BPF_W, local(offsetof(FollowedThread, native)), BPF_REG_8);
    code.LoadMap(BPF_REG_1, threads_.get());
    code.LocalAddress(BPF_REG_2, kKey);
    code.LocalAddress(BPF_REG_3, kValue);
    code.Set(BPF_REG_4, BPF_ANY);
    code.Call(BPF_FUNC_map_update_elem);
    code.JumpIf(BPF_JEQ, BPF_REG_0, 0, end);
    AddOne(code, kLost, end);
  }

  // The result says that others may have the event, too.
  static std::vector<bpf_insn> EndOf(BpfAssembler& code, BpfAssembler::Label end) {
    code.Bind(end);
    code.Set(BPF_REG_0, 1);
    code.Exit();
    return code.Finish();
  }

  std::vector<bpf_insn> Enter(const Offsets& offsets) const {
    const std::size_t arguments = offsets[1];
    BpfAssembler code;
    const BpfAssembler::Label end = code.NewLabel();
    const BpfAssembler::Label told = code.NewLabel();
    const BpfAssembler::Label native = code.NewLabel();
    code.Move(BPF_REG_6, BPF_REG_1);
    // BPF_REG_7 has the call's number, and BPF_REG_8 what is told of it.
    code.Load(BPF_DW, BPF_REG_7, BPF_REG_6, offsets[0]);
    code.JumpIf(BPF_JGT, BPF_REG_7, kMostNumber, end);
    code.StoreLocal(BPF_W, kKey, BPF_REG_7);
    LookUp(code, end, numbers_);
    code.Load(BPF_W, BPF_REG_8, BPF_REG_0, 0);
    code.JumpIf(BPF_JEQ, BPF_REG_8, kNever, end);
    code.JumpIf(BPF_JNE, BPF_REG_8, kByCommand, told);
    code.Load(BPF_DW, BPF_REG_1, BPF_REG_6, arguments + 8);
    code.Truncate(BPF_REG_1);
    for (const std::int64_t command : kToldFcntlCommands) {
      code.JumpIf(BPF_JEQ, BPF_REG_1, static_cast<std::int32_t>(command), told);
    }
    code.Jump(end);
    code.Bind(told);
    LoadCaller(code);
    FindThread(code, end);
    code.Load(BPF_W, BPF_REG_1, BPF_REG_9, offsetof(FollowedThread, generation));
    code.JumpIf(BPF_JNE, BPF_REG_1, kWatched, end);
    code.Load(BPF_W, BPF_REG_1, BPF_REG_9, offsetof(FollowedThread, native));
    code.JumpIf(BPF_JNE, BPF_REG_1, 0, native);
    AddOne(code, kForeign, end);
    code.Jump(end);
    code.Bind(native);
    code.LoadLocal(BPF_W, BPF_REG_1, kKey);
    code.Store(BPF_W, BPF_REG_9, offsetof(FollowedThread, thread), BPF_REG_1);
    code.Store(BPF_W, BPF_REG_9, offsetof(FollowedThread, number), BPF_REG_7);
    for (std::size_t i = 0; i < 6; ++i) {
      code.Load(BPF_DW, BPF_REG_1, BPF_REG_6, arguments + 8 * i);
      code.Store(BPF_DW, BPF_REG_9, offsetof(FollowedThread, arguments) + 8 * i, BPF_REG_1);
    }
    code.Call(BPF_FUNC_ktime_get_ns);
    code.Store(BPF_DW, BPF_REG_9, offsetof(FollowedThread, time_ns), BPF_REG_0);
    code.Store(BPF_W, BPF_REG_9, offsetof(FollowedThread, in_call), BPF_REG_8);
    FindSlot(code, end);
    code.AddToMemory(BPF_REG_0, 0, 1, BPF_REG_1);
    return EndOf(code, end);
  }

  std::vector<bpf_insn> Leave() const {
    BpfAssembler code;
    const BpfAssembler::Label end = code.NewLabel();
    const BpfAssembler::Label timed = code.NewLabel();
    code.Move(BPF_REG_6, BPF_REG_1);
    LoadCaller(code);
    FindSlot(code, end);
    code.Load(BPF_DW, BPF_REG_1, BPF_REG_0, 0);
    code.JumpIf(BPF_JEQ, BPF_REG_1, 0, end);
    code.Move(BPF_REG_7, BPF_REG_0);
    FindThread(code, end);
    code.Load(BPF_W, BPF_REG_8, BPF_REG_9, offsetof(FollowedThread, in_call));
    code.JumpIf(BPF_JEQ, BPF_REG_8, 0, end);
    code.StoreNumber(BPF_W, BPF_REG_9, offsetof(FollowedThread, in_call), 0);
    code.AddToMemory(BPF_REG_7, 0, -1, BPF_REG_1);
    code.Load(BPF_DW, BPF_REG_1, BPF_REG_6, 8);  // the tracepoint's second argument
    code.Store(BPF_DW, BPF_REG_9, offsetof(FollowedThread, result), BPF_REG_1);
    code.JumpIf(BPF_JEQ, BPF_REG_8, kWithBeginning, timed);
    code.Call(BPF_FUNC_ktime_get_ns);
    code.Store(BPF_DW, BPF_REG_9, offsetof(FollowedThread, time_ns), BPF_REG_0);
    code.Bind(timed);
    code.LoadMap(BPF_REG_1, ring_.map().get());
    code.Move(BPF_REG_2, BPF_REG_9);
    code.Set(BPF_REG_3, kRecordBytes);
    code.Set(BPF_REG_4, BPF_RB_NO_WAKEUP);
    code.Call(BPF_FUNC_ringbuf_output);
    code.JumpIf(BPF_JEQ, BPF_REG_0, 0, end);
    AddOne(code, kLost, end);
    return EndOf(code, end);
  }

  std::vector<bpf_insn> Fork(const Offsets& offsets) const {
    BpfAssembler code;
    const BpfAssembler::Label end = code.NewLabel();
    const BpfAssembler::Label watched = code.NewLabel();
    FindGiven(code, end, offsets[0]);
    code.Load(BPF_W, BPF_REG_8, BPF_REG_9, offsetof(FollowedThread, native));
    code.JumpIf(BPF_JEQ, BPF_REG_7, kWatched, watched);
    code.Add(BPF_REG_7, -1);
    code.Bind(watched);
    LoadKey(code, BPF_REG_6, offsets[1]);
    AddThread(code, end);
    return EndOf(code, end);
  }

  std::vector<bpf_insn> Exec(const Offsets& offsets) const {
    BpfAssembler code;
    const BpfAssembler::Label end = code.NewLabel();
    FindGiven(code, end, offsets[1]);
    code.Set(BPF_REG_8, 0);
    code.CallWithKey(BPF_FUNC_map_delete_elem, threads_.get(), kKey);
    LoadKey(code, BPF_REG_6, offsets[0]);
    AddThread(code, end);
    return EndOf(code, end);
  }

  std::vector<bpf_insn> End(const Offsets& offsets) const {
    BpfAssembler code;
    const BpfAssembler::Label end = code.NewLabel();
    const BpfAssembler::Label idle = code.NewLabel();
    LoadKey(code, BPF_REG_1, offsets[0]);
    FindThread(code, end);
    code.Load(BPF_W, BPF_REG_1, BPF_REG_9, offsetof(FollowedThread, in_call));
    code.JumpIf(BPF_JEQ, BPF_REG_1, 0, idle);
    FindSlot(code, end);
    code.AddToMemory(BPF_REG_0, 0, -1, BPF_REG_1);
    code.Bind(idle);
    code.CallWithKey(BPF_FUNC_map_delete_elem, threads_.get(), kKey);
    return EndOf(code, end);
  }

  std::vector<bpf_insn> LeaveExec() const {
    BpfAssembler code;
    const BpfAssembler::Label end = code.NewLabel();
    LoadCaller(code);
    FindThread(code, end);
    code.StoreNumber(BPF_W, BPF_REG_9, offsetof(FollowedThread, native), 1);
    return EndOf(code, end);
  }

  Descriptor numbers_;
  Descriptor threads_;
  Descriptor calling_;
  Descriptor counts_;
  BpfRing ring_;
  std::vector<EventFormat> formats_;
  std::vector<Descriptor> loaded_;  // of the formats
  Descriptor leave_;
  std::vector<Descriptor> attached_;
};

class BpfCalls final : public CallSource {
 public:
  BpfCalls() { programs_.FollowCaller(); }

  // The programs tell generations apart.
  void LeaveOut(std::int64_t) override {}

  void Take(std::vector<CallEvent>& into) override {
    programs_.ring().Take([&](std::span<const unsigned char> record) {
      FollowedThread call = {};
      std::memcpy(&call, record.data(), std::min(record.size(), kRecordBytes));
      const bool opening = FindNumericCall(call.number) == nullptr;
      into.push_back({.time_ns = call.time_ns + epoch_ns_,
                      .thread = call.thread,
                      .part = opening ? CallEvent::Part::kOpened : CallEvent::Part::kWhole,
                      .number = static_cast<std::int32_t>(call.number),
                      .arguments = call.arguments,
                      .result = call.result});
    });
  }

  std::uint64_t lost() const override { return programs_.Count(kLost); }
  std::uint64_t foreign() const override { return programs_.Count(kForeign); }

 private:
  CallPrograms programs_;
  std::uint64_t epoch_ns_ = SteadyEpochNs();
};

}  // namespace

std::string WhyNoBpfCalls() {
  if (!InFirstPidNamespace()) return kOtherNumbers;
  try {
    CallPrograms programs;
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

std::unique_ptr<CallSource> MakeBpfCalls() {
  if (!InFirstPidNamespace()) throw UnsupportedError(kOtherNumbers);
  return std::make_unique<BpfCalls>();
}

}  // namespace faultline::os
