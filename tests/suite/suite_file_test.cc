// Suite files: what they may hold, and where an error in one is.
#include "harness/suite/suite_file.h"

#include <filesystem>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "tests/catch.h"

namespace faultline {
namespace {

Suite Parsed(const std::string& text) { return ParseSuite(text, "name", "dir/name.ini"); }

void CheckRefused(const std::string& text, const std::string& line, const std::string& reason) {
  INFO(text);
  CHECK_THROWS_AS(Parsed(text), UsageError);
  CHECK_THROWS_WITH(Parsed(text), ContainsSubstring("dir/name.ini" + line));
  CHECK_THROWS_WITH(Parsed(text), ContainsSubstring(reason));
}

TEST_CASE("head and sections and their entries are distinguished") {
  const Suite suite = Parsed(
      "summary = what it is for\n"
      "repetitions = 3\n"
      "\n"
      "[ first ]\n"
      "strategy = read-write\r\n"
      "  strategy=mmap-view:advice=random  \n"
      "[second]\n"
      "workload = random-read\n");
  CHECK(suite.name == "name");
  CHECK(suite.summary == "what it is for");
  CHECK(suite.head == Settings{{"repetitions", {"3"}}});
  REQUIRE(suite.sections.size() == 2);
  CHECK(suite.sections[0].name == "first");
  CHECK(suite.sections[0].line == 4);
  CHECK(suite.sections[0].settings ==
        Settings{{"strategy", {"read-write", "mmap-view:advice=random"}}});
  CHECK(suite.sections[1].settings == Settings{{"workload", {"random-read"}}});
}

TEST_CASE("comments begin at a line's start or after a blank") {
  const Suite suite = Parsed(
      "# a comment\n"
      "; another = one\n"
      "summary = a;b#c ; not this\n"
      "  # indented\n"
      "[s] # after a section\n"
      "records = 7\t# after a tab\n");
  CHECK(suite.summary == "a;b#c");
  REQUIRE(suite.sections.size() == 1);
  CHECK(suite.sections[0].settings == Settings{{"records", {"7"}}});
}

TEST_CASE("what is not understood is refused with file and line") {
  CheckRefused("[s]\nrecords 5\n", ":2:", "neither KEY = VALUE nor [SECTION]");
  CheckRefused("\n\n[s\n", ":3:", "ends with ']'");
  CheckRefused("[]\n", ":1:", "needs a name");
  CheckRefused("[s]\n\n[s]\n", ":3:", "was begun in line 1");
  CheckRefused("[s]\nrecrds = 5\n", ":2:", "did you mean 'records'?");
  CheckRefused("[s]\nsummary = late\n", ":2:", "unknown option 'summary'");
  CheckRefused("summary = a\nsummary = b\n[s]\n", ":2:", "twice");
  CheckRefused("[s]\nrecords = 5\nrecords = 6\n", ":3:", "given twice");
  CheckRefused("[s]\nrecords = \n", ":2:", "--records");
  CheckRefused("[s]\n= 5\n", ":2:", "unknown option ''");
  CheckRefused("repetitions = many\n[s]\n", ":1:", "--repetitions");
  CheckRefused("[s]\nbudget = 5\n", ":2:", "'budget' belongs to the whole run");
  CheckRefused("[s]\nprecision = 5%\n", ":2:", "'precision' belongs to the whole run");
  CheckRefused("[s]\nstrategy = mmap-veiw\n", ":2:", "did you mean 'mmap-view'?");
  CheckRefused("[s]\nworkload = zipfian-updat\n", ":2:", "did you mean 'zipfian-update'?");
  CheckRefused("[s]\ncache = luke-warm\n", ":2:", "cold");
  CheckRefused(std::string("[s]\n\0\x01\xff\n", 8), ":2:", "control characters");
}

TEST_CASE("a suite without a section is refused") {
  CheckRefused("", "", "no section");
  CheckRefused("records = 5\n", "", "no section");
}

TEST_CASE("the command line is above the section and the section above the head") {
  const Suite suite = Parsed(
      "records = 100\npasses = 3\nseed = 1\n"
      "[s]\nstrategy = read-write\nstrategy = stdio\npasses = 4\nseed = 2\n"
      "[t]\nstrategy = mmap-view\n");
  const std::vector<PlannedTrial> trials = PlanSuite(suite, {{"seed", {"5"}}}, "d");
  REQUIRE(trials.size() == 3);
  CHECK(trials[0].spec.Id() == "s/read-write/random-update");
  CHECK(trials[1].spec.Id() == "s/stdio/random-update");
  CHECK(trials[2].spec.Id() == "t/mmap-view/random-update");
  for (const PlannedTrial& trial : trials) {
    CHECK(trial.spec.records == 100);
    CHECK(trial.spec.passes == (trial.spec.section == "s" ? 4 : 3));
    CHECK(trial.spec.seed == 5);
    CHECK(trial.spec.directory == "d");
  }
}

TEST_CASE("a contradiction in a section is refused with the section's line") {
  const Suite suite = Parsed("records = 3\n\n[crowded]\nthreads = 4\nstrategy = read-write\n");
  CHECK_THROWS_AS(PlanSuite(suite, {}, "d"), UsageError);
  CHECK_THROWS_WITH(PlanSuite(suite, {}, "d"),
                    ContainsSubstring("dir/name.ini:3: section 'crowded': 4 workers"));
}

TEST_CASE("every built-in suite can be planned and says what it is for") {
  REQUIRE(BuiltInSuites().size() >= 2);
  for (const std::string& name : BuiltInSuites()) {
    INFO(name);
    const Suite suite = LoadSuite(name);
    CHECK_FALSE(suite.summary.empty());
    CHECK_FALSE(PlanSuite(suite, {}, "d").empty());
  }
}

TEST_CASE("a suite that there isn't is refused with the nearest or the reason") {
  CHECK_THROWS_WITH(LoadSuite("quik"), ContainsSubstring("did you mean 'quick'?"));
  CHECK_THROWS_WITH(LoadSuite("something-else"), ContainsSubstring("quick"));
  CHECK_THROWS_AS(LoadSuite("no/such/file"), UsageError);
  CHECK_THROWS_WITH(LoadSuite("no-such.ini"), ContainsSubstring("no-such.ini"));
  CHECK_THROWS_AS(LoadSuite(std::filesystem::temp_directory_path().string()), UsageError);
}

}  // namespace
}  // namespace faultline
