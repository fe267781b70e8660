// Writes the scenarios as run documents, and the tables of them, for agreement_test.py:
// FOLDER/NAME/run.json and FOLDER/NAME/table.txt.
#include <filesystem>
#include <iostream>

#include "harness/os/whole_file.h"
#include "harness/report/table.h"
#include "tests/agreement/scenarios.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "write where?\n";
    return 2;
  }
  for (const faultline::agreement::Scenario& scenario : faultline::agreement::Scenarios()) {
    const std::filesystem::path folder = std::filesystem::path(argv[1]) / scenario.name;
    std::filesystem::create_directories(folder);
    const faultline::RunDocument document = faultline::agreement::DocumentOf(scenario);
    document.Save(folder / "run.json");
    faultline::os::ReplaceFile(folder / "table.txt", faultline::ResultTable(document));
  }
  return 0;
}
