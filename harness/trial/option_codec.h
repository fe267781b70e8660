// Codecs of options by the kind of their value, for the rows of option_row.h:
//   .value = option::Count(&TrialSpec::records)
// A member that is a std::optional has no value as long as none is given: null in JSON, "" as text.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "harness/base/enum_names.h"
#include "harness/trial/option_row.h"

namespace faultline::option {

// A codec of a value by itself, whatever struct it is in.
template <class Value>
struct ValueCodec {
  OptionKind kind = OptionKind::kText;
  std::vector<std::string> choices = {};
  std::function<Value(std::string_view text, std::string_view what)> parse;
  std::function<std::string(const Value&)> text;
  std::function<nlohmann::json(const Value&)> to_json;
  std::function<Value(const nlohmann::json&)> from_json;
};

inline constexpr std::uint64_t kNoMost = std::numeric_limits<std::uint64_t>::max();

// Whole numbers from `least` to `most`. A smaller one in the struct stands for none given.
ValueCodec<std::uint64_t> Counts(std::uint64_t least, std::uint64_t most);

ValueCodec<std::uint64_t> Sizes();  // bytes, at least 1; 0 stands for none given

// What a real option takes; `words` says so: "0.001 to 1000 operations per second".
struct Range {
  double least = 0;
  double most = 0;
  std::string words;
};
ValueCodec<double> Reals(Range range);
ValueCodec<double> Shares(Range range);  // written as "5%" or "0.05"

ValueCodec<bool> Flags();

// Seconds of more than 0 and at most a million.
Range PositiveSeconds();

// Throws UsageError: "unknown NOUN 'text'; use one, another or a third".
[[noreturn]] void ThrowUnknownChoice(const std::string& noun, std::string_view text,
                                     const std::vector<std::string>& choices);

// Values with names. `noun` is what errors call them.
template <class Enum>
ValueCodec<Enum> Choices(const std::string& noun, const EnumNames<Enum>& names) {
  ValueCodec<Enum> codec;
  codec.kind = OptionKind::kChoice;
  codec.choices = names.All();
  const auto find = [noun, names](std::string_view text) {
    const std::optional<Enum> value = names.Find(text);
    if (!value) ThrowUnknownChoice(noun, text, names.All());
    return *value;
  };
  codec.parse = [find](std::string_view text, std::string_view) { return find(text); };
  codec.text = [names](const Enum& value) { return std::string(names(value)); };
  codec.to_json = [names](const Enum& value) { return nlohmann::json(names(value)); };
  codec.from_json = [find](const nlohmann::json& value) { return find(value.get<std::string>()); };
  return codec;
}

template <class Member>
struct WithoutOptional {
  using Type = Member;
};
template <class Value>
struct WithoutOptional<std::optional<Value>> {
  using Type = Value;
};

// The codec of a member with that of its value.
template <class Target, class Member>
OptionCodec<Target> Bind(Member Target::*member,
                         const ValueCodec<typename WithoutOptional<Member>::Type>& codec) {
  constexpr bool kOptional = !std::is_same_v<Member, typename WithoutOptional<Member>::Type>;
  OptionCodec<Target> bound;
  bound.kind = codec.kind;
  bound.choices = codec.choices;
  bound.parse = [member, parse = codec.parse](Target& target, std::string_view text,
                                              std::string_view what) {
    target.*member = parse(text, what);
  };
  bound.text = [member, text = codec.text](const Target& target) -> std::string {
    if constexpr (kOptional) {
      return target.*member ? text(*(target.*member)) : std::string();
    } else {
      return text(target.*member);
    }
  };
  bound.to_json = [member, to_json = codec.to_json](const Target& target) -> nlohmann::json {
    if constexpr (kOptional) {
      return target.*member ? to_json(*(target.*member)) : nlohmann::json(nullptr);
    } else {
      return to_json(target.*member);
    }
  };
  bound.from_json = [member, from_json = codec.from_json](Target& target,
                                                          const nlohmann::json& value) {
    if constexpr (kOptional) {
      target.*member = value.is_null() ? Member() : Member(from_json(value));
    } else {
      target.*member = from_json(value);
    }
  };
  return bound;
}

// The codec of a struct for one that has it as a member.
template <class Outer, class Target>
OptionCodec<Outer> Inside(Target Outer::*part, const OptionCodec<Target>& codec) {
  OptionCodec<Outer> lifted;
  lifted.kind = codec.kind;
  lifted.choices = codec.choices;
  lifted.parse = [part, parse = codec.parse](Outer& outer, std::string_view text,
                                             std::string_view what) {
    parse(outer.*part, text, what);
  };
  lifted.text = [part, text = codec.text](const Outer& outer) { return text(outer.*part); };
  lifted.to_json = [part, to_json = codec.to_json](const Outer& outer) {
    return to_json(outer.*part);
  };
  lifted.from_json = [part, from_json = codec.from_json](Outer& outer,
                                                         const nlohmann::json& value) {
    from_json(outer.*part, value);
  };
  return lifted;
}

template <class Target, class Member>
OptionCodec<Target> Count(Member Target::*member, std::uint64_t least = 1,
                          std::uint64_t most = kNoMost) {
  return Bind(member, Counts(least, most));
}

template <class Target, class Member>
OptionCodec<Target> Size(Member Target::*member) {
  return Bind(member, Sizes());
}

template <class Target, class Member>
OptionCodec<Target> Real(Member Target::*member, Range range) {
  return Bind(member, Reals(std::move(range)));
}

template <class Target>
OptionCodec<Target> Share(double Target::*member, Range range) {
  return Bind(member, Shares(std::move(range)));
}

template <class Target>
OptionCodec<Target> Seconds(double Target::*member) {
  return Bind(member, Reals(PositiveSeconds()));
}

template <class Target>
OptionCodec<Target> Flag(bool Target::*member) {
  return Bind(member, Flags());
}

template <class Target, class Enum>
OptionCodec<Target> Choice(Enum Target::*member, const std::string& noun,
                           const EnumNames<Enum>& names) {
  return Bind(member, Choices(noun, names));
}

}  // namespace faultline::option
