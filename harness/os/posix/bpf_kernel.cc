#include "harness/os/posix/bpf_kernel.h"

#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fmt/format.h>

#include "faultline/system_error.h"
#include "harness/os/file_mapping.h"

namespace faultline::os {
namespace {

std::uint64_t AddressOf(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

int CallBpf(bpf_cmd command, bpf_attr& attributes) {
  return static_cast<int>(::syscall(SYS_bpf, command, &attributes, sizeof attributes));
}

[[noreturn]] void ThrowNoBpf(const char* what) {
  const int code = errno;
  throw UnsupportedError(fmt::format("this kernel takes no BPF programs, or not from here: {}",
                                     SystemError(what, "BPF", code).what()));
}

std::atomic_ref<unsigned long> PositionAt(unsigned char* page) {
  return std::atomic_ref(*reinterpret_cast<unsigned long*>(page));
}

}  // namespace

Descriptor MakeBpfMap(bpf_map_type type, std::uint32_t key_bytes, std::uint32_t value_bytes,
                      std::uint32_t entries) {
  bpf_attr attributes = {};
  attributes.map_type = type;
  attributes.key_size = key_bytes;
  attributes.value_size = value_bytes;
  attributes.max_entries = entries;
  Descriptor map(CallBpf(BPF_MAP_CREATE, attributes));
  if (map.get() < 0) ThrowNoBpf("make a map of");
  return map;
}

Descriptor LoadBpfProgram(bpf_prog_type type, const std::vector<bpf_insn>& program) {
  bpf_attr attributes = {};
  attributes.prog_type = type;
  attributes.insns = AddressOf(program.data());
  attributes.insn_cnt = static_cast<std::uint32_t>(program.size());
  attributes.license = AddressOf("");  // it calls no helper that asks for one
  Descriptor loaded(CallBpf(BPF_PROG_LOAD, attributes));
  if (loaded.get() < 0) ThrowNoBpf("load a program of");
  return loaded;
}

Descriptor AttachBpfProgram(const Descriptor& program, std::uint64_t event_id) {
  perf_event_attr attributes = {};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_TRACEPOINT;
  attributes.config = event_id;
  attributes.disabled = 1;  // the program runs, and nothing is counted besides
  // Programs run on all processors, whatever event they come with.
  Descriptor event(static_cast<int>(::syscall(SYS_perf_event_open, &attributes, -1, 0, -1,
                                              static_cast<unsigned long>(PERF_FLAG_FD_CLOEXEC))));
  if (event.get() < 0 || ::ioctl(event.get(), PERF_EVENT_IOC_SET_BPF, program.get()) != 0) {
    ThrowNoBpf("attach a program of");
  }
  return event;
}

Descriptor AttachRawBpfProgram(const Descriptor& program, const char* tracepoint) {
  bpf_attr attributes = {};
  attributes.raw_tracepoint.name = AddressOf(tracepoint);
  attributes.raw_tracepoint.prog_fd = static_cast<std::uint32_t>(program.get());
  Descriptor attached(CallBpf(BPF_RAW_TRACEPOINT_OPEN, attributes));
  if (attached.get() < 0) ThrowNoBpf("attach a program of");
  return attached;
}

void SetInBpfMap(const Descriptor& map, const void* key, const void* value) {
  bpf_attr attributes = {};
  attributes.map_fd = static_cast<std::uint32_t>(map.get());
  attributes.key = AddressOf(key);
  attributes.value = AddressOf(value);
  if (CallBpf(BPF_MAP_UPDATE_ELEM, attributes) != 0) ThrowNoBpf("fill a map of");
}

bool GetFromBpfMap(const Descriptor& map, const void* key, void* value) {
  bpf_attr attributes = {};
  attributes.map_fd = static_cast<std::uint32_t>(map.get());
  attributes.key = AddressOf(key);
  attributes.value = AddressOf(value);
  return CallBpf(BPF_MAP_LOOKUP_ELEM, attributes) == 0;
}

BpfRing::Memory::Memory(const Descriptor& map, std::size_t length, int protection,
                        std::size_t offset)
    : bytes(length) {
  void* const memory =
      ::mmap(nullptr, bytes, protection, MAP_SHARED, map.get(), static_cast<off_t>(offset));
  if (memory == MAP_FAILED) ThrowNoBpf("map a ring of");
  begin = static_cast<unsigned char*>(memory);
}

BpfRing::Memory::~Memory() { ::munmap(begin, bytes); }

BpfRing::BpfRing(std::size_t bytes)
    : bytes_(bytes),
      map_(MakeBpfMap(BPF_MAP_TYPE_RINGBUF, 0, 0, static_cast<std::uint32_t>(bytes))),
      consumer_(map_, PageSize(), PROT_READ | PROT_WRITE, 0),
      producer_(map_, PageSize() + 2 * bytes, PROT_READ, PageSize()) {}

void BpfRing::Take(const std::function<void(std::span<const unsigned char>)>& taken) {
  constexpr std::size_t kHead = BPF_RINGBUF_HDR_SZ;
  const std::atomic_ref<unsigned long> read = PositionAt(consumer_.begin);
  const unsigned char* const ring = producer_.begin + PageSize();
  unsigned long at = read.load(std::memory_order_relaxed);
  const unsigned long end = PositionAt(producer_.begin).load(std::memory_order_acquire);
  while (at < end) {
    auto* const head =
        reinterpret_cast<std::uint32_t*>(const_cast<unsigned char*>(ring + at % bytes_));
    const std::uint32_t length = std::atomic_ref(*head).load(std::memory_order_acquire);
    if ((length & BPF_RINGBUF_BUSY_BIT) != 0) break;  // is being written
    const std::size_t size = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);
    if ((length & BPF_RINGBUF_DISCARD_BIT) == 0) taken({ring + at % bytes_ + kHead, size});
    at += (size + kHead + 7) / 8 * 8;
    read.store(at, std::memory_order_release);
  }
}

}  // namespace faultline::os
