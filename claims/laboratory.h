// What several experiments need: files of their own, and counts around a piece of work.
#pragma once

#include <cstdint>
#include <string>

#include "claims/claim.h"
#include "harness/os/file.h"
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

// The block device under the file; UnsupportedError where there is none.
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
