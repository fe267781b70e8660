// Power cuts, a ledger of claims, and walks in which every field is present.
#pragma once

#include "harness/document/claims.h"
#include "harness/document/powercut.h"
#include "harness/document/walk.h"
#include "tests/document/filled_run.h"

namespace faultline::document {

inline PowerCuts FilledPowerCuts() {
  return {.complete = true,
          .environment = FilledEnvironment(),
          .parameters = {.file_system = "ext4",
                         .workload = "random-update",
                         .records = 1000,
                         .record_size = 125,
                         .operations = 1000,
                         .cuts = 5,
                         .seconds = 0.25,
                         .seed = 1,
                         .image_bytes = 64 << 20},
          .rows = {{.strategy = {.name = "mmap-view-flushed",
                                 .spec = "mmap-view-flushed:every=2",
                                 .durability = Durability::kPeriodic},
                    .instant = "during",
                    .cuts = 5,
                    .status = Status::kFailed,
                    .error = "it crashed",
                    .updates = 5000,
                    .acknowledged = 4000,
                    .survived = 4321,
                    .records = PowerCutRecords{.intact_new = 1,
                                               .intact_old = 2,
                                               .torn = 3,
                                               .lost = 4,
                                               .impossible = 5,
                                               .unreadable = 6},
                    .straddling = StraddlingRecords{.records = 16, .torn = 3},
                    .acknowledged_missing = 1,
                    .promise = "broken",
                    .recovery_error = "in 'export': crashed",
                    .survival = {{.age_low_seconds = 0.3,
                                  .age_high_seconds = 0.5,
                                  .updates = 100,
                                  .survived = 99}}}}};
}

inline ClaimLedger FilledClaims() {
  const Chart chart{
      .name = "time_by_parts",
      .title = "Time by parts",
      .x = {.label = "parts"},
      .y = {.label = "time", .unit = "ns", .scale = "log"},
      .reading = "It grows.",
      .curves = {{.label = "mapped", .points = {{.x = 1, .y = 2.5, .low = 2.25, .high = 2.75}}}}};
  return {.complete = true,
          .quick = true,
          .environment = FilledEnvironment(),
          .claims = {{.id = "A01",
                      .title = "It is so.",
                      .source = "An article",
                      .section = "First",
                      .published = "2 s",
                      .method = "Looks.",
                      .verdict = "holds",
                      .figure = "1 page",
                      .regime = "ext4",
                      .evidence = {.figures = {{"pages", 1}},
                                   .words = {{"answer", "refused"}},
                                   .regime = "ext4",
                                   .charts = {chart}},
                      .why = "As it is.",
                      .error = "none, but for this document",
                      .seconds = 1.5}}};
}

inline Walks FilledWalks() {
  WalkedTally tally;
  for (const char* figure : {"virtual_bytes", "resident_bytes", "page_table_bytes", "minor_faults",
                             "major_faults", "read_bytes", "mapped_pages", "cached_pages",
                             "dirty_pages", "shared_pages", "committed_bytes"}) {
    tally[figure] = 4096;
  }
  return {
      .walks = {{.kind = "existing",
                 .subject = "/made/up",
                 .object_bytes = 8192,
                 .page_bytes = 4096,
                 .process_id = 12,
                 .note = "read only",
                 .steps = {{.action = "load",
                            .title = "Read a page",
                            .sentence = "A page is read.",
                            .touches = {.first = 1, .count = 2, .stride = 3},
                            .cost = {.minor_faults = 1,
                                     .major_faults = 2,
                                     .read_bytes = 4096,
                                     .elapsed_ns = 1000},
                            .before = tally,
                            .after = tally,
                            .views = {{.name = "/made/up",
                                       .address = 0x7f0000000000,
                                       .cache_told = true,
                                       .dirty_told = false,
                                       .sharing_told = true,
                                       .pages = {{.pages = 1, .state = "mapped", .mappings = 1}}}},
                            .map = {{.begin = 0x7f0000000000,
                                     .end = 0x7f0000002000,
                                     .rights = "r--s",
                                     .backing = "file",
                                     .name = "/made/up",
                                     .offset = 0,
                                     .resident_bytes = 4096,
                                     .dirty_bytes = 0}}}}}}};
}

}  // namespace faultline::document
