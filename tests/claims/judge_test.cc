// From evidence to verdict: every claim's pure function on made-up evidence of every outcome.
#include <filesystem>
#include <fmt/format.h>
#include <set>

#include "claims/claim.h"
#include "tests/catch.h"
#include "tests/claims/made_up.h"

namespace faultline {
namespace {

using testing::Both;
using testing::Figures;
using testing::OutcomeOf;
using testing::Ratio;
using testing::RatioOfFewRounds;
using testing::With;
using testing::Words;

TEST_CASE("every file of the folder registers the claim it is named after") {
  std::set<std::string> expected;
  for (const auto& entry : std::filesystem::directory_iterator(FAULTLINE_CLAIMS_FOLDER)) {
    if (entry.path().extension() != ".cc") continue;
    std::string id = entry.path().stem().string().substr(0, 3);
    id[0] = 'A';
    expected.insert(id);
  }
  std::set<std::string> names;
  for (const std::string& name : Registry<ClaimInfo>::Instance().Names()) {
    if (name.front() == 'A') names.insert(name);  // the tests' own begin otherwise
  }
  CHECK(names == expected);
  CHECK(names.size() == 37);
}

TEST_CASE("every claim says what it is, how it is tested and why it may be so") {
  for (const auto& [name, info] : Registry<ClaimInfo>::Instance().Entries()) {
    INFO(name);
    CHECK(info.title != "");
    CHECK(info.section != "");
    CHECK(info.method != "");
    CHECK(info.why != "");
  }
}

TEST_CASE("outcomes have names that lead back to them") {
  for (const Outcome outcome : {Outcome::kHolds, Outcome::kDoesNotHold, Outcome::kInconclusive,
                                Outcome::kNotTestable, Outcome::kFailed}) {
    CHECK(ParseOutcome(OutcomeName(outcome)) == outcome);
  }
  CHECK_THROWS_AS(ParseOutcome("perhaps"), Error);
}

TEST_CASE("evidence that lacks a figure is an error, not a verdict") {
  for (const auto& [name, info] : Registry<ClaimInfo>::Instance().Entries()) {
    if (name.front() != 'A') continue;
    INFO(name);
    CHECK_THROWS_AS(info.judge({}), Error);
  }
}

TEST_CASE("A01: one record that differs is enough") {
  const Figures right = {{"records", 1000},
                         {"wrong_when_read_after_a_store", 0},
                         {"wrong_when_loaded_after_a_write", 0}};
  CHECK(OutcomeOf("A01", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A01", With(right, {{"wrong_when_read_after_a_store", 1}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A01", With(right, {{"wrong_when_loaded_after_a_write", 1}})) ==
        Outcome::kDoesNotHold);
}

TEST_CASE("A02: dirty until the flush, and written by it") {
  const Figures right = {{"dirty_pages_after_the_store", 1},
                         {"device_bytes_during_the_store", 0},
                         {"unwritten_pages_after_the_flush", 0},
                         {"device_bytes_during_the_flush", 4096},
                         {"page_bytes", 4096}};
  CHECK(OutcomeOf("A02", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A02", With(right, {{"dirty_pages_after_the_store", 0}})) ==
        Outcome::kDoesNotHold);
  // Dirty in the cache though it is safe in a journal, or not flushed.
  CHECK(OutcomeOf("A02", With(right, {{"unwritten_pages_after_the_flush", 1}})) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf("A02", With(right, {{"device_bytes_during_the_flush", 512}})) ==
        Outcome::kDoesNotHold);
  // What others write changes nothing.
  CHECK(OutcomeOf("A02", With(right, {{"device_bytes_during_the_store", 1e9},
                                      {"device_bytes_during_the_flush", 1e9}})) == Outcome::kHolds);
}

TEST_CASE("A03: multiples of a page, and every changed page whole") {
  const Figures right = {{"page_bytes", 4096},
                         {"bytes_read_with_read_ahead", 8 << 20},
                         {"bytes_read_without_read_ahead", 4096},
                         {"unwritten_pages_before_the_flush", 512},
                         {"unwritten_pages_after_the_flush", 0},
                         {"device_bytes_during_the_flush", 513 * 4096},
                         {"bytes_changed", 512}};
  CHECK(OutcomeOf("A03", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A03", With(right, {{"bytes_read_with_read_ahead", 512}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A03", With(right, {{"bytes_read_without_read_ahead", 0}})) ==
        Outcome::kDoesNotHold);
  const auto written = [&](double bytes) {
    return OutcomeOf("A03", With(right, {{"device_bytes_during_the_flush", bytes}}));
  };
  CHECK(written(512.0 * 512) == Outcome::kDoesNotHold);
  CHECK(written(511 * 4096.0) == Outcome::kDoesNotHold);
  CHECK(written(512 * 4096.0) == Outcome::kHolds);
  // The file system's notes need not be whole pages; more than they are others'.
  CHECK(written(576 * 4096.0) == Outcome::kHolds);
  CHECK(written(576 * 4096.0 + 512) == Outcome::kInconclusive);
  CHECK(written(6952 * 4096.0) == Outcome::kInconclusive);
  // Larger units of the cache are flushed whole.
  CHECK(OutcomeOf("A03", With(right, {{"unwritten_pages_before_the_flush", 8192},
                                      {"device_bytes_during_the_flush", 8193 * 4096.0}})) ==
        Outcome::kHolds);
  CHECK(OutcomeOf("A03", With(right, {{"unwritten_pages_before_the_flush", 511}})) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf("A03", With(right, {{"unwritten_pages_after_the_flush", 1}})) ==
        Outcome::kInconclusive);
}

TEST_CASE("A04: far fewer pages sent than updates, and than by calls") {
  const Figures right = {{"updates", 64},
                         {"mapped_sent_pages", 1},
                         {"mapped_unwritten_pages", 0},
                         {"mapped_device_requests", 2},
                         {"calls_sent_pages", 64},
                         {"calls_device_requests", 128}};
  CHECK(OutcomeOf("A04", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A04", With(right, {{"mapped_sent_pages", 8}})) == Outcome::kHolds);
  CHECK(OutcomeOf("A04", With(right, {{"mapped_sent_pages", 9}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A04", With(right, {{"calls_sent_pages", 4}})) == Outcome::kHolds);
  CHECK(OutcomeOf("A04", With(right, {{"calls_sent_pages", 3}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A04", With(right, {{"mapped_sent_pages", 0}})) == Outcome::kInconclusive);
  CHECK(OutcomeOf("A04", With(right, {{"mapped_unwritten_pages", 1}})) == Outcome::kInconclusive);
  // Others' requests change nothing, wherever they fall.
  CHECK(OutcomeOf("A04", With(right, {{"mapped_device_requests", 666}})) == Outcome::kHolds);
  CHECK(OutcomeOf("A04", With(right, {{"mapped_sent_pages", 64},
                                      {"calls_device_requests", 1e6}})) == Outcome::kDoesNotHold);
}

TEST_CASE("A08: one fault or one byte read in a later round is enough") {
  const Figures right = {{"faults_first_round", 8000},
                         {"bytes_read_first_round", 125000000},
                         {"faults_later_rounds", 0},
                         {"bytes_read_later_rounds", 0},
                         {"pages_dirtied_later_rounds", 0}};
  CHECK(OutcomeOf("A08", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A08", With(right, {{"faults_later_rounds", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A08", With(right, {{"bytes_read_later_rounds", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A08", With(right, {{"faults_first_round", 0}})) == Outcome::kInconclusive);
  // Others had the pages written, whose next stores are faults; that reads nothing.
  const Figures written =
      With(right, {{"faults_later_rounds", 9}, {"pages_dirtied_later_rounds", 9}});
  CHECK(OutcomeOf("A08", written) == Outcome::kInconclusive);
  CHECK(OutcomeOf("A08", With(written, {{"bytes_read_later_rounds", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A08", With(written, {{"faults_later_rounds", 0}})) == Outcome::kHolds);
}

// The figures of an idle file of 64 pages, `written` of which were written.
Figures Idle(double written) {
  return {{"pages_of_an_idle_file", 64}, {"unwritten_pages_of_the_idle_file", 64 - written}};
}

TEST_CASE("A09: what became dirty still is") {
  const Figures right = Both({{"pages_dirtied_by_the_updates", 30518},
                              {"unwritten_pages_after_the_updates", 30518},
                              {"unwritten_pages_after_the_flush", 0},
                              {"device_bytes_during_the_updates", 0},
                              {"page_bytes", 4096}},
                             Idle(0));
  CHECK(OutcomeOf("A09", right) == Outcome::kHolds);
  // Others wrote, and all of the file's pages are dirty: nothing of it was written.
  CHECK(OutcomeOf("A09", With(right, {{"device_bytes_during_the_updates", 35e6}})) ==
        Outcome::kHolds);
  CHECK(OutcomeOf("A09", With(right, {{"pages_dirtied_by_the_updates", 0}})) ==
        Outcome::kInconclusive);
  // Some pages became dirty anew: 64 may be the file system's own.
  const auto written = [&](double pages, double device_pages, double idle = 0, double left = 0) {
    return OutcomeOf("A09", With(right, {{"pages_dirtied_by_the_updates", 30518 + pages},
                                         {"device_bytes_during_the_updates", 4096 * device_pages},
                                         {"unwritten_pages_of_the_idle_file", 64 - idle},
                                         {"unwritten_pages_after_the_flush", left}}));
  };
  CHECK(written(64, 64) == Outcome::kHolds);
  CHECK(written(65, 65) == Outcome::kInconclusive);
  CHECK(written(1600, 1600) == Outcome::kInconclusive);
  CHECK(written(1700, 1700) == Outcome::kDoesNotHold);
  CHECK(written(10000, 11064) == Outcome::kDoesNotHold);
  // The device wrote other than these; or pages of an idle file were written as well.
  CHECK(written(10000, 11065) == Outcome::kInconclusive);
  CHECK(written(10000, 9999) == Outcome::kInconclusive);
  CHECK(written(10000, 10000, 1) == Outcome::kInconclusive);
  // A journal of the data, where an idle page goes, too, and all of it twice.
  CHECK(written(10000, 25000, 64, 1) == Outcome::kDoesNotHold);
  CHECK(written(0, 25000, 64, 1) == Outcome::kHolds);
}

TEST_CASE("A20: no growth of any kind for any kind of object") {
  Figures right = {{"objects", 64}, {"page_bytes", 4096}};
  for (const std::string kind : {"existing", "temporary", "memory"}) {
    for (const char* what : {"_virtual_bytes", "_resident_bytes", "_page_table_bytes"}) {
      right[kind + what] = 0;
    }
    right[kind + "_ns"] = 1000;
  }
  CHECK(OutcomeOf("A20", right) == Outcome::kHolds);
  for (const auto& [name, value] : right) {
    if (name.ends_with("_ns") || name == "objects" || name == "page_bytes") continue;
    CHECK(OutcomeOf("A20", With(right, {{name, 4095}})) == Outcome::kHolds);
    CHECK(OutcomeOf("A20", With(right, {{name, 64 * 4096}})) == Outcome::kDoesNotHold);
  }
}

TEST_CASE("A21: committed at creation, or later, or not known") {
  const auto at_creation = [](const Figures& share) {
    return OutcomeOf("A21", Both({{"object_bytes", 1000},
                                  {"share_committed_at_mapping", 0},
                                  {"share_committed_at_touching", 0}},
                                 share));
  };
  const char* const name = "share_committed_at_creation";
  CHECK(at_creation(Ratio(name, 0.9, 1.1)) == Outcome::kHolds);
  CHECK(at_creation(Ratio(name, -0.05, 0.1)) == Outcome::kDoesNotHold);
  CHECK(at_creation(Ratio(name, 0.4, 0.6)) == Outcome::kInconclusive);
  // Others' promises in some of the rounds.
  CHECK(at_creation(Ratio(name, 0, 1)) == Outcome::kInconclusive);
  CHECK(at_creation(Ratio(name, 0, 0.11)) == Outcome::kInconclusive);
  CHECK(at_creation(Ratio(name, 0.89, 1)) == Outcome::kInconclusive);
  CHECK(at_creation(RatioOfFewRounds(name, 1)) == Outcome::kInconclusive);
}

TEST_CASE("A22: every file gets the size asked for") {
  const Figures right = {{"asked_bytes", 100},          {"length_of_shorter_file", 100},
                         {"length_of_equal_file", 100}, {"length_of_longer_file", 100},
                         {"length_of_temporary", 100},  {"length_of_size_0", 25},
                         {"object_bytes_size_0", 25}};
  const std::map<std::string, std::string> refused = {{"no_file_no_size", "refused: why"}};
  CHECK(OutcomeOf("A22", right, refused) == Outcome::kHolds);
  CHECK(OutcomeOf("A22", right, {{"no_file_no_size", "created"}}) == Outcome::kDoesNotHold);
  for (const auto& [name, value] : right) {
    if (name == "asked_bytes") continue;
    INFO(name);
    CHECK(OutcomeOf("A22", With(right, {{name, value + 1}}), refused) == Outcome::kDoesNotHold);
  }
}

TEST_CASE("A23: the one forbidden view, and the forbidden store") {
  const std::map<std::string, std::string> right = {
      {"read_only_object_read_view", "mapped"},
      {"read_only_object_read_write_view", "refused: why"},
      {"read_only_object_copy_on_write_view", "mapped"},
      {"read_write_object_read_view", "mapped"},
      {"read_write_object_read_write_view", "mapped"},
      {"read_write_object_copy_on_write_view", "mapped"},
      {"store_through_a_read_only_view", "killed by SIGSEGV"}};
  const Figures stored = {{"store_was_reached", 1}, {"store_ended_the_process", 1}};
  CHECK(OutcomeOf("A23", stored, right) == Outcome::kHolds);
  CHECK(OutcomeOf("A23", With(stored, {{"store_ended_the_process", 0}}), right) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A23", With(stored, {{"store_was_reached", 0}}), right) ==
        Outcome::kInconclusive);
  for (const char* name :
       {"read_only_object_read_view", "read_write_object_read_view",
        "read_write_object_read_write_view", "read_write_object_copy_on_write_view"}) {
    auto wrong = right;
    wrong[name] = "refused: why";
    CHECK(OutcomeOf("A23", stored, wrong) == Outcome::kDoesNotHold);
  }
  auto wrong = right;
  wrong["read_only_object_read_write_view"] = "mapped";
  CHECK(OutcomeOf("A23", stored, wrong) == Outcome::kDoesNotHold);
}

TEST_CASE("A26: one fault a page in every regime, within a hundredth") {
  const Figures right = {{"pages", 1000}, {"faults_paged_load", 1000}, {"faults_cold_store", 1005}};
  CHECK(OutcomeOf("A26", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A26", With(right, {{"faults_paged_load", 985}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A26", With(right, {{"faults_cold_store", 1020}})) == Outcome::kDoesNotHold);
}

TEST_CASE("A27: aligned offsets work, others are refused") {
  const Figures right = {{"offsets_tried", 21},
                         {"offsets_worked", 21},
                         {"unaligned_refused_of_3", 3},
                         {"file_bytes", 1025.0 * (1 << 30)},
                         {"bytes_of_a_view_of_length_0", 1025.0 * (1 << 30)}};
  CHECK(OutcomeOf("A27", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A27", With(right, {{"offsets_worked", 20}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A27", With(right, {{"unaligned_refused_of_3", 2}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A27", With(right, {{"bytes_of_a_view_of_length_0", 4096}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A27", With(right, {{"file_bytes", 1 << 30},
                                      {"bytes_of_a_view_of_length_0", 1 << 30}})) ==
        Outcome::kInconclusive);
}

TEST_CASE("A28: granted, refused, untouched") {
  const Figures right = {{"free_place_granted", 1},
                         {"occupied_place_refused", 1},
                         {"bytes_of_the_occupant_changed", 0}};
  CHECK(OutcomeOf("A28", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A28", With(right, {{"free_place_granted", 0}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A28", With(right, {{"occupied_place_refused", 0}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A28", With(right, {{"bytes_of_the_occupant_changed", 1}})) ==
        Outcome::kDoesNotHold);
}

TEST_CASE("A30: two addresses, the same bytes") {
  const Figures right = {{"addresses_differ", 1},
                         {"wrong_bytes_in_either", 0},
                         {"wrong_bytes_after_the_other_was_unmapped", 0}};
  CHECK(OutcomeOf("A30", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A30", With(right, {{"addresses_differ", 0}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A30", With(right, {{"wrong_bytes_in_either", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A30", With(right, {{"wrong_bytes_after_the_other_was_unmapped", 1}})) ==
        Outcome::kDoesNotHold);
}

TEST_CASE("A33: refused with nothing written") {
  const Figures right = {{"ranges_beyond_the_view", 4},
                         {"refused", 4},
                         {"dirty_pages_before", 128},
                         {"dirty_pages_after_refusals", 128},
                         {"dirty_pages_after_a_flush_of_the_view", 64}};
  CHECK(OutcomeOf("A33", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A33", With(right, {{"refused", 3}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A33", With(right, {{"dirty_pages_after_refusals", 100}})) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf("A33", With(right, {{"dirty_pages_after_a_flush_of_the_view", 128}})) ==
        Outcome::kDoesNotHold);
}

TEST_CASE("A35: one order with a surprise is enough") {
  const Figures right = {{"orders", 24}, {"orders_without_surprise", 24}};
  CHECK(OutcomeOf("A35", right, {{"out_of_reach", "nothing"}}) == Outcome::kHolds);
  CHECK(OutcomeOf("A35", With(right, {{"orders_without_surprise", 23}}),
                  {{"out_of_reach", "the view after 'delete'"}}) == Outcome::kDoesNotHold);
}

TEST_CASE("A07: a call a part, and no fault more for parts or later passes") {
  const Figures right = {{"least_calls_a_part", 1},
                         {"most_calls_a_part", 1.01},
                         {"mapped_calls_a_part", 0},
                         {"mapped_faults_of_later_passes", 3},
                         {"mapped_faults_added_by_parts", 0},
                         {"mapped_faults_of_a_first_pass", 160},
                         {"pages", 4096}};
  CHECK(OutcomeOf("A07", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A07", With(right, {{"mapped_faults_of_a_first_pass", 0}})) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf("A07", With(right, {{"least_calls_a_part", 0.1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A07", With(right, {{"most_calls_a_part", 2}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A07", With(right, {{"mapped_calls_a_part", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A07", With(right, {{"mapped_faults_of_later_passes", 4096}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A07", With(right, {{"mapped_faults_added_by_parts", 500}})) ==
        Outcome::kDoesNotHold);
}

TEST_CASE("A10: written under a limit, and what has not come yet while idle may still come") {
  const Figures limited = {{"limit_bytes", 1 << 25},
                           {"pages_stored_under_the_limit", 32768},
                           {"pages_written_under_the_limit", 30000}};
  CHECK(OutcomeOf("A10", limited) == Outcome::kHolds);
  CHECK(OutcomeOf("A10", With(limited, {{"pages_written_under_the_limit", 0}})) ==
        Outcome::kDoesNotHold);
  Figures both = limited;
  both.merge(Figures{
      {"idle_seconds", 31}, {"pages_written_while_idle", 64}, {"pages_stored_before_idling", 64}});
  CHECK(OutcomeOf("A10", both) == Outcome::kHolds);
  CHECK(OutcomeOf("A10", With(both, {{"pages_written_while_idle", 0}})) == Outcome::kInconclusive);
}

TEST_CASE("A11: what is resident and cached follows the touches") {
  Figures right = {{"resident_bytes_mapping", 65536},
                   {"page_bytes", 4096},
                   {"file_bytes", 1e12},
                   {"cached_pages_with_read_ahead_of_16", 32768},
                   {"open_and_map_ns", 12000}};
  for (const int touches : {1, 16, 256, 4096}) {
    right[fmt::format("resident_pages_touching_of_{}", touches)] = touches;
    right[fmt::format("cached_pages_of_{}", touches)] = touches;
  }
  CHECK(OutcomeOf("A11", right) == Outcome::kHolds);
  for (const int touches : {1, 16, 256, 4096}) {
    for (const char* what : {"resident_pages_touching_of_", "cached_pages_of_"}) {
      CHECK(OutcomeOf("A11", With(right, {{fmt::format("{}{}", what, touches), 2.0 * touches}})) ==
            Outcome::kDoesNotHold);
    }
  }
  CHECK(OutcomeOf("A11", With(right, {{"resident_bytes_mapping", 1e9}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A11", With(right, {{"cached_pages_with_read_ahead_of_16", 1e8}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A11", With(right, {{"resident_pages_touching_of_1", 0}})) ==
        Outcome::kInconclusive);
}

TEST_CASE("A12: all of the file by reading, the touched pages by mapping") {
  const Figures right = {{"file_bytes", 125'000'000},
                         {"page_bytes", 4096},
                         {"read_all_own_bytes", 125'001'728},
                         {"mapped_own_bytes", 0},
                         {"most_resident_pages_per_touched_page", 1},
                         {"touched_pages_of_the_most", 1}};
  CHECK(OutcomeOf("A12", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A12", With(right, {{"most_resident_pages_per_touched_page", 16}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A12", With(right, {{"read_all_own_bytes", 1e6}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A12", With(right, {{"mapped_own_bytes", 125e6}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A12", With(right, {{"file_bytes", 124'999'999}})) == Outcome::kDoesNotHold);
}

TEST_CASE("A13: read twice, with the same content, and pages that stay tell nothing") {
  const Figures right = {{"file_bytes", 1 << 20},
                         {"first_major_faults", 256},
                         {"first_bytes_read", 1 << 20},
                         {"pages_left_after_dropping", 0},
                         {"second_major_faults", 256},
                         {"second_bytes_read", 1 << 20},
                         {"same_content", 1}};
  CHECK(OutcomeOf("A13", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A13", With(right, {{"second_bytes_read", 0}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A13", With(right, {{"second_major_faults", 0}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A13", With(right, {{"same_content", 0}})) == Outcome::kDoesNotHold);
  for (const auto& [name, value] : Figures{{"pages_left_after_dropping", 256},
                                           {"first_bytes_read", 4096},
                                           {"first_major_faults", 0}}) {
    CHECK(OutcomeOf("A13", With(right, {{name, value}})) == Outcome::kInconclusive);
  }
}

TEST_CASE("A14: each region by its backing") {
  const Figures right = {{"code_bytes", 5e6},
                         {"code_resident_bytes", 2e6},
                         {"code_copied_bytes", 0},
                         {"code_bytes_of_no_file", 0},
                         {"own_copy_of_written_data_bytes", 4096}};
  const Words words = {
      {"code", "program"}, {"heap", "anonymous"}, {"stack", "stack"}, {"written_data", "program"}};
  CHECK(OutcomeOf("A14", right, words) == Outcome::kHolds);
  CHECK(OutcomeOf("A14", With(right, {{"code_copied_bytes", 4096}}), words) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A14", With(right, {{"code_bytes_of_no_file", 4096}}), words) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A14", With(right, {{"own_copy_of_written_data_bytes", 0}}), words) ==
        Outcome::kDoesNotHold);
  for (const char* what : {"code", "heap", "stack", "written_data"}) {
    CHECK(OutcomeOf("A14", right, With(words, {{what, "file"}})) == Outcome::kDoesNotHold);
  }
}

TEST_CASE("A15 and A16: the same frame, mapped twice, half charged to each") {
  const Figures right = {{"pages", 256},
                         {"pages_in_the_same_frame", 256},
                         {"least_mappings", 2},
                         {"proportional_share", 0.5},
                         {"wrong_bytes", 0}};
  for (const char* id : {"A15", "A16"}) {
    CHECK(OutcomeOf(id, right) == Outcome::kHolds);
    CHECK(OutcomeOf(id, With(right, {{"pages_in_the_same_frame", 255}})) == Outcome::kDoesNotHold);
    CHECK(OutcomeOf(id, With(right, {{"least_mappings", 1}})) == Outcome::kDoesNotHold);
    CHECK(OutcomeOf(id, With(right, {{"proportional_share", 1}})) == Outcome::kDoesNotHold);
    CHECK(OutcomeOf(id, With(right, {{"wrong_bytes", 1}})) == Outcome::kDoesNotHold);
  }
}

TEST_CASE("A17: found by the name, and by nothing else") {
  const Words right = {{"by_its_name", "found"},
                       {"by_another_name", "not found"},
                       {"by_its_address", "not found"},
                       {"by_its_name_as_a_stranger", "denied"}};
  CHECK(OutcomeOf("A17", {}, right) == Outcome::kHolds);
  CHECK(OutcomeOf("A17", {}, With(right, {{"by_its_name_as_a_stranger", "not tried: no root"}})) ==
        Outcome::kHolds);
  CHECK(OutcomeOf("A17", {}, With(right, {{"by_its_name", "not found"}})) == Outcome::kDoesNotHold);
  for (const char* how : {"by_another_name", "by_its_address", "by_its_name_as_a_stranger"}) {
    CHECK(OutcomeOf("A17", {}, With(right, {{how, "found"}})) == Outcome::kDoesNotHold);
  }
  // Refused for a reason that says nothing about isolation.
  CHECK(OutcomeOf("A17", {}, With(right, {{"by_its_address", "denied"}})) ==
        Outcome::kInconclusive);
  CHECK(OutcomeOf("A17", {}, With(right, {{"by_its_name_as_a_stranger", "another error"}})) ==
        Outcome::kInconclusive);
}

TEST_CASE("A18: a quarter of the copies' memory, by one initialiser, with every keyword") {
  const Figures right = {{"processes", 16},
                         {"shared_bytes_of_16", 1e6},
                         {"copied_bytes_of_16", 16e6},
                         {"misses", 0},
                         {"initialised", 1}};
  CHECK(OutcomeOf("A18", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A18", With(right, {{"shared_bytes_of_16", 8e6}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A18", With(right, {{"misses", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A18", With(right, {{"initialised", 2}})) == Outcome::kDoesNotHold);
}

TEST_CASE("A24: every round, every process, every successor") {
  const Figures right = {{"rounds", 25},
                         {"rounds_with_one_initialiser", 25},
                         {"complete_tables", 200},
                         {"absent_before_creation", 25},
                         {"there_until_the_last_leaves", 25},
                         {"gone_after_the_last", 25},
                         {"initialisers_killed", 3},
                         {"taken_over", 3},
                         {"processes", 8}};
  CHECK(OutcomeOf("A24", right) == Outcome::kHolds);
  for (const char* name :
       {"rounds_with_one_initialiser", "complete_tables", "absent_before_creation",
        "there_until_the_last_leaves", "gone_after_the_last", "taken_over"}) {
    CHECK(OutcomeOf("A24", With(right, {{name, 2}})) == Outcome::kDoesNotHold);
  }
}

TEST_CASE("A25: exactly where it was allowed") {
  const Figures right = {{"inherited_as_created", 0},
                         {"inherited_when_allowed", 1},
                         {"duplicate_inherited", 0},
                         {"duplicate_inherited_when_allowed", 1},
                         {"original_inherited_when_forbidden", 0},
                         {"handed_to_an_unrelated_process", 1}};
  CHECK(OutcomeOf("A25", right) == Outcome::kHolds);
  for (const auto& [name, value] : right) {
    CHECK(OutcomeOf("A25", With(right, {{name, 1 - value}})) == Outcome::kDoesNotHold);
  }
}

TEST_CASE("A29: one frame, two addresses, every store seen") {
  const Figures right = {{"pages", 8},
                         {"pages_in_the_same_frame", 8},
                         {"pages_between_processes", 16},
                         {"pages_in_the_same_frame_between_processes", 16},
                         {"wrong_bytes", 0},
                         {"addresses_differ", 1}};
  CHECK(OutcomeOf("A29", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A29", With(right, {{"pages_in_the_same_frame", 7}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A29", With(right, {{"pages_in_the_same_frame_between_processes", 0}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A29", With(right, {{"wrong_bytes", 1}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A29", With(right, {{"addresses_differ", 0}})) == Outcome::kDoesNotHold);
}

TEST_CASE("A32: the changed pages and little else, however the cache was filled") {
  Figures right = {{"page_bytes", 4096},
                   {"pages", 30000},
                   {"left_dirty_paged", 0},
                   {"left_dirty_streamed", 0},
                   {"left_beside_a_flushed_range", 1}};
  for (const char* fill : {"paged", "streamed"}) {
    for (const int changed : {0, 1, 10, 100, 1000, 30000}) {
      right[fmt::format("device_bytes_of_{}_{}", changed, fill)] = changed * 4096.0;
      right[fmt::format("dirty_pages_of_{}_{}", changed, fill)] = changed;
    }
  }
  const auto with = [&](int changed, double device_pages, double dirty) {
    return With(right, {{fmt::format("device_bytes_of_{}_streamed", changed), device_pages * 4096},
                        {fmt::format("dirty_pages_of_{}_streamed", changed), dirty}});
  };
  CHECK(OutcomeOf("A32", right) == Outcome::kHolds);
  // 64 pages and a tenth are the file system's; more is too, where as much was dirty.
  CHECK(OutcomeOf("A32", with(1000, 1164, 30000)) == Outcome::kHolds);
  // Others' writes don't make pages dirty.
  CHECK(OutcomeOf("A32", with(1000, 9000, 1164)) == Outcome::kHolds);
  CHECK(OutcomeOf("A32", with(1000, 9000, 1165)) == Outcome::kInconclusive);
  // Two flushes that wrote all that was dirty.
  const auto two = [&](double device_pages, double dirty) {
    return OutcomeOf(
        "A32", With(with(1000, device_pages, dirty), {{"device_bytes_of_10_streamed", 2560 * 4096},
                                                      {"dirty_pages_of_10_streamed", 2560}}));
  };
  CHECK(two(1165, 1165) == Outcome::kDoesNotHold);
  CHECK(two(9000, 10000) == Outcome::kDoesNotHold);
  CHECK(two(11064, 10000) == Outcome::kDoesNotHold);
  // One is allowed, or may be others', and one alone is too few.
  CHECK(two(1164, 1165) == Outcome::kInconclusive);
  CHECK(two(8999, 10000) == Outcome::kInconclusive);
  CHECK(two(11065, 10000) == Outcome::kInconclusive);
  CHECK(OutcomeOf("A32", with(1000, 10000, 10000)) == Outcome::kInconclusive);
  // A small excess is not hidden by a larger one that is allowed.
  CHECK(OutcomeOf("A32", With(right, {{"device_bytes_of_1_streamed", 512 * 4096.0},
                                      {"dirty_pages_of_1_streamed", 512},
                                      {"device_bytes_of_10_streamed", 512 * 4096.0},
                                      {"dirty_pages_of_10_streamed", 512},
                                      {"device_bytes_of_30000_streamed", 32000 * 4096.0}})) ==
        Outcome::kDoesNotHold);
  // A journal keeps pages dirty that are safe.
  for (const char* left : {"left_dirty_paged", "left_dirty_streamed"}) {
    CHECK(OutcomeOf("A32", With(right, {{left, 1}})) == Outcome::kInconclusive);
  }
  for (const double left : {0.0, 2.0}) {
    CHECK(OutcomeOf("A32", With(right, {{"left_beside_a_flushed_range", left}})) ==
          Outcome::kDoesNotHold);
  }
  // A device that doesn't show what was written tells nothing.
  CHECK(OutcomeOf("A32", With(right, {{"device_bytes_of_100_paged", 0}})) ==
        Outcome::kInconclusive);
}

TEST_CASE("A36: one way that works is enough") {
  const Figures none = {{"ways_tried", 3}, {"ways_that_work", 0}};
  CHECK(OutcomeOf("A36", none) == Outcome::kHolds);
  CHECK(OutcomeOf("A36", With(none, {{"ways_that_work", 1}})) == Outcome::kDoesNotHold);
}

TEST_CASE("A34: nothing unwritten and nothing lost, or the claim falls") {
  const Figures uncut = Both({{"unwritten_pages_after_the_stores", 256},
                              {"unwritten_pages_after_closing_the_file", 0},
                              {"power_was_cut", 0}},
                             Idle(0));
  Figures right = With(uncut, {{"power_was_cut", 1}});
  right.merge(Figures{{"updates_close", 1000},
                      {"survived_close", 1000},
                      {"updates_flush", 1000},
                      {"survived_flush", 1000}});
  CHECK(OutcomeOf("A34", right) == Outcome::kHolds);
  CHECK(OutcomeOf("A34", With(right, {{"unwritten_pages_after_closing_the_file", 256}})) ==
        Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A34", With(right, {{"survived_close", 999}})) == Outcome::kDoesNotHold);
  CHECK(OutcomeOf("A34", With(right, {{"unwritten_pages_after_the_stores", 0}})) ==
        Outcome::kInconclusive);
  // A cut that loses what was flushed is no measure of anything.
  CHECK(OutcomeOf("A34", With(right, {{"survived_flush", 999}})) == Outcome::kInconclusive);
  // Without the right to cut the power, the unwritten pages decide.
  CHECK(OutcomeOf("A34", uncut) == Outcome::kHolds);
  CHECK(OutcomeOf("A34", With(uncut, {{"unwritten_pages_after_closing_the_file", 1}})) ==
        Outcome::kDoesNotHold);
  // Others had all written, the kept view as well: closing may have written nothing.
  for (const Figures& figures : {uncut, right}) {
    CHECK(OutcomeOf("A34", With(figures, Idle(1))) == Outcome::kInconclusive);
  }
  // What is dirty still was written by nobody.
  CHECK(OutcomeOf("A34", With(With(uncut, Idle(64)), {{"unwritten_pages_after_closing_the_file",
                                                       256}})) == Outcome::kDoesNotHold);
}

}  // namespace
}  // namespace faultline
