#include "harness/trial/messages.h"

#include "harness/trial/trial_fields.h"

namespace faultline {
namespace {

using nlohmann::json;

// A histogram as it travels.
struct Bins {
  std::uint64_t max = 0;
  std::vector<std::array<std::uint64_t, 3>> bins;  // lower, upper, count
};

template <class Fields>
void Describe(Fields& fields, Bins& bins) {
  fields("max", bins.max);
  fields("bins", bins.bins);
}

Bins BinsOf(const Histogram& histogram) {
  Bins packed{.max = histogram.maximum(), .bins = {}};
  for (const Histogram::Bin& bin : histogram.NonEmptyBins()) {
    packed.bins.push_back({bin.lower, bin.upper, bin.count});
  }
  return packed;
}

Histogram HistogramOf(const Bins& packed, const JsonPlace&) {
  Histogram histogram;
  for (const auto& [lower, upper, count] : packed.bins) histogram.AddBin({lower, upper, count});
  histogram.NoteMaximum(packed.max);
  return histogram;
}

// The name of a system call, which a page count refers to without owning it.
std::string SourceName(std::string_view source) { return std::string(source); }

std::string_view SourceOf(const std::string& name, const JsonPlace&) {
  return name == "mincore" ? "mincore" : "cachestat";
}

}  // namespace

template <class Fields>
void Describe(Fields& fields, WorkerRequest& request) {
  fields.As("spec", request.spec, PackTrial, UnpackTrial);
  fields("process", request.process);
}

template <class Fields>
void Describe(Fields& fields, PreparedCache& cache) {
  fields("state", cache.state, kCacheStateNames);
  fields("total_pages", cache.residency.total_pages);
  fields("cached_pages", cache.residency.cached_pages);
  fields("dirty_pages", cache.residency.dirty_pages);
  fields.As("source", cache.residency.source, SourceName, SourceOf);
  fields("proved", cache.proved);
  fields("why_not", cache.why_not);
}

template <class Fields>
void Describe(Fields& fields, Verification& verdict) {
  fields("correct", verdict.correct);
  fields("wrong_records", verdict.wrong_records);
  fields("first_wrong_record", verdict.first_wrong_record);
  fields("damage", verdict.damage, kDamageNames);
  fields("read_checksum", verdict.read_checksum);
  fields("description", verdict.description);
}

template <class Fields>
void Describe(Fields& fields, PlayedLoad& load) {
  fields("late_operations", load.late_operations);
  fields("due_together", load.due_together);
  fields.As("harness_late", load.harness_late, BinsOf, HistogramOf);
  fields("intended_ns", load.intended_ns);
  fields("achieved_ns", load.achieved_ns);
}

template <class Fields>
void Describe(Fields& fields, Stretch& stretch) {
  fields("start_ns", stretch.start_ns);
  fields("seconds", stretch.seconds);
}

template <class Fields>
void Describe(Fields& fields, WorkerReport& report) {
  fields("operations", report.operations);
  fields("asked_read_bytes", report.asked_read_bytes);
  fields("asked_changed_bytes", report.asked_changed_bytes);
  fields("read_checksum", report.read_checksum);
  fields.As("latency", report.latency, BinsOf, HistogramOf);
  fields("timer_ns", report.timer_ns);
  fields("open_loop", report.open_loop);
  fields("series", report.series);
  fields("stretches", report.stretches);
  fields("settings", report.settings);
  fields("absent", report.absent);
}

json ToJson(const WorkerRequest& request) { return JsonOf(request); }
json ToJson(const PhaseResult& phase) { return JsonOf(phase); }
json ToJson(const PreparedCache& cache) { return JsonOf(cache); }
json ToJson(const Verification& verdict) { return JsonOf(verdict); }
json ToJson(const WorkerReport& report) { return JsonOf(report); }

WorkerRequest WorkerRequestFromJson(const json& request) {
  return FromMessage<WorkerRequest>(request);
}

PhaseResult PhaseResultFromJson(const json& answer) { return FromMessage<PhaseResult>(answer); }

PreparedCache PreparedCacheFromJson(const json& answer) {
  return FromMessage<PreparedCache>(answer);
}

Verification VerificationFromJson(const json& answer) { return FromMessage<Verification>(answer); }

WorkerReport WorkerReportFromJson(const json& answer) { return FromMessage<WorkerReport>(answer); }

}  // namespace faultline
