#include "harness/document/comparison.h"

#include "harness/base/enum_names.h"
#include "harness/document/comparison_fields.h"
#include "harness/json/line.h"

namespace faultline::document {
namespace {

constexpr EnumNames<verdict::Verdict> kChangeNames{"better", "worse", "tied", "inconclusive"};

}  // namespace

std::string_view ChangeWord(verdict::Verdict verdict) { return kChangeNames(verdict); }

template <class Fields>
void Describe(Fields& fields, ComparedTime& time) {
  fields("figure", time.figure);
  fields("change", time.change, kChangeNames);
  fields("comparison", time.comparison);
  fields("before_ns", time.before_ns);
  fields("after_ns", time.after_ns);
  fields("repetitions_before", time.repetitions_before);
  fields("repetitions_after", time.repetitions_after);
}

template <class Fields>
void Describe(Fields& fields, ComparedCount& count) {
  fields("counter", count.counter);
  fields("unit", count.unit);
  fields("before", count.before);
  fields("after", count.after);
  fields("change", count.change);
  fields("verdict", count.verdict, kChangeNames);
  fields.EmptyIsNull("reason", count.reason);
}

template <class Fields>
void Describe(Fields& fields, ComparedTrial& trial) {
  fields("id", trial.id);
  fields("differences", trial.differences);
  fields.EmptyIsNull("problem_before", trial.problem_before);
  fields.EmptyIsNull("problem_after", trial.problem_after);
  fields("times", trial.times);
  fields("counts", trial.counts);
}

template <class Fields>
void Describe(Fields& fields, ComparedVerdicts& verdicts) {
  fields("worse", verdicts.worse);
  fields("better", verdicts.better);
  fields("tied", verdicts.tied);
  fields("inconclusive", verdicts.inconclusive);
  fields("failed", verdicts.failed);
}

template <class Fields>
void Describe(Fields& fields, ComparedRuns& runs) {
  fields.Constant("schema", kComparisonSchema);
  fields("before", runs.before);
  fields("after", runs.after);
  fields("tolerance", runs.tolerance);
  fields("count_tolerance", runs.count_tolerance);
  fields("got_worse", runs.got_worse);
  fields("verdicts", runs.verdicts);
  fields("differences", runs.differences);
  fields("notes", runs.notes);
  fields("warnings", runs.warnings);
  fields("only_before", runs.only_before);
  fields("only_after", runs.only_after);
  fields("trials", runs.trials);
}

std::string ToText(const ComparedRuns& runs) { return ToLine(JsonOf(runs)) + "\n"; }

ComparedRuns ParseComparison(const std::string& name, const std::string& text) {
  return ReadDocument<ComparedRuns>(name, text);
}

}  // namespace faultline::document
