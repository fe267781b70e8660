// Trials against fio. Both execute the same number of operations on files of the same size, both
// resident, and in both times lies the first touch of every page.
#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "benchmarks/comparison.h"
#include "benchmarks/hand_loops.h"
#include "benchmarks/program_run.h"
#include "harness/base/random.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/os/page_cache.h"
#include "harness/trial/trial.h"

namespace faultline::peers {
namespace {

using nlohmann::json;

constexpr const char* kFioFile = "fio.data";
constexpr const char* kFioReport = "fio.json";

struct Access {
  const char* name;
  const char* workload;   // of the trial
  const char* direction;  // of fio's --rw, after "rand"
};
constexpr Access kAccesses[] = {{"read", "random-read", "read"},
                                {"write", "random-write", "write"}};

struct Pair {
  const char* strategy;
  const char* engine;
  // Over all records: so many that the first touch of each page hardly counts, on a warm file, and
  // that fio, which counts in milliseconds, runs for a second or more.
  std::uint64_t passes;
  double target;  // fio's time ÷ the trial's, at least
  bool has_loop;  // whether a loop that only copies is measured too
};
constexpr Pair kPairs[] = {{"mmap-view", "mmap", 10, 10, true},
                           {"read-write", "psync", 2, 1, false}};

// What fio does beside the transfers can be reduced: clock readings, advice on the file, changes to
// what it writes. Shown as a second row, since few people would ask it for that.
const std::vector<std::string> kParedDown = {"--gtod_reduce=1", "--fadvise_hint=0",
                                             "--scramble_buffers=0"};

std::uint64_t Operations(const Setting& setting, const Pair& pair) {
  return setting.dataset.geometry().records * pair.passes;
}

// What the transfers alone take: records copied by a loop that does nothing else. Tells how far ahead
// of fio anybody can be here.
double LoopNs(const Setting& setting, const Pair& pair, const Access& access) {
  const Geometry& geometry = setting.dataset.geometry();
  Random random(setting.dataset.seed());
  std::vector<std::uint64_t> offsets(geometry.records);
  for (std::uint64_t& offset : offsets) {
    offset = random.Below(geometry.records) * geometry.record_size;
  }
  std::vector<std::byte> record(geometry.record_size, std::byte{1});
  const MappedRecords records(setting.directory / kFioFile);
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t pass = 0; pass < pair.passes; ++pass) {
    if (access.name == std::string_view("read")) {
      records.CopyOut(offsets, record);
    } else {
      records.CopyIn(offsets, record);
    }
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
  os::File::Open(setting.directory / kFioFile, os::FileAccess::kReadWrite).SyncData();
  return took.count() / static_cast<double>(Operations(setting, pair));
}

// One arm of a round.
struct Contender {
  std::string name;
  std::function<double()> ns_per_operation;
};

double FioNs(const Setting& setting, const Pair& pair, const Access& access, bool pared_down) {
  const Geometry& geometry = setting.dataset.geometry();
  std::vector<std::string> arguments = {
      "fio", "--name=peer", Concat("--filename=", kFioFile), "--allow_file_create=0",
      Concat("--size=", geometry.file_size()),
      Concat("--io_size=", Operations(setting, pair) * geometry.record_size),
      Concat("--bs=", geometry.record_size), Concat("--rw=rand", access.direction),
      Concat("--ioengine=", pair.engine),
      // The same record may come again, as in a trial's plan, and the cache is left as it is.
      "--norandommap", "--invalidate=0", "--output-format=json", Concat("--output=", kFioReport)};
  if (pared_down) arguments.insert(arguments.end(), kParedDown.begin(), kParedDown.end());
  RunToItsEnd(arguments, setting.directory);
  const std::string text = os::ReadText(setting.directory / kFioReport);
  // fio puts warnings before its report.
  const std::size_t begin = std::min(text.find('{'), text.size());
  const json report = json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end());
  const json& figures = report.at("jobs").at(0).at(access.direction);
  const auto done = figures.at("total_ios").get<std::uint64_t>();
  if (done != Operations(setting, pair)) {
    throw Error(Concat("fio did ", done, " operations of ", Operations(setting, pair),
                       "; its report has changed its meaning, or its defaults are overridden"));
  }
  // Written out now, so that the device is not at work while others are timed.
  os::File::Open(setting.directory / kFioFile, os::FileAccess::kReadWrite).SyncData();
  return figures.at("runtime").get<double>() * 1e6 / static_cast<double>(done);
}

double TrialNs(const Setting& setting, const Pair& pair, const Access& access) {
  TrialSpec spec;
  spec.strategy = pair.strategy;
  spec.workload = access.workload;
  spec.records = setting.dataset.geometry().records;
  spec.record_size = setting.dataset.geometry().record_size;
  spec.passes = pair.passes;
  spec.cache = kCache;
  spec.seed = setting.dataset.seed();
  spec.directory = setting.directory;
  const Measurement measurement = RunTrial(Resolve(spec), setting.dataset);
  const std::optional<double> ns = measurement.NsPerOperation();
  // A busy machine disturbs every arm alike; that is what rounds in random order are for.
  const bool usable = measurement.status == Status::kOk || measurement.status == Status::kDisturbed;
  if (!usable || !ns || measurement.operations != Operations(setting, pair)) {
    throw Error(Concat("a trial of ", pair.strategy, " with ", access.workload, ": ",
                       StatusName(measurement.status), ", ", measurement.error));
  }
  return *ns;
}

// fio's private file: it never sees the dataset.
void MakeFioFile(const Setting& setting) {
  const os::File from = OpenDataFile(setting.dataset.file(), os::FileAccess::kRead);
  const os::File to = os::File::Create(setting.directory / kFioFile);
  std::vector<std::byte> block(std::size_t{1} << 20);
  const std::uint64_t size = setting.dataset.geometry().file_size();
  for (std::uint64_t at = 0; at < size; at += block.size()) {
    const std::size_t count = from.ReadAt(at, block);
    to.WriteAt(at, std::span(block).first(count));
  }
  to.SyncData();
  // As PrepareCache does with the dataset.
  static_assert(kCache == CacheState::kPaged);
  os::Evict(to);
  os::FillByReading(to, os::PageSize(), true);
}

std::string TrialName(const Pair& pair, const Access& access) {
  return Concat(pair.strategy, " ", access.name);
}

std::string FioName(const Pair& pair, const Access& access, bool pared_down) {
  return Concat("fio ", pair.engine, " ", access.name, pared_down ? " pared down" : "");
}

std::string LoopName(const Access& access) { return Concat("copying loop ", access.name); }

std::vector<Contender> AllContenders(const Setting& setting) {
  std::vector<Contender> contenders;
  for (const Pair& pair : kPairs) {
    for (const Access& access : kAccesses) {
      contenders.push_back(
          {TrialName(pair, access), [&] { return TrialNs(setting, pair, access); }});
      if (pair.has_loop) {
        contenders.push_back({LoopName(access), [&] { return LoopNs(setting, pair, access); }});
      }
      for (bool pared_down : {false, true}) {
        contenders.push_back({FioName(pair, access, pared_down), [&, pared_down] {
                                return FioNs(setting, pair, access, pared_down);
                              }});
      }
    }
  }
  return contenders;
}

}  // namespace

