// Escapes of the patterns of Regex("..."): those of JavaScript, and a few more.
//
// Entry point: read_regex_escape. What stands for more than one character, or for none, is refused
// here by name; classes such as \d are the caller's.
//
//   \n  \x41  \u0041  \u{1F600}  \cA  \.   ->   one character each
//
// Tests: tests/unit/frontend/ebnf_macros_test.cc, tests/cases/ebnf/regex_macro.case.
#include "frontend/ebnf/regex_macro_escape.h"

#include <string>
#include <utility>

#include "automata/char_set.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

class EscapeReader {
 public:
  EscapeReader(std::string_view pattern, size_t at) : in_(pattern), at_(at) {}

  size_t at() const { return at_; }

  MaybeError run(char32_t* value) {
    size_t begin = at_;
    char c = peek(1);
    at_ += 2;
    static constexpr std::pair<char, char32_t> kControls[] = {
        {'n', '\n'}, {'t', '\t'}, {'r', '\r'}, {'f', '\f'}, {'v', '\v'}, {'a', '\a'}, {'e', 0x1B}};
    for (auto [letter, control] : kControls) {
      if (c == letter) {
        *value = control;
        return std::nullopt;
      }
    }
    if (c == '0' && !is_digit(peek())) {
      *value = 0;
      return std::nullopt;
    }
    if (c == 'x') return hexadecimal(begin, 2, value);
    if (c == 'u' && peek() == '{') return braced(begin, value);
    if (c == 'u') return hexadecimal(begin, 4, value);
    if (c == 'c' && is_letter(peek())) {
      *value = static_cast<char32_t>(in_[at_++]) & 0x1F;
      return std::nullopt;
    }
    at_ = begin;
    return other_escape(value);
  }

 private:
  MaybeError other_escape(char32_t* value) {
    char c = peek(1);
    if (is_digit(c) || c == 'k') {
      return refuse(Status::kUnsupported, "back-references are not supported", at_);
    }
    if (c == 'p' || c == 'P') {
      return refuse(Status::kUnsupported, "Unicode properties are not supported in Regex()", at_);
    }
    if (at_ + 1 >= in_.size() || is_letter(c)) {
      return invalid(
          "unknown escape; known are \\d \\D \\w \\W \\s \\S \\n \\t \\r \\f \\v \\a \\e "
          "\\0 \\xHH \\uHHHH \\u{...} \\cX and punctuation",
          at_);
    }
    ++at_;
    decode_utf8(in_, &at_, value);
    return std::nullopt;
  }

  MaybeError hexadecimal(size_t begin, size_t digits, char32_t* value) {
    *value = 0;
    for (size_t i = 0; i < digits; ++i, ++at_) {
      int digit = hex_value(peek());
      if (digit < 0) {
        return invalid(std::string("\\") + in_[begin + 1] + " needs " + std::to_string(digits) +
                           " hexadecimal digits",
                       begin);
      }
      *value = *value * 16 + static_cast<char32_t>(digit);
    }
    return check_scalar(*value, begin);
  }

  MaybeError braced(size_t begin, char32_t* value) {
    *value = 0;
    size_t digits = 0;
    for (++at_; hex_value(peek()) >= 0 && digits <= 6; ++at_, ++digits) {
      *value = *value * 16 + static_cast<char32_t>(hex_value(peek()));
    }
    if (digits == 0 || digits > 6 || peek() != '}') {
      return invalid("\\u{...} needs 1 to 6 hexadecimal digits", begin);
    }
    ++at_;
    return check_scalar(*value, begin);
  }

  MaybeError check_scalar(char32_t c, size_t begin) const {
    if (c <= 0x10FFFF && !(c >= 0xD800 && c <= 0xDFFF)) return std::nullopt;
    return invalid("the escape is no character: it must be at most 10FFFF and no surrogate", begin);
  }

  Error refuse(Status code, std::string message, size_t at) const {
    return error_at(code, std::move(message), in_, at);
  }
  Error invalid(std::string message, size_t at) const {
    return refuse(Status::kInvalidSource, std::move(message), at);
  }
  char peek(size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }

  std::string_view in_;
  size_t at_;
};

}  // namespace

MaybeError read_regex_escape(std::string_view pattern, size_t* at, char32_t* character) {
  EscapeReader reader(pattern, *at);
  MaybeError e = reader.run(character);
  *at = reader.at();
  return e;
}

}  // namespace xgr::core
