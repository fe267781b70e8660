// Texts of strace -ff: one for each thread.
#pragma once

#include <filesystem>
#include <vector>

#include "harness/trace/strace_import.h"
#include "harness/trace/text_lines.h"

namespace faultline {

// The texts that inputs name: each itself, or the files of a folder; of a folder with files that
// end in a thread's number (PREFIX.1234) those only. Ordered as given; of a folder, by number.
// Throws UsageError for what can't be read, and for none.
std::vector<TextLines> OpenTexts(const std::vector<std::filesystem::path>& inputs,
                                 std::size_t piece_bytes);

// Hands what the texts say to the importer in the order of their times, and finishes it. Without
// times, one text after the other, those first whose thread was started already. Memory: a piece of
// each text.
void TakeTexts(std::vector<TextLines>& texts, StraceImporter& importer);

}  // namespace faultline
