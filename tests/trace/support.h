// Traces made and read in tests.
#pragma once

#include <filesystem>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/os/system_info.h"
#include "harness/os/whole_file.h"
#include "harness/trace/importer.h"
#include "harness/trace/trace_reader.h"
#include "harness/trace/trace_writer.h"
#include "tests/support/temporary_directory.h"

namespace faultline::testing {

// A trace of one file of `size` bytes with these events; their file is number 1 unless given.
inline void MakeTrace(const std::filesystem::path& path, std::uint64_t size,
                      std::vector<TraceEvent> events) {
  TraceWriter writer(path, {.recorder = "a test", .command = "no command"});
  writer.AddFile("/made/up", size);
  for (TraceEvent& event : events) {
    if (event.file == 0) event.file = 1;
    writer.Add(event);
  }
  writer.Finish();
}

inline std::vector<TraceEvent> Events(TraceReader& reader) {
  std::vector<TraceEvent> events;
  TraceEvent event;
  while (reader.Next(event)) events.push_back(event);
  return events;
}

// A text imported, and what came of it in words: "write /a 0+100", one event after another.
struct Imported {
  std::vector<std::string> events;
  std::vector<TraceEvent> raw;
  TraceEnd end;
  std::string notes;  // one a line
};

inline Imported Import(const TemporaryDirectory& folder, std::string_view text,
                       ImportRequest request) {
  std::filesystem::remove(folder / "trace");
  WriteBytes(folder / "text", text);
  request.inputs = {folder / "text"};
  request.output = folder / "trace";
  request.recorder = "a test";
  ImportText(request);
  TraceReader reader(folder / "trace");
  Imported imported;
  imported.raw = Events(reader);
  imported.end = reader.end();
  imported.notes = Join(imported.end.notes, "\n");
  for (const TraceEvent& event : imported.raw) {
    imported.events.push_back(fmt::format(
        "{} {}{}", EventKindName(event.kind),
        event.file == kAllFiles ? "all" : reader.files()[event.file - 1].path,
        event.offset + event.length == 0 ? "" : fmt::format(" {}+{}", event.offset, event.length)));
  }
  return imported;
}

inline Imported Import(const TemporaryDirectory& folder, std::string_view text,
                       std::string format = "", std::vector<std::string> patterns = {"*"}) {
  return Import(folder, text,
                ImportRequest{.format = std::move(format), .patterns = std::move(patterns)});
}

}  // namespace faultline::testing
