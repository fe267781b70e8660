// A strategy that forgets every update and says nothing: what the verification of a run must find.
// Built by plugin_test.py, which also gives it another name, or a durability.
#include "planted.h"

namespace {

using namespace faultline;

class Forgetful : public PlainAccess {
 public:
  using PlainAccess::PlainAccess;

  template <class Mutate>
  void Update(std::uint64_t offset, std::uint64_t length, Mutate&&) {
    Read(offset, length, [](std::span<const std::byte>) {});
  }
};

const Registration<StrategyInfo> kRegistered{{
    .name = NAME,
    .summary = "forgets updates",
    .calls = "1 per update: pread",
#ifdef DURABILITY
    .durability = Durability::DURABILITY,
#endif
    .make = [](const Options&) -> std::unique_ptr<Strategy> {
      return std::make_unique<Planted<Forgetful>>();
    },
}};

}  // namespace
