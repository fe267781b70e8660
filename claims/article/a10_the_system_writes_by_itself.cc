#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <thread>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/base/clock.h"
#include "harness/os/file_mapping.h"
#include "harness/os/system_info.h"

namespace faultline::a10 {
namespace {

using nlohmann::json;

constexpr double kLongestWaitSeconds = 60;
constexpr std::uint64_t kIdlePages = 64;

// Changes every page of a file through a view, and goes on holding it.
const Registration<os::ChildMain> kStorer{
    PartnerMain("page-storer", [](const json& request, os::Channel&) -> Answering {
      const auto file =
          os::File::Open(request.at("path").get<std::string>(), os::FileAccess::kReadWrite);
      auto view = std::make_shared<os::View>(
          os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map());
      return [view](const json&) -> json {
        StoreToEveryPage(view->bytes());
        return true;
      };
    })};

// Stores to more pages than the process may keep in memory.
void UnderALimit(const Laboratory& laboratory, Evidence& evidence) {
  const std::uint64_t limit = laboratory.Count<std::uint64_t>(64, 32) << 20;
  const os::File file = NewFile(laboratory, "large", 4 * limit);
  try {
    EvictOrRefuse(file);
    const auto memory = os::MemoryLimit::Create(limit);
    Partner storer("page-storer", {{"path", file.path().string()}}, &memory);
    storer.Ask({});
    const std::uint64_t stored = file.Size() / os::PageSize();
    const double pages = static_cast<double>(stored);
    evidence.figures["limit_bytes"] = static_cast<double>(limit);
    evidence.figures["pages_stored_under_the_limit"] = pages;
    evidence.figures["pages_written_under_the_limit"] =
        pages - static_cast<double>(PagesNotYetWritten(file));
    evidence.words["under_a_memory_limit"] = memory.mechanism();
    storer.End();
  } catch (const UnsupportedError& error) {
    evidence.words["under_a_memory_limit"] = fmt::format("not tried: {}", error.what());
  }
}

// "30000 ms" as seconds.
std::optional<double> SecondsOf(const os::Facts& facts, const char* name) {
  const auto found = facts.find(name);
  if (found == facts.end() || !found->second) return std::nullopt;
  return std::stod(*found->second) / 1000;
}

// Stores to some pages, and waits until the system finds them old enough.
void WhileIdle(const Laboratory& laboratory, Evidence& evidence) {
  const os::Facts facts = os::MachineFacts();
  const auto expire = SecondsOf(facts, "dirty_expire");
  const auto period = SecondsOf(facts, "dirty_writeback");
  if (laboratory.quick) {
    evidence.words["while_idle"] = "not waited for in a quick run";
    return;
  }
  if (!expire || !period || *period == 0 || *expire + 2 * *period > kLongestWaitSeconds) {
    evidence.words["while_idle"] = "not waited for: the system takes more than a minute";
    return;
  }
  const os::File file = NewFile(laboratory, "idle", kIdlePages * os::PageSize());
  const os::View view = os::FileMapping::FromFile(file, os::Protection::kReadWrite).Map();
  StoreToEveryPage(view.bytes());
  const SteadyClock::time_point start = SteadyClock::now();
  double waited = 0;
  while (PagesNotYetWritten(file) >= kIdlePages && waited < *expire + 2 * *period) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    waited = SecondsSince(start);
  }
  evidence.figures["pages_stored_before_idling"] = static_cast<double>(kIdlePages);
  evidence.figures["pages_written_while_idle"] =
      static_cast<double>(kIdlePages) - static_cast<double>(PagesNotYetWritten(file));
  evidence.figures["idle_seconds"] = waited;
  evidence.words["while_idle"] = "waited";
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  UnderALimit(laboratory, evidence);
  WhileIdle(laboratory, evidence);
  const bool tried = evidence.figures.contains("limit_bytes");
  const bool waited = evidence.figures.contains("idle_seconds");
  if (!tried && !waited) {
    throw UnsupportedError(fmt::format("under a memory limit: {}; while idle: {}",
                                       evidence.Words("under_a_memory_limit"),
                                       evidence.Words("while_idle")));
  }
  evidence.regime =
      fmt::format("{}, changed through a view, never flushed", FileSystemOf(laboratory));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  std::vector<std::string> found;
  Outcome outcome = Outcome::kHolds;
  if (evidence.figures.contains("limit_bytes")) {
    const double written = evidence.Figure("pages_written_under_the_limit");
    if (written <= 0) outcome = Outcome::kDoesNotHold;
    found.push_back(fmt::format(
        "{} of {} pages written under a limit", FormatCount(static_cast<std::uint64_t>(written)),
        FormatCount(static_cast<std::uint64_t>(evidence.Figure("pages_stored_under_the_limit")))));
  }
  if (evidence.figures.contains("idle_seconds")) {
    const double written = evidence.Figure("pages_written_while_idle");
    // Late is not never.
    if (written <= 0 && outcome == Outcome::kHolds) outcome = Outcome::kInconclusive;
    found.push_back(fmt::format("{:g} of {:g} after {}", written,
                                evidence.Figure("pages_stored_before_idling"),
                                FormatSeconds(evidence.Figure("idle_seconds"))));
  }
  if (found.empty()) throw Error("the evidence has neither a limit nor a wait");
  return {outcome, Join(found, ", ")};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A10",
    .title = "The system may write dirty pages back on its own, at any time",
    .section = "What mapping offers",
    .method = "Store to four times as many pages as a memory limit permits; store to 64 pages and "
              "wait for the system's own period to pass. Holds if pages are written in each case "
              "that could be tried, without any flush.",
    .why = "Dirty pages are written when they are old, when they are many, and when the memory "
           "that they take is wanted.",
    .relative_duration = 100,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a10
