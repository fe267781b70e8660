// Counters around the phases of a trial. A probe is one source of counters; it registers itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "faultline/file.h"
#include "harness/base/registry.h"

namespace faultline {

enum class CounterKind {
  kTotal,  // grows; a phase's figure is the difference of its ends
  kLevel,  // a state; a phase's figure is the value at its end
  kPeak,  // the highest state since the phase, or a stretch of it, began; the figure is the highest
};

// Whose activity a counter counts. It decides how the figures of several processes of one trial are
// put together: those of kProcess are added up, the others are the same for all.
enum class CounterScope { kProcess, kFile, kDevice, kMachine };

struct CounterInfo {
  std::string name;     // as in the run document: "minor_faults"
  std::string unit;     // "", "bytes", "ns", "pages"
  std::string summary;  // one line
  CounterKind kind = CounterKind::kTotal;
  CounterScope scope = CounterScope::kProcess;
  // Head of its column in the table of `--verbose` and on the page, for totals; "": no column.
  std::string column = {};
};

// A counter's value; absent where it can't be had here.
using CounterValue = std::optional<std::uint64_t>;

// One source, at work in one process. Read is called at both ends of every phase, outside the
// clock, and must change what other sources count as little as it can.
class Probe {
 public:
  virtual ~Probe() = default;

  // Called right before a phase: a source that has to reset something does it here.
  virtual void BeginPhase() {}

  // One value for each counter of the ProbeInfo, in its order.
  virtual std::vector<CounterValue> Read() = 0;

  // Why some or all counters are absent here, with the likely cause; "" when none is.
  virtual std::string WhyAbsent() const { return {}; }
};

// What a probe may read from.
struct ProbeSubject {
  const os::File* data_file = nullptr;  // open for reading; outlives the probe
};

struct ProbeInfo {
  static constexpr std::string_view kKind = "probe";

  std::string name;     // "usage": of the file usage_probe.cc
  std::string summary;  // one line: the source
  std::vector<CounterInfo> counters;
  std::function<std::unique_ptr<Probe>(const ProbeSubject&)> make;

  // Sources with a higher figure are read nearer to the phase: after the others at its begin,
  // before them at its end. For those whose counters the reading of other sources would change.
  int nearness = 0;
};

FAULTLINE_DECLARE_REGISTRY(ProbeInfo);

// The counters of a phase, by name.
using Counters = std::map<std::string, CounterValue>;

// All registered probes together. A phase may be measured in several stretches (Begin, End, Begin,
// End), with work between them that is not part of it.
class ProbeSet {
 public:
  explicit ProbeSet(const ProbeSubject& subject);
  ~ProbeSet();

  void Begin();

  // Adds what was counted since Begin to `into`: differences are added, levels replace. A counter
  // that was absent at either end is absent.
  void End(Counters& into);

  // For each counter that is absent here: its probe's explanation.
  std::map<std::string, std::string> WhyAbsent() const;

 private:
  struct Source;
  std::vector<Source> sources_;
};

// Every counter of every registered probe, by name.
std::map<std::string, CounterInfo> AllCounters();

}  // namespace faultline
