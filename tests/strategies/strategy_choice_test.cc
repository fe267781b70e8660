// Strategies as values: what a choice says of one without making it, and what it refuses.
#include "strategies/strategy_choice.h"

#include "faultline/error.h"
#include "tests/catch.h"

namespace faultline::testing {
namespace {

TEST_CASE("a choice has the options of its spec and the words it was given in") {
  const StrategyChoice choice("mmap-window:count=3,size=64KiB");
  CHECK(choice.text() == "mmap-window:count=3,size=64KiB");
  CHECK(choice.info().name == "mmap-window");
  CHECK(choice.options().Count("count") == 3);
  CHECK(choice.options().Size("size") == 65536);
  CHECK(choice == StrategyChoice("mmap-window:count=3,size=64KiB"));
  CHECK_FALSE(choice == StrategyChoice("mmap-window"));
  CHECK(StrategyChoice().text() == "");
  CHECK_THROWS_AS(StrategyChoice("mmap-widnow"), UsageError);
  CHECK_THROWS_AS(StrategyChoice("mmap-window:sise=1MiB"), UsageError);
}

TEST_CASE("a strategy's flush period is what its options say") {
  const auto period = [](const char* spec) { return StrategyChoice(spec).FlushPeriod(); };
  CHECK_FALSE(period("read-write").has_value());
  CHECK_FALSE(period("null").has_value());
  CHECK(period("read-write-flushed") == 1);
  CHECK(period("direct-flushed:every=4") == 4);
  CHECK(period("mmap-view-flushed:every=12") == 12);
  CHECK_FALSE(period("mmap-view-flushed:every=12,sync=off").has_value());
}

TEST_CASE("sessions batch where the strategy's options make them") {
  for (const char* spec : {"vectored", "io-uring", "mmap-view:prefetch=8", "mmap-view:willneed=8",
                           "buffer-pool:ahead=8", "buffer-pool:prefetch=8"}) {
    INFO(spec);
    CHECK(StrategyChoice(spec).Batches());
  }
  for (const char* spec : {"read-write", "mmap-view", "buffer-pool", "sqlite"}) {
    INFO(spec);
    CHECK_FALSE(StrategyChoice(spec).Batches());
  }
}

TEST_CASE("storage of its own lies beside the data file") {
  const DatasetFile file{"/some/where.data", {.records = 1, .record_size = 1}};
  CHECK_FALSE(StrategyChoice("read-write").HasOwnStorage());
  CHECK(StrategyChoice("read-write").Storage(file) == "/some/where.data");
  CHECK(StrategyChoice("sqlite").HasOwnStorage());
  CHECK(StrategyChoice("sqlite").Storage(file) == "/some/where.data.sqlite");
  CHECK(StrategyChoice("lmdb:batch=7").Storage(file) == "/some/where.data.lmdb");
}

TEST_CASE("a declaration that contradicts itself is told what is wrong with it") {
  const OptionInfo count = {.name = "every", .kind = OptionKind::kCount, .minimum = 1};
  const OptionInfo size = {.name = "every", .kind = OptionKind::kSize, .minimum = 1};
  const OptionInfo from_zero = {.name = "every", .kind = OptionKind::kCount};
  const OptionInfo flag = {.name = "sync", .kind = OptionKind::kFlag};
  const auto why = [](Durability durability, PeriodicFlush flush, std::vector<OptionInfo> options) {
    return WhyContradictory({.name = "made-up",
                             .durability = durability,
                             .periodic_flush = std::move(flush),
                             .options = std::move(options)});
  };
  CHECK(why(Durability::kAfterFlush, {}, {}) == "");
  CHECK(why(Durability::kPeriodic, {.every = "every"}, {count}) == "");
  CHECK(why(Durability::kPeriodic, {.every = "every", .wait = "sync"}, {count, flag}) == "");
  CHECK_THAT(why(Durability::kPeriodic, {}, {count}), ContainsSubstring("names no option"));
  CHECK_THAT(why(Durability::kPeriodic, {.every = "n"}, {count}), ContainsSubstring("'n'"));
  for (const OptionInfo& wrong : {size, from_zero}) {
    CHECK_THAT(why(Durability::kPeriodic, {.every = "every"}, {wrong}),
               ContainsSubstring("a count of at least 1"));
  }
  CHECK_THAT(why(Durability::kPeriodic, {.every = "every", .wait = "sync"}, {count}),
             ContainsSubstring("'sync'"));
  CHECK_THAT(why(Durability::kPeriodic, {.every = "every", .wait = "every"}, {count}),
             ContainsSubstring("that is a flag"));
  CHECK_THAT(why(Durability::kAfterFlush, {.every = "every"}, {count}),
             ContainsSubstring("not kPeriodic"));
}

}  // namespace
}  // namespace faultline::testing
