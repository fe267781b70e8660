// faultline powercut
#include <boost/program_options.hpp>
#include <fmt/format.h>

#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/cli/trial_options.h"
#include "harness/os/scratch_file_system.h"
#include "harness/powercut/powercut.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

constexpr double kLongestRunSeconds = 3600;
// Their copies are in memory together.
constexpr std::uint64_t kMostCuts = 200;

const OwnHelp kPowercutHelp = {
    {"strategy", "a strategy, given as often as wanted (all that there are)"},
    {"workload", "what changes the records (random-update)"},
    {"records", "records of the data file (4000)"},
    {"record-size", "of a record (125)"},
    {"operations", "operations of a run (one per record)"},
    {"seed", "of content, plan and moments (1)"}};

std::string InstantNames() {
  std::vector<std::string> names;
  for (const Instant instant : kInstants) names.emplace_back(InstantName(instant));
  return Join(names, "|");
}

po::options_description PowercutOptions() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  auto text = [&add](const char* key, const char* argument, const char* summary) {
    add(key, po::value<std::string>()->value_name(argument), summary);
  };
  AddPluginOption(options);
  add("instant", po::value<std::vector<std::string>>()->value_name(InstantNames())->composing(),
      "when the power fails, given as often as wanted (all of them)");
  text("cuts", "N", "power cuts during each run, at random moments (5)");
  text("seconds", "REAL", "that a run with cuts in it takes at least (0.2)");
  text("file-system", "ext4|xfs|btrfs", "made for each run (ext4)");
  text("image-directory", "DIR", "where the device's storage lies, without a name (memory)");
  text("output", "DIR", "for powercut.json (./faultline-runs/powercut-TIME)");
  text("format", "table|json", "what to print (table)");
  add("quiet", "print the results and nothing else");
  add("help", "print this");
  options.add(TrialOptions(&TakenBy::powercut, kPowercutHelp));
  return options;
}

TrialSpec GivenTrial(const Settings& settings) {
  const auto workload = settings.find("workload");
  if (workload != settings.end() && workload->second.size() > 1) {
    throw UsageError("powercut takes one workload; run it once for each --workload");
  }
  PlannedTrial given;
  given.spec.workload =
      WorkloadChoice(workload == settings.end() ? "random-update" : workload->second.front());
  // A workload that decides about the file itself wants no defaults.
  if (!given.spec.workload->OwnGeometry()) {
    given.spec.records = 4000;
    given.spec.record_size = 125;
  }
  given.spec.passes = 1;
  given.spec.timeout_seconds = 120;
  ApplySettings(settings, given);
  return given.spec;
}

PowerCutSpec GivenSpec(const po::variables_map& values, const Settings& settings) {
  PowerCutSpec spec;
  spec.trial = GivenTrial(settings);
  spec.trial.directory = Text(values, "image-directory", "");
  spec.cuts = ParseCount(Text(values, "cuts", "5"), "--cuts");
  if (spec.cuts < 1 || spec.cuts > kMostCuts) {
    throw UsageError(fmt::format("--cuts takes 1 to {}", kMostCuts));
  }
  spec.run_seconds = ParseReal(Text(values, "seconds", "0.2"), "--seconds");
  if (spec.run_seconds < 0 || spec.run_seconds > kLongestRunSeconds) {
    throw UsageError(fmt::format("--seconds takes 0 to {:g}", kLongestRunSeconds));
  }
  spec.trial.timeout_seconds += spec.run_seconds;
  spec.file_system = Text(values, "file-system", "ext4");
  os::DeviceBytesFor(spec.file_system, 0);
  return spec;
}

}  // namespace

CommandHelp PowercutHelp() {
  return {.usage = "faultline powercut [OPTION]...",
          .description =
              "What would be on the disk if the power failed now? Runs each strategy on a file\n"
              "system of its own, on a device that is a file; stops it, copies the device, lets\n"
              "the file system put the copy in order, and reads every record. The power fails\n"
              "at random moments during the updates, after the last one, after unmapping and\n"
              "closing while another process has the file open, after all have closed it, and\n"
              "after a flush. Needs root and loop devices; leaves nothing but its results.\n\n"
              "Each record is new (the last update is there), old (an earlier state), torn\n"
              "(parts of several states), lost (older than what a flush had promised), or\n"
              "impossible (what no power cut can have left). An update of random-update changes\n"
              "8 bytes of its record: look for torn ones with a workload that writes whole\n"
              "records, such as ycsb:workload=a. The device has no volatile cache: a real one\n"
              "may lose more.\n",
          .options = PowercutOptions(),
          .notes = "Exit code 1: a strategy lost what it had promised to be durable, or failed.\n"};
}

int PowercutCommand(const Arguments& arguments) {
  const CommandHelp help = PowercutHelp();
  const po::variables_map values = Parse("powercut", arguments, help.options);
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  LoadPlugins(values);
  PowerCutRequest request;
  const Settings settings = GivenSettings(values, &TakenBy::powercut);
  request.spec = GivenSpec(values, settings);
  if (const auto named = settings.find("strategy"); named != settings.end()) {
    request.strategies = named->second;
  }
  if (values.count("instant")) {
    request.instants.clear();
    for (const std::string& name : Texts(values, "instant")) {
      request.instants.push_back(ParseInstant(name));
    }
  }
  request.json = WantsJson(values, "table");
  request.quiet = values.count("quiet") != 0;
  request.output = Text(values, "output", fmt::format("faultline-runs/powercut-{}", Timestamp()));
  return RunPowerCuts(request);
}

}  // namespace faultline::cli
