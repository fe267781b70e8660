#include "harness/report/summary.h"

#include "harness/base/text.h"

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

Figures Estimates(std::span<const Measurement> repetitions, Status status) {
  std::map<std::string, std::vector<double>> values;
  Figures figures;
  for (const Measurement& repetition : repetitions) {
    if (repetition.status != status) continue;
    for (const auto& [name, value] : FiguresOf(repetition)) {
      figures[name];
      if (value) values[name].push_back(*value);
    }
  }
  for (const auto& [name, seen] : values) figures[name] = EstimateMedian(seen);
  return figures;
}

}  // namespace

std::map<std::string, std::optional<double>> FiguresOf(const Measurement& measurement) {
  static const std::map<std::string, CounterInfo> kCounters = AllCounters();
  std::map<std::string, std::optional<double>> figures;
  figures["ns_per_operation"] = measurement.NsPerOperation();
  figures["durable_ns_per_operation"] = measurement.DurableNsPerOperation();
  figures["steady_ns_per_operation"] = measurement.SteadyNsPerOperation();
  figures["operations_per_second"] = PerSecond(measurement.NsPerOperation());
  figures["durable_operations_per_second"] = PerSecond(measurement.DurableNsPerOperation());
  for (const auto& [phase, result] : measurement.phases) {
    figures[Concat(PhaseName(phase), ".seconds")] = result.seconds;
    for (const auto& [counter, value] : result.counters) {
      figures[Concat(PhaseName(phase), ".", counter)] = value;
    }
  }
  for (const auto& [name, info] : kCounters) {
    if (info.kind == CounterKind::kTotal) figures["total." + name] = measurement.Total(name);
  }
  figures["read_amplification"] =
      Amplification(measurement.Total("device_read_bytes"), measurement.asked_read_bytes);
  figures["write_amplification"] =
      Amplification(measurement.Total("device_write_bytes"), measurement.asked_changed_bytes);
  return figures;
}

std::optional<Estimate> Summary::Best(const std::string& name) const {
  const Figures& shown = disturbed_only ? *disturbed_only : figures;
  const auto found = shown.find(name);
  return found == shown.end() ? std::nullopt : found->second;
}

Summary Summarize(std::span<const Measurement> repetitions) {
  Summary summary;
  summary.repetitions = repetitions.size();
  for (const Measurement& repetition : repetitions) {
    summary.ok += repetition.status == Status::kOk;
    summary.disturbed += repetition.status == Status::kDisturbed;
    summary.failed += repetition.status == Status::kFailed;
    summary.unsupported += repetition.status == Status::kUnsupported;
    summary.cut_off += repetition.status == Status::kCutOff;
  }
  summary.figures = Estimates(repetitions, Status::kOk);
  if (summary.ok == 0 && summary.disturbed > 0) {
    summary.disturbed_only = Estimates(repetitions, Status::kDisturbed);
  }
  return summary;
}

std::vector<double> FigureValues(std::span<const Measurement> repetitions, Status status,
                                 const std::string& figure) {
  std::vector<double> values;
  for (const Measurement& repetition : repetitions) {
    if (repetition.status != status) continue;
    const auto figures = FiguresOf(repetition);
    const auto found = figures.find(figure);
    if (found != figures.end() && found->second) values.push_back(*found->second);
  }
  return values;
}

}  // namespace faultline
