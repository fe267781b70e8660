// What several experiments need: files of their own, and counts around a piece of work.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "claims/claim.h"
#include "faultline/file.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"
#include "harness/os/process_counters.h"

namespace faultline {

// A new file of incompressible content, on storage when this returns.
os::File NewFile(const Laboratory& laboratory, const std::string& name, std::uint64_t bytes);

// Dirty pages of the file, or UnsupportedError where the system can't tell.
std::uint64_t DirtyPages(const os::File& file);

// Empties the cache of the file; UnsupportedError where its pages can't leave memory.
void EvictOrRefuse(const os::File& file);

// Empties the cache and fills it again, a page at a time: no page comes with another.
void FillPageByPage(const os::File& file);

// The same by large reads, as a copying program would leave it.
void FillByLargeReads(const os::File& file);

// A new file, one hole, of the largest size up to `wished` that the file system takes; at least
// 1 GiB, or UnsupportedError.
os::File NewSparseFile(const Laboratory& laboratory, const std::string& name, std::uint64_t wished);

// Touches every page of the range by a store, or by a load.
void StoreToEveryPage(std::span<std::byte> range, std::byte value = std::byte{1});
void LoadFromEveryPage(std::span<const std::byte> range);

// Dirty pages of the file, and those on their way to storage, each once, counted at one moment.
std::uint64_t PagesNotYetWritten(const os::File& file);

// Pages that this process made dirty so far, each time anew, less those dropped before they were
// written. What is no longer dirty of them was written.
std::uint64_t PagesDirtiedSoFar();

// A file that is not used while something else is measured. Its pages stay unwritten as long as the
// system and its other users leave all files alone; where they were written, a process asked for
// all to be written, or memory was short of clean pages.
class IdleFile {
 public:
  explicit IdleFile(const Laboratory& laboratory);

  // Enters how many of its pages there are, and how many are not yet written.
  void Enter(Evidence& evidence) const;

 private:
  os::File file_;
  os::View view_;
};

// "", or in words that pages of the idle file were written.
std::string WhoElseWrote(const Evidence& evidence);

// What a file system may write beside the pages that it was asked to: notes of its own.
inline constexpr double kNotesPages = 64;

// How long the action takes.
double SecondsOf(const std::function<void()>& action);

// The block device under the file; UnsupportedError where there is none. Any process may write to
// it, so what is written is an upper bound of what a claim's own file had written, and decides
// nothing more.
std::string RequireDevice(const os::File& file);
std::uint64_t DeviceBytesWritten(const std::string& device);

// The counter's value; UnsupportedError, naming `what`, where this system has none.
std::uint64_t Known(const os::Counter& counter, const char* what);

// Of this process: minor and major faults, and bytes that it caused to be read from storage.
std::uint64_t FaultsSoFar();
std::uint64_t BytesReadSoFar();

// Bytes of the view that are in memory and in this process's page table.
double ResidentBytes(const os::View& view);

// `done` when `action` returns, "refused: …" when it throws Error.
std::string WhatHappens(const std::string& done, const std::function<void()>& action);

}  // namespace faultline
