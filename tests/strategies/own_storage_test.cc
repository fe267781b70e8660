// Strategies with storage of their own beside the data file: records go there and come back.
#include "harness/os/whole_file.h"
#include "tests/catch.h"
#include "tests/strategies/strategy_fixture.h"

namespace faultline::testing {
namespace {

namespace fs = std::filesystem;

constexpr Geometry kImported{301, 125};

std::vector<std::string> SpecsWithStorage() {
  std::vector<std::string> specs;
  for (const std::string& spec : AllSpecs()) {
    if (StrategyChoice(spec).HasOwnStorage()) specs.push_back(spec);
  }
  return specs;
}

void Overwrite(const TestFile& file, std::byte value) {
  const std::vector<std::byte> bytes(file.geometry().file_size(), value);
  os::File::Open(file.file().path, os::FileAccess::kReadWrite).WriteAt(0, bytes);
}

std::vector<std::string> Names(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

// The message of the Error that `action` throws, or "".
template <class Action>
std::string MessageOf(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

TEST_CASE("strategies on the data file itself have nothing to bring there and back") {
  const TestFile file(kImported);
  const std::vector<std::byte> before = file.Bytes();
  const std::unique_ptr<Strategy> strategy = MakeStrategy("read-write");
  CHECK(StrategyChoice("read-write").Storage(file.file()) == file.file().path);
  strategy->Import(file.file());
  strategy->Export(file.file());
  strategy->Discard(file.file());
  CHECK(Difference(file.Bytes(), before) == "");
  CHECK(Names(file.directory()) == std::vector<std::string>{"test.data"});
}

TEST_CASE("what is imported comes back unchanged whatever the records' size") {
  for (const std::string& spec : SpecsWithStorage()) {
    // The last one is more than is moved at a time, and committed in several transactions.
    for (const Geometry& geometry : {Geometry{20011, 1}, Geometry{1003, 125}, Geometry{19, 4095},
                                     Geometry{5, 70000}, Geometry{3, 1 << 22}}) {
      INFO(spec << " with records of " << geometry.record_size);
      const TestFile file(geometry);
      const std::vector<std::byte> before = file.Bytes();
      const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
      strategy->Import(file.file());
      CHECK(fs::file_size(StrategyChoice(spec).Storage(file.file())) >= geometry.file_size());
      Overwrite(file, std::byte{7});
      CHECK(Difference(ExportedBytes(*strategy, file), before) == "");
    }
  }
}

TEST_CASE("an import leaves nothing of what was in the storage before") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    // Crashed in the middle of something: neither flushed nor closed.
    {
      const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
      const std::unique_ptr<Session> session = strategy->NewSession();
      SilentObserver observer;
      session->Execute({MakeOperations(PlanKind::kUpdates, kImported, {}, 50), 0}, observer);
    }
    Overwrite(file, std::byte{9});
    MakeStrategy(spec)->Import(file.file());
    Overwrite(file, std::byte{0});
    const std::vector<std::byte> expected(kImported.file_size(), std::byte{9});
    CHECK(Difference(ExportedBytes(*MakeStrategy(spec), file), expected) == "");
  }
}

TEST_CASE("changes come back from open, closed and forsaken storage") {
  for (const std::string& spec : SpecsWithStorage()) {
    for (const bool closed : {true, false}) {
      INFO(spec << (closed ? " closed" : " forsaken"));
      const TestFile file(kImported);
      ReferenceImage reference = file.Reference();
      const Operations operations = MakeOperations(PlanKind::kPartial, kImported, {}, 60);
      reference.Execute(operations, 0);
      {
        const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
        const std::unique_ptr<Session> session = strategy->NewSession();
        SilentObserver observer;
        session->Execute({operations, 0}, observer);
        CHECK(Difference(file.Bytes(), file.Reference().bytes()) == "");
        CHECK(Difference(ExportedBytes(*strategy, file), reference.bytes()) == "");
        if (closed) strategy->Close();
        if (closed) CHECK(Difference(ExportedBytes(*strategy, file), reference.bytes()) == "");
      }
      Overwrite(file, std::byte{0});
      CHECK(Difference(ExportedBytes(*MakeStrategy(spec), file), reference.bytes()) == "");
    }
  }
}

TEST_CASE("storage that doesn't hold the file's records is not taken for them") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
    strategy->Import(file.file());
    auto refusal = [&](const Geometry& geometry) {
      fs::resize_file(file.file().path, geometry.file_size());
      return MessageOf([&] { strategy->Export({file.file().path, geometry}); });
    };
    CHECK_THAT(refusal({302, 125}), ContainsSubstring("ends after 301 of 302 records"));
    CHECK_THAT(refusal({300, 125}), ContainsSubstring("record 300"));
    CHECK_THAT(refusal({301, 126}), ContainsSubstring("125 bytes instead of 126"));
  }
}

