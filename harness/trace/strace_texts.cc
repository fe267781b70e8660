#include "harness/trace/strace_texts.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "faultline/error.h"
#include "harness/trace/scanning.h"

namespace faultline {
namespace {

// Of all texts' pieces together, and of one at least.
constexpr std::size_t kMostPieces = std::size_t{1} << 26;
constexpr std::size_t kLeastPiece = std::size_t{1} << 12;

// The thread's number at the name's end, as strace -ff puts it there; 0 where there is none.
std::uint32_t ThreadInName(const std::filesystem::path& path) {
  std::string name = path.filename().native();
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const std::size_t point = name.rfind('.');
  if (point == std::string::npos) return 0;
  return ToNumber<std::uint32_t>(std::string_view(name).substr(point + 1)).value_or(0);
}

std::vector<std::filesystem::path> FilesIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    if (entry.is_regular_file(code)) files.push_back(entry.path());
  }
  const auto numbered = [](const std::filesystem::path& path) { return ThreadInName(path) != 0; };
  if (std::any_of(files.begin(), files.end(), numbered))
    std::erase_if(files, std::not_fn(numbered));
  std::sort(files.begin(), files.end(), [](const auto& first, const auto& second) {
    return std::pair(ThreadInName(first), first) < std::pair(ThreadInName(second), second);
  });
  if (files.empty()) {
    throw UsageError(fmt::format("nothing to import: '{}' holds no files", folder.native()));
  }
  return files;
}

// One text, and what it says next.
struct ThreadText {
  ThreadText(TextLines& from, std::uint32_t number, LineCounts& counts)
      : lines(from), name(from.path().filename().native()), thread(number), stream(number, counts) {
    Advance();
  }

  // False at the end.
  bool Advance() {
    std::string_view line;
    while (lines.Next(line)) {
      next = stream.Take({.text = name, .line = lines.number()}, line);
      if (next) return true;
    }
    stream.Finish();
    next.reset();
    return false;
  }

  std::uint64_t TimeNs() const { return next->time_ns.value_or(0); }

  TextLines& lines;
  std::string name;
  std::uint32_t thread;
  StraceStream stream;
  std::optional<StraceItem> next;
};

using ThreadTexts = std::vector<std::unique_ptr<ThreadText>>;

bool BeginsWithExec(const ThreadText& text) {
  return text.next && text.next->call != nullptr && text.next->call->name == "execve";
}

void TakeOneAfterTheOther(ThreadTexts& texts, StraceImporter& importer) {
  importer.SetUnordered();
  std::stable_sort(texts.begin(), texts.end(), [](const auto& first, const auto& second) {
    return first->thread < second->thread;
  });
  // A program begins by an exec, whatever numbers its threads have.
  const auto first = std::find_if(texts.begin(), texts.end(),
                                  [](const auto& text) { return BeginsWithExec(*text); });
  if (first != texts.end()) std::rotate(texts.begin(), first, first + 1);
  while (!texts.empty()) {
    auto at = std::find_if(texts.begin(), texts.end(),
                           [&](const auto& text) { return importer.Knows(text->thread); });
    if (at == texts.end()) at = texts.begin();
    const std::unique_ptr<ThreadText> text = std::move(*at);
    texts.erase(at);
    for (bool more = text->next.has_value(); more; more = text->Advance()) {
      text->next->time_ns.reset();
      importer.Take(*text->next);
    }
  }
}

void TakeByTime(const ThreadTexts& texts, StraceImporter& importer) {
  std::set<std::pair<std::uint64_t, std::size_t>> waiting;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i]->next) waiting.emplace(texts[i]->TimeNs(), i);
  }
  while (!waiting.empty()) {
    // A thread's first call is not before the one that started it, though their times may be the
    // same.
    auto at = waiting.begin();
    const std::uint64_t time_ns = at->first;
    while (at != waiting.end() && at->first == time_ns &&
           !importer.Knows(texts[at->second]->thread)) {
      ++at;
    }
    if (at == waiting.end() || at->first != time_ns) at = waiting.begin();
    const std::size_t index = at->second;
    waiting.erase(at);
    importer.Take(*texts[index]->next);
    if (texts[index]->Advance()) waiting.emplace(std::max(texts[index]->TimeNs(), time_ns), index);
  }
}

}  // namespace

std::vector<TextLines> OpenTexts(const std::vector<std::filesystem::path>& inputs,
                                 std::size_t piece_bytes) {
  std::vector<std::filesystem::path> paths = inputs;
  std::error_code ignored;
  if (inputs.size() == 1 && std::filesystem::is_directory(inputs.front(), ignored)) {
    paths = FilesIn(inputs.front());
  }
  if (paths.empty()) throw UsageError("import what? Name a text");
  const std::size_t share = std::max(kLeastPiece, kMostPieces / paths.size());
  std::vector<TextLines> texts;
  texts.reserve(paths.size());
  for (const std::filesystem::path& path : paths) {
    texts.emplace_back(path, std::min(piece_bytes, share));
  }
  return texts;
}

void TakeTexts(std::vector<TextLines>& texts, StraceImporter& importer) {
  ThreadTexts threads;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::uint32_t number = ThreadInName(texts[i].path());
    threads.push_back(std::make_unique<ThreadText>(
        texts[i], number != 0 ? number : static_cast<std::uint32_t>(i + 1),
        importer.mutable_counts()));
  }
  const bool timed = std::all_of(threads.begin(), threads.end(), [](const auto& text) {
    return !text->next || text->stream.clock().absolute();
  });
  if (timed) {
    TakeByTime(threads, importer);
  } else {
    TakeOneAfterTheOther(threads, importer);
  }
  importer.Finish();
}

}  // namespace faultline
