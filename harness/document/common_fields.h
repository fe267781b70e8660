// What several documents say in the same words, listed once (harness/json/fields.h). For .cc files.
#pragma once

#include "harness/document/promised_strategy.h"
#include "harness/json/fields.h"
#include "harness/trial/measurement.h"
#include "harness/trial/trial.h"
#include "harness/verdict/comparison.h"
#include "harness/verdict/estimate.h"
#include "harness/verdict/group.h"
#include "strategies/registry.h"

namespace faultline {

inline constexpr Status kStatuses[] = {Status::kOk, Status::kFailed, Status::kInterference,
                                       Status::kUnsupported, Status::kCutOff};
inline constexpr EnumNames<Status> kStatusNames{kStatuses, StatusName};

inline constexpr Durability kDurabilities[] = {Durability::kNever, Durability::kAfterFlush,
                                               Durability::kPeriodic};
inline constexpr EnumNames<Durability> kDurabilityNames{kDurabilities, DurabilityName};

// Of times that ratios are made of.
inline constexpr NumberRule kNotNegative{[](double value) { return value >= 0; },
                                         "a time isn't negative"};
inline constexpr NumberRule kAboveZero{[](double value) { return value > 0; },
                                       "a ratio is larger than 0"};

template <class Fields>
void Describe(Fields& fields, Estimate& estimate) {
  fields("median", estimate.median);
  fields("low", estimate.low);
  fields("high", estimate.high);
}

template <class Fields>
void Describe(Fields& fields, LimitProof& proof) {
  fields("limit_bytes", proof.limit_bytes);
  fields("peak_bytes", proof.peak_bytes);
  fields("held", proof.held);
  fields("mechanism", proof.mechanism);
}

}  // namespace faultline

namespace faultline::verdict {

inline constexpr Verdict kVerdicts[] = {Verdict::kFaster, Verdict::kSlower, Verdict::kTied,
                                        Verdict::kInconclusive};
inline constexpr EnumNames<Verdict> kVerdictNames{kVerdicts, VerdictName};

template <class Fields>
void Describe(Fields& fields, Comparison::Ratio& ratio) {
  fields("median", ratio.median, kAboveZero);
  fields("low", ratio.low, kAboveZero);
  fields("high", ratio.high, kAboveZero);
  if constexpr (Fields::kReads) {
    if (ratio.low.value_or(ratio.median) > ratio.median ||
        ratio.high.value_or(ratio.median) < ratio.median) {
      fields.place().Reject("its median lies outside of it");
    }
  }
}

template <class Fields, class Id>
void Describe(Fields& fields, BasicRanking<Id>& ranking) {
  fields("order", ranking.order);
  fields("best", ranking.best);
  fields("inconclusive", ranking.inconclusive);
  fields("slower", ranking.slower);
}

}  // namespace faultline::verdict

namespace faultline::document {

template <class Fields>
void Describe(Fields& fields, PromisedStrategy& strategy) {
  fields("name", strategy.name);
  fields("spec", strategy.spec);
  fields("durability", strategy.durability, kDurabilityNames);
}

}  // namespace faultline::document
