// faultline walk
#include <fmt/format.h>

#include "harness/base/size.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/options.h"
#include "harness/walk/tour.h"

namespace faultline::cli {
namespace {

namespace po = boost::program_options;

po::options_description WalkOptions() {
  po::options_description options("Options", 80, 40);
  auto add = options.add_options();
  auto text = [&add](const char* key, const char* argument, const char* summary) {
    add(key, po::value<std::string>()->value_name(argument), summary);
  };
  text("kind", "temporary|existing|memory|all", "what is mapped; all: one after another (all)");
  text("file", "PATH", "the existing file: read, dropped from memory, never changed");
  text("size", "SIZE", "of the objects (20MiB), or of the part of --file (all of it)");
  text("pid", "NUMBER", "show the address map and the views of this process instead");
  text("directory", "DIR", "where files are made for the walk, and removed (./faultline-data)");
  text("output", "FILE", "draw all steps into FILE, .html or .svg");
  text("format", "text|json", "what to print (text)");
  add("plain", "print all steps, also at a terminal");
  add("help", "print this");
  return options;
}

std::vector<WalkKind> ParseKinds(const std::string& text) {
  if (text == "all") return {WalkKind::kTemporary, WalkKind::kExisting, WalkKind::kMemory};
  constexpr EnumNames<WalkKind> kKindNames = kWalkKindNames.First(3);  // without kProcess
  if (const auto kind = kKindNames.Find(text)) return {*kind};
  std::vector<std::string> names = kKindNames.All();
  names.emplace_back("all");
  throw UsageError(fmt::format("unknown kind '{}'; {}", text,
                               Suggestion(text, names, "use " + Listing(names, " or "))));
}

// The options that don't go together.
void CheckTogether(const po::variables_map& values, const std::string& kind) {
  if (values.count("pid")) {
    for (const char* other : {"kind", "file", "size", "directory"}) {
      if (!values.count(other)) continue;
      throw UsageError(fmt::format("--pid shows a process as it is; leave --{} out", other));
    }
  }
  if (values.count("file") && kind != "existing") {
    throw UsageError(fmt::format("--file is the file of '--kind existing', not of '{}'", kind));
  }
  if (values.count("format") && values.count("output")) {
    throw UsageError("--output draws, --format prints; use one of them");
  }
}

}  // namespace

CommandHelp WalkHelp() {
  return {.usage = "faultline walk [OPTION]...",
          .description =
              "Takes a process through the life of a file mapping: create, map, load, store,\n"
              "share, flush, unmap, free. Shows after each step what it changed: addresses,\n"
              "memory, page tables, faults, and every page of the view. At a terminal, the\n"
              "right arrow or space takes the next step, the left arrow goes back, q quits;\n"
              "elsewhere all steps are printed.\n",
          .options = WalkOptions(),
          .notes = "Sizes read 20MiB. Only root can see which pages processes share.\n"};
}

int WalkCommand(const Arguments& arguments) {
  const CommandHelp help = WalkHelp();
  const po::variables_map values = Parse("walk", arguments, help.options);
  if (values.count("help")) {
    PrintHelp(help);
    return 0;
  }
  // A file that is named says what kind is meant.
  const std::string kind = Text(values, "kind", values.count("file") ? "existing" : "all");
  CheckTogether(values, kind);
  TourRequest request;
  request.kinds = ParseKinds(kind);
  request.file = Text(values, "file", "");
  request.directory = Text(values, "directory", "faultline-data");
  request.output = Text(values, "output", "");
  request.json = WantsJson(values, "text");
  request.plain = values.count("plain") != 0;
  if (values.count("size")) request.bytes = ParseSize(Text(values, "size", ""), "--size");
  if (values.count("pid")) {
    const std::uint64_t id = ParseCount(Text(values, "pid", ""), "--pid");
    if (id == 0 || id > 0x7fffffff) throw UsageError(fmt::format("--pid {} is no process", id));
    request.process_id = static_cast<std::int64_t>(id);
  }
  return RunTour(request);
}

}  // namespace faultline::cli