std::string FioVersion(const std::filesystem::path& directory) {
  return std::string(Trim(RunToItsEnd({"fio", "--version"}, directory).output));
}

std::vector<Finding> CompareWithFio(const Setting& setting) {
  MakeFioFile(setting);
  std::vector<Contender> contenders = AllContenders(setting);
  std::map<std::string, std::vector<double>> ns;
  Random random(setting.seed);
  for (std::uint64_t round = 0; round < setting.rounds; ++round) {
    for (std::size_t left = contenders.size(); left > 1; --left) {
      std::swap(contenders[left - 1], contenders[random.Below(left)]);
    }
    setting.progress(Concat("fio: round ", round + 1, " of ", setting.rounds));
    for (const Contender& contender : contenders) {
      ns[contender.name].push_back(contender.ns_per_operation());
    }
  }
  std::vector<Finding> findings;
  for (const Pair& pair : kPairs) {
    for (const Access& access : kAccesses) {
      for (bool pared_down : {false, true}) {
        const std::string above = FioName(pair, access, pared_down);
        const std::string below = TrialName(pair, access);
        Target target;
        if (!pared_down) target.at_least = pair.target;
        findings.push_back({.name = pared_down ? "  the same, fio pared down"
                                               : Concat(above, " / ", pair.strategy),
                            .above = above,
                            .below = below,
                            .above_ns = ns[above],
                            .below_ns = ns[below],
                            .target = target});
      }
      if (!pair.has_loop) continue;
      const std::string fio = FioName(pair, access, false);
      findings.push_back({.name = Concat("  ", fio, " / a loop that only copies"),
                          .above = fio,
                          .below = LoopName(access),
                          .above_ns = ns[fio],
                          .below_ns = ns[LoopName(access)],
                          .target = {}});
    }
  }
  return findings;
}

}  // namespace faultline::peers
