// Small text helpers: joining, formatting figures for people, and finding the name a user probably
// meant.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace faultline {

// `value` with `decimals` digits after the point, in the C locale.
std::string FormatReal(double value, int decimals);

// The shortest text that reads back as the same number: "0.25", "60", "1e+22".
std::string FormatExact(double value);

// Three significant digits with thousands separated: 0.0123, 1.23, 12.3, 123, 12,300.
std::string FormatSignificant(double value);

// 1234567 → "1,234,567".
std::string FormatCount(std::uint64_t value);

// A count and what is counted: "1 round", "0 rounds", "1,234 rounds".
std::string CountOf(std::uint64_t count, std::string_view noun);

// The same where the plural is not the noun and an "s": "2 processes", "1 page is", "2 pages are".
std::string CountOf(std::uint64_t count, std::string_view one, std::string_view many);

// A share that was set, with the digits it was set with: 0.05 → "5 %", 0.025 → "2.5 %".
std::string FormatPercent(double share);

// The share of `whole` that `part` was found to be: "37.1 %". Nothing and all are said of nothing
// and all alone: "0 %", "<0.1 %", ">99.9 %", "100 %". A whole of 0 has no shares: "-".
std::string FormatShare(double part, double whole = 1);

// Bytes in the largest exact binary unit: 125, 64KiB, 2GiB, 1500.
std::string FormatSize(std::uint64_t bytes);

// Bytes with three significant digits for people: "119 MiB".
std::string FormatBytes(std::uint64_t bytes);

// Seconds for people: "1.2 s", "34 ms", "2 min 3 s".
std::string FormatSeconds(double seconds);

std::string Join(std::span<const std::string> parts, std::string_view separator);

// "a", "a and b", "a, b and c"; `last` stands between the last two.
std::string Listing(std::span<const std::string> parts, std::string_view last = " and ");

// The first `most` of them, and how many there are besides: "a, b and 3 more".
std::string Listing(std::span<const std::string> parts, std::size_t most);

std::vector<std::string> Split(std::string_view text, char separator);

// `text` without the blanks around it; without those at its end.
std::string_view Trim(std::string_view text);
std::string_view TrimEnd(std::string_view text);

// The name among `known` with the least edit distance to `name`, or "" when none is near (more than
// a third of the letters, at least two, would have to change).
std::string NearestName(std::string_view name, std::span<const std::string> known);

// What to try where `name` is none of `known`: "did you mean 'run'?", or `otherwise` if none is
// near.
std::string Suggestion(std::string_view name, std::span<const std::string> known,
                       std::string_view otherwise);

}  // namespace faultline
