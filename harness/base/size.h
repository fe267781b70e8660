// Reading sizes, counts and shares as users write them. All throw UsageError with the text and what
// would be right.
#pragma once

#include <cstdint>
#include <string_view>

namespace faultline {

// Bytes: digits, with an optional unit B, KiB, MiB, GiB, TiB (powers of 1024) or kB, MB, GB, TB
// (powers of 1000), such as "125", "64KiB", "2GiB". `what` names the option in the error. Overflow,
// signs, blanks and fractions are refused.
std::uint64_t ParseSize(std::string_view text, std::string_view what);

// A whole number without sign, such as "1000000"; "1e6" and "1_000_000" are refused.
std::uint64_t ParseCount(std::string_view text, std::string_view what);

// A finite decimal number.
double ParseReal(std::string_view text, std::string_view what);

// A share as people write it: "5%" or "0.05". A number of 1 or more without a per cent sign is
// refused, as 5 for 5 % would be; so are negative ones.
double ParseShare(std::string_view text, std::string_view what);

// "on", "off", "true", "false", "yes", "no", "1", "0".
bool ParseFlag(std::string_view text, std::string_view what);

// a × b, or UsageError when the product does not fit 64 bits.
std::uint64_t CheckedProduct(std::uint64_t a, std::uint64_t b, std::string_view what);

}  // namespace faultline
