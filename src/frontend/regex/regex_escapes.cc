// Backslash escapes of regular expressions.
//
// Entry point: scan_regex_escape (regex_text.h). The two dialects share the code points written in
// hexadecimal, the shorthand classes and properties, and escaped punctuation; the rest is told
// apart by scan_pcre and scan_ecma. \uHHHH is ECMA-262's, but is taken in both and rewritten for
// PCRE2.
//
//   \n -> the character 0A      \p{Han} -> a set      \K -> kUnsupported      \y -> kInvalidSource
//
// Tests: tests/unit/frontend/regex_test.cc, tests/cases/regex/.
#include <cstdio>

#include "frontend/regex/regex_text.h"

#include "support/ascii.h"

namespace xgr::core {
namespace {

// Each costs PCRE2 a pass over all code points; there are about 170 scripts.
constexpr size_t kMaxNamedSets = 250;

// Larger than any base where `c` is no digit.
int digit_value(char c) {
  int value = hex_value(c);
  return value < 0 ? 99 : value;
}

class EscapeScanner {
 public:
  EscapeScanner(RegexText& text, bool in_class)
      : t_(text), in_class_(in_class), at_(text.pos()), letter_(text.peek(1)) {}

  Result<RegexEscape> run() {
    if (at_ + 1 >= t_.text().size()) {
      return t_.malformed(at_, "a backslash ends the pattern; a backslash itself is written \\\\");
    }
    if (!is_letter_or_digit(letter_)) {
      t_.keep(1);
      return character(t_.keep_character());
    }
    switch (letter_) {
      case 'f':
        return simple('\f');
      case 'n':
        return simple('\n');
      case 'r':
        return simple('\r');
      case 't':
        return simple('\t');
      case 'd':
      case 'D':
      case 'w':
      case 'W':
      case 's':
      case 'S':
        return named_set(std::string("\\") + letter_, 2, nullptr);
      case 'u':
        return unicode();
      case 'p':
      case 'P':
        return property();
      case 'b':
        if (in_class_) return simple('\b');
        return assertion(RegexAssertion::kWord);
      case 'B':
        if (in_class_) return bad("\\B has no meaning in a class");
        return assertion(RegexAssertion::kNotWord);
      case 'k':
        return refuse("the back-reference \\k is not supported");
      default:
        return t_.ecma() ? scan_ecma() : scan_pcre();
    }
  }

 private:
  static RegexEscape character(char32_t c) {
    RegexEscape e;
    e.kind = RegexEscape::kCharacter;
    e.character = c;
    return e;
  }
  static RegexEscape set(std::shared_ptr<const CharSet> s) {
    RegexEscape e;
    e.kind = RegexEscape::kSet;
    e.set = std::move(s);
    return e;
  }
  static RegexEscape other(RegexEscape::Kind kind) {
    RegexEscape e;
    e.kind = kind;
    return e;
  }
  RegexEscape assertion(RegexAssertion a) {
    t_.keep(2);
    RegexEscape e = other(RegexEscape::kAssert);
    e.assertion = a;
    return e;
  }
  RegexEscape simple(char32_t c) {
    t_.keep(2);
    return character(c);
  }
  Error bad(std::string message) const { return t_.malformed(at_, std::move(message)); }
  Error refuse(std::string message) {
    t_.keep(2);
    return t_.unsupported(at_, std::move(message));
  }

  Result<RegexEscape> scan_ecma() {
    if (letter_ >= '1' && letter_ <= '9') {
      if (in_class_) return bad("a digit after a backslash has no meaning in a class");
      return refuse("the back-reference \\" + std::string(1, letter_) +
                    " is not supported; write the pattern of its group again");
    }
    switch (letter_) {
      case 'v':
        t_.replace(2, "\\x0b");
        return character('\v');
      case '0':
        if (is_digit(t_.peek(2))) {
          return bad("\\0 must not be followed by a digit; write \\x and two hexadecimal digits");
        }
        return simple(0);
      case 'c': {
        char c = t_.peek(2);
        if (!is_letter(c)) return bad("\\c must be followed by a letter");
        t_.keep(3);
        return character(static_cast<char32_t>(c & 31));
      }
      case 'x': {
        int hi = digit_value(t_.peek(2)), lo = digit_value(t_.peek(3));
        if (hi > 15 || lo > 15) return bad("\\x must be followed by two hexadecimal digits");
        t_.keep(4);
        return character(static_cast<char32_t>(hi * 16 + lo));
      }
      default:
        break;
    }
    return bad(
        std::string("\\") + letter_ +
        " is not an escape of ECMA-262; known are \\d \\D \\w \\W \\s \\S \\t \\n \\v \\f \\r "
        "\\0 \\cX \\xHH \\uHHHH \\u{H} \\p{} \\P{} and escaped punctuation");
  }

