#include "harness/document/run.h"

#include <algorithm>
#include <fmt/format.h>

namespace faultline::document {

std::map<std::string, std::string> Parameters::Texts() const {
  std::map<std::string, std::string> texts = {
      {"records", std::to_string(records)},
      {"record_size", std::to_string(record_size)},
      {"file_bytes", std::to_string(file_bytes)},
      {"operations", std::to_string(operations)},
      {"passes", std::to_string(passes)},
      {"threads", std::to_string(threads)},
      {"processes", std::to_string(processes)},
      {"cache", cache},
      {"memory_limit_bytes", memory_limit_bytes ? std::to_string(*memory_limit_bytes) : "null"}};
  for (const auto& [name, value] : others) texts[name] = TextOf(value);
  return texts;
}

std::optional<double> Repetition::Figure(std::string_view figure) const {
  constexpr std::string_view kTotal = "total.";
  if (figure == kAcceptedFigure) return accepted_ns;
  if (figure == kDurableFigure) return durable_ns;
  if (figure == kSteadyFigure) return steady_ns;
  if (figure.starts_with(kTotal)) {
    const CounterValue total = Total(std::string(figure.substr(kTotal.size())));
    if (total) return static_cast<double>(*total);
  } else if (latency && latency->samples > 0) {
    if (figure == "latency.p50") return static_cast<double>(latency->p50);
    if (figure == "latency.p99") return static_cast<double>(latency->p99);
    if (figure == "latency.p999") return static_cast<double>(latency->p999);
  }
  return std::nullopt;
}

CounterValue Repetition::Total(const std::string& counter) const {
  return TotalOf(phases, counter);
}

CounterValue Repetition::PeakResidentBytes() const {
  CounterValue peak;
  for (const auto& [phase, result] : phases) {
    const auto found = result.counters.find("peak_resident_bytes");
    if (found != result.counters.end()) peak = std::max(peak, found->second);
  }
  return peak;
}

std::optional<Estimate> Summary::Figure(const std::string& name) const {
  const auto found = figures.find(name);
  return found == figures.end() ? std::nullopt : found->second;
}

std::uint64_t Trial::Count(Status status) const {
  return static_cast<std::uint64_t>(
      std::count_if(repetitions.begin(), repetitions.end(),
                    [status](const Repetition& r) { return r.status == status; }));
}

std::string Trial::ErrorOf(Status status) const {
  for (const Repetition& repetition : repetitions) {
    if (repetition.status == status) return repetition.error;
  }
  return {};
}

bool Trial::open_load() const {
  const auto load = parameters.others.find("load");
  return load != parameters.others.end() && TextOf(load->second) == "open";
}

void Trial::TakeClockTimes() {
  net_of_waiting = false;
  for (Repetition& repetition : repetitions) {
    const std::uint64_t operations = repetition.operations;
    const std::uint64_t steady = operations / parameters.passes * (parameters.passes - 1);
    const auto retell = [&](std::optional<double>& ns, std::span<const Phase> phases,
                            std::uint64_t of) {
      if (ns) ns = NsPerOperation(repetition.phases, phases, of, false);
    };
    retell(repetition.accepted_ns, kAcceptedPhases, operations);
    retell(repetition.durable_ns, kDurablePhases, operations);
    retell(repetition.steady_ns, kSteadyPhases, steady);
  }
}

const std::map<std::string, std::string>& Trial::replay() const {
  static const std::map<std::string, std::string> kNone;
  return workload.name == "trace" ? workload.facts : kNone;
}

std::string Trial::Problem() const {
  for (const Repetition& repetition : repetitions) {
    if (repetition.status == Status::kFailed) {
      return fmt::format("failed{}{}", repetition.error.empty() ? "" : ": ", repetition.error);
    }
    if (repetition.verified == false) return "left a wrong file";
    if (repetition.usable() && stores() && !repetition.verified) return "was not verified";
  }
  return {};
}

verdict::Rounds Trial::RoundsOf(std::string_view figure) const {
  verdict::Rounds rounds;
  for (const Repetition& repetition : repetitions) {
    if (!repetition.usable()) continue;
    const std::optional<double> value = repetition.Figure(figure);
    if (value) rounds.Add(repetition.round, {*value, repetition.interference()});
  }
  return rounds;
}

std::vector<const Repetition*> Trial::Usable() const {
  verdict::Rounds places;  // in `repetitions`
  for (std::size_t i = 0; i < repetitions.size(); ++i) {
    if (!repetitions[i].usable()) continue;
    places.Add(repetitions[i].round, {static_cast<double>(i), repetitions[i].interference()});
  }
  std::vector<const Repetition*> usable;
  for (const double place : places.Costs()) {
    usable.push_back(&repetitions[static_cast<std::size_t>(place)]);
  }
  return usable;
}

const Trial* Run::Find(const std::string& id) const {
  const auto found = std::find_if(trials.begin(), trials.end(),
                                  [&id](const Trial& trial) { return trial.id == id; });
  return found == trials.end() ? nullptr : &*found;
}

std::map<std::string, std::string> Run::CountUnits() const {
  std::map<std::string, std::string> units;
  for (const auto& [counter, info] : counters) {
    if (info.kind == CounterKind::kTotal) units[counter] = info.unit;
  }
  return units;
}

}  // namespace faultline::document
