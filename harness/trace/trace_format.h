// The bytes of a trace file, versions 1 and 2: docs/trace-file.md describes them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/trace/event.h"

namespace faultline::trace_format {

inline constexpr std::string_view kMagic = "FLTRACE";
inline constexpr std::uint8_t kVersion = 2;
inline constexpr std::uint8_t kVersionWithoutCounts = 1;

inline constexpr std::uint8_t kEndTag = 0x00;
inline constexpr std::uint8_t kFileTag = 0x01;
inline constexpr std::uint8_t kThreadTag = 0x02;
inline constexpr std::uint8_t kEventTag = 0x80;
inline constexpr std::uint8_t kOtherFile = 0x10;
inline constexpr std::uint8_t kOffsetGiven = 0x20;
inline constexpr std::uint8_t kLengthGiven = 0x40;
inline constexpr std::uint8_t kKindMask = 0x0f;

// Bounds that keep a hostile file from taking memory, and sums from overflowing.
inline constexpr std::uint64_t kMaximumText = 1 << 16;
inline constexpr std::uint64_t kMaximumFiles = 1 << 20;
inline constexpr std::uint64_t kMaximumNotes = 64;
inline constexpr std::uint64_t kMaximumCounts = 256;
inline constexpr std::uint64_t kMaximumEnd = std::uint64_t{1} << 62;  // of offset + length
// Of a read, a write or a page fault; no system transfers more at once.
inline constexpr std::uint64_t kMaximumAccess = std::uint64_t{1} << 32;
inline constexpr std::size_t kMaximumVarint = 10;  // bytes

inline constexpr std::uint8_t kTimedBit = 1;  // of the end
inline constexpr std::uint8_t kFaultsBit = 2;

constexpr bool HasFlags(EventKind kind) {
  return kind == EventKind::kMap || kind == EventKind::kOpen;
}

// Whether an event of this kind may be about this range.
constexpr bool IsRange(EventKind kind, std::uint64_t offset, std::uint64_t length) {
  return offset <= kMaximumEnd && length <= kMaximumEnd - offset &&
         (!IsAccess(kind) || length <= kMaximumAccess);
}

constexpr std::uint64_t Fold(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

constexpr std::int64_t Unfold(std::uint64_t folded) {
  return static_cast<std::int64_t>(folded >> 1) ^ -static_cast<std::int64_t>(folded & 1);
}

}  // namespace faultline::trace_format
