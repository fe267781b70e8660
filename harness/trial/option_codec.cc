#include "harness/trial/option_codec.h"

#include <fmt/format.h>

#include "faultline/error.h"
#include "harness/base/size.h"
#include "harness/base/text.h"

namespace faultline::option {
namespace {

[[noreturn]] void ThrowNotTaken(std::string_view what, std::string_view words,
                                std::string_view text) {
  throw UsageError(fmt::format("{} takes {}, not '{}'", what, words, text));
}

// Of values that JSON has a type for.
template <class Value>
ValueCodec<Value> WithPlainJson(OptionKind kind) {
  ValueCodec<Value> codec;
  codec.kind = kind;
  codec.to_json = [](const Value& value) { return nlohmann::json(value); };
  codec.from_json = [](const nlohmann::json& value) { return value.get<Value>(); };
  return codec;
}

using RealParser = double (*)(std::string_view text, std::string_view what);

ValueCodec<double> RealsReadBy(RealParser parser, Range range) {
  ValueCodec<double> codec = WithPlainJson<double>(OptionKind::kReal);
  codec.parse = [parser, range = std::move(range)](std::string_view text, std::string_view what) {
    const double value = parser(text, what);
    if (!(value >= range.least && value <= range.most)) ThrowNotTaken(what, range.words, text);
    return value;
  };
  codec.text = FormatExact;
  return codec;
}

}  // namespace

ValueCodec<std::uint64_t> Counts(std::uint64_t least, std::uint64_t most) {
  const std::string words = most == kNoMost ? fmt::format("{} or more", least)
                                            : fmt::format("{} to {}", least, FormatCount(most));
  ValueCodec<std::uint64_t> codec = WithPlainJson<std::uint64_t>(OptionKind::kCount);
  codec.parse = [least, most, words](std::string_view text, std::string_view what) {
    const std::uint64_t count = ParseCount(text, what);
    if (count < least || count > most) ThrowNotTaken(what, words, text);
    return count;
  };
  codec.text = [least](const std::uint64_t& count) {
    return count < least ? std::string() : std::to_string(count);
  };
  return codec;
}

ValueCodec<std::uint64_t> Sizes() {
  ValueCodec<std::uint64_t> codec = WithPlainJson<std::uint64_t>(OptionKind::kSize);
  codec.parse = [](std::string_view text, std::string_view what) {
    const std::uint64_t bytes = ParseSize(text, what);
    if (bytes == 0) ThrowNotTaken(what, "1 or more", text);
    return bytes;
  };
  codec.text = [](const std::uint64_t& bytes) {
    return bytes == 0 ? std::string() : FormatSize(bytes);
  };
  return codec;
}

ValueCodec<double> Reals(Range range) { return RealsReadBy(ParseReal, std::move(range)); }

ValueCodec<double> Shares(Range range) {
  ValueCodec<double> codec = RealsReadBy(ParseShare, std::move(range));
  codec.text = [](const double& share) { return FormatExact(share * 100) + "%"; };
  return codec;
}

ValueCodec<bool> Flags() {
  ValueCodec<bool> codec = WithPlainJson<bool>(OptionKind::kFlag);
  codec.choices = {"on", "off"};
  codec.parse = ParseFlag;
  codec.text = [](const bool& on) { return std::string(on ? "on" : "off"); };
  return codec;
}

Range PositiveSeconds() {
  return {.least = std::numeric_limits<double>::min(),
          .most = 1e6,
          .words = "more than 0 and at most 1000000 seconds"};
}

void ThrowUnknownChoice(const std::string& noun, std::string_view text,
                        const std::vector<std::string>& choices) {
  throw UsageError(fmt::format("unknown {} '{}'; use {}", noun, text, Listing(choices, " or ")));
}

}  // namespace faultline::option
