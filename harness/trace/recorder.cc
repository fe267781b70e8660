#include "harness/trace/recorder.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <optional>
#include <system_error>

#include "faultline/error.h"
#include "harness/base/clock.h"
#include "harness/base/exit_code.h"
#include "harness/os/address_map.h"
#include "harness/os/interruption.h"
#include "harness/os/open_files.h"
#include "harness/os/program.h"
#include "harness/os/watched_program.h"
#include "harness/trace/event_merger.h"
#include "harness/trace/strace_import.h"

namespace faultline {
namespace {

constexpr int kSignalBase = 128;
// What a command has to end by itself when the user asked to stop.
constexpr std::chrono::seconds kGrace(3);

// So often page faults are fetched.
constexpr std::chrono::milliseconds kLook(10);

std::string FindTracer() {
  std::string strace = os::FindProgram("strace");
  if (strace.empty()) {
    throw UnsupportedError("recording needs strace, which is not here; install the package strace");
  }
  return strace;
}

// What strace is called with. `told` are the names of calls that others tell of.
std::vector<std::string> TracingCommand(const std::string& strace, const std::string& report,
                                        const RecordRequest& request,
                                        const std::vector<std::string_view>& told) {
  // Every thread and process; times since 1970; the paths of descriptors; nothing of the data.
  std::vector<std::string> words = {strace, "-f", "-q", "-ttt", "-y", "-s", "0"};
  // But for requests and pairs of descriptors, whose lists would be left out with the data.
  words.insert(words.end(), {"-e", "abbrev=!?io_submit,?pipe,?pipe2,?socketpair"});
  // Signals stay in the text: without them a thread's end by one would be missing.
  words.insert(words.end(),
               {"-e", fmt::format("trace={}", StraceImporter::CallNames(told)), "-o", report});
  if (request.process != 0) {
    words.insert(words.end(), {"-p", fmt::format("{}", request.process)});
    return words;
  }
  // Only the calls that matter stop the program.
  words.insert(words.end(), {"--seccomp-bpf", "--"});
  words.insert(words.end(), request.command.begin(), request.command.end());
  return words;
}

// Looks at a file while the command works on it, so its size may be newer than the event by the
// time that strace's text takes to arrive.
std::optional<SeenFile> LookAt(const std::string& path) {
  std::error_code code;
  const std::filesystem::file_status status = std::filesystem::status(path, code);
  if (code || !std::filesystem::exists(status)) return std::nullopt;
  SeenFile seen;
  seen.regular = std::filesystem::is_regular_file(status);
  if (seen.regular) {
    seen.size_bytes = std::filesystem::file_size(path, code);
    if (code) return std::nullopt;
  }
  return seen;
}

std::string Quoted(const std::vector<std::string>& command) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,@%+";
  std::string text;
  for (const std::string& word : command) {
    if (!text.empty()) text += ' ';
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      text += word;
      continue;
    }
    text += '\'';
    for (const char letter : word) {
      if (letter == '\'') {
        text += "'\\''";
      } else {
        text += letter;
      }
    }
    text += '\'';
  }
  return text;
}

// How a recording came to its end.
enum class RecordEnd { kProgram, kTime, kUser };

// Hands strace's text on to its end. The program has ended then; or strace has left it, since it
// was asked to.
RecordEnd ReadReport(os::WatchedProgram& program, LineSplitter& lines, EventMerger& events,
                     std::optional<double> seconds) {
  const SteadyClock::time_point start = SteadyClock::now();
  RecordEnd end = RecordEnd::kProgram;
  std::optional<SteadyClock::time_point> asked;
  while (true) {
    std::string_view piece;
    const os::WatchedProgram::Result result = program.Read(piece, kLook);
    events.Poll(result == os::WatchedProgram::Result::kTimedOut);
    if (result == os::WatchedProgram::Result::kEnd) return end;
    if (result == os::WatchedProgram::Result::kData) lines.Take(piece);
    if (asked) {
      if (SteadyClock::now() - *asked > kGrace) program.Kill();
      continue;
    }
    // Looked at also while data comes: a busy command may never leave a pause.
    if (os::Interrupted()) {
      end = RecordEnd::kUser;
    } else if (seconds && SecondsSince(start) >= *seconds) {
      end = RecordEnd::kTime;
    } else {
      continue;
    }
    asked = SteadyClock::now();
    program.AskToEnd();
  }
}

int ExitCode(const os::ChildEnd& end) {
  return end.kind == os::ChildEnd::Kind::kExited ? end.code : kSignalBase + end.code;
}

void CheckTarget(const RecordRequest& request) {
  if (request.process != 0) {
    if (os::ThreadsOf(request.process).empty()) {
      throw UsageError(fmt::format("there is no process {} to record", request.process));
    }
  } else if (os::FindProgram(request.command.at(0)).empty()) {
    throw UsageError(fmt::format("no program '{}' can be found to record", request.command[0]));
  }
}

