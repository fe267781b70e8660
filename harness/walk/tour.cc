#include "harness/walk/tour.h"

#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <memory>

#include "faultline/system_error.h"
#include "harness/base/exit_code.h"
#include "harness/base/text.h"
#include "harness/os/file_mapping.h"
#include "harness/os/interruption.h"
#include "harness/os/terminal.h"
#include "harness/os/whole_file.h"
#include "harness/walk/cells.h"
#include "harness/walk/live.h"
#include "harness/walk/picture.h"
#include "harness/walk/text_page.h"
#include "harness/walk/walk_document.h"
#include "harness/walk/walk_place.h"
#include "harness/walk/walker.h"

namespace faultline {
namespace {

constexpr std::uint64_t kUsualBytes = std::uint64_t{20} << 20;
constexpr std::uint64_t kMaximumBytes = std::uint64_t{1} << 30;  // every page of it is remembered

std::uint64_t WholePages(std::uint64_t bytes) {
  return (bytes + os::PageSize() - 1) / os::PageSize() * os::PageSize();
}

// The size that is walked of the user's own file.
std::uint64_t BytesOfFile(const TourRequest& request) {
  std::error_code error;
  const auto status = std::filesystem::status(request.file, error);
  if (error || !std::filesystem::is_regular_file(status)) {
    throw UsageError(fmt::format("can't walk {}: {}; name another with --file",
                                 request.file.string(),
                                 error ? error.message() : "it is not a regular file"));
  }
  const std::uint64_t size = std::filesystem::file_size(request.file);
  if (size == 0) {
    throw UsageError(
        fmt::format("can't walk {}: it is empty; name another with --file", request.file.string()));
  }
  return std::min(size, request.bytes.value_or(size));
}

void CheckBytes(std::uint64_t bytes) {
  if (bytes != 0 && bytes <= kMaximumBytes) return;
  throw UsageError(
      fmt::format("can't walk {} bytes; --size is from 1 to {}", bytes, FormatSize(kMaximumBytes)));
}

// Where walks begin: makes each walker, and what it needs, when it is its turn.
class Walks {
 public:
  explicit Walks(const TourRequest& request) : request_(request) {
    CheckBytes(request.file.empty() ? request.bytes.value_or(kUsualBytes) : BytesOfFile(request));
  }

  std::vector<WalkerMaker> Makers() {
    std::vector<WalkerMaker> makers;
    for (const WalkKind kind : request_.kinds) {
      makers.emplace_back([this, kind] { return Make(kind); });
    }
    return makers;
  }

 private:
  std::unique_ptr<Walker> Make(WalkKind kind) {
    WalkRequest walk = {.kind = kind,
                        .place = {},
                        .bytes = WholePages(request_.bytes.value_or(kUsualBytes)),
                        .note = ""};
    if (kind == WalkKind::kExisting && !request_.file.empty()) {
      walk.place = std::filesystem::absolute(request_.file);
      walk.bytes = BytesOfFile(request_);
      walk.note = EvictFile(walk.place);
    } else if (kind == WalkKind::kExisting) {
      walk.place = std::filesystem::absolute(Place().MakeFile(walk.bytes, walk.note));
    } else if (kind == WalkKind::kTemporary) {
      walk.place = std::filesystem::absolute(Place().directory());
    }
    return std::make_unique<Walker>(walk);
  }

  WalkPlace& Place() {
    if (!place_) place_.emplace(request_.directory);
    return *place_;
  }

  const TourRequest& request_;
  std::optional<WalkPlace> place_;
};

void PrintStep(const Walk& walk, std::size_t index) {
  const TextLayout layout;
  if (index == 0) {
    const std::string heading = TextHeading(walk, layout.columns);
    const std::string rule(layout.columns, '=');
    std::cout << heading << rule << "\n" << TextLegend(walk.kind, layout);
  }
  std::cout << "\n" << TextStep(walk, index, layout);
  if (index + 1 == walk.steps.size()) std::cout << "\n";
  std::cout << std::flush;
}

// All steps of all walks; `taken` is called after each. False when the user asked to stop.
template <class Taken>
bool WalkAll(const std::vector<WalkerMaker>& makers, Taken taken, std::vector<Walk>& walks) {
  try {
    for (const WalkerMaker& make : makers) {
      const std::unique_ptr<Walker> walker = make();
      while (!walker->finished()) {
        if (os::Interrupted()) return false;
        walker->TakeStep();
        taken(walker->walk(), walker->taken() - 1);
      }
      walks.push_back(walker->walk());
    }
  } catch (const WalkStopped&) {
    return false;
  }
  return true;
}

// Before anything is walked: whether the picture's name is one that can be made.
void CheckOutput(const std::filesystem::path& output) {
  if (output.empty()) return;
  if (output.extension() != ".svg" && output.extension() != ".html") {
    throw UsageError(
        fmt::format("can't draw into {}: --output ends in .html or .svg", output.string()));
  }
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::absolute(output).parent_path();
  if (!std::filesystem::is_directory(folder, error)) {
    throw UsageError(fmt::format(
        "can't draw into {}: there is no directory {}; make it, or choose another --output",
        output.string(), folder.string()));
  }
}

void Draw(const std::vector<Walk>& walks, const std::filesystem::path& output) {
  os::ReplaceFile(output, output.extension() == ".svg" ? DrawSvg(walks) : DrawHtml(walks));
  std::cout << "Picture: " << output.string() << std::endl;
}

Walk WalkOfProcess(std::int64_t process_id) {
  try {
    Walk walk = ObserveProcess(process_id);
    if (!walk.steps.front().after.map.empty()) return walk;
    throw UnsupportedError(fmt::format(
        "process {} has no addresses to show: it is a part of the kernel, or it has ended",
        process_id));
  } catch (const os::SystemError& error) {
    if (error.kind() == os::ErrorKind::kNotFound) {
      throw UsageError(
          fmt::format("there is no process {}; 'ps' lists those there are", process_id));
    }
    if (error.kind() == os::ErrorKind::kDenied) {
      throw UnsupportedError(fmt::format(
          "no right to inspect process {}: it is another user's, or protected; try as root",
          process_id));
    }
    throw;
  }
}

}  // namespace

int RunTour(const TourRequest& request) {
  CheckOutput(request.output);
  os::CatchInterruption();
  std::vector<Walk> walks;
  const bool live = request.output.empty() && !request.plain && !request.json &&
                    os::StandardInputIsTerminal() && os::StandardOutputIsTerminal();
  const bool text = request.output.empty() && !request.json;
  if (request.process_id) {
    walks.push_back(WalkOfProcess(*request.process_id));
    if (text) PrintStep(walks.front(), 0);
  } else {
    Walks all(request);
    const std::vector<WalkerMaker> makers = all.Makers();
    if (live) return ShowLive(makers) ? kExitDone : kExitInterrupted;
    const bool finished = WalkAll(
        makers,
        [&](const Walk& walk, std::size_t index) {
          const bool first = walks.empty() && index == 0;
          if (text && first) std::cout << Wrapped(std::string(kGlossary), 80, 0) << "\n";
          if (text) PrintStep(walk, index);
        },
        walks);
    if (!finished) return kExitInterrupted;
  }
  if (!request.output.empty()) Draw(walks, request.output);
  if (request.json) std::cout << document::ToText(DocumentOf(walks)) << std::flush;
  return kExitDone;
}

}  // namespace faultline
