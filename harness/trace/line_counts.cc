#include "harness/trace/line_counts.h"

#include <fmt/format.h>

#include "harness/base/columns.h"
#include "harness/base/text.h"

namespace faultline {
namespace {

constexpr std::size_t kQuotedPiece = 80;  // columns

}  // namespace

std::string QuotedPiece(std::string_view text) {
  return fmt::format("'{}'", KeepBeginning(WithoutControls(Trim(text)), kQuotedPiece));
}

std::string PlaceText(const TextPlace& place) {
  return place.text.empty() ? fmt::format("line {}", place.line)
                            : fmt::format("{}:{}", place.text, place.line);
}

void LineCounts::KeepFirst(const TextPlace& place, std::string_view text) {
  // What a line is worth may be known only some lines later.
  if (!first_.empty() && place.line >= first_line_) return;
  first_line_ = place.line;
  first_ = fmt::format("{}: {}", PlaceText(place),
                       Trim(text).empty() ? "an empty line" : QuotedPiece(text));
}

std::string LineCounts::SkippedText(std::string_view tracer) const {
  const std::uint64_t skipped = own_ + foreign_;
  if (skipped == 0) return {};
  std::string kinds;
  if (foreign_ == 0) {
    kinds = fmt::format("of {}'s own (tables, stacks, messages)", tracer);
  } else if (own_ == 0) {
    kinds = fmt::format("none of them {}'s", tracer);
  } else {
    kinds = fmt::format("{} of {}'s own (tables, stacks, messages), {} of others",
                        FormatCount(own_), tracer, FormatCount(foreign_));
  }
  return fmt::format("{} skipped, {}; the first is {}",
                     CountOf(skipped, "line or part of a line was", "lines or parts of lines were"),
                     kinds, first_);
}

}  // namespace faultline
