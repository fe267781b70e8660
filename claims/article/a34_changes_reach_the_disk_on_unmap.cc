#include <fmt/format.h>

#include "claims/comparison.h"
#include "claims/laboratory.h"
#include "harness/powercut/powercut.h"

namespace faultline::a34 {
namespace {

constexpr std::uint64_t kPages = 256;
constexpr std::uint64_t kRecords = 4096;
constexpr std::uint64_t kUpdates = 1000;

// What is dirty after each step of giving a changed view back.
void GiveBack(const Laboratory& laboratory, Evidence& evidence) {
  os::File file = NewFile(laboratory, "data", kPages * os::PageSize());
  RequireDevice(file);  // without storage nothing is ever written
  const IdleFile kept(laboratory);
  const os::File looker = os::File::Open(file.path(), os::FileAccess::kRead);
  FillPageByPage(file);
  os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite);
  os::View view = object.Map();
  StoreToEveryPage(view.bytes());
  evidence.figures["unwritten_pages_after_the_stores"] =
      static_cast<double>(PagesNotYetWritten(looker));
  view.Unmap();
  evidence.figures["unwritten_pages_after_unmap"] = static_cast<double>(PagesNotYetWritten(looker));
  object.Close();
  evidence.figures["unwritten_pages_after_closing_the_object"] =
      static_cast<double>(PagesNotYetWritten(looker));
  file.Close();
  evidence.figures["unwritten_pages_after_closing_the_file"] =
      static_cast<double>(PagesNotYetWritten(looker));
  kept.Enter(evidence);
}

// What survives a power failure at each instant, on a device of its own.
void CutAt(Instant instant, const std::string& name, const TrialSpec& trial, Evidence& evidence) {
  const CutResult result = CutPower({.trial = trial, .instant = instant});
  if (result.status == Status::kUnsupported) throw UnsupportedError(result.error);
  if (result.status != Status::kOk) throw Error(result.error);
  evidence.figures["updates_" + name] = static_cast<double>(result.tally.updates);
  evidence.figures["survived_" + name] = static_cast<double>(result.tally.survived);
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  GiveBack(laboratory, evidence);
  TrialSpec trial = TrialIn(laboratory, "mmap-view", "random-update");
  trial.directory.clear();  // the device's image is in memory
  trial.records = kRecords;
  trial.operations = kUpdates;
  trial.passes = 1;
  trial = Resolve(trial);
  try {
    CutAt(Instant::kAfterUnmap, "unmap", trial, evidence);
    CutAt(Instant::kAfterClose, "close", trial, evidence);
    CutAt(Instant::kAfterFlush, "flush", trial, evidence);
    evidence.words["power"] = "cut";
  } catch (const UnsupportedError& error) {
    evidence.words["power"] = fmt::format("not cut: {}", error.what());
  }
  evidence.figures["power_was_cut"] = evidence.words["power"] == "cut";
  evidence.regime = fmt::format("{}, {} pages changed; power cut on ext4 after {} updates",
                                FileSystemOf(laboratory), kPages, kUpdates);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double dirty = evidence.Figure("unwritten_pages_after_closing_the_file");
  const double stored = evidence.Figure("unwritten_pages_after_the_stores");
  std::string deciding =
      fmt::format("{:g} of {:g} pages not yet written after unmapping and closing", dirty, stored);
  bool survived = true;
  if (evidence.Figure("power_was_cut") != 0) {
    survived = evidence.Figure("survived_close") == evidence.Figure("updates_close");
    deciding += fmt::format("; a power cut then leaves {:g} of {:g} updates, after a flush {:g}",
                            evidence.Figure("survived_close"), evidence.Figure("updates_close"),
                            evidence.Figure("survived_flush"));
    if (evidence.Figure("survived_flush") != evidence.Figure("updates_flush")) {
      return {Outcome::kInconclusive,
              fmt::format("not even a flush saves all updates: {}", deciding)};
    }
  }
  if (stored == 0) return {Outcome::kInconclusive, "the system had written all before the unmap"};
  if (dirty != 0 || !survived) return {Outcome::kDoesNotHold, deciding};
  if (const std::string who = WhoElseWrote(evidence); !who.empty()) {
    return {Outcome::kInconclusive, fmt::format("{}; {}", deciding, who)};
  }
  return {Outcome::kHolds, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A34",
    .title = "Changes reach the disk when the view is unmapped or the object deleted",
    .section = "Unmapping and closing",
    .method =
        "Change a view's pages, unmap, close object and file, counting unwritten pages "
        "after each step; cut the power of a device after unmap, close and flush (as root). Holds "
        "if nothing is dirty at the end, while a view that was kept still is, and every update "
        "survives a cut after closing.",
    .why = "Dirty pages belong to the file's cache and not to the view; they are written when they "
           "are old or many, or when a process asks for a flush.",
    .relative_duration = 5,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a34
