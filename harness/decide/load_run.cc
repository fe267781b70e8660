#include "harness/decide/load_run.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/columns.h"
#include "harness/decide/judged_anew.h"
#include "harness/os/whole_file.h"

namespace faultline {

std::filesystem::path RunDocumentPath(const std::filesystem::path& place) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(place, ignored)) return place;
  const std::filesystem::path path = place / "run.json";
  if (std::filesystem::exists(path, ignored)) return path;
  throw UsageError(fmt::format("{}: holds no run.json; name one, or the folder it is in",
                               WithoutControls(place.string())));
}

document::Run ParseRun(std::string name, const std::string& text) {
  document::Run run = document::ParseRun(std::move(name), text);
  if (!run.has_comparisons) JudgeAnew(run);
  return run;
}

document::Run LoadRun(const std::filesystem::path& place) {
  const std::filesystem::path path = RunDocumentPath(place);
  std::string text;
  try {
    text = os::ReadText(path);
  } catch (const os::SystemError& error) {
    throw UsageError(
        fmt::format("{}; name a run.json, or the folder it is in", WithoutControls(error.what())));
  }
  return ParseRun(WithoutControls(path.string()), text);
}

}  // namespace faultline
