#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <iterator>
#include <memory>

#include "claims/comparison.h"
#include "claims/laboratory.h"

namespace faultline::a05 {
namespace {

constexpr std::uint64_t kBlockBytes[] = {std::uint64_t{64} << 10, std::uint64_t{4} << 10,
                                         std::uint64_t{1} << 20, std::uint64_t{4} << 20};
constexpr double kGain = 1.05;  // what counts as one

enum class State { kCold, kWarm };

void Prepare(const os::File& file, State state) {
  if (state == State::kCold) {
    EvictOrRefuse(file);
    return;
  }
  FillByLargeReads(file);
  const os::Residency residency = os::MeasureResidency(file);
  if (residency.cached_pages != residency.total_pages) {
    throw UnsupportedError("the file doesn't stay in memory");
  }
}

void ReadAll(const os::File& file, std::uint64_t block, std::span<std::byte> into) {
  for (std::uint64_t at = 0; at < into.size(); at += block) {
    file.ReadExactlyAt(at, into.subspan(at, std::min(block, into.size() - at)));
  }
}

void CopyAll(const os::File& file, std::uint64_t block, std::span<std::byte> into) {
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadOnly)
                            .Map({.access = os::ViewAccess::kRead});
  for (std::uint64_t at = 0; at < into.size(); at += block) {
    std::memcpy(into.data() + at, view.data() + at, std::min(block, into.size() - at));
  }
}

std::string ArmName(const char* how, std::uint64_t block) {
  return fmt::format("{}_{}", how, FormatSize(block));
}

// The way with the least cost, of all block sizes.
std::string Best(const Comparison& comparison, const char* how) {
  std::string best = ArmName(how, kBlockBytes[0]);
  for (const std::uint64_t block : kBlockBytes) {
    const std::string arm = ArmName(how, block);
    if (comparison.MedianCost(arm).median < comparison.MedianCost(best).median) best = arm;
  }
  return best;
}

// Everything in one state: figures "gain_cold…", and the curves of a chart.
void Enter(const Laboratory& laboratory, const std::string& name, State state, const os::File& file,
           std::span<std::byte> into, Evidence& evidence) {
  std::vector<Arm> arms;
  for (const std::uint64_t block : kBlockBytes) {
    arms.push_back({ArmName("read", block), [&, block] {
                      Prepare(file, state);
                      return Timed([&] { ReadAll(file, block, into); });
                    }});
    arms.push_back({ArmName("view", block), [&, block] {
                      Prepare(file, state);
                      return Timed([&] { CopyAll(file, block, into); });
                    }});
  }
  const Comparison comparison(laboratory, arms, 9);
  const std::string read = Best(comparison, "read");
  const std::string view = Best(comparison, "view");
  comparison.Enter({{"gain_" + name, read, view}}, evidence);
  comparison.EnterCosts(name + "_", "seconds", evidence);
  evidence.words["fastest_" + name] = fmt::format("{}, {}", read, view);
  Chart chart{.name = "time_by_block_" + name,
              .title = fmt::format("Copying the whole file into memory, {}", name),
              .x = {.label = "bytes copied at a time", .unit = "bytes", .scale = "log"},
              .y = {.label = "time for the file", .unit = "seconds"},
              .reading = fmt::format(
                  "Time of reading against copying out of a view, each at its best size: {}.",
                  RatioText(evidence, "gain_" + name)),
              .curves = {{"read calls", {}}, {"a view", {}}}};
  std::vector<std::uint64_t> ascending(std::begin(kBlockBytes), std::end(kBlockBytes));
  std::sort(ascending.begin(), ascending.end());
  for (const std::uint64_t block : ascending) {
    const auto x = static_cast<double>(block);
    chart.curves[0].points.push_back(comparison.PointOf(x, ArmName("read", block)));
    chart.curves[1].points.push_back(comparison.PointOf(x, ArmName("view", block)));
  }
  evidence.charts.push_back(std::move(chart));
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t bytes = laboratory.Count<std::uint64_t>(64, 16) << 20;
  const os::File file = NewFile(laboratory, "data", bytes);
  std::vector<std::byte> into(bytes);  // touched, so that its own faults are over
  Evidence evidence;
  Enter(laboratory, "cold", State::kCold, file, into, evidence);
  Enter(laboratory, "warm", State::kWarm, file, into, evidence);
  evidence.regime =
      fmt::format("{}, {}, copied once, one thread, cache empty and filled by large reads",
                  FileSystemOf(laboratory), FormatSize(bytes));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  using verdict::Reached;
  const Reached cold = AtMost(evidence, "gain_cold", kGain);
  const Reached warm = AtMost(evidence, "gain_warm", kGain);
  const std::string deciding =
      fmt::format("read/view time: cold {}; warm {}", RatioText(evidence, "gain_cold"),
                  RatioText(evidence, "gain_warm"));
  if (cold == Reached::kNo || warm == Reached::kNo) return {Outcome::kDoesNotHold, deciding};
  if (cold == Reached::kYes && warm == Reached::kYes) return {Outcome::kHolds, deciding};
  return {Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A05",
    .title = "Mapping brings no gain for merely reading a file into memory",
    .section = "What mapping offers",
    .method =
        "Copy a whole file into memory by read calls and out of a view, 4 KiB to 4 MiB at a "
        "time, cold and warm, in rounds. Holds if at the best size of each, in both states, a "
        "gain of more than 5 % for mapping is excluded.",
    .why = "Both copy every byte once; read calls cost a system call for each block, a view a "
           "fault for each unit that a fault enters into the page table.",
    .relative_duration = 30,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a05
