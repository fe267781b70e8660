// The table of a trial's options: every row round-trips, and what follows from one.
#include "harness/trial/trial_options.h"

#include <set>

#include "faultline/error.h"
#include "harness/trial/option_codec.h"
#include "harness/trial/trial_json.h"
#include "tests/catch.h"

namespace faultline {
namespace {

// A value that isn't the option's default.
std::string SampleOf(const OptionRow<TrialSpec>& row) {
  switch (row.value.kind) {
    case OptionKind::kSize:
      return "24KiB";
    case OptionKind::kCount:
      return "23";
    case OptionKind::kReal:
      return "0.625";
    case OptionKind::kFlag:
    case OptionKind::kChoice:
      for (const std::string& choice : row.value.choices) {
        if (choice != row.DefaultText()) return choice;
      }
      break;
    case OptionKind::kText:
      return row.key == "strategy" ? "mmap-window:size=64KiB,count=16" : "mixed:reads=0.9";
  }
  FAIL("no value but the default: " << row.key);
  return {};
}

TrialSpec SampleTrial() {
  TrialSpec spec;
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    row.value.parse(spec, SampleOf(row), "--" + row.key);
  }
  return spec;
}

std::set<std::string> NamesIn(const nlohmann::json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

TEST_CASE("each option comes back from its text and from its JSON as it was") {
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    const std::string sample = SampleOf(row);
    INFO(row.key << " " << sample);
    CHECK(sample != row.DefaultText());
    TrialSpec spec;
    row.value.parse(spec, sample, "--" + row.key);
    CHECK(row.value.text(spec) == sample);
    TrialSpec back;
    row.value.from_json(back, FromLine(ToLine(row.value.to_json(spec))));
    CHECK(row.value.text(back) == sample);
    CHECK(row.value.to_json(back) == row.value.to_json(spec));
  }
}

TEST_CASE("a trial takes all its options along to another process") {
  const TrialSpec spec = SampleTrial();
  const TrialSpec back = TrialSpecFromJson(FromLine(ToLine(ToJson(spec))));
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    INFO(row.key);
    CHECK(row.value.text(back) == row.value.text(spec));
  }
}

TEST_CASE("no two options have one name") {
  std::set<std::string> keys;
  std::set<std::string> names;
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    INFO(row.key);
    CHECK(keys.insert(row.key).second);
    CHECK(names.insert(row.JsonName()).second);
    CHECK_FALSE(row.help.empty());
    CHECK_FALSE(row.Argument().empty());
  }
}

TEST_CASE("only a number can be an axis and have a range") {
  for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
    if (!row.axis) continue;
    INFO(row.key);
    CHECK((row.value.kind == OptionKind::kSize || row.value.kind == OptionKind::kCount ||
           row.value.kind == OptionKind::kReal));
    CHECK(row.taken_by.crossover);
  }
}

TEST_CASE("documents call parameters as their schemas do") {
  const std::set<std::string> regime = {"records", "record_size", "operations",
                                        "passes",  "threads",     "processes",
                                        "cache",   "seed",        "memory_limit_bytes"};
  CHECK(NamesIn(RegimeToJson(TrialSpec())) == regime);
  std::set<std::string> parameters = regime;
  parameters.insert({"latency", "load", "rate", "arrivals", "timeline"});
  CHECK(NamesIn(ParametersToJson(TrialSpec())) == parameters);
}

TEST_CASE("a value that an option doesn't take is refused with what it takes") {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"records", "0", "--records takes 1 or more, not '0'"},
      {"latency", "some", "unknown latency mode 'some'; use off, sampled or all"},
      {"load", "half-open", "unknown load 'half-open'; use closed or open"},
      {"arrivals", "odd", "unknown arrivals 'odd'; use even or poisson"},
      {"cache", "warm", "unknown cache state 'warm'; use cold, streamed, paged or written"},
      {"rate", "1e10", "--rate takes 0.001 to 1000000000 operations per second, not '1e10'"},
      {"timeout", "0", "--timeout takes more than 0 and at most 1000000 seconds, not '0'"}};
  for (const auto& [key, value, reason] : cases) {
    for (const OptionRow<TrialSpec>& row : TrialOptionRows()) {
      if (row.key != key) continue;
      TrialSpec spec;
      CHECK_THROWS_AS(row.value.parse(spec, value, "--" + row.key), UsageError);
      CHECK_THROWS_WITH(row.value.parse(spec, value, "--" + row.key), ContainsSubstring(reason));
    }
  }
}

// What a row that says no more than it must is taken for.
struct MadeUpTarget {
  std::uint64_t queue_depth = 3;
  std::optional<std::uint64_t> most_bytes;
};

TEST_CASE("a new option is a parameter, a last column and part of titles, and run's alone") {
  const OptionRow<MadeUpTarget> row = {.key = "queue-depth",
                                       .argument = "N",
                                       .help = "requests in flight",
                                       .value = option::Count(&MadeUpTarget::queue_depth)};
  CHECK(row.JsonName() == "queue_depth");
  CHECK(row.DefaultText() == "3");
  CHECK(row.IsParameter());
  CHECK(row.role == OptionRole::kRegime);
  CHECK(row.csv_column == CsvColumn::kLast);
  CHECK_FALSE(row.own_title);
  CHECK_FALSE(row.repeatable());
  CHECK_FALSE(row.axis);
  CHECK(row.taken_by.run);
  CHECK_FALSE((row.taken_by.advise || row.taken_by.crossover || row.taken_by.powercut));
}

TEST_CASE("an option without a value is nothing in text and null in JSON") {
  const OptionCodec<MadeUpTarget> codec = option::Size(&MadeUpTarget::most_bytes);
  MadeUpTarget target;
  CHECK(codec.text(target).empty());
  CHECK(codec.to_json(target).is_null());
  codec.parse(target, "4KiB", "--most");
  CHECK(target.most_bytes == std::optional<std::uint64_t>(4096));
  CHECK(codec.to_json(target) == 4096);
  codec.from_json(target, nullptr);
  CHECK_FALSE(target.most_bytes.has_value());
}

TEST_CASE("what is as usual is in no title") { CHECK(PlainTitle(TrialSpec()).empty()); }

}  // namespace
}  // namespace faultline
