// One list of fields, both directions: what is written is read back, and what isn't as listed is
// refused with its place.
#include "harness/json/fields.h"

#include <fmt/format.h>
#include <limits>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/json/line.h"
#include "tests/catch.h"

namespace faultline {
namespace {

enum class Colour { kRed, kGreen, kBlack };

constexpr EnumNames<Colour> kColourNames{"red", "green"};
constexpr NumberRule kNoDebt{[](double value) { return value >= 0; }, "no debts here"};

struct Leaf {
  std::uint64_t count = 7;
  std::int64_t change = 0;
};

template <class Fields>
void Describe(Fields& fields, Leaf& leaf) {
  fields("count", leaf.count);
  fields("change", leaf.change);
}

struct Tree {
  std::string name;
  std::string note;  // or ""
  bool tall = false;
  double height = 0;
  std::optional<double> worth;
  Colour colour = Colour::kRed;
  std::optional<Colour> fruit;
  std::vector<Leaf> leaves;
  std::map<std::string, std::optional<std::uint64_t>> counts;
  std::map<Colour, Leaf> by_colour;
  std::vector<std::pair<double, std::uint64_t>> growth;
  std::array<std::uint64_t, 3> place = {};
  std::uint64_t rings = 3;          // came later
  std::optional<bool> evergreen;    // left out for none
  std::vector<std::string> shaded;  // written as one text
  std::map<std::string, JsonScalar> others;
};

std::string Together(const std::vector<std::string>& words) { return Join(words, " "); }

std::vector<std::string> Apart(const std::string& words, const JsonPlace& place) {
  if (words.empty()) place.Reject("no word");
  return Split(words, ' ');
}

template <class Fields>
void Describe(Fields& fields, Tree& tree) {
  fields.Constant("kind", "tree/1");
  fields("name", tree.name);
  fields.EmptyIsNull("note", tree.note);
  fields("tall", tree.tall);
  fields("height", tree.height);
  fields("worth", tree.worth, kNoDebt);
  fields("colour", tree.colour, kColourNames);
  fields("fruit", tree.fruit, kColourNames);
  fields("leaves", tree.leaves);
  fields("counts", tree.counts);
  fields.ByName("by_colour", tree.by_colour, kColourNames);
  fields("growth", tree.growth);
  fields("place", tree.place);
  fields.Later("rings", tree.rings);
  fields.DefaultLeftOut("evergreen", tree.evergreen);
  fields.As("shaded", tree.shaded, Together, Apart);
  fields.Others(tree.others);
}

Tree Filled() {
  return {.name = "oak",
          .note = "old",
          .tall = true,
          .height = 12.5,
          .worth = 3,
          .colour = Colour::kGreen,
          .fruit = Colour::kRed,
          .leaves = {{1, -1}, {std::uint64_t{1} << 63, 2}},
          .counts = {{"birds", 4}, {"nests", std::nullopt}},
          .by_colour = {{Colour::kGreen, {9, 9}}},
          .growth = {{0.5, 1}, {1.5, 2}},
          .place = {1, 2, 3},
          .rings = 80,
          .evergreen = false,
          .shaded = {"moss", "fern"},
          .others = {{"added", nullptr},
                     {"age", std::uint64_t{80}},
                     {"lean", std::int64_t{-2}},
                     {"mood", "calm"},
                     {"share", 0.25},
                     {"wild", true}}};
}

const JsonSource kSource{.name = "made/tree.json"};

Tree Read(const nlohmann::json& json) {
  Tree tree;
  ReadJson(JsonPlace(&json, &kSource, ""), tree);
  return tree;
}

// What the reader says of the filled tree with this member replaced, or taken away.
std::string ErrorWith(const char* member, const nlohmann::json& value) {
  nlohmann::json json = JsonOf(Filled());
  json[member] = value;
  try {
    Read(json);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

std::string ErrorWithout(const std::string& member) {
  nlohmann::json json = JsonOf(Filled());
  REQUIRE(json.erase(member) == 1);
  try {
    Read(json);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST_CASE("a struct is read back as it was written") {
  const std::string text = ToLine(JsonOf(Filled()));
  CHECK(
      text ==
      R"({"added":null,"age":80,"by_colour":{"green":{"change":9,"count":9}},"colour":"green",)"
      R"("counts":{"birds":4,"nests":null},"evergreen":false,"fruit":"red",)"
      R"("growth":[[0.5,1],[1.5,2]],"height":12.5,"kind":"tree/1","lean":-2,)"
      R"("leaves":[{"change":-1,"count":1},{"change":2,"count":9223372036854775808}],)"
      R"("mood":"calm","name":"oak","note":"old","place":[1,2,3],"rings":80,"shaded":"moss fern",)"
      R"("share":0.25,"tall":true,"wild":true,"worth":3.0})");
  const Tree tree = Read(FromLine(text));
  CHECK(ToLine(JsonOf(tree)) == text);
  CHECK(tree.leaves[1].count == std::uint64_t{1} << 63);
  CHECK(tree.by_colour.at(Colour::kGreen).change == 9);
  CHECK(std::get<std::int64_t>(tree.others.at("lean")) == -2);
}

TEST_CASE("what there is not is null or left out") {
  Tree none;
  none.name = "stump";
  none.height = std::numeric_limits<double>::infinity();
  none.shaded = {"moss"};
  const nlohmann::json json = JsonOf(none);
  CHECK(json.at("note").is_null());
  CHECK(json.at("worth").is_null());
  CHECK(json.at("fruit").is_null());
  CHECK(json.at("height").is_null());
  CHECK_FALSE(json.contains("evergreen"));
  const Tree tree = Read(json);
  CHECK(tree.note.empty());
  CHECK_FALSE(tree.worth.has_value());
  CHECK_FALSE(tree.fruit.has_value());
  CHECK_FALSE(tree.evergreen.has_value());
  CHECK(std::isnan(tree.height));
}

TEST_CASE("a missing field is said in one line and one that came later keeps its value") {
  for (const char* member : {"kind", "name", "tall", "height", "colour", "leaves", "counts",
                             "by_colour", "growth", "place", "shaded"}) {
    CHECK_THAT(ErrorWithout(member),
               ContainsSubstring(fmt::format("made/tree.json: {}: expected ", member)));
  }
  for (const char* member : {"note", "worth", "fruit", "rings", "evergreen"}) {
    CHECK(ErrorWithout(member) == "no error");
  }
  nlohmann::json json = JsonOf(Filled());
  json.erase("rings");
  CHECK(Read(json).rings == 3);
}

TEST_CASE("a field of another type is said with its place and what was found") {
  CHECK(ErrorWith("name", 5) == "made/tree.json: name: expected a text, found the number 5");
  CHECK(ErrorWith("note", {}) == "no error");
  CHECK_THAT(ErrorWith("note", false), ContainsSubstring("note: expected a text, found false"));
  CHECK_THAT(ErrorWith("tall", "yes"), ContainsSubstring("tall: expected true or false, found a"));
  CHECK_THAT(ErrorWith("height", "12"), ContainsSubstring("height: expected a number, found a te"));
  CHECK_THAT(ErrorWith("rings", -1),
             ContainsSubstring("rings: expected a whole number, found the"));
  CHECK_THAT(ErrorWith("rings", nullptr), ContainsSubstring("a whole number, found null"));
  CHECK_THAT(ErrorWith("worth", -1), ContainsSubstring("worth: no debts here"));
  CHECK_THAT(ErrorWith("colour", "blue"),
             ContainsSubstring("colour: unknown 'blue'; known are red, green"));
  CHECK_THAT(ErrorWith("fruit", 1), ContainsSubstring("fruit: expected a text"));
  CHECK_THAT(ErrorWith("kind", "tree/2"),
             ContainsSubstring("kind: expected \"tree/1\", found \"tree/2\""));
  CHECK_THAT(ErrorWith("leaves", {{"count", 1}}), ContainsSubstring("leaves: expected an array"));
  CHECK_THAT(ErrorWith("leaves", nlohmann::json::array({5})),
             ContainsSubstring("leaves[0]: expected an object, found the number 5"));
  CHECK_THAT(ErrorWith("leaves", nlohmann::json::array({{{"count", 1}}})),
             ContainsSubstring("leaves[0].change: expected a whole number, found null"));
  CHECK_THAT(ErrorWith("counts", {{"birds", "many"}}), ContainsSubstring("counts.birds: expected"));
  CHECK_THAT(ErrorWith("by_colour", {{"blue", 1}}), ContainsSubstring("by_colour.blue: unknown"));
  CHECK_THAT(ErrorWith("growth", nlohmann::json::array({{1}})),
             ContainsSubstring("growth[0]: expected 2 elements, found 1"));
  CHECK_THAT(ErrorWith("place", {1, 2}), ContainsSubstring("place: expected 3 elements, found 2"));
  CHECK_THAT(ErrorWith("shaded", ""), ContainsSubstring("shaded: no word"));
  CHECK_THAT(ErrorWith("others", {1}), ContainsSubstring("others: expected a text, a number"));
  const nlohmann::json array = {1};
  CHECK_THROWS_WITH(Read(array), ContainsSubstring("the document: expected an object"));
}

TEST_CASE("texts of others are cleaned and those of an own process are taken as they are") {
  nlohmann::json json = JsonOf(Filled());
  json["name"] = "a\x1b[31m\nb";
  CHECK(Read(json).name == "a [31m b");
  CHECK(FromMessage<Tree>(json).name == "a\x1b[31m\nb");
}

TEST_CASE("a scalar is shown as people read it") {
  CHECK(TextOf(nullptr) == "null");
  CHECK(TextOf(true) == "true");
  CHECK(TextOf(std::uint64_t{12}) == "12");
  CHECK(TextOf(std::int64_t{-12}) == "-12");
  CHECK(TextOf(0.5) == "0.5");
  CHECK(TextOf("paged") == "paged");
}

}  // namespace
}  // namespace faultline
