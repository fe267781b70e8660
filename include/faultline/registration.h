// Self-registration: a source file makes its strategy known by a static object.
#pragma once

namespace faultline {

// Registers its argument before main, or when its library is loaded: `const
// Registration<StrategyInfo> kRegistered{{.name = "…", …}};`
template <class Info>
struct Registration {
  explicit Registration(Info info);
};

}  // namespace faultline