  Result<RegexEscape> scan_pcre() {
    if (is_digit(letter_)) return pcre_digit();
    switch (letter_) {
      case 'a':
        return simple('\a');
      case 'e':
        return simple(0x1B);
      case 'x':
        return pcre_hexadecimal();
      case 'o':
        return braced(8, "\\o{");
      case 'c': {
        char c = t_.peek(2);
        if (c < 0x20 || c > 0x7E) return bad("\\c must be followed by a printable ASCII character");
        t_.keep(3);
        char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        return character(static_cast<char32_t>(upper ^ 0x40));
      }
      case 'h':
      case 'H':
      case 'v':
      case 'V':
        return named_set(std::string("\\") + letter_, 2, nullptr);
      case 'Q':
        t_.keep(2);
        return other(RegexEscape::kQuote);
      case 'E':
        t_.keep(2);
        return other(RegexEscape::kNothing);
      default:
        break;
    }
    if (letter_ == 'N' && t_.looking_at("\\N{U+")) return braced(16, "\\N{U+");
    if (in_class_) return unknown();
    switch (letter_) {
      case 'N':
        return not_newline();
      case 'A':
      case 'G':
        return assertion(RegexAssertion::kStart);
      case 'z':
        return assertion(RegexAssertion::kEnd);
      case 'Z':
        return assertion(RegexAssertion::kFinalEnd);
      case 'K':
        return refuse("\\K is not supported");
      case 'R':
        t_.keep(2);
        return other(RegexEscape::kLineBreak);
      case 'X':
        return refuse("\\X is not supported");
      case 'g':
        return refuse("the back-reference or subroutine call \\g is not supported");
      default:
        return unknown();
    }
  }

  // \N; a brace behind it must be a count, since characters have no names here.
  Result<RegexEscape> not_newline() {
    bool count = is_digit(t_.peek(3));
    if (t_.peek(2) == '{' && !count) {
      return bad("characters have no names here; write \\N{U+hexadecimal digits}");
    }
    t_.keep(2);
    return set(std::make_shared<CharSet>(regex_dot(false)));
  }

  Error unknown() const {
    return bad(std::string("unknown escape \\") + letter_ +
               "; a backslash before a letter must form "
               "an escape of PCRE2");
  }

  // \0 and octal; elsewhere a digit refers to a group.
  Result<RegexEscape> pcre_digit() {
    if (letter_ != '0' && !in_class_) {
      return refuse("the back-reference \\" + std::string(1, letter_) +
                    " is not supported; write the pattern of its group again (a character in octal "
                    "is written \\o{101})");
    }
    if (letter_ >= '8') return simple(static_cast<char32_t>(letter_));
    size_t length = 1;
    char32_t value = 0;
    while (length < 4 && digit_value(t_.peek(length)) < 8) {
      value = value * 8 + static_cast<char32_t>(digit_value(t_.peek(length)));
      ++length;
    }
    t_.keep(length);
    return character(value);
  }

  Result<RegexEscape> pcre_hexadecimal() {
    if (t_.peek(2) == '{') return braced(16, "\\x{");
    size_t length = 2;
    char32_t value = 0;
    while (length < 4 && digit_value(t_.peek(length)) < 16) {
      value = value * 16 + static_cast<char32_t>(digit_value(t_.peek(length)));
      ++length;
    }
    t_.keep(length);
    return character(value);
  }

