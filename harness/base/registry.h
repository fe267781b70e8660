// Self-registration: a strategy, workload, probe or claim is one source file that registers itself
// by a static object. Registering objects live in OBJECT libraries, since a linker drops
// unreferenced members of a static archive.
#pragma once

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faultline/error.h"
#include "faultline/registration.h"
#include "harness/base/text.h"

namespace faultline {

// All registered `Info`s, by name. `Info` has a `std::string name` and a static `std::string_view
// kKind`, the noun that errors use ("strategy"). Filled before main, and by libraries that are
// loaded at the start; not to be changed while another thread reads it.
template <class Info>
class Registry {
 public:
  static Registry& Instance() {
    static Registry registry;
    return registry;
  }

  // Throws Error when the name is taken.
  void Add(Info info) {
    std::string name = info.name;
    if (!entries_.emplace(name, std::move(info)).second) {
      throw Error(fmt::format("two of kind {} are called '{}'", Info::kKind, name));
    }
  }

  // What a static object calls: adds the info, unless Collect takes it.
  void Register(Info info) {
    if (collected_ != nullptr) {
      collected_->push_back(std::move(info));
    } else {
      Add(std::move(info));
    }
  }

  // Calls load(), which makes static objects, and returns what they register instead of adding it:
  // an exception can't leave them while the system loads a library. Passes on what load() throws.
  template <class Load>
  std::vector<Info> Collect(Load&& load) {
    std::vector<Info> collected;
    collected_ = &collected;
    try {
      load();
    } catch (...) {
      collected_ = nullptr;
      throw;
    }
    collected_ = nullptr;
    return collected;
  }

  bool Contains(std::string_view name) const { return entries_.find(name) != entries_.end(); }

  // Throws UsageError naming the nearest known name.
  const Info& Find(std::string_view name) const {
    if (auto found = entries_.find(name); found != entries_.end()) return found->second;
    throw UsageError(
        fmt::format("unknown {} '{}'; {}", Info::kKind, name,
                    Suggestion(name, Names(), "'faultline list' shows what there is")));
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& [name, info] : entries_) names.push_back(name);
    return names;
  }

  const std::map<std::string, Info, std::less<>>& Entries() const { return entries_; }

 private:
  std::map<std::string, Info, std::less<>> entries_;
  std::vector<Info>* collected_ = nullptr;  // while Collect runs
};

template <class Info>
Registration<Info>::Registration(Info info) {
  Registry<Info>::Instance().Register(std::move(info));
}

// Compiles the registry of `Info` once, not in every file that registers something: the first
// beside `Info`'s definition, the second in one source file. In namespace faultline.
#define FAULTLINE_DECLARE_REGISTRY(Info) \
  extern template class Registry<Info>;  \
  extern template struct Registration<Info>
#define FAULTLINE_DEFINE_REGISTRY(Info) \
  template class Registry<Info>;        \
  template struct Registration<Info>

}  // namespace faultline