TEST_CASE("storage that is missing is refused and not made") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
    const std::string storage = StrategyChoice(spec).Storage(file.file()).filename().string();
    CHECK_THAT(MessageOf([&] { strategy->Open(file.file()); }), ContainsSubstring(storage));
    CHECK_THAT(MessageOf([&] { MakeStrategy(spec)->Export(file.file()); }),
               ContainsSubstring(storage));
    CHECK_FALSE(fs::exists(StrategyChoice(spec).Storage(file.file())));
  }
}

TEST_CASE("discarding removes the storage with all that belongs to it") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    {
      const std::unique_ptr<Strategy> strategy = OpenStrategy(spec, file.file());
      const std::unique_ptr<Session> session = strategy->NewSession();
      SilentObserver observer;
      session->Execute({MakeOperations(PlanKind::kUpdates, kImported, {}, 50), 0}, observer);
    }
    CHECK(Names(file.directory()).size() >= 2);
    MakeStrategy(spec)->Discard(file.file());
    CHECK(Names(file.directory()) == std::vector<std::string>{"test.data"});
    MakeStrategy(spec)->Discard(file.file());
  }
}

TEST_CASE("what is no plain file is left alone though it has the storage's name") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
    const fs::path storage = StrategyChoice(spec).Storage(file.file());
    fs::create_directory(storage);
    CHECK_THAT(MessageOf([&] { strategy->Import(file.file()); }), ContainsSubstring("refused"));
    CHECK(fs::is_directory(storage));
    fs::remove(storage);
    fs::create_symlink(file.file().path, storage);
    CHECK_THAT(MessageOf([&] { strategy->Discard(file.file()); }), ContainsSubstring("refused"));
    CHECK(fs::is_symlink(storage));
  }
}

TEST_CASE("a foreign plain file is left alone though it has the storage's name") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
    const fs::path storage = StrategyChoice(spec).Storage(file.file());
    os::ReplaceFile(storage, "foreign");
    CHECK_THAT(MessageOf([&] { strategy->Import(file.file()); }), ContainsSubstring("refused"));
    CHECK_THAT(MessageOf([&] { strategy->Discard(file.file()); }), ContainsSubstring("refused"));
    CHECK(os::File::Open(storage, os::FileAccess::kRead).Size() == 7);
    // Nor with a foreign mark.
    const fs::path mark = storage.native() + ".mark";
    os::ReplaceFile(mark, "");
    CHECK_THAT(MessageOf([&] { strategy->Import(file.file()); }), ContainsSubstring("refused"));
    fs::remove(storage);
    CHECK_THAT(MessageOf([&] { strategy->Import(file.file()); }), ContainsSubstring("refused"));
    fs::remove(mark);
    os::ReplaceFile(storage, "foreign");
    // Nor is one replaced that came when the strategy's was gone.
    fs::remove(storage);
    strategy->Import(file.file());
    strategy->Discard(file.file());
    os::ReplaceFile(storage, "foreign");
    CHECK_THAT(MessageOf([&] { strategy->Import(file.file()); }), ContainsSubstring("refused"));
    CHECK(os::File::Open(storage, os::FileAccess::kRead).Size() == 7);
  }
}

TEST_CASE("storage that a killed run left is replaced, however far it had come") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file(kImported);
    const std::unique_ptr<Strategy> strategy = MakeStrategy(spec);
    const fs::path storage = StrategyChoice(spec).Storage(file.file());
    const fs::path mark = storage.native() + ".mark";
    strategy->Import(file.file());
    CHECK(fs::exists(mark));
    os::ReplaceFile(storage, "cut");
    strategy->Import(file.file());
    strategy->Export(file.file());
    strategy->Discard(file.file());
    CHECK(Names(file.directory()) == std::vector<std::string>{"test.data"});
  }
}

TEST_CASE("a sparse file is not imported") {
  for (const std::string& spec : SpecsWithStorage()) {
    INFO(spec);
    const TestFile file({301, 125, true});
    CHECK_THROWS_AS(MakeStrategy(spec)->Import(file.file()), UnsupportedError);
  }
}

}  // namespace
}  // namespace faultline::testing
