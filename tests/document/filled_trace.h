// A trace summary in which every field is present.
#pragma once

#include "harness/document/trace.h"

namespace faultline::document {

inline Trace FilledTrace() {
  Trace trace{
      .recorder = "strace",
      .command = "a program",
      .notes = {"some calls were cut"},
      .trace_bytes = 4096,
      .started_ns = 1'700'000'000'000'000'000,
      .seconds = 12.5,
      .faults_recorded = true,
      .processes = 2,
      .threads = 3,
      .file_count = 1,
      .files = {{.path = "/made/up",
                 .size_bytes = 8192,
                 .extent_bytes = 12288,
                 .reads = 1,
                 .read_bytes = 100,
                 .writes = 2,
                 .written_bytes = 200,
                 .flushes = 3}},
      .events = {},
      .counts = {},
      .accesses = 3,
      .read_sizes = {{128, 1}},
      .write_sizes = {{64, 1}, {256, 1}},
      .sequential = {.reads = 0, .writes = 1},
      .flushes = {.count = 3,
                  .median_writes = 1.5,
                  .median_written_bytes = 150,
                  .unflushed_writes = 0},
      .working_set = {.bytes = 8192, .interval_seconds = 0.125, .bytes_by_interval = {4096}},
      .reuse = {.method = "SHARDS, fixed size",
                .sampled_pages = 16384,
                .rate = 1,
                .page_bytes = 4096,
                .first_uses = 2,
                .distances = {{4096, 1}},
                .accesses_of_hottest_1_percent = 0.5,
                .accesses_of_hottest_10_percent = 0.75},
      .region_bytes = 4096,
      .hot_regions = {{.file = "/made/up", .offset = 4096, .length = 4096, .accesses = 2}},
      .replay = TraceReplay{.block_bytes = 512,
                            .blocks = 24,
                            .operations = 6,
                            .discards = 1,
                            .split_accesses = 2,
                            .compact = true}};
  for (const char* kind : {"read", "write", "fault-read", "fault-write", "flush", "write-out",
                           "map", "unmap", "truncate", "open", "close", "discard"}) {
    trace.events[kind] = {.count = 1, .bytes = 100};
  }
  for (const TraceCountName& count : kTraceCountNames) trace.counts[std::string(count.name)] = 5;
  return trace;
}

}  // namespace faultline::document
