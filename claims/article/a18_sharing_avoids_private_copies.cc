#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <optional>

#include "claims/laboratory.h"
#include "claims/partner.h"
#include "claims/token_table/token_table.h"
#include "harness/os/system_info.h"

namespace faultline::a18 {
namespace {

using nlohmann::json;

constexpr std::uint64_t kProcesses[] = {1, 2, 4, 8, 16};
constexpr const char* kSection = "keywords";

std::string KeywordOf(std::uint64_t i) { return fmt::format("keyword_{}", i); }

json Proportional() {
  return Known(os::ReadProcessMemory().proportional_bytes, "proportional memory");
}

// Answers "load", "use" and "measure". Memory is told before loading and after, while all users
// live, so that what they share counts for each of them the same in both. A private copy is the
// same table under a name that no other process knows.
const Registration<os::ChildMain> kUser{
    PartnerMain("token-user", [](const json& request, os::Channel&) -> Answering {
      auto table = std::make_shared<std::optional<TokenTable>>();
      return [table, request](const json& question) -> json {
        if (question == "measure") return Proportional();
        if (question == "load") {
          table->emplace(
              TokenTable::Attach(request.at("name"), request.at("file").get<std::string>()));
          return (*table)->role() != TokenTable::Role::kFound;
        }
        std::uint64_t found = 0;
        for (std::uint64_t i = 0; i < request.at("tokens").get<std::uint64_t>(); ++i) {
          found += (*table)->Find(kSection, KeywordOf(i)).has_value();
        }
        return found;
      };
    })};

json AskAll(std::vector<Partner>& users, const char* question) {
  for (Partner& user : users) user.Question(question);
  json answers = json::array();
  for (Partner& user : users) answers.push_back(user.Answer());
  return answers;
}

double Sum(const json& answers) {
  double sum = 0;
  for (const json& answer : answers) sum += answer.get<double>();
  return sum;
}

struct Memory {
  double bytes = 0;   // growth of all processes' proportional memory
  double misses = 0;  // keywords that a process didn't find
  double initialised = 0;
};

Memory Measure(const std::filesystem::path& file, std::uint64_t tokens, std::uint64_t processes,
               bool shared) {
  std::vector<Partner> users;
  for (std::uint64_t i = 0; i < processes; ++i) {
    const std::string name = fmt::format("claim-a18-{}{}", os::ProcessId(),
                                         shared ? std::string() : fmt::format("-{}", i));
    users.emplace_back("token-user",
                       json{{"file", file.string()}, {"name", name}, {"tokens", tokens}});
  }
  AskAll(users, "measure");  // a rehearsal: measuring takes memory too
  const double before = Sum(AskAll(users, "measure"));
  const json loaded = AskAll(users, "load");
  const double found = Sum(AskAll(users, "use"));
  Memory memory;
  memory.bytes = Sum(AskAll(users, "measure")) - before;
  memory.misses = static_cast<double>(tokens * processes) - found;
  for (const json& first : loaded) memory.initialised += first.get<bool>();
  for (Partner& user : users) user.End();  // who gives the table back
  return memory;
}

void WriteTable(const std::filesystem::path& path, std::uint64_t tokens) {
  std::ofstream file(path);
  file << "[" << kSection << "]\n";
  for (std::uint64_t i = 0; i < tokens; ++i) {
    file << KeywordOf(i) << " = what is to be said about number " << i << "\n";
  }
  if (!file.flush()) throw Error(fmt::format("can't write {}", path.string()));
}

Evidence Experiment(const Laboratory& laboratory) {
  const std::uint64_t tokens = laboratory.Count<std::uint64_t>(20'000, 5'000);
  const std::filesystem::path file = laboratory.directory / "keywords.ini";
  WriteTable(file, tokens);
  Evidence evidence;
  Curve one{.label = "one table for all", .points = {}};
  Curve copies{.label = "a copy in each process", .points = {}};
  double misses = 0;
  double most_initialised = 0;
  for (const std::uint64_t processes : kProcesses) {
    const auto x = static_cast<double>(processes);
    const Memory shared = Measure(file, tokens, processes, true);
    const Memory copied = Measure(file, tokens, processes, false);
    one.points.push_back({x, shared.bytes});
    copies.points.push_back({x, copied.bytes});
    evidence.figures[fmt::format("shared_bytes_of_{}", processes)] = shared.bytes;
    evidence.figures[fmt::format("copied_bytes_of_{}", processes)] = copied.bytes;
    misses += shared.misses + copied.misses;
    most_initialised = std::max(most_initialised, shared.initialised);
  }
  evidence.figures["processes"] = one.points.back().x;
  evidence.figures["misses"] = misses;
  evidence.figures["initialised"] = most_initialised;
  const auto growth = [](const Curve& curve) {
    return FormatSignificant(curve.points.back().y / curve.points.front().y);
  };
  evidence.charts.push_back(
      {.name = "memory_by_processes",
       .title = fmt::format("A table of {} keywords used by many processes", FormatCount(tokens)),
       .x = {.label = "processes"},
       .y = {.label = "memory of all of them together", .unit = "bytes"},
       .reading = fmt::format("From 1 process to {:g} the shared table grows to {} times its "
                              "memory, private copies to {} times.",
                              one.points.back().x, growth(one), growth(copies)),
       .curves = {one, copies}});
  evidence.regime =
      fmt::format("{} keywords, up to {:g} processes, growth of proportional set sizes",
                  FormatCount(tokens), one.points.back().x);
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const std::string all = fmt::format("_of_{:g}", evidence.Figure("processes"));
  const double shared = evidence.Figure("shared_bytes" + all);
  const double copied = evidence.Figure("copied_bytes" + all);
  const std::string deciding =
      fmt::format("{:g} processes: {} shared, {} as private copies", evidence.Figure("processes"),
                  FormatBytes(static_cast<std::uint64_t>(std::max(0.0, shared))),
                  FormatBytes(static_cast<std::uint64_t>(std::max(0.0, copied))));
  if (evidence.Figure("misses") != 0) {
    return {Outcome::kDoesNotHold,
            fmt::format("{:g} keywords were not found", evidence.Figure("misses"))};
  }
  if (evidence.Figure("initialised") != 1) {
    return {Outcome::kDoesNotHold,
            fmt::format("{:g} processes filled the one table", evidence.Figure("initialised"))};
  }
  return {shared <= copied / 4 ? Outcome::kHolds : Outcome::kDoesNotHold, deciding};
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A18",
    .title = "Sharing one mapping among many processes avoids a private copy in each",
    .section = "Sharing memory",
    .method = "1 to 16 processes use a table of keywords, in a named object that the first of them "
              "fills, or each in one of its own. Holds if 16 processes find every keyword, one "
              "fills the object, and all together take at most a quarter of the copies' memory.",
    .why =
        "Pages of the object exist once, whoever maps them; what a process allocates is its own.",
    .relative_duration = 4,
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a18
