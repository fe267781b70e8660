#include "harness/trace/strace_stream.h"

#include <algorithm>
#include <utility>

#include "harness/base/text.h"
#include "harness/trace/scanning.h"
#include "harness/trace/strace_call_table.h"

namespace faultline {
namespace {

constexpr std::string_view kUnfinishedMark = "<unfinished ...>";
constexpr std::string_view kDetachedMark = "<detached ...>";

// Places tried at which a call may go on behind words of others; and letters of a line's end in
// which it is tried.
constexpr std::size_t kMostTries = 64;
constexpr std::size_t kFarthest = 4096;

// Where the last ")  = " of a text is; npos where there is none.
std::size_t LastResult(std::string_view text) {
  std::size_t at = text.rfind(')');
  while (at != std::string_view::npos) {
    const std::size_t behind = text.find_first_not_of(' ', at + 1);
    if (behind != std::string_view::npos && text[behind] == '=') return at;
    if (at == 0) break;
    at = text.rfind(')', at - 1);
  }
  return std::string_view::npos;
}

bool IsWhole(std::string_view text) {
  return LastResult(text) != std::string_view::npos || Trim(text).ends_with("...>");
}

// Whether an argument, or what follows one, can begin there.
bool MayGoOn(std::string_view text, std::size_t at) {
  const char letter = text[at];
  if (scanning::IsWordLetter(letter)) {
    return !scanning::IsLower(letter) && (at == 0 || !scanning::IsWordLetter(text[at - 1]));
  }
  return std::string_view("\"[{,=-").find(letter) != std::string_view::npos;
}

// Whether a text in quotes begins, and doesn't end.
bool IsOpenQuote(std::string_view text) {
  text = Trim(text);
  if (!text.starts_with('"')) return false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') return false;
    if (text[at] == '\\') ++at;
  }
  return true;
}

// Whether a line of strace can begin there, behind words of others.
bool MayBegin(std::string_view text, std::size_t at) {
  const char letter = text[at];
  if (scanning::IsWordLetter(letter)) return !scanning::IsWordLetter(text[at - 1]);
  return std::string_view("[<+").find(letter) != std::string_view::npos;
}

}  // namespace

StraceItem StraceStream::ItemOf(StraceItem::Kind kind, const StraceLine& line) {
  counts_.CountUnderstood();
  last_unfinished_.reset();
  return {.kind = kind,
          .thread = ThreadOf(line),
          .other = line.other,
          .time_ns = clock_.Next(line.time),
          .name = line.name,
          .text = line.text,
          .place = place_};
}

StraceItem StraceStream::OpenItem(StraceItem::Kind kind) {
  counts_.CountUnderstood();
  StraceItem item = {.kind = kind,
                     .thread = open_->thread,
                     .time_ns = open_->time_ns,
                     .text = joined_,
                     .call = &call_,
                     .place = place_};
  item.name = item.text.substr(0, item.text.find('('));
  if (open_->resumed > 0 && kind == StraceItem::Kind::kCall) {
    item.kind = StraceItem::Kind::kResumed;
    item.text.remove_prefix(open_->resumed);
  }
  if (!open_->others.empty()) counts_.CountForeign(open_->place, open_->others);
  open_.reset();
  return item;
}

std::optional<StraceItem> StraceStream::Take(const TextPlace& place, std::string_view whole) {
  place_ = place;
  const StraceLine line = ParseStraceLine(whole);
  switch (line.kind) {
    case StraceLine::Kind::kEmpty:
      if (open_) counts_.CountForeign(place_, whole);
      return std::nullopt;
    case StraceLine::Kind::kOwn:
      if (open_ && Trim(whole).ends_with("...>")) return TakeRest(whole);
      counts_.CountOwn(place_, whole);
      return std::nullopt;
    case StraceLine::Kind::kAttached:
      return TakeOthers(whole);
    case StraceLine::Kind::kSignal:
      Abandon();
      ItemOf(StraceItem::Kind::kCall, line);
      return std::nullopt;
    case StraceLine::Kind::kExited:
      Abandon();
      unfinished_.erase(ThreadOf(line));
      return ItemOf(StraceItem::Kind::kExited, line);
    case StraceLine::Kind::kSuperseded:
      Abandon();
      return ItemOf(StraceItem::Kind::kSuperseded, line);
    case StraceLine::Kind::kResumed:
      return TakeResumed(line);
    case StraceLine::Kind::kCall:
      return TakeCall(line, whole);
    case StraceLine::Kind::kForeign:
      break;
  }
  return open_ ? TakeRest(whole) : TakeBehindOthers(whole);
}

