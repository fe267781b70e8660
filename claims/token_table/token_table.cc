#include "claims/token_table/token_table.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <boost/program_options.hpp>
#include <cstring>
#include <fmt/format.h>
#include <fstream>

#include "faultline/error.h"
#include "harness/os/file_lock.h"

namespace faultline {
namespace {

enum State : std::uint32_t { kEmpty, kFilling, kReady };

// The object's layout: this, then the slots of a hash table with open addressing, then the text,
// where every string ends in a zero.
struct Header {
  std::uint32_t state;
  std::uint32_t initialisations;
  std::uint64_t tokens;
  std::uint64_t slots;  // a power of two
};

// Offsets of strings from the object's begin; a key of 0 is a free slot.
struct Slot {
  std::uint64_t key;
  std::uint64_t value;
};

static_assert(std::atomic_ref<std::uint32_t>::is_always_lock_free,
              "processes share the state, not each other's locks");

// Fowler, Noll and Vo's hash, FNV-1a.
std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

std::uint64_t SlotsFor(std::uint64_t tokens) {
  return std::bit_ceil(std::max<std::uint64_t>(2 * tokens, 2));
}

std::uint64_t BytesFor(const std::vector<Token>& tokens) {
  std::uint64_t bytes = sizeof(Header) + SlotsFor(tokens.size()) * sizeof(Slot);
  for (const auto& [key, value] : tokens) bytes += key.size() + value.size() + 2;
  return bytes;
}

std::atomic_ref<std::uint32_t> StateOf(const os::View& view) {
  return std::atomic_ref<std::uint32_t>(reinterpret_cast<Header*>(view.data())->state);
}

// Whether it is filled, as a process sees that may only read.
bool IsReady(const os::View& view) {
  return StateOf(view).load(std::memory_order_acquire) == kReady;
}

// Writes the table into the object. What an earlier attempt has left there is overwritten.
void Fill(const os::View& view, const std::vector<Token>& tokens,
          const std::function<void()>& at_half) {
  if (BytesFor(tokens) > view.size()) {
    throw Error("the file has grown since an unfinished table was made for it");
  }
  auto* const header = reinterpret_cast<Header*>(view.data());
  auto* const slots = reinterpret_cast<Slot*>(view.data() + sizeof(Header));
  header->tokens = tokens.size();
  header->slots = SlotsFor(tokens.size());
  std::fill_n(slots, header->slots, Slot{});
  std::uint64_t end = sizeof(Header) + header->slots * sizeof(Slot);
  const auto put = [&](const std::string& text) {
    const std::uint64_t place = end;
    std::memcpy(view.data() + place, text.c_str(), text.size() + 1);
    end += text.size() + 1;
    return place;
  };
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i == tokens.size() / 2 && at_half) at_half();
    std::uint64_t slot = Hash(tokens[i].first) & (header->slots - 1);
    while (slots[slot].key != 0) slot = (slot + 1) & (header->slots - 1);
    slots[slot] = {put(tokens[i].first), put(tokens[i].second)};
  }
  ++header->initialisations;
}

// Nothing where no process holds an object of that name.
std::optional<os::FileMapping> Open(const std::string& name) {
  try {
    return os::FileMapping::OpenNamed(name, os::Protection::kReadWrite);
  } catch (const os::SystemError& error) {
    if (error.kind() != os::ErrorKind::kNotFound) throw;
    return std::nullopt;
  }
}

}  // namespace

std::vector<Token> ParseTokens(const std::filesystem::path& ini_file) {
  std::ifstream text(ini_file);
  if (!text) throw Error(fmt::format("can't open {}", ini_file.string()));
  std::vector<Token> tokens;
  try {
    const boost::program_options::options_description nothing_known;
    const auto parsed = boost::program_options::parse_config_file(text, nothing_known, true);
    for (const auto& option : parsed.options) {
      tokens.emplace_back(option.string_key, option.value.empty() ? "" : option.value.front());
    }
  } catch (const boost::program_options::error& error) {
    throw Error(fmt::format("{}: {}", ini_file.string(), error.what()));
  }
  return tokens;
}

TokenTable::TokenTable(os::FileMapping object, Role role)
    : object_(std::move(object)),
      view_(object_.Map({.access = os::ViewAccess::kRead})),
      role_(role) {}

TokenTable TokenTable::Attach(const std::string& name, const std::filesystem::path& ini_file,
                              const std::function<void()>& at_half) {
  if (auto object = Open(name); object && IsReady(object->Map())) {
    return {*std::move(object), Role::kFound};
  }
  // One creates and fills, and the others wait here. The system frees the lock of a process that
  // ends.
  const os::FileLock lock = os::FileLock::AcquireExisting(ini_file);
  std::optional<os::FileMapping> object = Open(name);
  if (object && IsReady(object->Map())) return {*std::move(object), Role::kFound};
  const std::vector<Token> tokens = ParseTokens(ini_file);
  if (!object) object = os::FileMapping::CreateNamed(name, BytesFor(tokens));
  const os::View view = object->Map();
  const bool left_unfinished = StateOf(view).load(std::memory_order_acquire) == kFilling;
  StateOf(view).store(kFilling, std::memory_order_release);
  Fill(view, tokens, at_half);
  StateOf(view).store(kReady, std::memory_order_release);
  return {*std::move(object), left_unfinished ? Role::kTookOver : Role::kInitialised};
}

std::optional<std::string_view> TokenTable::Find(std::string_view section,
                                                 std::string_view keyword) const {
  const auto* const header = reinterpret_cast<const Header*>(view_.data());
  const auto* const slots = reinterpret_cast<const Slot*>(view_.data() + sizeof(Header));
  const std::string wanted =
      section.empty() ? std::string(keyword) : fmt::format("{}.{}", section, keyword);
  for (std::uint64_t slot = Hash(wanted);; ++slot) {
    const Slot& found = slots[slot & (header->slots - 1)];
    if (found.key == 0) return std::nullopt;
    if (wanted == reinterpret_cast<const char*>(view_.data() + found.key)) {
      return reinterpret_cast<const char*>(view_.data() + found.value);
    }
  }
}

std::uint64_t TokenTable::size() const {
  return reinterpret_cast<const Header*>(view_.data())->tokens;
}

std::uint64_t TokenTable::initialisations() const {
  return reinterpret_cast<const Header*>(view_.data())->initialisations;
}

}  // namespace faultline
