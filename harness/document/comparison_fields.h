// The fields of a comparison, wherever a document has one. For .cc files.
#pragma once

#include "harness/document/common_fields.h"
#include "harness/document/judged_groups.h"

namespace faultline::document {

template <class Fields>
void Describe(Fields& fields, GroupedComparison& comparison) {
  verdict::GroupComparison& one = comparison.one;
  fields("group", comparison.group);
  fields("figure", one.figure);
  fields("strategy", one.strategy);
  fields("baseline", one.baseline);
  fields("verdict", comparison.said);
  fields("ratio", one.comparison.ratio);
  fields("rounds", one.comparison.rounds);
  fields("with_interference", one.comparison.with_interference);
  fields("rounds_needed", one.comparison.rounds_needed);
  fields.EmptyIsNull("reason", one.comparison.reason);
}

}  // namespace faultline::document
