// A strategy as a user chose it by a spec: read from its text once, and carried as a value from
// then on. What it is asked, its StrategyInfo and its options answer; no strategy is made for that.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "strategies/registry.h"

namespace faultline {

class StrategyChoice {
 public:
  // None, whose text is "". REQUIRES for all other questions: another one.
  StrategyChoice() = default;

  // Reads "mmap-window:size=64KiB". Throws UsageError for a name that isn't registered and for
  // options that the strategy doesn't take, and Error for one that contradicts itself.
  explicit StrategyChoice(std::string_view spec);

  const std::string& text() const { return text_; }  // the spec as it was given
  const StrategyInfo& info() const { return *info_; }
  const Options& options() const { return options_; }

  // A new instance. Throws UsageError for options that don't go together, and UnsupportedError for
  // a strategy that this build doesn't have.
  std::unique_ptr<Strategy> Make() const;

  // After how many changes of a session it makes them durable by itself; nothing if it does so only
  // when a flush is asked for.
  std::optional<std::uint64_t> FlushPeriod() const;

  // Whether sessions work on several operations of a batch at a time.
  bool Batches() const { return info_->batches && info_->batches(options_); }

  bool HasOwnStorage() const { return !info_->own_storage.empty(); }

  // The file that holds the records while the strategy runs: the data file, or its own beside it.
  std::filesystem::path Storage(const DatasetFile& file) const {
    return file.path.native() + info_->own_storage;
  }

  // Whether both were given in the same words.
  bool operator==(const StrategyChoice& other) const { return text_ == other.text_; }

 private:
  std::string text_;
  const StrategyInfo* info_ = nullptr;
  Options options_;
};

}  // namespace faultline
