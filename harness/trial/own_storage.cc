#include "harness/trial/own_storage.h"

#include <utility>

#include "harness/os/child_process.h"
#include "harness/trial/child_answer.h"
#include "harness/trial/trial_json.h"

namespace faultline {
namespace {

using nlohmann::json;

std::string StepName(StorageStep step) {
  return step == StorageStep::kImport ? "import" : "export";
}

// A path may have any bytes in it.
json PathToJson(const std::filesystem::path& path) {
  return std::vector<std::uint8_t>(path.native().begin(), path.native().end());
}

std::filesystem::path PathFromJson(const json& bytes) {
  const auto path = bytes.get<std::vector<std::uint8_t>>();
  return std::string(path.begin(), path.end());
}

int RunStep(const std::string& request, os::Channel& parent) {
  return SendFailureOf(parent, [&] {
    const json wanted = FromLine(request);
    const DatasetFile file{PathFromJson(wanted.at("path")),
                           {.records = wanted.at("records"),
                            .record_size = wanted.at("record_size"),
                            .sparse = wanted.at("sparse")}};
    const std::unique_ptr<Strategy> strategy =
        StrategyChoice(wanted.at("strategy").get<std::string>()).Make();
    if (wanted.at("step") == StepName(StorageStep::kImport)) {
      strategy->Import(file);
    } else {
      strategy->Export(file);
    }
    parent.SendLine("{}");
  });
}

const Registration<os::ChildMain> kStep{{.name = "own-storage", .run = RunStep}};

}  // namespace

bool MoveRecords(StorageStep step, const StrategyChoice& strategy, const DatasetFile& file,
                 double timeout_seconds) {
  if (!strategy.HasOwnStorage()) return true;
  os::ChildProcess child =
      os::ChildProcess::Start("own-storage", ToLine({{"step", StepName(step)},
                                                     {"strategy", strategy.text()},
                                                     {"path", PathToJson(file.path)},
                                                     {"records", file.geometry.records},
                                                     {"record_size", file.geometry.record_size},
                                                     {"sparse", file.geometry.sparse}}));
  const std::string context = Concat("in '", StepName(step), "': ");
  const auto deadline = os::DeadlineIn(timeout_seconds);
  std::string line;
  switch (child.channel().ReceiveLine(line, deadline)) {
    case os::Channel::Result::kInterrupted:
      return false;
    case os::Channel::Result::kTimedOut:
      throw Error(Concat(context, "hung: nothing for ", FormatSeconds(timeout_seconds),
                         "; use fewer records if it is only slow"));
    case os::Channel::Result::kClosed:
      throw StorageError(Concat(context, "crashed: ", child.Wait().Description()));
    case os::Channel::Result::kLine:
      break;
  }
  // It may have files open until it has ended.
  child.Wait();
  try {
    ThrowIfFailure(FromLine(line), context);
  } catch (const UnsupportedError&) {
    throw;
  } catch (const Error& error) {
    throw StorageError(error.what());
  }
  return true;
}

DiscardedStorage::DiscardedStorage(StrategyChoice strategy, DatasetFile file)
    : strategy_(std::move(strategy)), file_(std::move(file)) {}

DiscardedStorage::~DiscardedStorage() {
  if (!strategy_.HasOwnStorage()) return;
  try {
    strategy_.Make()->Discard(file_);
  } catch (const std::exception&) {
    // What stays is replaced by the next import, which says what is in its way.
  }
}

}  // namespace faultline