std::optional<StraceItem> StraceStream::TakeCall(const StraceLine& line, std::string_view whole) {
  if (FindCallShape(line.name) == nullptr) {
    // A call that moves nothing. What ends nowhere and has nothing of strace before it is none.
    const bool prefixed = line.thread != 0 || line.time.clock_ns || line.time.difference_ns;
    if (!IsWhole(line.text) && (open_ || !prefixed)) return TakeOthers(whole);
    Abandon();
    ItemOf(StraceItem::Kind::kCall, line);
    return std::nullopt;
  }
  const std::size_t mark = line.text.rfind(kUnfinishedMark);
  if (mark != std::string_view::npos) {
    const std::string_view behind = Trim(line.text.substr(mark + kUnfinishedMark.size()));
    if (behind.empty()) return TakeUnfinished(line, line.text.substr(0, mark));
  }
  const CallScan scan = ScanStraceCall(line.text, call_);
  if (!scan.complete) {
    // The thread ended in it ("<unfinished ...>) = ?"), or strace left it there.
    if (mark == std::string_view::npos && !Trim(line.text).ends_with(kDetachedMark)) {
      return TakeBroken(line, scan, whole);
    }
  }
  Abandon();
  StraceItem item = ItemOf(StraceItem::Kind::kCall, line);
  if (!scan.complete) return std::nullopt;
  item.call = &call_;
  return item;
}

std::optional<StraceItem> StraceStream::TakeUnfinished(const StraceLine& line,
                                                       std::string_view text) {
  Abandon();
  const CallScan scan = ScanStraceCall(text, call_);
  // What strace says there of new threads was said by a line of its own, too.
  if (!Trim(text.substr(scan.end)).empty()) TakeOthers(text.substr(scan.end));
  StraceItem item = ItemOf(StraceItem::Kind::kUnfinished, line);
  item.text = text.substr(0, scan.end);
  unfinished_[item.thread] = item.text;
  last_unfinished_ = item.thread;
  return item;
}

std::optional<StraceItem> StraceStream::TakeResumed(const StraceLine& line) {
  Abandon();
  StraceItem item = ItemOf(StraceItem::Kind::kResumed, line);
  const auto found = unfinished_.find(item.thread);
  if (found == unfinished_.end()) return item;  // it began before the text did
  const std::string beginning = std::move(found->second);
  unfinished_.erase(found);
  joined_.assign(beginning).append(line.text);
  const CallScan scan = ScanStraceCall(joined_, call_);
  if (scan.complete || scan.end < beginning.size() || call_.name != line.name ||
      Trim(line.text).ends_with("...>")) {
    return item;
  }
  // Others wrote in the middle of it.
  const std::string good = joined_.substr(0, scan.end);
  const std::string rest = joined_.substr(scan.end);
  std::size_t others = 0;
  if (JoinsBehindOthers(good, rest, others)) {
    TakeOthers(std::string_view(rest).substr(0, others));
    item.text = std::string_view(joined_).substr(beginning.size());
    return item;
  }
  open_ = {.thread = item.thread,
           .time_ns = item.time_ns,
           .text = good,
           .argument = std::max(scan.argument, beginning.size()),
           .resumed = beginning.size(),
           .in_quotes = IsOpenQuote(rest),
           .others = {},
           .place = place_};
  if (ParseStraceLine(Trim(rest)).kind != StraceLine::Kind::kForeign) return TakeOthers(rest);
  open_->others = rest;
  return std::nullopt;
}

std::optional<StraceItem> StraceStream::TakeBroken(const StraceLine& line, const CallScan& scan,
                                                   std::string_view whole) {
  const std::string_view beginning = line.text.substr(0, scan.end);
  const std::string_view rest = line.text.substr(scan.end);
  const bool interrupted = !Trim(rest).empty();
  std::size_t others = 0;
  if (JoinsBehindOthers(beginning, rest, others)) {
    TakeOthers(rest.substr(0, others));
    Abandon();
    StraceItem item = ItemOf(StraceItem::Kind::kCall, line);
    item.text = joined_;
    item.call = &call_;
    return item;
  }
  // Others may write what looks like the beginning of a call, while a real one is open.
  if (open_ && interrupted) return TakeOthers(whole);
  Abandon();
  open_ = {.thread = ThreadOf(line),
           .time_ns = clock_.Next(line.time),
           .text = std::string(beginning),
           .argument = scan.argument,
           .resumed = 0,
           .in_quotes = IsOpenQuote(rest),
           .others = {},
           .place = place_};
  if (!interrupted) return std::nullopt;
  if (ParseStraceLine(Trim(rest)).kind != StraceLine::Kind::kForeign) return TakeOthers(rest);
  open_->others = rest;  // counted when it is known whether it interrupted a call
  return std::nullopt;
}

std::optional<StraceItem> StraceStream::TakeRest(std::string_view line) {
  const std::string text = std::move(open_->text);
  open_->text.clear();
  const std::string_view trimmed = Trim(line);
  if (trimmed.ends_with(kDetachedMark)) {
    open_.reset();
    return std::nullopt;
  }
  if (trimmed.ends_with(kUnfinishedMark)) {
    const std::string_view others = trimmed.substr(0, trimmed.size() - kUnfinishedMark.size());
    if (!others.empty()) TakeOthers(others);
    joined_ = text;
    return OpenItem(StraceItem::Kind::kUnfinished);
  }
  const std::string_view before_argument = std::string_view(text).substr(0, open_->argument);
  if (Joins(text, line) || Joins(before_argument, line)) {
    return OpenItem(StraceItem::Kind::kCall);
  }
  std::size_t others = 0;
  if (JoinsBehindOthers(text, line, others) || JoinsBehindOthers(before_argument, line, others)) {
    TakeOthers(line.substr(0, others));
    return OpenItem(StraceItem::Kind::kCall);
  }
  if (open_->in_quotes && JoinsBehindOthers(text + "\"\"", line, others)) {
    return OpenItem(StraceItem::Kind::kCall);
  }
  open_->text = text;
  return TakeOthers(line);
}

