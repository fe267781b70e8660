// null: no I/O at all. It walks the plan, decodes each operation and touches no data, so that its
// time is the harness's own, printed beside every table.
//
// System calls per record: none.
//
// Not to be compared with any strategy: it does no work. Subtract it, or see that it is small.
#include "faultline/synchronous.h"

namespace faultline::null {
namespace {

// Makes the compiler compute `value`, at the price of no instruction.
inline void Consume(std::uint64_t value) { asm volatile("" : : "r"(value)); }

class NullAccess {
 public:
  template <class Visit>
  void Read(std::uint64_t offset, std::uint64_t length, Visit&&) {
    Decode(offset, length);
  }

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&&) {
    Decode(offset, length);
  }

  template <class Produce>
  void Write(std::uint64_t offset, std::uint64_t length, Produce&&) {
    Decode(offset, length);
  }

  void Flush() {}

 private:
  static void Decode(std::uint64_t offset, std::uint64_t length) {
    Consume(offset);
    Consume(length);
  }
};

class Null final : public Strategy {
 public:
  // The file is checked as by every strategy, and closed again: a wrong path must not pass here
  // only.
  void Open(const DatasetFile& file) override {
    OpenDataFile(file, os::FileAccess::kReadWrite).Close();
  }

  std::unique_ptr<Session> NewSession() override {
    return std::make_unique<Synchronous<NullAccess>>();
  }

  void Flush() override {}
  void Close() override {}
};

const Registration<StrategyInfo> kRegistered{{
    .name = "null",
    .summary = "no I/O: decodes each operation and does nothing, the harness's own cost",
    .calls = "none",
    .copies = "none",
    .discards = "none",
    .durability = Durability::kNever,
    .make = [](const Options&) { return std::make_unique<Null>(); },
}};

}  // namespace
}  // namespace faultline::null
