// What the kernel's BPF machine has: maps, programs, and a ring that programs write to. For the
// sources of this folder.
#pragma once

#include <linux/bpf.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "harness/os/posix/system_call.h"

namespace faultline::os {

// All throw UnsupportedError with the reason where the kernel takes none, or not from this process.
Descriptor MakeBpfMap(bpf_map_type type, std::uint32_t key_bytes, std::uint32_t value_bytes,
                      std::uint32_t entries);
// `type`: BPF_PROG_TYPE_TRACEPOINT or BPF_PROG_TYPE_RAW_TRACEPOINT.
Descriptor LoadBpfProgram(bpf_prog_type type, const std::vector<bpf_insn>& program);

// Runs the program at each of the trace events of that number, on all processors, until the result
// is closed; that takes some 20 ms. It is given the event's data.
Descriptor AttachBpfProgram(const Descriptor& program, std::uint64_t event_id);
// Likewise at a tracepoint of the kernel, without the cost of an event: it is given the
// tracepoint's arguments, of 8 bytes each.
Descriptor AttachRawBpfProgram(const Descriptor& program, const char* tracepoint);

// `key` and `value` are of the map's sizes.
void SetInBpfMap(const Descriptor& map, const void* key, const void* value);
// False if the map has no such key.
bool GetFromBpfMap(const Descriptor& map, const void* key, void* value);

// A map of the type BPF_MAP_TYPE_RINGBUF, read by one thread.
class BpfRing {
 public:
  // `bytes`: a power of two in whole pages.
  explicit BpfRing(std::size_t bytes);

  const Descriptor& map() const { return map_; }

  // Hands on what programs wrote since the last time, in their order.
  void Take(const std::function<void(std::span<const unsigned char> record)>& taken);

 private:
  // A part of what the map shows of itself.
  struct Memory {
    Memory(const Descriptor& map, std::size_t length, int protection, std::size_t offset);
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory();

    unsigned char* begin;
    std::size_t bytes;
  };

  std::size_t bytes_;
  Descriptor map_;
  Memory consumer_;  // a page with the position of what is read
  Memory producer_;  // likewise of what is written, then the ring, twice
};

}  // namespace faultline::os
