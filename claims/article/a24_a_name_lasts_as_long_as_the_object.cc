#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <memory>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "claims/token_table/token_table.h"
#include "harness/os/system_info.h"

namespace faultline::a24 {
namespace {

using nlohmann::json;

constexpr std::uint64_t kProcesses = 8;
constexpr int kDied = 3;  // exit code of a process that ends suddenly

// Throws SystemError for anything but success and absence.
bool IsThere(const std::string& name) {
  try {
    os::FileMapping::OpenNamed(name, os::Protection::kReadOnly);
    return true;
  } catch (const os::SystemError& error) {
    if (error.kind() != os::ErrorKind::kNotFound) throw;
    return false;
  }
}

// One of the processes that all start up at once. "race" attaches to the table of that name; "die"
// ends suddenly when the table is half filled; "leave" gives the table back.
const Registration<os::ChildMain> kStarter{
    PartnerMain("name-racer", [](const json& request, os::Channel&) -> Answering {
      auto table = std::make_shared<std::optional<TokenTable>>();
      return [table, request](const json& question) -> json {
        if (question.contains("leave")) {
          table->reset();
          return true;
        }
        const bool die = question.contains("die");
        table->emplace(
            TokenTable::Attach(question.at("name"), request.at("file").get<std::string>(),
                               die ? [] { std::_Exit(kDied); } : std::function<void()>()));
        return {{"first", (*table)->role() != TokenTable::Role::kFound},
                {"took_over", (*table)->role() == TokenTable::Role::kTookOver},
                {"complete", (*table)->Find("", "last") == "here"}};
      };
    })};

// The sample's start-up order, by all processes at once, over and over with new names.
void Race(std::vector<Partner>& racers, std::uint64_t rounds, Evidence& evidence) {
  std::uint64_t exactly_one = 0;
  std::uint64_t complete = 0;
  std::uint64_t absent_before = 0;
  std::uint64_t there_meanwhile = 0;
  std::uint64_t gone_after = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::string name = fmt::format("claim-a24-{}-{}", os::ProcessId(), round);
    absent_before += !IsThere(name);
    std::uint64_t first = 0;
    for (Partner& racer : racers) racer.Question({{"name", name}});
    for (Partner& racer : racers) {
      const json answer = racer.Answer();
      first += answer.at("first").get<bool>();
      complete += answer.at("complete").get<bool>();
    }
    exactly_one += first == 1;
    for (std::size_t i = 1; i < racers.size(); ++i) racers[i].Ask({{"leave", true}});
    there_meanwhile += IsThere(name);
    racers[0].Ask({{"leave", true}});
    gone_after += !IsThere(name);
  }
  evidence.figures["rounds"] = static_cast<double>(rounds);
  evidence.figures["rounds_with_one_initialiser"] = static_cast<double>(exactly_one);
  evidence.figures["complete_tables"] = static_cast<double>(complete);
  evidence.figures["absent_before_creation"] = static_cast<double>(absent_before);
  evidence.figures["there_until_the_last_leaves"] = static_cast<double>(there_meanwhile);
  evidence.figures["gone_after_the_last"] = static_cast<double>(gone_after);
}

// The initialiser dies half-way, and another process comes.
void Succeed(const json& request, std::uint64_t rounds, Evidence& evidence) {
  std::uint64_t taken_over = 0;
  for (std::uint64_t round = 0; round < rounds; ++round) {
    const std::string name = fmt::format("claim-a24-{}-dead-{}", os::ProcessId(), round);
    // This process holds the object, or its name would go with the dying process.
    const auto holder = os::FileMapping::CreateNamed(name, std::uint64_t{1} << 20);
    Partner dying("name-racer", request);
    Partner next("name-racer", request);
    dying.Question({{"name", name}, {"die", true}});
    if (dying.End().code != kDied) throw Error("the initialiser did not die half-way");
    const json answer = next.Ask({{"name", name}});
    taken_over += answer.at("took_over").get<bool>() && answer.at("complete").get<bool>();
    next.End();
  }
  evidence.figures["initialisers_killed"] = static_cast<double>(rounds);
  evidence.figures["taken_over"] = static_cast<double>(taken_over);
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::filesystem::path file = laboratory.directory / "keywords.ini";
  {
    std::ofstream text(file);
    for (int i = 0; i < 500; ++i) text << "keyword_" << i << " = " << i << "\n";
    text << "last = here\n";
    if (!text.flush()) throw Error(fmt::format("can't write {}", file.string()));
  }
  const json request = {{"file", file.string()}};
  Evidence evidence;
  {
    std::vector<Partner> racers;
    for (std::uint64_t i = 0; i < kProcesses; ++i) racers.emplace_back("name-racer", request);
    Race(racers, laboratory.Count<std::uint64_t>(100, 25), evidence);
  }
  Succeed(request, laboratory.Count<std::uint64_t>(10, 3), evidence);
  evidence.figures["processes"] = static_cast<double>(kProcesses);
  evidence.regime =
      fmt::format("{} processes that start at once, a table of 501 keywords", kProcesses);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double rounds = evidence.Figure("rounds");
  std::string wrong;
  const auto expect = [&](const char* name, double expected) {
    const double found = evidence.Figure(name);
    if (found == expected) return;
    wrong = fmt::format("{}: {:g} of {:g}", name, found, expected);
    std::replace(wrong.begin(), wrong.end(), '_', ' ');
  };
  expect("taken_over", evidence.Figure("initialisers_killed"));
  expect("gone_after_the_last", rounds);
  expect("there_until_the_last_leaves", rounds);
  expect("absent_before_creation", rounds);
  expect("complete_tables", rounds * evidence.Figure("processes"));
  expect("rounds_with_one_initialiser", rounds);
  return HoldsUnless(
      wrong, fmt::format("one initialiser in each of {:g} races of {:g} processes; {:g} of {:g} "
                         "killed ones succeeded by another",
                         rounds, evidence.Figure("processes"), evidence.Figure("taken_over"),
                         evidence.Figure("initialisers_killed")));
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A24",
    .title = "A name opens nothing before creation, and lasts as long as the object",
    .section = "Sharing memory",
    .method = "8 processes start at once and open or create an object by its name, over and over; "
              "initialisers are killed half-way. Holds if the name is absent before, exactly one "
              "initialises, all find it complete, it lasts until the last has left and no longer, "
              "and killed initialisers are succeeded.",
    .why = "The library keeps a lock on each object that it opens by name; the system's own names "
           "would outlive their users.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a24
