// Writes the filled documents into a folder, for schema_test.py: FOLDER/NAME.json, where
// docs/schema/NAME.schema.json is their schema.
#include <filesystem>
#include <iostream>

#include "harness/os/whole_file.h"
#include "tests/document/filled_crossover.h"
#include "tests/document/filled_decisions.h"
#include "tests/document/filled_findings.h"
#include "tests/document/filled_run.h"
#include "tests/document/filled_trace.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "write where?\n";
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto write = [&folder](const char* name, const auto& document) {
    faultline::os::ReplaceFile(folder / name, ToText(document));
  };
  namespace document = faultline::document;
  write("advice.json", document::FilledAdvice());
  write("claims.json", document::FilledClaims());
  write("comparison.json", document::FilledComparedRuns());
  write("crossover.json", document::FilledCrossover());
  write("policy.json", document::FilledPolicy());
  write("powercut.json", document::FilledPowerCuts());
  write("run.json", document::FilledRun());
  write("trace-summary.json", document::FilledTrace());
  write("walk.json", document::FilledWalks());
  return 0;
}
