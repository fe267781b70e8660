#include "harness/walk/live.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>

#include "harness/base/text.h"
#include "harness/os/terminal.h"
#include "harness/walk/text_page.h"

namespace faultline {
namespace {

constexpr int kSizeCheckEvery = 250;  // milliseconds

// The walks as one row of steps, of which those up to the furthest are taken.
class LiveWalks {
 public:
  explicit LiveWalks(const std::vector<WalkerMaker>& makers) : makers_(makers) { Forward(); }

  void Forward() {
    if (shown_ + 1 < taken_.size()) {
      ++shown_;
      return;
    }
    if (walkers_.empty() || walkers_.back()->finished()) {
      if (walkers_.size() == makers_.size()) return;
      walkers_.push_back(makers_[walkers_.size()]());
    }
    walkers_.back()->TakeStep();
    taken_.push_back({walkers_.size() - 1, walkers_.back()->taken() - 1});
    shown_ = taken_.size() - 1;
  }
  void Back() { shown_ -= shown_ > 0 ? 1 : 0; }
  void First() { shown_ = 0; }
  void Last() { shown_ = taken_.size() - 1; }

  const Walk& walk() const { return walkers_[taken_[shown_].walker]->walk(); }
  std::size_t step() const { return taken_[shown_].step; }
  bool at_end() const {
    return shown_ + 1 == taken_.size() && walkers_.size() == makers_.size() &&
           walkers_.back()->finished();
  }

 private:
  struct Place {
    std::size_t walker;
    std::size_t step;
  };

  const std::vector<WalkerMaker>& makers_;
  std::vector<std::unique_ptr<Walker>> walkers_;
  std::vector<Place> taken_;
  std::size_t shown_ = 0;
};

std::string Page(const LiveWalks& walks, std::uint64_t columns, std::uint64_t rows) {
  // What stands around the grid takes up about this many rows; of the map, which comes last, what
  // there is room for.
  constexpr std::uint64_t kAround = 18;
  TextLayout layout = {
      .columns = std::max<std::uint64_t>(columns, 40), .color = true, .legend = true};
  layout.grid_rows = std::clamp<std::uint64_t>(rows - std::min(rows, kAround), 4, 40);
  layout.map_neighbours = rows < 32 ? 1 : 3;
  return fmt::format("{}{}", TextHeading(walks.walk(), layout.columns),
                     TextStep(walks.walk(), walks.step(), layout));
}

void Draw(const LiveWalks& walks, std::uint64_t columns, std::uint64_t rows) {
  std::vector<std::string> lines = Split(Page(walks, columns, rows), '\n');
  const std::size_t room = rows > 1 ? rows - 1 : 1;
  lines.resize(std::min(lines.size(), room));
  // Each line clears what was right of it; the last clears what was below.
  std::string screen = "\x1b[H";
  for (const std::string& line : lines) screen += line + "\x1b[K\n";
  screen += fmt::format("\x1b[J\x1b[7m{} left: back   q: quit \x1b[0m",
                        walks.at_end() ? " the end " : " right/space: next ");
  std::cout << screen << std::flush;
}

}  // namespace

bool ShowLive(const std::vector<WalkerMaker>& makers) {
  os::FullScreen screen;
  try {
    LiveWalks walks(makers);
    for (bool redraw = true;;) {
      const std::uint64_t columns = os::TerminalColumns();
      const std::uint64_t rows = os::TerminalRows();
      if (redraw) Draw(walks, columns, rows);
      const os::KeyPress press = screen.ReadKey(kSizeCheckEvery);
      redraw = press.key != os::Key::kNone || columns != os::TerminalColumns() ||
               rows != os::TerminalRows();
      const char character = press.character;
      if (press.key == os::Key::kInterrupted) return false;
      if (press.key == os::Key::kClosed || character == 'q') return true;
      if (press.key == os::Key::kRight || press.key == os::Key::kDown || character == ' ' ||
          character == '\n') {
        walks.Forward();
      }
      if (press.key == os::Key::kLeft || press.key == os::Key::kUp || character == 'b') {
        walks.Back();
      }
      if (press.key == os::Key::kHome) walks.First();
      if (press.key == os::Key::kEnd) walks.Last();
    }
  } catch (const WalkStopped&) {
    return false;
  }
}

}  // namespace faultline
