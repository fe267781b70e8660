// The bytes of a trace file, version 1; docs/trace-file.md has the same for people.
//
// Numbers are varints: seven bits a byte, the lowest first, the top bit set on all but the last.
// Signed numbers are folded first (0, -1, 1, -2 … become 0, 1, 2, 3 …). A text is its length and
// its bytes.
//
//   "FLTRACE" and a byte 1     magic and version
//   recorder, command          texts
//   entries                    each begins with a tag byte:
//     0x01 path, size + 1      a file; they are numbered from 1 in this order. Size 0: unknown
//     0x02 process, thread     of all events from here on
//     0x80 | kind | …          an event: its kind in the low four bits; then the time since the event
//                              before (signed); with bit 0x10 the file's number, else the file is the
//                              one before; with bit 0x20 the signed distance of the offset from the
//                              end of the file's event before, else it is 0; with bit 0x40 the length,
//                              else it is that of the last event of this kind; the flags, of maps and
//                              opens only
//     0x00 bits, started       the end. bits: 1, times were kept (else every time is 0); 2, page faults
//                              were recorded. started: time 0 in ns since 1970, 0 where unknown. Then
//                              the number of events, the number of files, the number of notes and
//                              the notes (texts)
//   checksum                   CRC-32 of all bytes before, four bytes, the lowest first
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "harness/trace/event.h"

namespace faultline::trace_format {

inline constexpr std::string_view kMagic = "FLTRACE";
inline constexpr std::uint8_t kVersion = 1;

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
