// One text of strace as what it says, call by call, whatever stands between and within its lines.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "harness/trace/line_counts.h"
#include "harness/trace/strace_line.h"
#include "harness/trace/strace_syntax.h"

namespace faultline {

// Something that a text says.
struct StraceItem {
  enum class Kind {
    kCall,        // `call` has ended
    kUnfinished,  // `text` is "name(…" as far as it was printed
    kResumed,     // `name` is the call's, `text` the rest of it: "…) = result"
    kExited,      // the thread is gone
    kSuperseded,  // likewise, and the thread `other` goes on under this one's number
    kAttached,    // the lines of the thread `other` follow
  };
  Kind kind = Kind::kCall;
  std::uint32_t thread = 0;  // 0 where the text names none
  std::uint32_t other = 0;
  std::optional<std::uint64_t> time_ns;  // StraceClock
  std::string_view name;
  std::string_view text;
  const StraceCall* call = nullptr;
  TextPlace place;  // where it ends
};

// Puts the calls together of which a part stands in another line, since others wrote in between:
//
//   write(2, "loading\n", 8loading
//   ) = 8
//
// Memory: one call's text, and those of calls that are not finished.
class StraceStream {
 public:
  // `thread` is what lines without a number belong to; 0 where nothing tells. `counts` outlives
  // this.
  StraceStream(std::uint32_t thread, LineCounts& counts) : thread_(thread), counts_(counts) {}

  // What the line completes, valid until the next call.
  std::optional<StraceItem> Take(const TextPlace& place, std::string_view line);

  // After the last line.
  void Finish();

  const StraceClock& clock() const { return clock_; }

 private:
  // What of a call came before others wrote.
  struct Beginning {
    std::uint32_t thread = 0;
    std::optional<std::uint64_t> time_ns;
    std::string text;
    std::size_t argument = 0;  // CallScan::argument
    std::size_t resumed = 0;   // of a call that is resumed: where in `text` that begins; else 0
    bool in_quotes = false;    // others wrote into a text in quotes, which goes on behind them
    std::string others;        // their words behind it in its line
    TextPlace place;
  };

  std::uint32_t ThreadOf(const StraceLine& line) const {
    return line.thread != 0 ? line.thread : thread_;
  }
  StraceItem ItemOf(StraceItem::Kind kind, const StraceLine& line);
  std::optional<StraceItem> TakeCall(const StraceLine& line, std::string_view whole);
  std::optional<StraceItem> TakeUnfinished(const StraceLine& line, std::string_view text);
  std::optional<StraceItem> TakeResumed(const StraceLine& line);
  // A call's line of which [0, scan.end) is the call's.
  std::optional<StraceItem> TakeBroken(const StraceLine& line, const CallScan& scan,
                                       std::string_view whole);
  // A line that is none of strace's by itself, while a call is open, and while none is.
  std::optional<StraceItem> TakeRest(std::string_view line);
  std::optional<StraceItem> TakeBehindOthers(std::string_view line);

  // Whether a call that begins with `beginning` ends with the line `rest`. joined_ and call_ are it
  // then.
  bool Joins(std::string_view beginning, std::string_view rest);
  // Likewise where the line begins with words of others: with rest[0, others).
  bool JoinsBehindOthers(std::string_view beginning, std::string_view rest, std::size_t& others);
  StraceItem OpenItem(StraceItem::Kind kind);

  // The line as the rest of the call that the line before left unfinished: strace -z may leave out
  // that it is resumed. Nothing if it is none.
  std::optional<StraceItem> TakeUnannounced(std::string_view line);

  // Counts what stands between parts of calls, and says what strace said in it.
  std::optional<StraceItem> TakeOthers(std::string_view text);
  // What was begun was nothing, or will never end.
  void Abandon();

  std::uint32_t thread_;
  LineCounts& counts_;
  StraceClock clock_;
  TextPlace place_;
  std::optional<Beginning> open_;
  // The text of calls that are not finished, by thread; and the thread if the last item was one.
  std::unordered_map<std::uint32_t, std::string> unfinished_;
  std::optional<std::uint32_t> last_unfinished_;
  std::string joined_;
  StraceCall call_;
};

// Whether the line is surely one of strace's.
bool IsStraceLine(std::string_view line);

}  // namespace faultline
