#include <algorithm>
#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <memory>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/base/clock.h"
#include "harness/os/system_info.h"

namespace faultline::a31 {
namespace {

using nlohmann::json;

constexpr auto kLongest = std::chrono::seconds(120);
constexpr std::uint64_t kEnd = ~std::uint64_t{0};

// Each side's words are far enough apart that neither's stores slow the other's.
constexpr std::uint64_t kHere = 0;
constexpr std::uint64_t kThere = 4096;
constexpr std::uint64_t kPayload = 64;  // behind a side's word
constexpr std::uint64_t kFileBytes = 2 * 4096;
constexpr std::uint64_t kPollsBetweenChecks = 1 << 20;  // at the other process

std::atomic_ref<std::uint64_t> WordAt(const os::View& view, std::uint64_t offset) {
  return std::atomic_ref<std::uint64_t>(*reinterpret_cast<std::uint64_t*>(view.data() + offset));
}

std::uint64_t ReadWord(const os::File& file, std::uint64_t offset) {
  std::uint64_t word = 0;
  file.ReadExactlyAt(offset, std::as_writable_bytes(std::span(&word, 1)));
  return word;
}

void WriteWord(const os::File& file, std::uint64_t offset, std::uint64_t word) {
  file.WriteAt(offset, std::as_bytes(std::span(&word, 1)));
}

// Answers every number in the one place by the same in the other, and counts payloads that were not
// there yet when the number was.
std::uint64_t EchoThroughViews(const os::View& view) {
  std::uint64_t stale = 0;
  for (std::uint64_t last = 0;;) {
    const std::uint64_t number = WordAt(view, kHere).load(std::memory_order_acquire);
    if (number == last) continue;
    if (number == kEnd) return stale;
    stale += number < last;
    stale += WordAt(view, kHere + kPayload).load(std::memory_order_relaxed) < number;
    WordAt(view, kThere).store(number, std::memory_order_release);
    last = number;
  }
}

void EchoThroughCalls(const os::File& file) {
  for (std::uint64_t last = 0;;) {
    const std::uint64_t number = ReadWord(file, kHere);
    if (number == last) continue;
    if (number == kEnd) return;
    WriteWord(file, kThere, number);
    last = number;
  }
}

const Registration<os::ChildMain> kEcho{
    PartnerMain("echo", [](const json& request, os::Channel&) -> Answering {
      auto file = std::make_shared<os::File>(
          os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kReadWrite));
      return [file](const json& question) -> json {
        if (question == "calls") {
          EchoThroughCalls(*file);
          return 0;
        }
        return EchoThroughViews(os::FileMapping::FromFile(*file, os::Protection::kReadWrite).Map());
      };
    })};

struct Rounds {
  std::uint64_t done = 0;
  std::uint64_t stale = 0;
  std::vector<double> ns;  // one way: half of a round
};

// Throws when the other process has answered, or ended, while a number of its is still awaited.
void RequireAtWork(Partner& echo) {
  std::string line;
  if (echo.channel().ReceiveLine(line, SteadyClock::now()) != os::Channel::Result::kTimedOut) {
    throw Error("the other process ended before its time");
  }
}

// Calls `send` with a number and waits until `arrived` says that it has come back, `wanted` times
// or for as long as it may take.
template <class Send, class Arrived>
Rounds PingPong(Partner& echo, const char* how, std::uint64_t wanted, const Send& send,
                const Arrived& arrived) {
  Rounds rounds;
  rounds.ns.reserve(wanted);
  echo.Question(how);
  const SteadyClock::time_point give_up = SteadyClock::now() + kLongest;
  SteadyClock::time_point start = SteadyClock::now();
  while (rounds.done < wanted && start < give_up) {
    send(rounds.done + 1);
    for (std::uint64_t polls = 1; !arrived(rounds.done + 1); ++polls) {
      if (polls % kPollsBetweenChecks == 0) RequireAtWork(echo);
    }
    const SteadyClock::time_point end = SteadyClock::now();
    rounds.ns.push_back(static_cast<double>(Nanoseconds(end - start)) / 2);
    start = end;
    ++rounds.done;
  }
  send(kEnd);
  rounds.stale = echo.Answer();
  return rounds;
}

// The side that goes first writes a word of the file, so both start from 0.
void Reset(const os::File& file) {
  for (const std::uint64_t at : {kHere, kHere + kPayload, kThere, kThere + kPayload}) {
    WriteWord(file, at, 0);
  }
}

Curve Percentiles(const std::string& label, const std::string& key, std::vector<double>& ns,
                  Evidence& evidence) {
  std::sort(ns.begin(), ns.end());
  Curve curve{.label = label, .points = {}};
  for (const double share : {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}) {
    const double value = ns[static_cast<std::size_t>(share * static_cast<double>(ns.size() - 1))];
    curve.points.push_back({.x = share, .y = value});
    if (share == 0.5) evidence.figures[key + "_median_ns"] = value;
    if (share == 0.99) evidence.figures[key + "_p99_ns"] = value;
  }
  return curve;
}

Evidence Experiment(const Laboratory& laboratory) {
  if (os::ProcessorCount() < 2) {
    throw UnsupportedError("this takes two processors, one for each process");
  }
  const os::File file = NewFile(laboratory, "words", kFileBytes);
  Partner echo("echo", {{"path", file.path().string()}});
  Reset(file);
  const auto view_rounds = laboratory.Count<std::uint64_t>(10'000'000, 1'000'000);
  const auto call_rounds = laboratory.Count<std::uint64_t>(100'000, 20'000);
  Rounds views;
  {
    const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
    std::uint64_t stale_here = 0;
    views = PingPong(
        echo, "views", view_rounds,
        [&](std::uint64_t number) {
          WordAt(view, kHere + kPayload).store(number, std::memory_order_relaxed);
          WordAt(view, kHere).store(number, std::memory_order_release);
        },
        [&](std::uint64_t number) {
          const std::uint64_t found = WordAt(view, kThere).load(std::memory_order_acquire);
          stale_here += found != number && found != number - 1;
          return found == number;
        });
    views.stale += stale_here;
  }
  Reset(file);
  Rounds calls = PingPong(
      echo, "calls", call_rounds, [&](std::uint64_t number) { WriteWord(file, kHere, number); },
      [&](std::uint64_t number) { return ReadWord(file, kThere) == number; });
  Evidence evidence;
  evidence.figures["rounds"] = static_cast<double>(views.done);
  evidence.figures["rounds_wanted"] = static_cast<double>(view_rounds);
  evidence.figures["stale_values"] = static_cast<double>(views.stale);
  Chart chart{.name = "latency",
              .title = "From a store in one process to its load in another",
              .x = {.label = "share of the values that took no longer", .unit = "share"},
              .y = {.label = "time, one way", .unit = "ns", .scale = "log"},
              .reading = "",
              .curves = {Percentiles("views", "view", views.ns, evidence),
                         Percentiles("write and read calls", "call", calls.ns, evidence)}};
  chart.reading =
      fmt::format("Half of the values were seen through views within {} ns, by calls within {} ns.",
                  FormatSignificant(evidence.Figure("view_median_ns")),
                  FormatSignificant(evidence.Figure("call_median_ns")));
  evidence.charts.push_back(std::move(chart));
  evidence.regime = fmt::format("{}, one page in memory, two processes that poll without pause",
                                FileSystemOf(laboratory));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double stale = evidence.Figure("stale_values");
  const double rounds = evidence.Figure("rounds");
  const std::string deciding =
      fmt::format("{} stale values in {} rounds; a value arrives in {} ns, by calls in {} ns",
                  FormatCount(static_cast<std::uint64_t>(stale)),
                  FormatCount(static_cast<std::uint64_t>(rounds)),
                  FormatSignificant(evidence.Figure("view_median_ns")),
                  FormatSignificant(evidence.Figure("call_median_ns")));
  if (stale != 0) return {Outcome::kDoesNotHold, deciding};
  if (rounds < evidence.Figure("rounds_wanted")) return {Outcome::kInconclusive, deciding};
  return {Outcome::kHolds, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A31",
    .title = "All views are coherent at once, with no bookkeeping",
    .section = "Mapping a view",
    .method = "Two processes pass numbers to and fro through views of one file, ten million times "
              "(a million in a quick run, for two minutes at most), and by calls. Holds if none "
              "ever sees an older number, "
              "or a number without what was stored before it.",
    .why = "Both views are the same physical page, and processors keep their caches coherent.",
    .relative_duration = 40,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a31
