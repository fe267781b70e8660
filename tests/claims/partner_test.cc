// Further processes of an experiment: questions, answers, and ends.
#include "claims/partner.h"

#include <csignal>

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline {
namespace {

using nlohmann::json;

const Registration<os::ChildMain> kCounter{
    PartnerMain("T-counter", [](const json& request, os::Channel&) -> Answering {
      if (request == "fail") throw Error("it can't begin");
      auto sum = std::make_shared<int>(request.at("from").get<int>());
      return [sum](const json& question) -> json {
        if (question == "throw") throw Error("it went wrong");
        if (question == "lack") throw UnsupportedError("no such machine");
        if (question == "die") std::raise(SIGKILL);
        return *sum += question.get<int>();
      };
    })};

TEST_CASE("a partner answers question after question") {
  Partner partner("T-counter", {{"from", 40}});
  CHECK(partner.Ask(1) == 41);
  CHECK(partner.Ask(1) == 42);
  CHECK(partner.End().Succeeded());
}

TEST_CASE("partners can be asked all at once") {
  Partner one("T-counter", {{"from", 1}});
  Partner two("T-counter", {{"from", 2}});
  one.Question(10);
  two.Question(10);
  CHECK(two.Answer() == 12);
  CHECK(one.Answer() == 11);
}

TEST_CASE("one of several partners can be ended while the others go on") {
  Partner first("T-counter", {{"from", 1}});
  Partner second("T-counter", {{"from", 2}});
  CHECK(first.End().Succeeded());
  CHECK(second.Ask(1) == 3);
  CHECK(second.End().Succeeded());
}

TEST_CASE("what a partner throws is thrown where it was asked, and it goes on") {
  CHECK_THROWS_WITH(Partner("T-counter", "fail"), ContainsSubstring("it can't begin"));
  Partner partner("T-counter", {{"from", 0}});
  CHECK_THROWS_WITH(partner.Ask("throw"), ContainsSubstring("it went wrong"));
  CHECK_THROWS_AS(partner.Ask("lack"), UnsupportedError);
  CHECK(partner.Ask(3) == 3);
}

TEST_CASE("a partner that dies is an error that says how") {
  Partner partner("T-counter", {{"from", 0}});
  CHECK_THROWS_WITH(partner.Ask("die"), ContainsSubstring("SIGKILL"));
}

}  // namespace
}  // namespace faultline