  // Digits between `open`, which is at the cursor, and '}'. Returns the length of all, 0 on error.
  size_t read_braced(std::string_view open, int base, char32_t* value) const {
    size_t length = open.size();
    *value = 0;
    while (digit_value(t_.peek(length)) < base) {
      *value = *value * static_cast<char32_t>(base) +
               static_cast<char32_t>(digit_value(t_.peek(length)));
      if (*value > 0x10FFFF) return 0;
      ++length;
    }
    if (length == open.size() || t_.peek(length) != '}') return 0;
    if (*value >= 0xD800 && *value <= 0xDFFF) return 0;
    return length + 1;
  }

  Error bad_code_point(std::string_view open) const {
    return bad(std::string(open) +
               " must be followed by the digits of a code point of at most "
               "10FFFF, not a surrogate, and '}'");
  }

  Result<RegexEscape> braced(int base, std::string_view open) {
    char32_t value = 0;
    size_t length = read_braced(open, base, &value);
    if (length == 0) return bad_code_point(open);
    t_.keep(length);
    return character(value);
  }

  // Four digits `ahead` of the cursor, or a value above every code point.
  char32_t four_digits(size_t ahead) const {
    char32_t value = 0;
    for (size_t i = 0; i < 4; ++i) {
      int d = digit_value(t_.peek(ahead + i));
      if (d > 15) return 0xFFFFFFFF;
      value = value * 16 + static_cast<char32_t>(d);
    }
    return value;
  }

  // \uHHHH, \u{H...}, and two halves of a surrogate pair.
  Result<RegexEscape> unicode() {
    char32_t value = 0;
    size_t length = 6;
    if (t_.peek(2) == '{') {
      length = read_braced("\\u{", 16, &value);
      if (length == 0) return bad_code_point("\\u{");
    } else {
      value = four_digits(2);
      if (value == 0xFFFFFFFF)
        return bad("\\u must be followed by four hexadecimal digits or {...}");
      if (value >= 0xD800 && value <= 0xDFFF) {
        char32_t low = t_.peek(6) == '\\' && t_.peek(7) == 'u' ? four_digits(8) : 0;
        if (value > 0xDBFF || low < 0xDC00 || low > 0xDFFF) {
          return bad("half of a surrogate pair is not a character");
        }
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        length = 12;
      }
    }
    char shown[16];
    std::snprintf(shown, sizeof shown, "\\x{%X}", static_cast<unsigned>(value));
    t_.replace(length, shown);
    return character(value);
  }

  Result<RegexEscape> property() {
    if (t_.peek(2) != '{') {
      if (t_.ecma()) return bad("\\p must be followed by a property name in braces");
      return named_set(std::string(t_.rest().substr(0, 3)), 3, nullptr);
    }
    size_t close = t_.rest().find('}');
    if (close == std::string_view::npos) return bad("the property name is not closed by '}'");
    std::string_view name = t_.rest().substr(3, close - 3);
    if (name.find_first_of("[]\\") != std::string_view::npos) {
      return bad("a property name is made of letters, digits and _ = : & ^");
    }
    if (!t_.ecma()) {
      return named_set(std::string(t_.rest().substr(0, close + 1)), close + 1, nullptr);
    }
    std::string item = pcre2_property(name, letter_ == 'P');
    return named_set(item, close + 1, item.c_str());
  }

  // A set with a name, `length` bytes long, which PCRE2 is shown as `rewritten` when not null. Of
  // an unknown name PCRE2 complains itself, unless it gives up before it gets there.
  Result<RegexEscape> named_set(const std::string& item, size_t length, const char* rewritten) {
    std::shared_ptr<const CharSet> found = t_.named_set(item);
    if (t_.named_set_count() > kMaxNamedSets) {
      return error_at(Status::kLimitExceeded,
                      "a pattern names at most " + std::to_string(kMaxNamedSets) +
                          " different sets such as \\p{Han}",
                      t_.text(), at_);
    }
    if (rewritten) {
      t_.replace(length, rewritten);
    } else {
      t_.keep(length);
    }
    if (!found) return t_.unsupported(at_, item + " is not a set that PCRE2 knows");
    return set(std::move(found));
  }

  RegexText& t_;
  bool in_class_;
  size_t at_;
  char letter_;
};

}  // namespace

Result<RegexEscape> scan_regex_escape(RegexText& text, bool in_class) {
  return EscapeScanner(text, in_class).run();
}

}  // namespace xgr::core