std::optional<StraceItem> StraceStream::TakeBehindOthers(std::string_view line) {
  if (const auto item = TakeUnannounced(line)) return item;
  // The rest of a call that isn't read.
  if (line.starts_with(')') && LastResult(line) == 0) return std::nullopt;
  std::size_t tries = 0;
  for (std::size_t at = 1; at < line.size() && tries < kMostTries; ++at) {
    if (!MayBegin(line, at)) continue;
    ++tries;
    const StraceLine behind = ParseStraceLine(line.substr(at));
    // One that goes on in another line has the thread's number before it.
    const bool call = behind.kind == StraceLine::Kind::kCall &&
                      FindCallShape(behind.name) != nullptr &&
                      (behind.thread != 0 || ScanStraceCall(behind.text, call_).complete);
    if (!call && behind.kind != StraceLine::Kind::kResumed &&
        behind.kind != StraceLine::Kind::kExited) {
      continue;
    }
    counts_.CountForeign(place_, line.substr(0, at));
    if (call) return TakeCall(behind, line);
    return ItemOf(behind.kind == StraceLine::Kind::kExited ? StraceItem::Kind::kExited
                                                           : StraceItem::Kind::kResumed,
                  behind);
  }
  counts_.CountForeign(place_, line);
  return std::nullopt;
}

std::optional<StraceItem> StraceStream::TakeUnannounced(std::string_view line) {
  if (!last_unfinished_) return std::nullopt;
  const auto found = unfinished_.find(*last_unfinished_);
  if (found == unfinished_.end() || !Joins(found->second, line)) return std::nullopt;
  counts_.CountUnderstood();
  const std::uint32_t thread = found->first;
  last_unfinished_.reset();
  unfinished_.erase(found);
  return StraceItem{.kind = StraceItem::Kind::kResumed,
                    .thread = thread,
                    .name = call_.name,
                    .text = line,
                    .place = place_};
}

bool StraceStream::Joins(std::string_view beginning, std::string_view rest) {
  if (LastResult(rest) == std::string_view::npos) return false;
  joined_.assign(beginning).append(rest);
  if (!ScanStraceCall(joined_, call_).complete) return false;
  const CallShape* shape = FindCallShape(call_.name);
  return shape == nullptr || shape->arguments == 0 || shape->arguments == call_.arguments.size();
}

bool StraceStream::JoinsBehindOthers(std::string_view beginning, std::string_view rest,
                                     std::size_t& others) {
  const std::size_t last = LastResult(rest);
  if (last == std::string_view::npos) return false;
  others = last;
  if (Joins(beginning, rest.substr(last))) return true;
  std::size_t tries = 0;
  for (others = last > kFarthest ? last - kFarthest : 0; others < last && tries < kMostTries;
       ++others) {
    if (!MayGoOn(rest, others)) continue;
    ++tries;
    if (Joins(beginning, rest.substr(others))) return true;
  }
  return false;
}

std::optional<StraceItem> StraceStream::TakeOthers(std::string_view text) {
  if (Trim(text).empty()) return std::nullopt;
  const StraceLine line = ParseStraceLine(Trim(text));
  switch (line.kind) {
    case StraceLine::Kind::kAttached:
    case StraceLine::Kind::kExited:
      counts_.CountOwn(place_, text);
      return StraceItem{.kind = line.kind == StraceLine::Kind::kExited
                                    ? StraceItem::Kind::kExited
                                    : StraceItem::Kind::kAttached,
                        .thread = line.thread,
                        .other = line.other,
                        .place = place_};
    case StraceLine::Kind::kOwn:
      counts_.CountOwn(place_, text);
      return std::nullopt;
    default:
      counts_.CountForeign(place_, text);
      return std::nullopt;
  }
}

void StraceStream::Abandon() {
  if (!open_) return;
  counts_.CountForeign(open_->place, open_->text + open_->others);
  open_.reset();
}

void StraceStream::Finish() { Abandon(); }

bool IsStraceLine(std::string_view text) {
  const StraceLine line = ParseStraceLine(text);
  switch (line.kind) {
    case StraceLine::Kind::kResumed:
    case StraceLine::Kind::kExited:
    case StraceLine::Kind::kSuperseded:
    case StraceLine::Kind::kAttached:
      return true;
    case StraceLine::Kind::kOwn:
      return text.starts_with("% time ") || text.starts_with("strace: ");
    case StraceLine::Kind::kCall: {
      StraceCall call;
      return ScanStraceCall(line.text, call).complete || Trim(line.text).ends_with(kUnfinishedMark);
    }
    default:
      return false;
  }
}

}  // namespace faultline
