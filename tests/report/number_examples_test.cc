// Numbers are written as in tests/support/number_examples.tsv, which tests/plots/text_test.py holds
// the pages against too.
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/report/table.h"
#include "harness/verdict/figure_text.h"
#include "tests/catch.h"

namespace faultline {
namespace {

using Values = std::vector<double>;

std::uint64_t WholeOf(const Values& values) { return static_cast<std::uint64_t>(values.at(0)); }

const std::map<std::string, std::function<std::string(const Values&)>>& Writers() {
  static const std::map<std::string, std::function<std::string(const Values&)>> kWriters = {
      {"significant", [](const Values& values) { return FormatSignificant(values.at(0)); }},
      {"count", [](const Values& values) { return FormatCount(WholeOf(values)); }},
      {"bytes", [](const Values& values) { return FormatBytes(WholeOf(values)); }},
      {"nanoseconds", [](const Values& values) { return FormatNs(values.at(0)); }},
      {"seconds", [](const Values& values) { return FormatSeconds(values.at(0)); }},
      {"share", [](const Values& values) { return FormatShare(values.at(0)); }},
      {"factor", [](const Values& values) { return FactorText(values.at(0)); }},
      {"ratio",
       [](const Values& values) {
         return RatioText({values.at(0), values.at(1), values.at(2)});
       }},
  };
  return kWriters;
}

TEST_CASE("numbers are written as pages write them") {
  std::ifstream examples(FAULTLINE_NUMBER_EXAMPLES);
  std::string line;
  REQUIRE(std::getline(examples, line));
  std::size_t count = 0;
  while (std::getline(examples, line)) {
    CAPTURE(line);
    const std::vector<std::string> cells = Split(line, '\t');
    REQUIRE(cells.size() == 3);
    Values values;
    for (const std::string& value : Split(cells[1], ' ')) values.push_back(std::stod(value));
    CHECK(Writers().at(cells[0])(values) == cells[2]);
    ++count;
  }
  CHECK(count > Writers().size());
}

}  // namespace
}  // namespace faultline
