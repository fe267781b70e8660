// A table of keywords that many processes use in place: parsed once, from an INI file into a named
// mapping object, by whichever of them comes first. The article's PortTool shares its tables so.
//
//   const TokenTable table = TokenTable::Attach("keywords", "keywords.ini");
//   std::optional<std::string_view> meaning = table.Find("functions", "CreateFileMapping");
//
// The object holds offsets and no addresses, so it may lie anywhere in each process. It goes with
// the last process that holds it. A process that dies while it fills the object leaves it marked as
// unfinished, and its lock on the INI file free: the next one fills it again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/os/file_mapping.h"

namespace faultline {

// One keyword of the INI file, "section.keyword" and what stands behind its '='.
using Token = std::pair<std::string, std::string>;

// The tokens of an INI file, in its order. Throws Error, naming the file, for text that isn't INI.
std::vector<Token> ParseTokens(const std::filesystem::path& ini_file);

class TokenTable {
 public:
  // What this process had to do to get at the table.
  enum class Role {
    kFound,        // another process had filled it
    kInitialised,  // this one was first
    kTookOver,     // an earlier one died while filling it
  };

  // The table `name`, filled from `ini_file` if it isn't filled yet. Waits while another
  // process fills it. `at_half` is called when half of the tokens are in, for tests of sudden ends.
  // Throws what FileMapping and ParseTokens throw, and Error when the file has grown too large for
  // an unfinished table.
  static TokenTable Attach(const std::string& name, const std::filesystem::path& ini_file,
                           const std::function<void()>& at_half = {});

  // What stands behind the keyword; valid as long as this table. Thread-safe.
  std::optional<std::string_view> Find(std::string_view section, std::string_view keyword) const;

  std::uint64_t size() const;             // tokens
  std::uint64_t initialisations() const;  // times that filling was completed: 1
  Role role() const { return role_; }

 private:
  TokenTable(os::FileMapping object, Role role);

  os::FileMapping object_;
  os::View view_;  // read-only
  Role role_;
};

}  // namespace faultline
