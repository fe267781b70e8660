// Verdicts of today's claims on made-up evidence of every outcome.
#include <cmath>

#include "claims/today/published.h"
#include "tests/catch.h"
#include "tests/claims/made_up.h"

namespace faultline {
namespace {

using testing::Both;
using testing::Figures;
using testing::OutcomeOf;
using testing::Ratio;
using testing::RatioOfFewRounds;
using testing::TwinsDifferOf;
using testing::TwinsOf;
using testing::With;
using testing::Words;

// A claim whose ratio `name` has to lie above `criterion`.
void CheckAbove(const char* id, const char* name, double criterion) {
  INFO(id);
  const double little = 0.02 * criterion;
  CHECK(OutcomeOf(id, Ratio(name, criterion + little, criterion + 3 * little)) == Outcome::kHolds);
  CHECK(OutcomeOf(id, Ratio(name, criterion - 3 * little, criterion - little)) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf(id, Ratio(name, criterion - little, criterion + little)) ==
        Outcome::kInconclusive);
  // With too few rounds; and where the same twice differed.
  CHECK(OutcomeOf(id, RatioOfFewRounds(name, 10 * criterion)) == Outcome::kInconclusive);
  CHECK(OutcomeOf(id, Both(Ratio(name, 10 * criterion, 11 * criterion), TwinsOf(name)),
                  TwinsDifferOf(name)) == Outcome::kInconclusive);
}

TEST_CASE("half of an effect is half on a scale of ratios") {
  CHECK(HalfOfEffect(4) == 2);
  CHECK(HalfOfEffect(1) == 1);
}

TEST_CASE("claims of a ratio of throughputs hold from half of the published effect on") {
  CheckAbove("C01", "filling_throughput", 0.9);
  CheckAbove("C03", "slowdown_when_full", std::sqrt(2));
  CheckAbove("C05", "pool_throughput", 1);
  CheckAbove("C06", "buffered_throughput", 1);
  CheckAbove("C07", "slowdown_against_direct", std::sqrt(19));
  CheckAbove("C09", "throughput_within_memory", 0.9);
  CheckAbove("C10", "slowdown_beyond_memory", std::sqrt(2.5));
  CheckAbove("L01", "ratio", std::sqrt(6.5));
  CheckAbove("L02", "ratio", std::sqrt(2));
  CheckAbove("L03", "ratio", std::sqrt(3.4));
  CheckAbove("R02", "slowdown_against_buffered", std::sqrt(49.7));
}

TEST_CASE("a ratio that no stage gave decides nothing") {
  for (const char* id : {"C01", "C03", "C05", "C06"}) {
    CHECK(OutcomeOf(id, {}) == Outcome::kInconclusive);
  }
}

TEST_CASE("C02: a stall in proportion to filling, where one could be seen") {
  const auto of = [](double low, double high, double filling = 28) {
    return Both({{"filling_seconds", filling}, {"stall_seconds", 3}, {"timeline_seconds", 0.1}},
                Ratio("stall_share", low, high));
  };
  CHECK(OutcomeOf("C02", of(0.056, 0.2)) == Outcome::kHolds);
  CHECK(OutcomeOf("C02", of(0.01, 0.05)) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C02", of(0, 0)) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C02", of(0.01, 0.2)) == Outcome::kInconclusive);
  // A twentieth of a second is not to be seen in looks of every tenth.
  CHECK(OutcomeOf("C02", of(0, 0, 1)) == Outcome::kInconclusive);
  CHECK(OutcomeOf("C02", of(0.1, 0.2, 1)) == Outcome::kHolds);
  CHECK(OutcomeOf("C02", {}) == Outcome::kInconclusive);
  // Others stop reads, and make filling take longer than it does.
  const Words others = {{"stall_share_interference", "in it"}};
  CHECK(OutcomeOf("C02", of(0.1, 0.2), others) == Outcome::kInconclusive);
  CHECK(OutcomeOf("C02", of(0, 0), others) == Outcome::kInconclusive);
}

TEST_CASE("C04: shootdowns once memory is full, beyond others', and hardly any before") {
  const auto of = [](double before, double after, double others) {
    Figures figures = Ratio("shootdowns_per_read_while_filling", before, before);
    figures.merge(Ratio("shootdowns_per_read_when_full", after, after));
    figures.merge(Ratio("shootdowns_a_second_of_direct_reads", others, others));
    figures.merge(Figures{{"mapped_steady_ns", 1e6}, {"mapped_filling_ns", 1e5}});
    return figures;
  };
  CHECK(OutcomeOf("C04", of(0.001, 2, 0)) == Outcome::kHolds);
  CHECK(OutcomeOf("C04", of(0.001, 0.2, 0)) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C04", of(1, 2, 0)) == Outcome::kDoesNotHold);
  // 1,500 a second are 1.5 for each read of a millisecond: the 2 may be others'.
  CHECK(OutcomeOf("C04", of(0.001, 2, 1500)) == Outcome::kInconclusive);
  CHECK(OutcomeOf("C04", of(0.001, 2, 900)) == Outcome::kHolds);
  // Those while memory filled are others', too: 0.3 for each read of a tenth of that.
  CHECK(OutcomeOf("C04", of(0.3, 2, 3000)) == Outcome::kInconclusive);
  CHECK(OutcomeOf("C04", of(0.6, 2, 3000)) == Outcome::kDoesNotHold);
  // Few are few, whoever else was there.
  CHECK(OutcomeOf("C04", of(0.001, 0.2, 1e6)) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C04", {}) == Outcome::kInconclusive);
  Figures few = of(0.001, 2, 0);
  few.erase("shootdowns_per_read_when_full_low");
  CHECK(OutcomeOf("C04", few) == Outcome::kInconclusive);
}

TEST_CASE("C08 and R01: bytes that were read and not asked for") {
  CheckAbove("C08", "read_amplification", std::sqrt(30));
  const auto of = [](double low, double high) {
    return Both({{"read_amplification_of_buffered", 1}},
                Ratio("read_amplification_against_buffered", low, high));
  };
  CHECK(OutcomeOf("R01", of(30, 33)) == Outcome::kHolds);
  CHECK(OutcomeOf("R01", of(4, 5)) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("R01", of(11, 14)) == Outcome::kInconclusive);
  CHECK(OutcomeOf("R01", With(of(30, 33), {{"read_amplification_of_buffered", 0}})) ==
        Outcome::kInconclusive);
}

TEST_CASE("C11: mapped reads as fast as both other ways") {
  const Figures right =
      Both(Ratio("throughput_against_buffered", 9, 10), Ratio("throughput_against_pool", 1.2, 1.3));
  CHECK(OutcomeOf("C11", right) == Outcome::kHolds);
  CHECK(OutcomeOf("C11", Both(Ratio("throughput_against_buffered", 9, 10),
                              Ratio("throughput_against_pool", 0.7, 0.8))) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C11", Both(Ratio("throughput_against_buffered", 9, 10),
                              Ratio("throughput_against_pool", 0.8, 1))) == Outcome::kInconclusive);
}

TEST_CASE("F01: no gain beyond 8 threads, where reads by calls do gain") {
  const auto of = [](double mapped, double direct) {
    return OutcomeOf("F01", Both(Ratio("mapped_gain", mapped, mapped * 1.02),
                                 Ratio("direct_gain", direct, direct * 1.02)));
  };
  CHECK(of(1.1, 2) == Outcome::kHolds);
  CHECK(of(2, 2) == Outcome::kDoesNotHold);
  CHECK(of(2, 1) == Outcome::kDoesNotHold);
  // Nothing gains here: the machine has no more to give.
  CHECK(of(1.1, 1.1) == Outcome::kInconclusive);
  CHECK(of(1.39, 2) == Outcome::kInconclusive);
}

// Their own evidence, or that of a claim with an experiment.
TEST_CASE("every claim has evidence, a source and a publication's letter") {
  const auto& claims = Registry<ClaimInfo>::Instance();
  for (const std::string& id : claims.Names()) {
    const ClaimInfo& claim = claims.Find(id);
    if (claim.title == "planted") continue;
    INFO(id);
    CHECK((claim.experiment != nullptr) == claim.evidence_of.empty());
    if (!claim.evidence_of.empty()) {
      CHECK(claims.Find(claim.evidence_of).experiment != nullptr);
    }
    CHECK((claim.source == kArticle) == (id.front() == 'A'));
    CHECK((claim.published != "") == (id.front() != 'A'));
  }
}

}  // namespace
}  // namespace faultline
