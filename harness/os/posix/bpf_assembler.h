// Programs for the kernel's BPF machine, instruction by instruction: for the sources of this
// folder.
#pragma once

#include <linux/bpf.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline::os {

// Registers, sizes, conditions and helpers are the constants of <linux/bpf.h>: BPF_REG_0, BPF_W and
// BPF_DW, BPF_JEQ, BPF_FUNC_map_lookup_elem. Offsets are in bytes.
class BpfAssembler {
 public:
  using Label = std::size_t;

  // A place to jump to, which Bind makes the next instruction's. REQUIRES: it is behind all jumps
  // to it, and every label is bound once.
  Label NewLabel() {
    targets_.push_back(0);
    return targets_.size() - 1;
  }
  void Bind(Label label) { targets_[label] = program_.size(); }

  void Move(int to, int from) { Emit(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0); }
  void Set(int to, std::int32_t number) { Emit(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, number); }
  // NOLINTNEXTLINE(misc-redundant-expression): constants that are 0 alike
  void Add(int to, std::int32_t number) { Emit(BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, number); }
  void And(int to, std::int32_t bits) { Emit(BPF_ALU64 | BPF_AND | BPF_K, to, 0, 0, bits); }
  // Clears the upper half of a register.
  void Truncate(int to) { Emit(BPF_ALU | BPF_MOV | BPF_X, to, to, 0, 0); }

  void Load(int size, int to, int base, std::size_t offset) {
    Emit(BPF_LDX | BPF_MEM | size, to, base, static_cast<std::int32_t>(offset), 0);
  }
  void Store(int size, int base, std::size_t offset, int from) {
    Emit(BPF_STX | BPF_MEM | size, base, from, static_cast<std::int32_t>(offset), 0);
  }
  void StoreNumber(int size, int base, std::size_t offset, std::int32_t number) {
    Emit(BPF_ST | BPF_MEM | size, base, 0, static_cast<std::int32_t>(offset), number);
  }
  // Adds to 8 bytes in memory, in one step for all processors. Takes a register besides.
  void AddToMemory(int base, std::size_t offset, std::int32_t number, int scratch) {
    Set(scratch, number);
    Emit(BPF_STX | BPF_ATOMIC | BPF_DW, base, scratch, static_cast<std::int32_t>(offset), BPF_ADD);
  }

  // The program's own memory, below the address in BPF_REG_10.
  void StoreLocal(int size, std::int32_t below, int from) {
    Emit(BPF_STX | BPF_MEM | size, BPF_REG_10, from, -below, 0);
  }
  void StoreLocalNumber(int size, std::int32_t below, std::int32_t number) {
    Emit(BPF_ST | BPF_MEM | size, BPF_REG_10, 0, -below, number);
  }
  void LoadLocal(int size, int to, std::int32_t below) {
    Emit(BPF_LDX | BPF_MEM | size, to, BPF_REG_10, -below, 0);
  }
  void LocalAddress(int to, std::int32_t below) {
    Move(to, BPF_REG_10);
    Add(to, -below);
  }

  // The address of a map, for helpers.
  void LoadMap(int to, int map) {
    // NOLINTNEXTLINE(misc-redundant-expression): constants that are 0 alike
    Emit(BPF_LD | BPF_DW | BPF_IMM, to, BPF_PSEUDO_MAP_FD, 0, map);
    Emit(0, 0, 0, 0, 0);
  }

  // Takes BPF_REG_1 to BPF_REG_5, and returns in BPF_REG_0; BPF_REG_6 and up to 9 stay.
  void Call(int helper) { Emit(BPF_JMP | BPF_CALL, 0, 0, 0, helper); }

  // Likewise with a map and the address of a key, which is in the program's memory.
  void CallWithKey(int helper, int map, std::int32_t key_below) {
    LoadMap(BPF_REG_1, map);
    LocalAddress(BPF_REG_2, key_below);
    Call(helper);
  }

  void Jump(Label label) { EmitJump(BPF_JMP | BPF_JA, 0, 0, label); }
  void JumpIf(int condition, int left, std::int32_t right, Label label) {
    EmitJump(BPF_JMP | condition | BPF_K, left, right, label);
  }
  void Exit() { Emit(BPF_JMP | BPF_EXIT, 0, 0, 0, 0); }

  std::vector<bpf_insn> Finish() {
    for (const auto& [at, label] : jumps_) {
      program_[at].off = static_cast<std::int16_t>(targets_[label] - at - 1);
    }
    return program_;
  }

 private:
  struct PendingJump {
    std::size_t at;
    Label label;
  };

  void Emit(int code, int to, int from, std::int32_t offset, std::int32_t number) {
    bpf_insn instruction = {};
    instruction.code = static_cast<std::uint8_t>(code);
    instruction.dst_reg = static_cast<std::uint8_t>(to & 0xf);
    instruction.src_reg = static_cast<std::uint8_t>(from & 0xf);
    instruction.off = static_cast<std::int16_t>(offset);
    instruction.imm = number;
    program_.push_back(instruction);
  }

  void EmitJump(int code, int left, std::int32_t right, Label label) {
    jumps_.push_back({program_.size(), label});
    Emit(code, left, 0, 0, right);
  }

  std::vector<bpf_insn> program_;
  std::vector<std::size_t> targets_;
  std::vector<PendingJump> jumps_;
};

}  // namespace faultline::os
