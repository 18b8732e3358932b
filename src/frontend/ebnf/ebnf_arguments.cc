// Reads the arguments of macros.
//
// Entry point: parse_ebnf_arguments. A value is a string, an integer, true or false, the name of a
// rule, or a tuple of values; tuples are at most two deep, as no macro wants more.
//
//   (("tag", rule), loop_after_dispatch=false, excludes=("a",))
//   -> a tuple of string and name; loop_after_dispatch: boolean; excludes: a tuple of one string
//
// Tests: tests/unit/frontend/ebnf_macros_test.cc, tests/cases/ebnf/.
#include "frontend/ebnf/ebnf_arguments.h"

#include <algorithm>

#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr int kMaxTuples = 2;
constexpr int64_t kMaxInteger = 1'000'000'000'000'000;

class ArgumentReader {
 public:
  explicit ArgumentReader(EbnfSource& source) : s_(source) {}

  Result<std::vector<EbnfArgument>> run() {
    std::vector<EbnfArgument> arguments;
    s_.advance();
    while (s_.kind() != EbnfTokenKind::kClose) {
      if (!arguments.empty()) {
        if (!s_.at_character(',')) return s_.expected("',' or ')' behind an argument");
        s_.advance();
      }
      Result<EbnfArgument> a = argument();
      if (!a.ok()) return std::move(a.error());
      bool late = a.value().name.empty() && !arguments.empty() && !arguments.back().name.empty();
      if (late) {
        return s_.invalid("an argument without a name stands behind one with a name",
                          a.value().value.offset);
      }
      arguments.push_back(std::move(a).value());
    }
    s_.advance();
    return arguments;
  }

 private:
  Result<EbnfArgument> argument() {
    EbnfArgument a;
    if (s_.kind() == EbnfTokenKind::kIdentifier && s_.at_character('=', 1)) {
      a.name = s_.spelling(s_.token());
      s_.advance(2);
    }
    Result<EbnfValue> v = value(0);
    if (!v.ok()) return std::move(v.error());
    a.value = std::move(v).value();
    return a;
  }

  Result<EbnfValue> value(int depth) {
    EbnfValue v;
    v.offset = s_.token().begin;
    switch (s_.kind()) {
      case EbnfTokenKind::kString: {
        Result<std::string> text = decode_ebnf_string(s_.text(), s_.token(), s_.gbnf(), &v.starts);
        if (!text.ok()) return std::move(text.error());
        v.kind = EbnfValue::kString;
        v.text = std::move(text).value();
        s_.advance();
        return v;
      }
      case EbnfTokenKind::kIdentifier:
        return word(std::move(v));
      case EbnfTokenKind::kOpen:
        if (depth == kMaxTuples) return s_.expected("a value that is no tuple");
        return tuple(std::move(v), depth);
      default:
        return s_.expected("a string, an integer, true, false, a rule name or a tuple (...)");
    }
  }

  Result<EbnfValue> word(EbnfValue v) {
    std::string_view word = s_.spelling(s_.token());
    std::string_view digits = word.starts_with('-') ? word.substr(1) : word;
    bool number = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
    if (number) {
      v.kind = EbnfValue::kInteger;
      for (char c : digits) {
        v.integer = v.integer * 10 + (c - '0');
        if (v.integer > kMaxInteger) {
          return s_.error(Status::kLimitExceeded, "an integer is at most 1000000000000000",
                          v.offset);
        }
      }
      if (digits.size() < word.size()) v.integer = -v.integer;
    } else if (word == "true" || word == "false") {
      v.kind = EbnfValue::kBoolean;
      v.boolean = word == "true";
    } else {
      v.kind = EbnfValue::kName;
      v.text = word;
    }
    s_.advance();
    return v;
  }

  Result<EbnfValue> tuple(EbnfValue v, int depth) {
    v.kind = EbnfValue::kTuple;
    s_.advance();
    while (s_.kind() != EbnfTokenKind::kClose) {
      Result<EbnfValue> item = value(depth + 1);
      if (!item.ok()) return std::move(item.error());
      v.items.push_back(std::move(item).value());
      if (s_.kind() == EbnfTokenKind::kClose) break;
      if (!s_.at_character(',')) return s_.expected("',' or ')' in a tuple");
      s_.advance();
    }
    s_.advance();
    return v;
  }

  EbnfSource& s_;
};

}  // namespace

Result<std::vector<EbnfArgument>> parse_ebnf_arguments(EbnfSource& source) {
  return ArgumentReader(source).run();
}

const char* describe(EbnfValue::Kind kind) {
  switch (kind) {
    case EbnfValue::kString:
      return "a string";
    case EbnfValue::kInteger:
      return "an integer";
    case EbnfValue::kBoolean:
      return "true or false";
    case EbnfValue::kName:
      return "the name of a rule";
    case EbnfValue::kTuple:
      break;
  }
  return "a tuple";
}

}  // namespace xgr::core
