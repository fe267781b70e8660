#include <fmt/format.h>

#include "claims/laboratory.h"
#include "harness/os/file_mapping.h"

namespace faultline::a22 {
namespace {

constexpr std::uint64_t kArticleBytes = 0x01400000;  // 20 MiB, as in the article's sample

double LengthAfter(const Laboratory& laboratory, const std::string& name, std::uint64_t has,
                   std::uint64_t asked, Evidence& evidence) {
  const os::File file = NewFile(laboratory, name, has);
  const os::FileMapping object = os::FileMapping::FromFile(file, os::Protection::kReadWrite, asked);
  evidence.figures["object_bytes_" + name] = static_cast<double>(object.size());
  return static_cast<double>(file.Size());
}

Evidence Experiment(const Laboratory& laboratory) {
  Evidence evidence;
  evidence.figures["asked_bytes"] = static_cast<double>(kArticleBytes);
  for (const auto& [name, has, asked] :
       {std::tuple("shorter_file", kArticleBytes / 2, kArticleBytes),
        std::tuple("equal_file", kArticleBytes, kArticleBytes),
        std::tuple("longer_file", kArticleBytes * 2, kArticleBytes),
        std::tuple("size_0", kArticleBytes / 4, std::uint64_t{0})}) {
    evidence.figures[fmt::format("length_of_{}", name)] =
        LengthAfter(laboratory, name, has, asked, evidence);
  }
  evidence.figures["length_of_temporary"] = static_cast<double>(
      os::FileMapping::FromTemporaryFile(laboratory.directory, kArticleBytes).size());
  evidence.words["no_file_no_size"] =
      WhatHappens("created", [] { os::FileMapping::FromMemory(0); });
  evidence.regime = fmt::format("{}, objects of 0x01400000 bytes", FileSystemOf(laboratory));
  return evidence;
}

Judgement Judge(const Evidence& evidence) {
  const double asked = evidence.Figure("asked_bytes");
  const double longer = evidence.Figure("length_of_longer_file");
  std::string wrong;
  if (evidence.Figure("length_of_shorter_file") != asked) {
    wrong = "a shorter file was not extended";
  } else if (evidence.Figure("length_of_equal_file") != asked ||
             evidence.Figure("length_of_temporary") != asked) {
    wrong = "a file of the right size did not keep it";
  } else if (evidence.Figure("object_bytes_size_0") != evidence.Figure("length_of_size_0")) {
    wrong = "size 0 did not mean the file's own size";
  } else if (!evidence.Words("no_file_no_size").starts_with("refused")) {
    wrong = "an object of no file and no size was created";
  } else if (longer != asked) {
    wrong = fmt::format("shorter files are extended; a longer one keeps its {}, nothing cut off",
                        FormatBytes(static_cast<std::uint64_t>(longer)));
  }
  return HoldsUnless(wrong, "files of every length were fitted");
}

const Registration<ClaimInfo> kRegistered{{
    .name = "A22",
    .title = "A file is fitted to its object's size, larger or smaller; 0 means the file's own",
    .section = "Creating a mapping object",
    .method = "Create objects of 20 MiB of a shorter, an equal and a longer file, of a temporary "
              "one and of none, and one of size 0. Holds if every file has the size asked for.",
    .why =
        "A file that shrank because a process mapped a part of it would lose data: an object here "
        "is a window on the file and leaves what lies behind it alone.",
    .experiment = Experiment,
    .judge = Judge,
}};

}  // namespace
}  // namespace faultline::a22
