// Made-up points and studies, for tests of what is said about them.
#pragma once

#include <string>
#include <vector>

#include "harness/crossover/study.h"

namespace faultline::crossover {

// A repetition that took `ns` per operation, durably twice as much.
inline Sample MadeUpSample(double ns, Status status = Status::kOk) {
  Sample sample{status, "", {ns, 2 * ns, ns}};
  if (status == Status::kFailed) sample = {status, "planted fault", {}};
  if (status == Status::kDisturbed) sample.error = "somebody computed";
  return sample;
}

// Around `ns`, so that medians have an interval; `count` of them.
inline std::vector<Sample> MadeUpSamples(double ns, std::size_t count = 5,
                                         Status status = Status::kOk) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    samples.push_back(MadeUpSample(ns * (0.98 + 0.01 * static_cast<double>(i % 5)), status));
  }
  return samples;
}

// The costs of read-write and mmap-view.
inline Point MadeUpPoint(double x, double first_ns, double second_ns) {
  Point point;
  point.x = x;
  point.rounds = 5;
  point.regime = "random-update, made up";
  point.arms = {{"read-write", "", MadeUpSamples(first_ns)},
                {"mmap-view", "", MadeUpSamples(second_ns)}};
  point.again = {"read-write", "", MadeUpSamples(first_ns)};
  return point;
}

inline MeasuredPoint Measured(Point point) {
  MeasuredPoint measured;
  measured.planned.point = std::move(point);
  measured.planned.specs.resize(measured.point().arms.size());
  measured.JudgeAgain(Figure::kAccepted);
  return measured;
}

// mmap-view wins up to 1 KiB, read-write from 8 KiB on; between them they are within noise.
inline Study MadeUpStudy() {
  Study study;
  study.x = {"record-size", ValueKind::kSize, 16, 65536, true, 16};
  study.strategies = {"read-write", "mmap-view"};
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
