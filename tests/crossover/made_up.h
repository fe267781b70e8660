// Made-up points and studies, for tests of what is said about them.
#pragma once

#include <string>
#include <vector>

#include "harness/crossover/study.h"

namespace faultline::crossover {

// A repetition of a round that took `ns` per operation, durably twice as much.
inline Sample MadeUpSample(std::uint64_t round, double ns, Status status = Status::kOk) {
  Sample sample{round, status, "", {ns, 2 * ns, ns}};
  if (status == Status::kFailed) sample = {round, status, "planted fault", {}};
  if (status == Status::kCutOff) sample = {round, status, "cut off", {}};
  if (status == Status::kInterference) sample.error = "interference";
  return sample;
}

// `count` of them, by turns `spread` below and above `ns`. Strategies that begin with different
// `step`s are out of step, so that their ratios vary.
inline std::vector<Sample> MadeUpSamples(double ns, std::size_t count = 6,
                                         Status status = Status::kOk, double spread = 0.01,
                                         std::uint64_t step = 0) {
  std::vector<Sample> samples;
  for (std::uint64_t round = 0; round < count; ++round) {
    const bool above = (round + step) % 2 == 1;
    samples.push_back(MadeUpSample(round, ns * (above ? 1 + spread : 1 - spread), status));
  }
  return samples;
}

// The costs of read-write and mmap-view, whose ratio varies by twice `spread` either way.
inline Point MadeUpPoint(double x, double first_ns, double second_ns, double spread = 0.01) {
  Point point;
  point.x = x;
  point.rounds = 6;
  point.regime = "random-update, made up";
  point.arms = {{"read-write", "", MadeUpSamples(first_ns, 6, Status::kOk, spread)},
                {"mmap-view", "", MadeUpSamples(second_ns, 6, Status::kOk, spread, 1)}};
  point.again = {"read-write", "", MadeUpSamples(first_ns, 6, Status::kOk, spread)};
  return point;
}

inline MeasuredPoint Measured(Point point) {
  MeasuredPoint measured;
  measured.planned.point = std::move(point);
  measured.planned.specs.resize(measured.point().arms.size());
  measured.JudgeAgain(Figure::kAccepted);
  return measured;
}

// mmap-view is best up to 1 KiB, read-write from 8 KiB on; between them they are tied.
inline Study MadeUpStudy() {
  Study study;
  study.x = {"record-size", ValueKind::kSize, 16, 65536, true, 16};
  study.strategies = {StrategyChoice("read-write"), StrategyChoice("mmap-view")};
  study.environment = {{"processor", "made up \"quoted\" \\ ?\?/ processor\n#error"},
                       {"kernel", std::nullopt},
                       {"memory_bytes", "1073741824"}};
  study.ended = "narrow";
  StudyRow row;
  for (const auto& [x, first, second] :
       {std::tuple(16.0, 900.0, 100.0), std::tuple(1024.0, 900.0, 500.0),
        std::tuple(2048.0, 900.0, 910.0), std::tuple(8192.0, 900.0, 2000.0),
        std::tuple(65536.0, 1000.0, 9000.0)}) {
    row.points.push_back(Measured(MadeUpPoint(x, first, second)));
  }
  study.rows.push_back(std::move(row));
  return study;
}

}  // namespace faultline::crossover
