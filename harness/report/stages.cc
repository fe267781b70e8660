#include "harness/report/stages.h"

#include <algorithm>
#include <vector>

#include "harness/verdict/estimate.h"

namespace faultline {

using document::Stage;
using document::Stages;

namespace {

constexpr double kSlow = 0.1;  // of the median rate

// Intervals are numbered by the row that they end with.
double RateOf(std::span<const TimelineRow> rows, std::size_t i) {
  const double seconds = rows[i].seconds - rows[i - 1].seconds;
  return seconds <= 0 ? 0
                      : static_cast<double>(rows[i].operations - rows[i - 1].operations) / seconds;
}

// The stage of these intervals, which need not be neighbours; empty: none.
std::optional<Stage> StageOf(std::span<const TimelineRow> rows,
                             const std::vector<std::size_t>& intervals) {
  if (intervals.empty()) return std::nullopt;
  Stage stage;
  stage.begin_seconds = rows[intervals.front() - 1].seconds;
  std::vector<double> rates;
  for (const std::size_t i : intervals) {
    rates.push_back(RateOf(rows, i));
    stage.seconds += rows[i].seconds - rows[i - 1].seconds;
    stage.operations += rows[i].operations - rows[i - 1].operations;
    for (const auto& [name, after] : rows[i].counters) {
      if (std::find(std::begin(kTimelineLevels), std::end(kTimelineLevels), name) !=
          std::end(kTimelineLevels)) {
        continue;
      }
      const auto before = rows[i - 1].counters.find(name);
      const auto [place, first] = stage.totals.try_emplace(name, 0);
      if (before == rows[i - 1].counters.end() || !before->second || !after || !place->second ||
          *after < *before->second) {
        place->second = std::nullopt;
      } else {
        *place->second += *after - *before->second;
      }
    }
  }
  stage.operations_per_second = Median(std::move(rates));
  return stage;
}

}  // namespace

std::optional<Stages> FindStages(std::span<const TimelineRow> rows) {
  if (rows.size() < 3) return std::nullopt;
  const auto reclaimed = [&](std::size_t i) -> CounterValue {
    const auto found = rows[i].counters.find("reclaimed_pages");
    return found == rows[i].counters.end() ? std::nullopt : found->second;
  };
  if (!reclaimed(0)) return std::nullopt;
  std::vector<std::size_t> filling;
  std::vector<std::size_t> pressed;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!reclaimed(i)) return std::nullopt;
    const bool short_of_memory =
        !pressed.empty() || *reclaimed(i) >= *reclaimed(0) + kFirstReclaimedPages;
    (short_of_memory ? pressed : filling).push_back(i);
  }
  Stages stages;
  stages.filling = StageOf(rows, filling);
  std::size_t stall_begin = 0;  // positions in `pressed`
  std::size_t stall_end = 0;
  if (stages.filling) {
    for (std::size_t begin = 0; begin < pressed.size();) {
      std::size_t end = begin;
      while (end < pressed.size() &&
             RateOf(rows, pressed[end]) < kSlow * stages.filling->operations_per_second) {
        ++end;
      }
      if (end - begin > stall_end - stall_begin) {
        stall_begin = begin;
        stall_end = end;
      }
      begin = std::max(end, begin + 1);
    }
  }
  const auto at = [&](std::size_t i) { return pressed.begin() + static_cast<std::ptrdiff_t>(i); };
  stages.stall = StageOf(rows, {at(stall_begin), at(stall_end)});
  pressed.erase(at(stall_begin), at(stall_end));
  stages.steady = StageOf(rows, pressed);
  return stages;
}

}  // namespace faultline
