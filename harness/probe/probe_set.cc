// All probes together: read in one order at a phase's begin and in the reverse order at its end, so
// that each source's two readings enclose those of the sources nearer to the phase, and nothing
// else.
#include <algorithm>
#include <utility>

#include "harness/probe/probe.h"

namespace faultline {

FAULTLINE_DEFINE_REGISTRY(ProbeInfo);

struct ProbeSet::Source {
  const ProbeInfo* info;
  std::unique_ptr<Probe> probe;
  std::vector<CounterValue> at_begin;
  std::vector<CounterValue> at_end;
};

namespace {

// What a total's two readings add to `sum`: nothing is known as soon as one of the three is not,
// nor when a counter that should only grow has shrunk, as machine-wide ones do when a processor is
// taken away.
CounterValue Added(const CounterValue& sum, const CounterValue& begin, const CounterValue& end) {
  if (!sum || !begin || !end || *end < *begin) return std::nullopt;
  return *sum + (*end - *begin);
}

}  // namespace

ProbeSet::ProbeSet(const ProbeSubject& subject) {
  for (const auto& [name, info] : Registry<ProbeInfo>::Instance().Entries()) {
    sources_.push_back({.info = &info, .probe = info.make(subject), .at_begin = {}, .at_end = {}});
  }
  std::stable_sort(sources_.begin(), sources_.end(), [](const Source& a, const Source& b) {
    return a.info->nearness < b.info->nearness;
  });
  // The first reading touches code, stack and heap for the first time. It is not part of any phase.
  Begin();
  Counters unused;
  End(unused);
}

ProbeSet::~ProbeSet() = default;

void ProbeSet::Begin() {
  for (Source& source : sources_) source.probe->BeginPhase();
  for (Source& source : sources_) source.at_begin = source.probe->Read();
}

void ProbeSet::End(Counters& into) {
  // All readings first: entering them into the map takes memory.
  for (auto source = sources_.rbegin(); source != sources_.rend(); ++source) {
    source->at_end = source->probe->Read();
  }
  for (const Source& source : sources_) {
    for (std::size_t i = 0; i < source.info->counters.size(); ++i) {
      const CounterInfo& counter = source.info->counters[i];
      const CounterValue& begin = source.at_begin[i];
      const CounterValue& end = source.at_end[i];
      switch (counter.kind) {
        case CounterKind::kTotal: {
          CounterValue& sum = into.try_emplace(counter.name, 0).first->second;
          sum = Added(sum, begin, end);
          break;
        }
        case CounterKind::kLevel:
          into[counter.name] = begin ? end : std::nullopt;
          break;
        case CounterKind::kPeak: {
          CounterValue& peak = into.try_emplace(counter.name, 0).first->second;
          peak = peak && begin && end ? CounterValue(std::max(*peak, *end)) : std::nullopt;
          break;
        }
      }
    }
  }
}

std::map<std::string, std::string> ProbeSet::WhyAbsent() const {
  std::map<std::string, std::string> reasons;
  for (const Source& source : sources_) {
    for (std::size_t i = 0; i < source.info->counters.size(); ++i) {
      if (source.at_begin[i] && source.at_end[i]) continue;
      reasons[source.info->counters[i].name] = source.probe->WhyAbsent();
    }
  }
  return reasons;
}

std::map<std::string, CounterInfo> AllCounters() {
  std::map<std::string, CounterInfo> counters;
  for (const auto& [name, info] : Registry<ProbeInfo>::Instance().Entries()) {
    for (const CounterInfo& counter : info.counters) counters[counter.name] = counter;
  }
  return counters;
}

}  // namespace faultline
