#include <fmt/format.h>
#include <memory>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "harness/os/file_mapping.h"
#include "harness/os/process_access.h"

namespace faultline::a36 {
namespace {

using nlohmann::json;

constexpr std::byte kBefore{1};
constexpr std::byte kAfter{2};

// Has data of its own to be read from outside, and a pipe to take pages from.
const Registration<os::ChildMain> kOther{
    PartnerMain("data-owner", [](const json&, os::Channel& asker) -> Answering {
      auto own = std::make_shared<std::vector<std::byte>>(64, kBefore);
      return [own, &asker](const json& question) -> json {
        if (question == "address") return reinterpret_cast<std::uintptr_t>(own->data());
        if (question == "change") {
          (*own)[0] = kAfter;
          return true;
        }
        if (question == "read") {
          const auto file = os::File::FromHandle(asker.ReceiveHandle());
          std::string written;
          asker.ReceiveLine(written);
          std::byte byte{};
          file.ReadExactlyAt(0, std::span(&byte, 1));
          return std::to_integer<int>(byte);
        }
        std::vector<std::byte> found(os::PageSize());
        const auto pipe = os::PagePipe::FromTakingEnd(asker.ReceiveHandle());
        pipe.Take(found);
        return std::to_integer<int>(found[0]);
      };
    })};

// Whether a change of the other's private memory is seen by reading it from here.
std::string ByReadingMemory(Partner& other) {
  const auto address = other.Ask("address").get<std::uintptr_t>();
  std::vector<std::byte> found(1);
  const auto read = [&] {
    os::ReadMemoryOf(other.id(), reinterpret_cast<const void*>(address), found);
    return found[0];
  };
  std::string seen;
  const std::string happened = WhatHappens("works", [&] {
    const bool before = read() == kBefore;
    other.Ask("change");
    if (!before || read() != kAfter) seen = "wrong bytes";
  });
  return seen.empty() ? happened : seen;
}

// Whether a change made after the page went into the pipe is what comes out at the other's end, so
// that it was not copied.
std::string ByAPipe(Partner& other) {
  const os::View page = os::FileMapping::FromMemory(os::PageSize()).Map();
  page.data()[0] = kBefore;
  int found = 0;
  const std::string happened = WhatHappens("works", [&] {
    const os::PagePipe pipe;
    pipe.Gift(page.bytes());
    page.data()[0] = kAfter;
    other.Question("take");
    other.channel().SendHandle(pipe.taking_end());
    found = other.Answer();
  });
  if (happened != "works") return happened;
  return found == std::to_integer<int>(kAfter) ? "works" : "copied";
}

// Whether the other process reads what this one writes to a nameless file, whose descriptor it was
// given.
std::string ByADescriptor(const Laboratory& laboratory, Partner& other) {
  const os::File file = os::File::CreateTemporary(laboratory.directory);
  file.WriteAt(0, std::span(&kBefore, 1));
  int found = 0;
  const std::string happened = WhatHappens("works", [&] {
    other.Question("read");
    other.channel().SendHandle(file.handle());
    file.WriteAt(0, std::span(&kAfter, 1));
    other.channel().SendLine("written");
    found = other.Answer();
  });
  if (happened != "works") return happened;
  return found == std::to_integer<int>(kAfter) ? "works" : "wrong bytes";
}

Evidence Experiment(const Laboratory& laboratory) {
  Partner other("data-owner");
  Evidence evidence;
  evidence.words["reading_another_process_s_memory"] = ByReadingMemory(other);
  evidence.words["reading_a_nameless_file_passed_on"] = ByADescriptor(laboratory, other);
  evidence.words["pages_given_into_a_pipe_passed_on"] = ByAPipe(other);
  std::uint64_t working = 0;
  for (const auto& [way, outcome] : evidence.words) working += outcome == "works";
  evidence.figures["ways_tried"] = static_cast<double>(evidence.words.size());
  evidence.figures["ways_that_work"] = static_cast<double>(working);
  evidence.regime = "two processes of one user, no mapping object between them";
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double working = evidence.Figure("ways_that_work");
  const std::string deciding =
      fmt::format("{:g} of {:g} other ways show one process what the other changes", working,
                  evidence.Figure("ways_tried"));
  return {working == 0 ? Outcome::kHolds : Outcome::kDoesNotHold, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A36",
    .title = "Mapping is the only way for processes to share data directly",
    .section = "Sharing memory",
    .method = "Counter-examples: reading another process's private memory by a system call, "
              "reading a nameless file whose descriptor was passed on, and pages put into a pipe "
              "without a copy. Holds if none works.",
    .why = "Systems have grown further doors between address spaces since, for debuggers and for "
           "moving data without copying it.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a36
