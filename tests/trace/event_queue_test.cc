// Events in the order of their times, however they come.
#include "harness/trace/event_queue.h"

#include "tests/catch.h"

namespace faultline {
namespace {

struct TimedEvent {
  std::uint64_t time_ns;
  int source = 0;
};

std::vector<std::uint64_t> TakeAll(EventQueue<TimedEvent>& queue, std::uint64_t before_ns) {
  std::vector<std::uint64_t> times;
  while (queue.NextTime() < before_ns) times.push_back(queue.Take().time_ns);
  return times;
}

TEST_CASE("events are handed on by time, late ones next") {
  EventQueue<TimedEvent> queue;
  CHECK(queue.size() == 0);
  CHECK(queue.NextTime() == ~std::uint64_t{0});
  std::vector<TimedEvent> events = {{30}, {10}, {20}};
  queue.Add(events);
  events = {{25}, {40}};
  queue.Add(events);
  CHECK(queue.MiddleTime() == 25);
  using Times = std::vector<std::uint64_t>;
  CHECK(TakeAll(queue, 26) == Times{10, 20, 25});
  events = {{15}, {35}};
  queue.Add(events);
  CHECK(TakeAll(queue, 100) == Times{15, 30, 35, 40});
  events.clear();
  queue.Add(events);
  CHECK(queue.size() == 0);
}

TEST_CASE("events of one moment stay in the order in which they came") {
  EventQueue<TimedEvent> queue;
  std::vector<TimedEvent> events = {{7, 1}, {7, 2}};
  queue.Add(events);
  events = {{7, 3}, {6, 0}};
  queue.Add(events);
  for (int source = 0; source < 4; ++source) CHECK(queue.Take().source == source);
}

}  // namespace
}  // namespace faultline
