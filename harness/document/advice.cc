#include "harness/document/advice.h"

#include "harness/document/comparison_fields.h"
#include "harness/json/line.h"

namespace faultline::document {

template <class Fields>
void Describe(Fields& fields, AdviceReason& reason) {
  fields("strategy", reason.strategy);
  fields("why", reason.why);
}

template <class Fields>
void Describe(Fields& fields, AdviceContender& contender) {
  fields("strategy", contender.strategy);
  fields("ns_per_operation", contender.ns_per_operation);
  fields("peak_resident_bytes", contender.peak_resident_bytes);
  fields("limited_peak_bytes", contender.limited_peak_bytes);
  fields("device_bytes_written_per_byte_changed", contender.device_bytes_written_per_byte_changed);
}

template <class Fields>
void Describe(Fields& fields, AdviceElsewhere& elsewhere) {
  fields("where", elsewhere.where);
  fields("outcome", elsewhere.outcome);
  fields("best", elsewhere.best);
  fields("ratio", elsewhere.ratio);
}

template <class Fields>
void Describe(Fields& fields, AdviceProgram& program) {
  fields("run_seconds", program.run_seconds);
  fields("recorded", program.recorded);
  fields("io_seconds", program.io_seconds);
  fields("saved_seconds", program.saved_seconds);
}

template <class Fields>
void Describe(Fields& fields, AdviceAnswer& answer) {
  fields("need", answer.need);
  fields("every", answer.every);
  fields("group", answer.group);
  fields("regime", answer.regime);
  fields.EmptyIsNull("best", answer.best);
  fields("tied", answer.tied);
  fields.EmptyIsNull("runner_up", answer.runner_up);
  fields("inconclusive", answer.inconclusive);
  fields("lead", answer.lead);
  fields.EmptyIsNull("baseline", answer.baseline);
  fields("baseline_stands", answer.baseline_stands);
  fields("baseline_repetitions", answer.baseline_repetitions);
  fields("gain", answer.gain);
  fields("program", answer.program);
  fields("ranked", answer.ranked);
  fields("elsewhere", answer.elsewhere);
}

template <class Fields>
void Describe(Fields& fields, AdviceWorkload& workload) {
  fields("workload", workload.workload);
  fields("answers", workload.answers);
  fields("keeps_storage", workload.keeps_storage);
  fields("replay", workload.replay);
  fields("left_out", workload.left_out);
}

template <class Fields>
void Describe(Fields& fields, RunAdvice& advice) {
  fields.Constant("schema", kAdviceSchema);
  fields("run", advice.run);
  fields("machine", advice.machine);
  fields.EmptyIsNull("baseline", advice.baseline);
  fields.EmptyIsNull("baseline_why", advice.baseline_why);
  fields("judged_anew", advice.judged_anew);
  fields("warnings", advice.warnings);
  fields("workloads", advice.workloads);
  fields("not_candidates", advice.not_candidates);
  fields("choices", advice.choices);
  fields("not_tested", advice.not_tested);
}

std::string ToText(const RunAdvice& advice) { return ToLine(JsonOf(advice)) + "\n"; }

RunAdvice ParseAdvice(const std::string& name, const std::string& text) {
  return ReadDocument<RunAdvice>(name, text);
}

}  // namespace faultline::document
