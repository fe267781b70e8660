// Threads and time; what a call does is in the files strace_…_calls.cc.
#include "harness/trace/strace_import.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "faultline/error.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/trace/strace_call.h"

namespace faultline {
namespace {

constexpr std::size_t kMaximumThreads = std::size_t{1} << 22;

bool IsFork(std::string_view call) {
  for (const std::string_view name : {"fork(", "vfork(", "clone(", "clone2(", "clone3("}) {
    if (call.starts_with(name)) return true;
  }
  return false;
}

bool IsCallOf(std::string_view text, std::string_view name) {
  return text.starts_with(name) && text.substr(name.size(), 1) == "(";
}

}  // namespace

ForkKind StraceImporter::ForkKindOf(std::string_view call) {
  if (call.starts_with("fork")) return {};
  if (call.starts_with("vfork")) return {.same_memory = true};
  auto has = [&](std::string_view flag) { return call.find(flag) != std::string_view::npos; };
  return {.same_process = has("CLONE_THREAD"),
          .same_descriptors = has("CLONE_FILES"),
          .same_memory = has("CLONE_VM"),
          .same_directory = has("CLONE_FS")};
}

std::string StraceImporter::CallNames(const std::vector<std::string_view>& told) {
  std::vector<std::string> names;
  for (const Call::Row& row : Call::Rows()) {
    // What is told comes without paths, so what makes descriptors by itself has to be seen then.
    const bool wanted = row.shape.recorded || (!told.empty() && row.shape.makes_descriptors);
    if (wanted && std::find(told.begin(), told.end(), row.name) == told.end()) {
      names.push_back(fmt::format("?{}", row.name));
    }
  }
  std::sort(names.begin(), names.end());
  return Join(names, ",");
}

void StraceImporter::Begin(const InitialState& state, std::uint64_t time_ns) {
  SetTime(time_ns);
  TracedThread thread;
  thread.process = state.process;
  *thread.directory = state.directory;
  for (const os::OpenFileInfo& file : state.files) {
    inherited_.emplace(file.number, file);
    auto open = std::make_shared<OpenFile>();
    open->number = file.number;
    open->inherited = true;
    thread.descriptors->emplace(file.number, OpenDescriptor{std::move(open), file.close_on_exec});
  }
  for (const os::Region& region : state.memory) {
    if (region.backing != os::Backing::kFile && region.backing != os::Backing::kProgram) continue;
    const std::uint32_t file = builder_.FileOf(region.name);
    if (file == 0) continue;
    maps_ = true;
    const auto flags = static_cast<std::uint8_t>((region.writable ? kFlagWritable : 0) |
                                                 (region.executable ? kFlagExecutable : 0) |
                                                 (region.shared ? kFlagShared : 0));
    thread.memory->Map(region.begin,
                       {.end = region.end, .file = file, .offset = region.offset, .flags = flags});
    builder_.Add({.kind = EventKind::kMap,
                  .flags = flags,
                  .file = file,
                  .process = state.process,
                  .thread = state.process,
                  .time_ns = time_ns,
                  .offset = region.offset,
                  .length = region.bytes()});
  }
  for (const std::uint32_t number : state.threads) threads_.emplace(number, thread);
  if (state.threads.empty()) initial_ = std::move(thread);
}

void StraceImporter::TakeTold(std::uint32_t number, std::uint64_t time_ns, const StraceCall& call) {
  const bool expected = threads_.contains(number) ||
                        std::any_of(forking_.begin(), forking_.end(), [this](std::uint32_t parent) {
                          return !threads_.at(parent).child_seen;
                        });
  if (!expected) return;
  SetTime(time_ns);
  if (!std::exchange(ThreadOf(number).seen, true)) ++threads_seen_;
  Finished(number, call);
}

void StraceImporter::Line(std::string_view line) {
  if (const auto item = stream_.Take(place_, line)) Take(*item);
}

void StraceImporter::Take(const StraceItem& item) {
  place_ = item.place;
  if (item.kind == StraceItem::Kind::kAttached) {
    // Of the thread that strace was told to attach to, the lines have no number before a second
    // appears.
    if (threads_.empty() && !first_pid_) first_pid_ = item.other;
    attached_.insert(item.other);
    return;
  }
  SetTime(EffectTime(item));
  if (others_ != nullptr) {
    const std::uint64_t time_ns = time_ns_;
    others_->TellBefore(time_ns);
    time_ns_ = time_ns;
  }
  switch (item.kind) {
    case StraceItem::Kind::kAttached:
      break;
    case StraceItem::Kind::kExited:
      Exited(item);
      break;
    case StraceItem::Kind::kSuperseded:
      Supersede(NumberOf(item), item.other);
      break;
    case StraceItem::Kind::kUnfinished:
      Unfinished(item);
      break;
    case StraceItem::Kind::kResumed:
      Resumed(item);
      break;
    case StraceItem::Kind::kCall:
      Finished(NumberOf(item), *item.call);
      break;
  }
}

// A descriptor that a call makes may have been another file's until the call ended. Of a call in
// one line the text has the beginning, of one that is resumed a time behind the end.
std::optional<std::uint64_t> StraceImporter::EffectTime(const StraceItem& item) const {
  if (others_ == nullptr || !item.time_ns) return item.time_ns;
  const bool whole = item.kind == StraceItem::Kind::kCall;
  if (!whole && item.kind != StraceItem::Kind::kResumed) return item.time_ns;
  if (whole && !item.call->Returned()) return item.time_ns;
  const CallShape* shape = FindCallShape(whole ? item.call->name : item.name);
  if (shape == nullptr || !(shape->opens || shape->makes_descriptors)) return item.time_ns;
  const auto opened = whole ? others_->OpenedAt(item.thread, *item.time_ns, ~std::uint64_t{0})
                            : others_->OpenedAt(item.thread, 0, *item.time_ns);
  return opened ? opened : item.time_ns;
}

void StraceImporter::Exited(const StraceItem& item) {
  const std::uint32_t thread = NumberOf(item);
  const auto found = threads_.find(thread);
  if (found != threads_.end()) {
    if (!found->second.announced && ended_early_.size() < kMaximumThreads) {
      ended_early_.insert(thread);
    }
    threads_.erase(found);
  }
  std::erase(forking_, thread);
  ++threads_ended_;
}

void StraceImporter::Unfinished(const StraceItem& item) {
  const std::uint32_t number = NumberOf(item);
  TracedThread& thread = ThreadOf(number);
  std::erase(forking_, number);
  thread.unfinished.assign(item.text);
  thread.child_seen = false;
  if (IsFork(item.text)) forking_.push_back(number);
}

void StraceImporter::Resumed(const StraceItem& item) {
  const Call::Row* row = Call::Find(item.name);
  if (row == nullptr) return;
  const std::uint32_t number = NumberOf(item);
  TracedThread& thread = ThreadOf(number);
  if (!IsCallOf(thread.unfinished, item.name)) {
    if (row->shape.transfers) {  // it was called before the tracer came
      ++beginnings_missing_;
      ++builder_.counts().unread_transfers;
    }
    return;
  }
  resumed_ = std::exchange(thread.unfinished, {}).append(item.text);
  if (ScanStraceCall(resumed_, resumed_call_).complete) {
    Finished(number, resumed_call_);
  } else if (item.text.find("...>") == std::string_view::npos) {
    Unreadable({.name = item.name}, QuotedPiece(item.text));  // else the thread ended in it
  }
  std::erase(forking_, number);
}

void StraceImporter::Finished(std::uint32_t number, const StraceCall& call) {
  const Call::Row* row = Call::Find(call.name);
  TracedThread& thread = ThreadOf(number);
  if (row == nullptr) return;
  try {
    Call(*this, number, thread, call).Run(*row);
  } catch (const UnreadableCall& error) {
    Unreadable(call, error.what());
  }
}

void StraceImporter::Unreadable(const StraceCall& call, std::string_view why) {
  ++unread_calls_;
  const CallShape* shape = FindCallShape(call.name);
  if (shape != nullptr && shape->transfers) ++builder_.counts().unread_transfers;
  if (first_unread_.empty()) {
    first_unread_ = fmt::format("{}, {}: {}", PlaceText(place_), call.name, why);
  }
}

// A line without number is of the only thread that is left; before a second one appears, of the
// first.
std::uint32_t StraceImporter::NumberWithoutPid() const {
  if (threads_.empty()) return first_pid_.value_or(0);
  if (threads_.size() == 1) return threads_.begin()->first;
  return first_thread_ && threads_.contains(*first_thread_) ? *first_thread_ : last_thread_;
}

// Whether the number is of the thread that had none before others appeared. New ones were told of,
// or their parent is in the call that makes them.
bool StraceImporter::IsFirstThread(const StraceItem& item) {
  const auto first = threads_.find(0);
  if (first == threads_.end() || first_pid_) return false;
  if (item.kind == StraceItem::Kind::kResumed && IsCallOf(first->second.unfinished, item.name)) {
    return true;
  }
  return !attached_.contains(item.thread) && forking_.empty();
}

std::uint32_t StraceImporter::NumberOf(const StraceItem& item) {
  std::uint32_t number = item.thread;
  if (number == 0) {
    number = NumberWithoutPid();
  } else if (!threads_.contains(number)) {
    if (IsFirstThread(item)) first_pid_ = number;
    if (first_pid_ == number && threads_.contains(0)) number = 0;
  }
  const auto thread = threads_.find(number);
  if (thread != threads_.end() && !std::exchange(thread->second.seen, true)) ++threads_seen_;
  last_thread_ = number;
  return number;
}

// The reference is valid until a thread comes or goes.
TracedThread& StraceImporter::ThreadOf(std::uint32_t id) {
  if (const auto found = threads_.find(id); found != threads_.end()) return found->second;
  if (threads_.size() >= kMaximumThreads) throw Error("more threads than a system can have");
  if (!first_thread_) first_thread_ = id;
  // A child may be seen before its parent's call returns; of several that wait, the latest is the
  // most likely one.
  for (auto at = forking_.rbegin(); at != forking_.rend(); ++at) {
    TracedThread& parent = threads_.at(*at);
    if (parent.child_seen) continue;
    parent.child_seen = true;
    ++threads_seen_;
    TracedThread child = Forked(parent, id, ForkKindOf(parent.unfinished));
    child.announced = false;
    return threads_.emplace(id, std::move(child)).first->second;
  }
  TracedThread first = std::exchange(initial_, std::nullopt).value_or(TracedThread());
  first.process = id;
  return threads_.emplace(id, std::move(first)).first->second;
}

void StraceImporter::Adopt(std::uint32_t parent, std::uint32_t child, const ForkKind& kind) {
  if (const auto known = threads_.find(child); known != threads_.end()) {
    known->second.announced = true;
    return;
  }
  if (ended_early_.erase(child) != 0) return;
  if (threads_.size() >= kMaximumThreads) throw Error("more threads than a system can have");
  TracedThread forked = Forked(threads_.at(parent), child, kind);
  forked.seen = attached_.contains(child);
  threads_.emplace(child, std::move(forked));
}

void StraceImporter::Supersede(std::uint32_t leader, std::uint32_t successor) {
  const auto found = threads_.find(successor);
  if (found == threads_.end()) return;
  TracedThread thread = std::move(found->second);
  threads_.erase(found);
  std::erase(forking_, successor);
  threads_.insert_or_assign(leader, std::move(thread));
}

void StraceImporter::PageFault(std::uint32_t thread, std::uint64_t time_ns, std::uint64_t address,
                               bool write) {
  const auto found = threads_.find(thread);
  if (found == threads_.end() || found->second.memory->empty()) return;
  const std::uint64_t page = address / os::PageSize() * os::PageSize();
  found->second.memory->ForEach(
      page, page + os::PageSize(), [&](std::uint64_t first, const MappedRange& range) {
        const bool changes = write && (range.flags & kFlagShared) != 0;
        builder_.Add({.kind = changes ? EventKind::kFaultWrite : EventKind::kFaultRead,
                      .file = range.file,
                      .process = found->second.process,
                      .thread = thread,
                      .time_ns = time_ns,
                      .offset = range.offset,
                      .length = range.end - first});
      });
}

void StraceImporter::SetTime(std::optional<std::uint64_t> time_ns) {
  if (!time_ns) return;
  // What came before, without a time, counts as of the same moment.
  if (!std::exchange(timed_, true) && builder_.first_time_ns()) begin_ns_ = *time_ns;
  if (!builder_.first_time_ns() && *time_ns >= StraceTime::kLeastEpochNs) {
    builder_.SetStarted(*time_ns);
  }
  time_ns_ = *time_ns - std::min(*time_ns, begin_ns_);
}

void StraceImporter::CountUnplaced(OpenFile& open) {
  // What goes to a terminal or a pipe is told from files by calls that ask what it is, if they were
  // traced.
  constexpr std::int64_t kStandardOutput = 1;
  constexpr std::int64_t kStandardError = 2;
  if (!open.seekable && open.number <= kStandardError) {
    if (open.number > kStandardOutput) return;
    ++stream_transfers_;
  } else if (open.unplaced++ == 0) {
    if (unplaced_descriptors_++ == 0) unplaced_number_ = open.number;
  }
  ++builder_.counts().unplaced_transfers;
}

}  // namespace faultline
