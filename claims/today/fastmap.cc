// How faults scale with threads.
//
// Papagiannis, Xanthakis, Saloustros, Marazakis and Bilas, "Optimizing Memory-mapped I/O for Fast
// Storage Devices", USENIX ATC 2020: mapped random accesses on 32 cores gain nothing beyond 8
// threads.
#include <algorithm>
#include <fmt/format.h>

#include "claims/laboratory.h"
#include "claims/today/pressure.h"
#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/verdict/figure_text.h"

namespace faultline::fastmap {
namespace {

constexpr std::uint64_t kKnee = 8;     // threads up to which it scales
constexpr std::uint64_t kBeyond = 32;  // and those with which it should be twice as fast at least
constexpr double kGain = 1.4;          // half of twice, on a scale of ratios
constexpr std::uint64_t kThreads[] = {1, 2, 4, kKnee, 16, kBeyond};

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t limit = laboratory.Count<std::uint64_t>(256, 64) << 20;
  const auto pressure = [&](std::uint64_t threads) {
    return Pressure{.file_bytes = 4 * limit,
                    .limit_bytes = limit,
                    .record_bytes = 4096,
                    .operations = laboratory.Count<std::uint64_t>(16'000, 8'000),
                    .threads = threads};
  };
  const Dataset dataset = DatasetFor(PressureTrial(laboratory, pressure(1), "mmap-view"));
  const auto name = [](const char* way, std::uint64_t threads) {
    return fmt::format("{}_{}{}", way, threads, threads == 1 ? "_thread" : "_threads");
  };
  std::vector<Arm> arms;
  // The first is run twice: the knee's.
  std::vector<std::uint64_t> order(std::begin(kThreads), std::end(kThreads));
  std::rotate(order.begin(), std::find(order.begin(), order.end(), kKnee), order.end());
  if (laboratory.quick) order = {kKnee, kBeyond};
  for (const std::uint64_t threads : order) {
    for (const auto& [way, strategy] :
         {std::pair("mapped", "mmap-view:advice=random"), std::pair("direct", "direct")}) {
      arms.push_back(TrialArm(name(way, threads),
                              PressureTrial(laboratory, pressure(threads), strategy), dataset,
                              AcceptedNs));
    }
  }
  const Comparison comparison(laboratory, arms, verdict::kFewestRounds);
  Evidence evidence;
  comparison.Enter({{"mapped_gain", name("mapped", kKnee), name("mapped", kBeyond)},
                    {"direct_gain", name("direct", kKnee), name("direct", kBeyond)}},
                   evidence);
  comparison.EnterCosts("", "ns", evidence);
  Chart chart{.name = "throughput_by_threads",
              .title = fmt::format("Random reads of a file of {} within {} of memory",
                                   FormatSize(4 * limit), FormatSize(limit)),
              .x = {.label = "threads", .unit = "count", .scale = "log"},
              .y = {.label = "reads per second", .unit = "count", .scale = "log"},
              .reading = fmt::format("From {} threads to {} mapped reads gain {}, direct ones {}.",
                                     kKnee, kBeyond, FactorText(evidence.Figure("mapped_gain")),
                                     FactorText(evidence.Figure("direct_gain"))),
              .curves = {{"mapped", {}}, {"direct", {}}}};
  std::sort(order.begin(), order.end());
  for (Curve& curve : chart.curves) {
    for (const std::uint64_t threads : order) {
      const auto x = static_cast<double>(threads);
      const Point ns = comparison.PointOf(x, name(curve.label.c_str(), threads));
      Point rate{.x = x, .y = 1e9 / ns.y};
      if (ns.low && ns.high) {
        rate.low = 1e9 / *ns.high;
        rate.high = 1e9 / *ns.low;
      }
      curve.points.push_back(rate);
    }
  }
  evidence.charts.push_back(std::move(chart));
  evidence.regime =
      fmt::format("{} and fewer, random advice", PressureText(laboratory, pressure(kBeyond)));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const std::string deciding =
      fmt::format("from {} threads to {} mapped reads gain {}; direct ones {}", kKnee, kBeyond,
                  RatioText(evidence, "mapped_gain"), RatioText(evidence, "direct_gain"));
  using verdict::Reached;
  const Reached mapped = AtLeast(evidence, "mapped_gain", kGain);
  if (mapped == Reached::kYes) return {Outcome::kDoesNotHold, deciding};
  // Without a device that serves more threads nothing could gain.
  if (AtLeast(evidence, "direct_gain", kGain) != Reached::kYes) {
    return {Outcome::kInconclusive,
            fmt::format("{}: storage and processors serve no more", deciding)};
  }
  return {mapped == Reached::kNo ? Outcome::kHolds : Outcome::kInconclusive, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "F01",
    .title = "Mapped reads gain nothing from more than 8 threads",
    .source = "Papagiannis and others, FastMap, ATC 2020",
    .section = "2",
    .published = "no gain beyond 8 threads, on 32 cores",
    .method =
        "Random reads of pages of a cold file four times as large as the memory limit, mapped "
        "with random advice and direct, by 1 to 32 threads, in rounds. Holds if mapped reads gain "
        "less than 1.4x from 8 threads to 32 where direct ones gain more; where direct ones "
        "gain less, the machine decides nothing.",
    .why = "Faults of one process took locks of its address space and of the file's pages; newer "
           "systems lock each view by itself.",
    .relative_duration = 45,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::fastmap
