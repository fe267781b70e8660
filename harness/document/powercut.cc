#include "harness/document/powercut.h"

#include "harness/document/common_fields.h"
#include "harness/json/line.h"

namespace faultline::document {

template <class Fields>
void Describe(Fields& fields, PowerCutParameters& parameters) {
  fields("file_system", parameters.file_system);
  fields("workload", parameters.workload);
  fields("records", parameters.records);
  fields("record_size", parameters.record_size);
  fields("operations", parameters.operations);
  fields("cuts", parameters.cuts);
  fields("seconds", parameters.seconds);
  fields("seed", parameters.seed);
  fields("image_bytes", parameters.image_bytes);
}

template <class Fields>
void Describe(Fields& fields, PowerCutRecords& records) {
  fields("intact_new", records.intact_new);
  fields("intact_old", records.intact_old);
  fields("torn", records.torn);
  fields("lost", records.lost);
  fields("impossible", records.impossible);
  fields("unreadable", records.unreadable);
}

template <class Fields>
void Describe(Fields& fields, StraddlingRecords& straddling) {
  fields("records", straddling.records);
  fields("torn", straddling.torn);
}

template <class Fields>
void Describe(Fields& fields, PowerCutAge& age) {
  fields("age_low_seconds", age.age_low_seconds);
  fields("age_high_seconds", age.age_high_seconds);
  fields("updates", age.updates);
  fields("survived", age.survived);
}

template <class Fields>
void Describe(Fields& fields, PowerCutRow& row) {
  fields("strategy", row.strategy);
  fields("instant", row.instant);
  fields("cuts", row.cuts);
  fields("status", row.status, kSavedStatusNames);
  fields.EmptyIsNull("error", row.error);
  fields("updates", row.updates);
  fields("acknowledged", row.acknowledged);
  fields("survived", row.survived);
  fields("records", row.records);
  fields("straddling", row.straddling);
  fields("acknowledged_missing", row.acknowledged_missing);
  fields("promise", row.promise);
  fields.EmptyIsNull("recovery_error", row.recovery_error);
  fields("survival", row.survival);
}

template <class Fields>
void Describe(Fields& fields, PowerCuts& cuts) {
  fields.Constant("schema", kPowerCutSchema);
  fields("complete", cuts.complete);
  fields("environment", cuts.environment);
  fields("parameters", cuts.parameters);
  fields("rows", cuts.rows);
}

std::string ToText(const PowerCuts& cuts) { return ToLine(JsonOf(cuts)) + "\n"; }

PowerCuts ParsePowerCuts(const std::string& name, const std::string& text) {
  return ReadDocument<PowerCuts>(name, text);
}

}  // namespace faultline::document
