// The token table that many processes share: filled once, used by all, gone with the last.
#include "claims/token_table/token_table.h"

#include <unistd.h>

#include <filesystem>

#include "harness/os/system_info.h"
#include "tests/catch.h"
#include "tests/os/support.h"
#include "tests/support/temporary_directory.h"

namespace faultline {
namespace {

using os::testing::Forked;
using Role = TokenTable::Role;

class IniFile {
 public:
  explicit IniFile(const std::string& text) { Write(text); }

  void Write(const std::string& text) { WriteBytes(path(), text); }
  std::filesystem::path path() const { return directory_ / "tokens.ini"; }

 private:
  TemporaryDirectory directory_;
};

std::string NameHere(const char* what) {
  return std::string("token-test-") + what + "-" + std::to_string(os::ProcessId());
}

TEST_CASE("tokens are what the INI file says") {
  const IniFile file("top = 1\n# a comment\n[functions]\nMap = maps a view\nEmpty =\n");
  const auto tokens = ParseTokens(file.path());
  REQUIRE(tokens.size() == 3);
  CHECK(tokens[0] == Token("top", "1"));
  CHECK(tokens[1] == Token("functions.Map", "maps a view"));
  CHECK(tokens[2] == Token("functions.Empty", ""));
}

TEST_CASE("what is no INI file is refused with its name") {
  const IniFile file("no token\n");
  CHECK_THROWS_WITH(ParseTokens(file.path()), ContainsSubstring(file.path().string()));
  CHECK_THROWS_AS(ParseTokens("/nowhere/tokens.ini"), Error);
  CHECK_THROWS_AS(TokenTable::Attach(NameHere("bad"), file.path()), Error);
}

TEST_CASE("every token is found, and nothing else") {
  std::string text = "[keywords]\n";
  for (int i = 0; i < 1000; ++i) {
    text += "k" + std::to_string(i) + " = v" + std::to_string(i) + "\n";
  }
  const IniFile file(text);
  const TokenTable table = TokenTable::Attach(NameHere("all"), file.path());
  CHECK(table.size() == 1000);
  for (int i = 0; i < 1000; ++i) {
    REQUIRE(table.Find("keywords", "k" + std::to_string(i)) == "v" + std::to_string(i));
  }
  CHECK_FALSE(table.Find("keywords", "k1000"));
  CHECK_FALSE(table.Find("", "k1"));
  CHECK_FALSE(table.Find("keyword", "k1"));
  CHECK_FALSE(table.Find("keywords", ""));
}

TEST_CASE("an empty table finds nothing") {
  const IniFile file("");
  const TokenTable table = TokenTable::Attach(NameHere("empty"), file.path());
  CHECK(table.size() == 0);
  CHECK_FALSE(table.Find("", "any"));
}

TEST_CASE("the second process finds what the first has filled, in place") {
  const IniFile file("token = shared\n");
  const std::string name = NameHere("second");
  const TokenTable first = TokenTable::Attach(name, file.path());
  CHECK(first.role() == Role::kInitialised);
  Forked process([&] {
    const TokenTable second = TokenTable::Attach(name, file.path());
    if (second.role() != Role::kFound) return 1;
    if (second.initialisations() != 1) return 2;
    return second.Find("", "token") == "shared" ? 0 : 3;
  });
  CHECK(process.ExitCode() == 0);
}

TEST_CASE("the table goes with its last user, and the next one starts anew") {
  IniFile file("token = old\n");
  const std::string name = NameHere("last");
  { const TokenTable table = TokenTable::Attach(name, file.path()); }
  file.Write("token = new\n");
  const TokenTable table = TokenTable::Attach(name, file.path());
  CHECK(table.role() == Role::kInitialised);
  CHECK(table.Find("", "token") == "new");
}

TEST_CASE("an initialiser that dies half-way is succeeded by the next process") {
  const IniFile file("one = 1\ntwo = 2\nthree = 3\nfour = 4\n");
  const std::string name = NameHere("dies");
  // This process keeps the object, or it would go with the dead process.
  const auto keeper = os::FileMapping::CreateNamed(name, 1 << 16);
  Forked process([&] {
    TokenTable::Attach(name, file.path(), [] { ::_exit(7); });
    return 0;
  });
  REQUIRE(process.ExitCode() == 7);
  const TokenTable table = TokenTable::Attach(name, file.path());
  CHECK(table.role() == Role::kTookOver);
  CHECK(table.size() == 4);
  CHECK(table.initialisations() == 1);
  for (const char* token : {"one", "two", "three", "four"}) CHECK(table.Find("", token));
  CHECK(TokenTable::Attach(name, file.path()).role() == Role::kFound);
}

TEST_CASE("a file that has outgrown an unfinished table is refused") {
  const IniFile file("token = " + std::string(5000, 'x') + "\n");
  const std::string name = NameHere("outgrown");
  const auto keeper = os::FileMapping::CreateNamed(name, 64);
  CHECK_THROWS_AS(TokenTable::Attach(name, file.path()), Error);
}

}  // namespace
}  // namespace faultline
