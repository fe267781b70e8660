#include "harness/trial/own_storage.h"

#include <fmt/format.h>
#include <utility>

#include "harness/json/fields.h"
#include "harness/json/line.h"
#include "harness/os/child_process.h"
#include "harness/trial/child_answer.h"

namespace faultline {
namespace {

constexpr EnumNames<StorageStep> kStepNames{"import", "export"};

struct StepRequest {
  StorageStep step = StorageStep::kImport;
  std::string strategy;
  DatasetFile file;
};

template <class Fields>
void Describe(Fields& fields, StepRequest& request) {
  fields("step", request.step, kStepNames);
  fields("strategy", request.strategy);
  fields.As("path", request.file.path, PackPath, UnpackPath);
  fields("records", request.file.geometry.records);
  fields("record_size", request.file.geometry.record_size);
  fields("sparse", request.file.geometry.sparse);
}

int RunStep(const std::string& line, os::Channel& parent) {
  return SendFailureOf(parent, [&] {
    const auto request = FromMessage<StepRequest>(FromLine(line));
    const std::unique_ptr<Strategy> strategy = StrategyChoice(request.strategy).Make();
    if (request.step == StorageStep::kImport) {
      strategy->Import(request.file);
    } else {
      strategy->Export(request.file);
    }
    parent.SendLine("{}");
  });
}

const Registration<os::ChildMain> kStep{{.name = "own-storage", .run = RunStep}};

}  // namespace

bool MoveRecords(StorageStep step, const StrategyChoice& strategy, const DatasetFile& file,
                 double timeout_seconds) {
  if (!strategy.HasOwnStorage()) return true;
  os::ChildProcess child = os::ChildProcess::Start(
      "own-storage", ToLine(JsonOf(StepRequest{step, strategy.text(), file})));
  const std::string context = fmt::format("in '{}': ", kStepNames(step));
  const auto deadline = os::DeadlineIn(timeout_seconds);
  std::string line;
  switch (child.channel().ReceiveLine(line, deadline)) {
    case os::Channel::Result::kInterrupted:
      return false;
    case os::Channel::Result::kTimedOut:
      throw Error(fmt::format("{}hung: nothing for {}; use fewer records if it is only slow",
                              context, FormatSeconds(timeout_seconds)));
    case os::Channel::Result::kClosed:
      throw StorageError(fmt::format("{}crashed: {}", context, child.Wait().Description()));
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
