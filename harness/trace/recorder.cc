#include "harness/trace/recorder.h"

#include <chrono>
#include <fmt/format.h>
#include <system_error>

#include "faultline/error.h"
#include "harness/base/clock.h"
#include "harness/base/exit_code.h"
#include "harness/os/interruption.h"
#include "harness/os/program.h"
#include "harness/os/watched_program.h"
#include "harness/trace/fault_merger.h"
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

std::vector<std::string> TracingCommand(const std::string& strace, const std::string& report,
                                        const std::vector<std::string>& command) {
  // Every thread and process; times since 1970; the paths of descriptors; nothing of the data; and
  // only the calls that matter stop the program.
  std::vector<std::string> words = {strace, "-f", "-q", "-ttt", "-y", "-s", "0", "--seccomp-bpf"};
  // Signals stay in the text: without them a thread's end by one would be missing.
  words.insert(words.end(),
               {"-e", fmt::format("trace={}", StraceImporter::CallNames()), "-o", report, "--"});
  words.insert(words.end(), command.begin(), command.end());
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

// Hands strace's text on to its end. Returns false when the user asked to stop: the command has
// ended then, or was killed.
bool ReadReport(os::WatchedProgram& program, LineSplitter& lines, FaultMerger& faults) {
  std::optional<SteadyClock::time_point> asked;
  while (true) {
    std::string_view piece;
    const os::WatchedProgram::Result result = program.Read(piece, kLook);
    faults.Poll(result == os::WatchedProgram::Result::kTimedOut);
    if (result == os::WatchedProgram::Result::kEnd) return !asked;
    if (result == os::WatchedProgram::Result::kData) lines.Take(piece);
    // Looked at also while data comes: a busy command may never leave a pause.
    if (!os::Interrupted()) continue;
    if (!asked) {
      asked = SteadyClock::now();
      program.AskToEnd();
    } else if (SteadyClock::now() - *asked > kGrace) {
      program.Kill();
    }
  }
}

int ExitCode(const os::ChildEnd& end) {
  return end.kind == os::ChildEnd::Kind::kExited ? end.code : kSignalBase + end.code;
}

}  // namespace

RecordResult Record(const RecordRequest& request) {
  const std::string strace = FindTracer();
  if (os::FindProgram(request.command.at(0)).empty()) {
    throw UsageError(fmt::format("no program '{}' can be found to record", request.command[0]));
  }
  TraceWriter writer(request.output, {.recorder = fmt::format("{}, strace", request.recorder),
                                      .command = Quoted(request.command)});
  RecordResult result;
  os::CatchInterruption();
  if (request.measure_cost) {
    const SteadyClock::time_point start = SteadyClock::now();
    result.plain_exit_code = os::RunProgram(request.command);
    result.plain_seconds = SecondsSince(start);
    if (os::Interrupted()) return {.exit_code = kExitInterrupted, .interrupted = true};
  }
  TraceBuilder builder(writer, FilePatterns(request.patterns), LookAt);
  StraceImporter importer(builder);
  LineSplitter lines(importer, "strace");
  FaultMerger faults(importer, builder);
  const SteadyClock::time_point start = SteadyClock::now();
  os::WatchedProgram program(
      [&](const std::string& report) { return TracingCommand(strace, report, request.command); });
  const bool finished = ReadReport(program, lines, faults);
  const os::ChildEnd end = program.Wait();
  result.recorded_seconds = SecondsSince(start);
  result.exit_code = ExitCode(end);
  if (!finished) {
    result.interrupted = true;
    return result;
  }
  if (lines.lines() == 0) {
    throw UnsupportedError(
        "strace could not trace the command (its own words are above); a container or a security "
        "module may forbid it");
  }
  // Before the end of the text is looked at: a cut line says nothing about the program.
  if (!importer.complete()) {
    throw Error(fmt::format(
        "strace ended before the command did ({}); the command was killed and no trace was written",
        end.Description()));
  }
  lines.Finish();
  if (importer.maps()) faults.Finish();
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
