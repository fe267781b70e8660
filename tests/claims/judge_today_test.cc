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
using testing::With;

// A claim whose ratio `name` has to lie above `criterion`.
void CheckAbove(const char* id, const char* name, double criterion) {
  INFO(id);
  const double little = 0.02 * criterion;
  CHECK(OutcomeOf(id, Ratio(name, criterion + little, criterion + 3 * little)) == Outcome::kHolds);
  CHECK(OutcomeOf(id, Ratio(name, criterion - 3 * little, criterion - little)) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf(id, Ratio(name, criterion - little, criterion + little)) ==
        Outcome::kInconclusive);
  // Within the noise; and with too few repetitions.
  CHECK(OutcomeOf(id, Ratio(name, criterion + little, criterion + 3 * little, 0.1)) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf(id, Ratio(name, 10 * criterion, 10 * criterion, 0.01, 2)) ==
        Outcome::kInconclusive);
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
  const Figures right = {{"filling_seconds", 28},
                         {"stall_seconds", 3},
                         {"timeline_seconds", 0.1},
                         {"undisturbed_repetitions", 3}};
  CHECK(OutcomeOf("C02", right) == Outcome::kHolds);
  CHECK(OutcomeOf("C02", With(right, {{"stall_seconds", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C02", With(right, {{"stall_seconds", 0}})) == Outcome::kDoesNotHold);
  // A twentieth of a second is not to be seen in looks of every tenth.
  CHECK(OutcomeOf("C02", With(right, {{"filling_seconds", 1}, {"stall_seconds", 0}})) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf("C02", With(right, {{"filling_seconds", 1}, {"stall_seconds", 0.1}})) ==
        Outcome::kHolds);
}

TEST_CASE("C04: shootdowns once memory is full, and hardly any before") {
  const Figures right = {{"shootdowns_per_read_while_filling", 0.001},
                         {"shootdowns_per_read_when_full", 2},
                         {"undisturbed_repetitions", 3}};
  CHECK(OutcomeOf("C04", right) == Outcome::kHolds);
  CHECK(OutcomeOf("C04", With(right, {{"shootdowns_per_read_when_full", 0.2}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C04", With(right, {{"shootdowns_per_read_while_filling", 1}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("C04", {{"undisturbed_repetitions", 3}}) == Outcome::kInconclusive);
  CHECK(OutcomeOf("C04", With(right, {{"undisturbed_repetitions", 2}})) == Outcome::kInconclusive);
  CHECK(OutcomeOf("C02", {{"undisturbed_repetitions", 2}}) == Outcome::kInconclusive);
}

TEST_CASE("C08 and R01: bytes that were read and not asked for") {
  const Figures right = {{"read_amplification", 32}, {"read_amplification_of_buffered", 1}};
  for (const char* id : {"C08", "R01"}) {
    CHECK(OutcomeOf(id, right) == Outcome::kHolds);
    CHECK(OutcomeOf(id, With(right, {{"read_amplification", 4}})) == Outcome::kDoesNotHold);
  }
  // 32 times what was asked for, and four times what calls read.
  CHECK(OutcomeOf("R01", With(right, {{"read_amplification_of_buffered", 8}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("R01", With(right, {{"read_amplification_of_buffered", 0}})) ==
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
  CHECK(of(1.4, 2) == Outcome::kInconclusive);
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
