// strace's text as a trace: which file each call was about, and where in it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "harness/os/address_map.h"
#include "harness/os/open_files.h"
#include "harness/trace/importer.h"
#include "harness/trace/process_state.h"
#include "harness/trace/strace_stream.h"

namespace faultline {

struct StraceOptions {
  // What descriptors stand for that no call and no printed path names, by number; "-" for no file.
  std::map<std::int64_t, std::string> descriptors;
  // False: the order of different threads' calls is not known.
  bool ordered = true;
  // Asked for the name of a descriptor that nothing else names: "" where there is none to say, else
  // as os::OpenFileInfo has it.
  std::function<std::string(std::uint32_t process, std::int64_t number)> look_up = {};
  // How the text would have names of descriptors.
  std::string_view naming = "trace with -y";
};

// What others than a text tell of the same program, at the same time.
class ToldEvents {
 public:
  virtual ~ToldEvents() = default;

  // The next line takes effect at that time: what came before is to be told now.
  virtual void TellBefore(std::uint64_t time_ns) = 0;

  // When the call ended by which a thread made a descriptor, between two times; nothing where that
  // isn't known. To be asked once for each of its calls, in their order.
  virtual std::optional<std::uint64_t> OpenedAt(std::uint32_t thread, std::uint64_t from_ns,
                                                std::uint64_t to_ns) = 0;
};

// What a program has when it begins to be watched.
struct InitialState {
  // Of a program that was attached to; else what the first thread has that is seen.
  std::uint32_t process = 0;
  std::vector<std::uint32_t> threads;
  std::vector<os::OpenFileInfo> files;
  std::string directory;
  std::vector<os::Region> memory;
};

// Follows descriptors through duplicates, forks and execs, offsets through transfers and seeks, and
// mappings. Descriptors that were opened out of sight are known by the paths that strace's option
// -y prints; their sequential transfers are taken to begin at offset 0.
class StraceImporter final : public Importer {
 public:
  explicit StraceImporter(TraceBuilder& builder, StraceOptions options = {})
      : builder_(builder), options_(std::move(options)), stream_(0, counts_) {}

  // What calls do: strace_call.h.
  class Call;

  // The calls to trace, as strace's option `trace` takes them; each with a '?' before it, so that
  // systems that don't have one do without. `told` are the names of calls that TakeTold gets; else
  // strace has to print descriptors' paths (-y).
  static std::string CallNames(const std::vector<std::string_view>& told = {});

  // To be called before the first line.
  void Begin(const InitialState& state, std::uint64_t time_ns);

  // For several texts, whose lines are put in order elsewhere: what comes next, with the time of
  // its call. `counts` are of the lines that it stands in.
  void Take(const StraceItem& item);
  using Importer::Take;

  // A finished call that another source told of, when it has its turn. Calls of threads that have
  // nothing to do with the program are passed over.
  void TakeTold(std::uint32_t thread, std::uint64_t time_ns, const StraceCall& call);

  LineCounts& mutable_counts() { return counts_; }
  void SetUnordered() { options_.ordered = false; }

  // Whether a call has returned the thread's number already.
  bool Knows(std::uint32_t thread) const { return threads_.contains(thread); }

  void Finish() override;
  std::string Unplaced() const override;

  // Has what others tell put in between. `others` outlives this.
  void Heed(ToldEvents& others) { others_ = &others; }

  // A page fault of a thread at an address: an event if a file of the trace is mapped there. A
  // store to a private mapping takes a copy of the page, and so is a read of the file.
  void PageFault(std::uint32_t thread, std::uint64_t time_ns, std::uint64_t address, bool write);

  // Whether any file of the trace was mapped.
  bool maps() const { return maps_; }

  // Whether every thread that was seen has ended.
  bool complete() const { return threads_.empty(); }

 private:
  void Line(std::string_view line) override;

  // The number under which the thread is known whose item this is.
  std::uint32_t NumberOf(const StraceItem& item);
  std::uint32_t NumberWithoutPid() const;
  bool IsFirstThread(const StraceItem& item);
  TracedThread& ThreadOf(std::uint32_t id);
  // When an item takes effect, among what others tell.
  std::optional<std::uint64_t> EffectTime(const StraceItem& item) const;
  void Exited(const StraceItem& item);
  void Unfinished(const StraceItem& item);
  void Resumed(const StraceItem& item);
  void Finished(std::uint32_t thread, const StraceCall& call);
  void Unreadable(const StraceCall& call, std::string_view why);
  void Adopt(std::uint32_t parent, std::uint32_t child, const ForkKind& kind);
  void Supersede(std::uint32_t leader, std::uint32_t successor);
  void SetTime(std::optional<std::uint64_t> time_ns);
  void CountUnplaced(OpenFile& open);
  void CountUnseenThreads();
  void NoteThreads(std::uint64_t count, std::string_view one, std::string_view many);
  static ForkKind ForkKindOf(std::string_view call);

  TraceBuilder& builder_;
  StraceOptions options_;
  StraceStream stream_;  // of a single text
  ToldEvents* others_ = nullptr;
  std::unordered_map<std::uint32_t, TracedThread> threads_;
  std::vector<std::uint32_t> forking_;          // threads with an unfinished fork, the latest last
  std::unordered_set<std::uint32_t> attached_;  // new threads that strace told of
  std::unordered_set<std::uint32_t> ended_early_;  // threads that ended and were not announced yet
  // Of the thread that was seen first: it has number 0 until a second one appears.
  std::optional<std::uint32_t> first_thread_;
  std::optional<std::uint32_t> first_pid_;
  std::uint32_t last_thread_ = 0;
  std::uint64_t time_ns_ = 0;
  std::uint64_t begin_ns_ = 0;  // taken off all times
  bool timed_ = false;          // any item had one

  std::optional<TracedThread> initial_;                           // what the first thread has
  std::unordered_map<std::int64_t, os::OpenFileInfo> inherited_;  // OpenFile::inherited, by number

  std::string resumed_;  // a call put together
  StraceCall resumed_call_;

  // Requests that were submitted and not awaited yet, by process and queue.
  std::unordered_map<std::string, std::uint64_t> in_flight_;

  std::uint64_t guessed_offsets_ = 0;
  std::uint64_t beginnings_missing_ = 0;
  std::uint64_t moved_ranges_ = 0;  // of files
  std::uint64_t unread_calls_ = 0;  // whose arguments say something else than they must
  std::string first_unread_;
  std::uint64_t unplaced_descriptors_ = 0;
  std::int64_t unplaced_number_ = -1;   // of the first such descriptor
  std::uint64_t stream_transfers_ = 0;  // on standard input and output
  std::uint64_t unread_requests_ = 0;   // that were submitted and not printed
  std::uint64_t unread_flags_ = 0;      // of calls that opened, as they were printed as numbers
  std::uint64_t temporary_files_ = 0;
  std::uint64_t threads_seen_ = 0;   // that a call had returned before
  std::uint64_t threads_ended_ = 0;  // by a line of their own
  bool maps_ = false;
  bool maps_in_pages_ = false;  // mmap2
};

std::unique_ptr<Importer> MakeStraceImporter(TraceBuilder& builder, const ImportRequest& request);

}  // namespace faultline