// Whether calls are recorded by events; `why_not` has the reason if that was left open and can't
// be.
bool UseCallEvents(const RecordRequest& request, std::string& why_not) {
  if (request.calls == CallRecorder::kStrace) return false;
  why_not = request.process != 0 ? "a process that runs already is recorded by strace alone"
                                 : os::CallEvents::WhyUnavailable();
  if (why_not.empty()) return true;
  if (request.calls == CallRecorder::kEvents) {
    throw UnsupportedError(fmt::format("calls can't be recorded by trace events: {}", why_not));
  }
  return false;
}

// Empty where this process may not look; strace will say that it may not, either.
std::vector<os::Region> MemoryOf(std::int64_t process) {
  try {
    return os::ReadAddressMap(process);
  } catch (const os::SystemError&) {
    return {};
  }
}

InitialState StateOf(const RecordRequest& request) {
  if (request.process != 0) {
    return {.process = static_cast<std::uint32_t>(request.process),
            .threads = os::ThreadsOf(request.process),
            .files = os::ReadOpenFiles(request.process),
            .directory = os::WorkingDirectory(request.process),
            .memory = MemoryOf(request.process)};
  }
  // What this process hands on to the command.
  InitialState state;
  state.files = os::ReadOpenFiles();
  std::erase_if(state.files, [](const os::OpenFileInfo& file) { return file.close_on_exec; });
  state.directory = os::WorkingDirectory();
  return state;
}

// Throws what Record throws for a recording that says nothing of the program.
void CheckEnd(const RecordRequest& request, const StraceImporter& importer, std::uint64_t lines,
              const os::ChildEnd& end) {
  // A process may do nothing that matters while it is watched.
  const bool traced = lines > 0 || (request.process != 0 &&
                                    (end.kind != os::ChildEnd::Kind::kExited || end.code == 0));
  if (!traced) {
    throw UnsupportedError(
        fmt::format("strace could not trace the {} (its own words are above); a container or a "
                    "security module may forbid it",
                    request.process != 0 ? "process" : "command"));
  }
  // Before the end of the text is looked at: a cut line says nothing about the program.
  if (request.process == 0 && !importer.complete()) {
    throw Error(fmt::format(
        "strace ended before the command did ({}); the command was killed and no trace was written",
        end.Description()));
  }
}

// A run that ended otherwise than the recorded one did something else.
void SetRunTimes(const RecordResult& result, TraceCounts& counts) {
  const auto ns = [](double seconds) { return static_cast<std::uint64_t>(seconds * 1e9); };
  counts.run_ns = ns(result.recorded_seconds);
  if (result.plain_seconds && result.plain_exit_code == result.exit_code) {
    counts.plain_run_ns = ns(*result.plain_seconds);
  }
}

}  // namespace

RecordResult Record(const RecordRequest& request) {
  const std::string strace = FindTracer();
  CheckTarget(request);
  std::string why_strace_alone;
  const bool by_events = UseCallEvents(request, why_strace_alone);
  RecordResult result;
  result.why_strace_alone = why_strace_alone;
  result.calls_by = by_events ? "strace and trace events" : "strace";
  TraceWriter writer(request.output,
                     {.recorder = fmt::format("{}, {}", request.recorder, result.calls_by),
                      .command = request.process != 0 ? fmt::format("process {}", request.process)
                                                      : Quoted(request.command)});
  os::CatchInterruption();
  if (request.measure_cost) {
    const SteadyClock::time_point start = SteadyClock::now();
    result.plain_exit_code = os::RunProgram(request.command);
    result.plain_seconds = SecondsSince(start);
    if (os::Interrupted()) return {.exit_code = kExitInterrupted, .interrupted = true};
  }
  TraceBuilder builder(writer, FilePatterns(request.patterns), LookAt);
  StraceImporter importer(builder, {.look_up = os::NameOfDescriptor});
  LineSplitter lines(importer);
  const InitialState state = StateOf(request);
  EventMerger events(importer, builder, by_events, state.threads);
  importer.Begin(state, SystemNowNs());
  const SteadyClock::time_point start = SteadyClock::now();
  os::WatchedProgram program([&](const std::string& report) {
    return TracingCommand(strace, report, request,
                          by_events ? os::CallEvents::Names() : std::vector<std::string_view>());
  });
  events.LeaveOut(program.id());
  const RecordEnd ended = ReadReport(program, lines, events, request.seconds);
  const os::ChildEnd end = program.Wait();
  result.recorded_seconds = SecondsSince(start);
  if (request.process == 0) result.exit_code = ExitCode(end);
  if (request.process == 0 && ended == RecordEnd::kUser) {
    result.interrupted = true;
    return result;
  }
  if (ended == RecordEnd::kProgram) CheckEnd(request, importer, lines.lines(), end);
  lines.Finish();
  events.Finish();
  if (const std::string skipped = importer.counts().SkippedText("strace"); !skipped.empty()) {
    builder.Note(skipped);
  }
  if (request.process == 0) SetRunTimes(result, builder.counts());
  result.events = writer.events();
  result.files = writer.files();
  result.notes = writer.end().notes;
  if (result.events > 0) {
    writer.Finish();
    result.bytes = writer.bytes();
  }
  return result;
}

}  // namespace faultline
