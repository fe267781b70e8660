#include "harness/walk/sentences.h"

#include <fmt/format.h>
#include <vector>

#include "harness/base/text.h"

namespace faultline {
namespace {

std::int64_t Difference(const os::Counter& before, const os::Counter& after) {
  if (!before || !after) return 0;
  return static_cast<std::int64_t>(*after) - static_cast<std::int64_t>(*before);
}

// By how much it grew; 0 if it shrank.
std::uint64_t Growth(const os::Counter& before, const os::Counter& after) {
  const std::int64_t difference = Difference(before, after);
  return difference > 0 ? static_cast<std::uint64_t>(difference) : 0;
}

// "grew by 20 MiB", "shrank by 4 KiB", "did not change".
std::string Change(std::int64_t bytes) {
  if (bytes == 0) return "did not change";
  return bytes > 0 ? fmt::format("grew by {}", FormatBytes(static_cast<std::uint64_t>(bytes)))
                   : fmt::format("shrank by {}", FormatBytes(static_cast<std::uint64_t>(-bytes)));
}

// Whether `bytes` is about the object's size, up to what the rest of the machine does meanwhile.
bool IsAboutTheObject(std::uint64_t bytes, std::uint64_t object_bytes) {
  return bytes >= object_bytes - object_bytes / 4 && bytes <= object_bytes + object_bytes / 4;
}

std::uint64_t PagesOf(const WalkStep& step) {
  return step.after.views.empty() ? 0 : step.after.views.front().pages.size();
}

std::string Figure(const os::Counter& bytes) { return bytes ? FormatBytes(*bytes) : "unknown"; }

std::string OfLook(WalkKind kind, const WalkStep& step, const Tally& after) {
  if (kind == WalkKind::kProcess) {
    return fmt::format("Of {} of addresses, {} are in memory; {} of files and memory objects.",
                       Figure(after.virtual_bytes), Figure(after.resident_bytes),
                       CountOf(step.after.views.size(), "region is a view", "regions are views"));
  }
  return fmt::format("Nothing is done yet: the process uses {} of addresses, {} of them in memory.",
                     Figure(after.virtual_bytes), Figure(after.resident_bytes));
}

std::string OfCreate(WalkKind kind, const WalkStep& step, const Tally& after,
                     std::uint64_t object_bytes) {
  std::string text =
      fmt::format("There is an object of {} but no view of it yet: the virtual size {}",
                  CountOf(PagesOf(step), "page"),
                  Change(Difference(step.before.virtual_bytes, after.virtual_bytes)));
  if (after.cached_pages) {
    text += fmt::format(", and {} of its pages {} in memory",
                        *after.cached_pages == 0 ? "none" : FormatCount(*after.cached_pages),
                        *after.cached_pages > 1 ? "are" : "is");
  }
  text += ".";
  if (!step.before.committed_bytes || !after.committed_bytes) return text;
  const std::uint64_t growth = Growth(step.before.committed_bytes, after.committed_bytes);
  if (kind == WalkKind::kMemory && IsAboutTheObject(growth, object_bytes)) {
    text += fmt::format(" Committed memory grew by {}: the system has promised room for all of it.",
                        FormatBytes(growth));
  } else if (kind == WalkKind::kMemory && growth < object_bytes / 4) {
    text += fmt::format(" Committed memory {}: the system reserved no room for it.",
                        Change(Difference(step.before.committed_bytes, after.committed_bytes)));
  }
  return text;
}

std::string OfMap(const WalkStep& step, const Tally& after) {
  const std::uint64_t mapped = Growth(step.before.mapped_pages, after.mapped_pages);
  std::string text =
      fmt::format("The virtual size {}, and {} of the view's {}{} entered in the page table",
                  Change(Difference(step.before.virtual_bytes, after.virtual_bytes)),
                  mapped == 0 ? "none" : FormatCount(mapped), CountOf(PagesOf(step), "page"),
                  mapped > 1 ? " were" : " was");
  const std::uint64_t came = Growth(step.before.cached_pages, after.cached_pages);
  if (after.cached_pages) {
    text += came == 0 ? ", none brought into memory"
                      : fmt::format(", {} brought into memory", FormatCount(came));
  }
  return mapped == 0 && came == 0 ? text + ": so far the view is only addresses." : text + ".";
}

// Of the pages that a step with `touched` touches brought into memory, why there are more.
std::string OfReadAhead(WalkKind kind, std::uint64_t came, std::uint64_t touched,
                        const os::Counter& read_bytes) {
  if (came <= touched) return "";
  if (kind == WalkKind::kMemory) return " More came than were touched: memory is given in pieces.";
  const std::string more = came - touched == 1 ? "One page" : CountOf(came - touched, "page");
  if (read_bytes && *read_bytes == 0) {
    return fmt::format(
        " {} more than were touched: read-ahead, though nothing had to be read from storage.",
        more);
  }
  return fmt::format(
      " {} more than were touched: read-ahead{}", more,
      read_bytes ? fmt::format(" ({} from storage).", FormatBytes(*read_bytes)) : ".");
}

// "16" or "15.7".
std::string Average(std::uint64_t sum, std::uint64_t count) {
  return sum % count == 0
             ? FormatCount(sum / count)
             : FormatSignificant(static_cast<double>(sum) / static_cast<double>(count));
}

// How many pages a fault mapped.
std::string OfFaultAround(std::uint64_t mapped, std::uint64_t faults, bool stores) {
  if (faults == 0) return "";
  if (mapped > faults) {
    return faults == 1 ? fmt::format(" The fault mapped {} of the page as well: fault-around.",
                                     CountOf(mapped - 1, "neighbour"))
                       : fmt::format(" A fault mapped {} pages on average: fault-around.",
                                     Average(mapped, faults));
  }
  if (mapped == faults) return faults > 1 ? " Every fault mapped one page." : "";
  if (!stores) return "";
  return fmt::format(" {} on pages that had been mapped for loads, not yet for stores.",
                     CountOf(faults - mapped, "fault was", "faults were"));
}

std::string OfDirty(WalkKind kind, const WalkStep& step, const Tally& after) {
  if (!after.dirty_pages) return " This system doesn't tell which pages are dirty.";
  const std::uint64_t dirtied = Growth(step.before.dirty_pages, after.dirty_pages);
  if (dirtied == 0) {
    return kind == WalkKind::kMemory ? " None counts as dirty: there is no file to write them to."
                                     : " None of them is newly dirty.";
  }
  std::string text = fmt::format(" {} dirty now", CountOf(dirtied, "page is", "pages are"));
  if (dirtied > step.touches.count) text += ", as dirt is noted for pieces larger than a page";
  return text + ": changed in memory, not yet on storage.";
}

std::string OfTouch(WalkKind kind, const WalkStep& step, const Tally& after) {
  const bool stores = step.action == WalkAction::kStore;
  const std::uint64_t faults = step.cost.minor_faults + step.cost.major_faults;
  const std::uint64_t mapped = Growth(step.before.mapped_pages, after.mapped_pages);
  const std::uint64_t came = Growth(step.before.cached_pages, after.cached_pages);
  std::string text = fmt::format("{}: {}", CountOf(step.touches.count, stores ? "store" : "load"),
                                 faults == 0 ? "no fault" : CountOf(faults, "fault"));
  if (faults != 0 && step.cost.major_faults != 0) {
    text += step.cost.major_faults == faults
                ? " (major)"
                : fmt::format(" ({} of them major)", FormatCount(step.cost.major_faults));
  }
  if (faults == 0 && mapped == 0) {
    text += ", as every page touched was in the page table already.";
  } else if (came != 0) {
    text += fmt::format(" brought {} into memory and mapped {}.", CountOf(came, "page"),
                        FormatCount(mapped));
  } else {
    text += fmt::format(" mapped {}{}", CountOf(mapped, "page"),
                        after.cached_pages ? " that memory held already." : ".");
  }
  text += OfFaultAround(mapped, faults, stores);
  text += OfReadAhead(kind, came, step.touches.count, step.cost.read_bytes);
  return stores ? text + OfDirty(kind, step, after) : text;
}

std::string OfShare(const WalkStep& step, const Tally& after) {
  const std::uint64_t faults = step.cost.minor_faults + step.cost.major_faults;
  std::string text = fmt::format("The other process: {}, {}.", CountOf(step.touches.count, "load"),
                                 faults == 0 ? "no fault" : CountOf(faults, "fault"));
  const std::uint64_t came = Growth(step.before.cached_pages, after.cached_pages);
  if (after.cached_pages) {
    text += came == 0 ? " Nothing was brought into memory for it."
                      : fmt::format(" {} came into memory for it.", CountOf(came, "page"));
  }
  if (!after.shared_pages) {
    return text + " Only root can see how many page tables show a page.";
  }
  const std::uint64_t shared = Growth(step.before.shared_pages, after.shared_pages);
  return fmt::format("{} {} in several processes that did not before.", text,
                     CountOf(shared, "page shows", "pages show"));
}

std::string OfFlush(WalkKind kind, const WalkStep& step, const Tally& after) {
  const std::string took = fmt::format(
      " The call took {}.", FormatSeconds(static_cast<double>(step.cost.elapsed_ns) / 1e9));
  if (!step.before.dirty_pages || !after.dirty_pages) {
    return fmt::format("The view is flushed; this system doesn't tell which pages were dirty.{}",
                       took);
  }
  if (*step.before.dirty_pages == 0) {
    return fmt::format("No page was dirty, so there was nothing to write{}{}",
                       kind == WalkKind::kMemory ? ", and there is no file to write to." : ".",
                       took);
  }
  return fmt::format(
      "{} dirty, {}{}{} stayed mapped.{}",
      CountOf(*step.before.dirty_pages, "page was", "pages were"),
      *after.dirty_pages == 0 ? "none" : FormatCount(*after.dirty_pages),
      *after.dirty_pages == 0 ? " is now: they are on storage, and " : " still are; ",
      CountOf(after.mapped_pages.value_or(0), "page"), took);
}

std::string OfUnmap(const WalkStep& step, const Tally& after) {
  std::string text = fmt::format("The virtual size {}; {} left the page table",
                                 Change(Difference(step.before.virtual_bytes, after.virtual_bytes)),
                                 CountOf(step.before.mapped_pages.value_or(0), "page"));
  if (!after.cached_pages) return text + ".";
  return *after.cached_pages == 0
             ? text + ", and none stays in memory."
             : fmt::format("{}, but {} in memory.", text,
                           CountOf(*after.cached_pages, "page stays", "pages stay"));
}

std::string OfFree(WalkKind kind, const WalkStep& step, const Tally& after,
                   std::uint64_t object_bytes) {
  if (kind == WalkKind::kExisting) {
    if (!after.cached_pages) return "The object is closed.";
    return fmt::format(
        "The object is closed; {} in memory for the next process that opens it.",
        CountOf(*after.cached_pages, "page of the file stays", "pages of the file stay"));
  }
  std::string text = "No process can reach the object any more";
  if (step.before.cached_pages) {
    text += fmt::format(": {} of memory can be used for something else",
                        CountOf(*step.before.cached_pages, "page"));
  }
  text += ".";
  const std::uint64_t fall = Growth(after.committed_bytes, step.before.committed_bytes);
  if (kind == WalkKind::kMemory && IsAboutTheObject(fall, object_bytes)) {
    text += fmt::format(" Committed memory fell by {}.", FormatBytes(fall));
  }
  return text;
}

}  // namespace

std::string StepSentence(WalkKind kind, std::uint64_t object_bytes, const WalkStep& step) {
  const Tally after = TallyOf(step.after);
  switch (step.action) {
    case WalkAction::kLook:
      return OfLook(kind, step, after);
    case WalkAction::kCreate:
      return OfCreate(kind, step, after, object_bytes);
    case WalkAction::kMap:
      return OfMap(step, after);
    case WalkAction::kLoad:
    case WalkAction::kStore:
      return OfTouch(kind, step, after);
    case WalkAction::kShare:
      return OfShare(step, after);
    case WalkAction::kFlush:
      return OfFlush(kind, step, after);
    case WalkAction::kUnmap:
      return OfUnmap(step, after);
    case WalkAction::kFree:
      return OfFree(kind, step, after, object_bytes);
  }
  throw Error("an action that does not exist was asked for its sentence");
}

}  // namespace faultline
