// The lines below a group's table: the judge's verdicts as an answer, and what an A/A pair shows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/report/run_document.h"
#include "harness/report/table.h"

namespace faultline {

// Rounds that any trial of the group took part in.
std::uint64_t RoundsOf(const RunDocument& document, const TrialGroup& group);

// Whether latencies of single operations were taken of any trial of the group.
bool HasLatency(const RunDocument& document, const TrialGroup& group);

// nullptr where no strategy of the group has the figure.
const verdict::GroupRanking* RankingOf(const verdict::JudgedGroup& judged,
                                       const std::string& figure);

// "Answer: …" for the group of that place in the document, with what would settle what is
// inconclusive; "" for one that was not run.
std::string GroupAnswer(const RunDocument& document, std::size_t place, const RunCourse& course,
                        const TableStyle& style);

// What the same strategy measured twice says about the others; "" without an A/A pair.
std::string GroupNoise(const RunDocument& document, std::size_t place, const TableStyle& style);

}  // namespace faultline
