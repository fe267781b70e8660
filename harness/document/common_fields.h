// The fields that several documents have in common, listed once (harness/json/fields.h). For .cc
// files.
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

// Without kInterrupted, which is never part of a document.
inline constexpr EnumNames<Status> kSavedStatusNames = kStatusNames.First(5);

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

inline const EnumNames<Verdict> kVerdictNames{
    VerdictName(Verdict::kFaster), VerdictName(Verdict::kSlower), VerdictName(Verdict::kTied),
    VerdictName(Verdict::kInconclusive)};

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
