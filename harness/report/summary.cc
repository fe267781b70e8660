#include "harness/report/summary.h"

#include <fmt/format.h>

#include "harness/verdict/comparison.h"

namespace faultline {
namespace {

std::optional<double> PerSecond(std::optional<double> ns_per_operation) {
  if (!ns_per_operation || *ns_per_operation == 0) return std::nullopt;
  return 1e9 / *ns_per_operation;
}

std::optional<double> Amplification(CounterValue device_bytes, std::uint64_t asked_bytes) {
  if (!device_bytes || asked_bytes == 0) return std::nullopt;
  return static_cast<double>(*device_bytes) / static_cast<double>(asked_bytes);
}

}  // namespace

std::map<std::string, std::optional<double>> FiguresOf(const Measurement& measurement) {
  static const std::map<std::string, CounterInfo> kCounters = AllCounters();
  std::map<std::string, std::optional<double>> figures;
  figures[kAcceptedFigure] = measurement.NsPerOperation();
  figures[kDurableFigure] = measurement.DurableNsPerOperation();
  figures[kSteadyFigure] = measurement.SteadyNsPerOperation();
  figures["operations_per_second"] = PerSecond(measurement.NsPerOperation());
  figures["durable_operations_per_second"] = PerSecond(measurement.DurableNsPerOperation());
  for (const auto& [phase, result] : measurement.phases) {
    figures[fmt::format("{}.seconds", PhaseName(phase))] = result.seconds;
    for (const auto& [counter, value] : result.counters) {
      figures[fmt::format("{}.{}", PhaseName(phase), counter)] = value;
    }
  }
  for (const auto& [name, info] : kCounters) {
    if (info.kind == CounterKind::kTotal) figures["total." + name] = measurement.Total(name);
  }
  figures["read_amplification"] =
      Amplification(measurement.Total("device_read_bytes"), measurement.asked_read_bytes);
  figures["write_amplification"] =
      Amplification(measurement.Total("device_write_bytes"), measurement.asked_changed_bytes);
  if (measurement.latency && measurement.latency->histogram.samples() > 0) {
    const Histogram& histogram = measurement.latency->histogram;
    figures["latency.p50"] = static_cast<double>(histogram.Percentile(0.5));
    figures["latency.p99"] = static_cast<double>(histogram.Percentile(0.99));
    figures["latency.p999"] = static_cast<double>(histogram.Percentile(0.999));
  }
  return figures;
}

Summary Summarize(std::span<const Measurement> repetitions, std::span<const std::uint64_t> rounds) {
  Summary summary;
  summary.repetitions = repetitions.size();
  std::map<std::string, verdict::Rounds> values;
  verdict::Rounds usable;  // which rounds there are, whatever their figures
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    const Measurement& repetition = repetitions[i];
    summary.ok += repetition.status == Status::kOk;
    summary.interference += repetition.status == Status::kInterference;
    summary.failed += repetition.status == Status::kFailed;
    summary.unsupported += repetition.status == Status::kUnsupported;
    summary.cut_off += repetition.status == Status::kCutOff;
    if (!HasFigures(repetition.status)) continue;
    const bool interference = repetition.status == Status::kInterference;
    usable.Add(rounds[i], {0, interference});
    for (const auto& [name, value] : FiguresOf(repetition)) {
      summary.figures[name];
      if (value) values[name].Add(rounds[i], {*value, interference});
    }
  }
  for (const auto& [name, seen] : values) summary.figures[name] = EstimateMedian(seen.Costs());
  summary.with_interference = usable.UsesInterference();
  return summary;
}

}  // namespace faultline
