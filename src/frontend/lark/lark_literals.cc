// What strings, regular expressions and token sets of Lark text say.
//
// Entry points: decode_lark_string, decode_lark_regex, decode_lark_tokens (lark_lexer.h). Strings
// have the escapes of JSON; what is between the slashes of a regular expression is left to the
// regex front end, only the flags are read here.
//
//   "a\u00e9"i  ->  refused: the flag i is for ASCII        <[1,3-8]>  ->  {1, 3..8}
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/.
#include <algorithm>

#include "frontend/lark/lark_lexer.h"
#include "frontend/source_text.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr uint32_t kMaxTokenRange = 1000000;

Error malformed(std::string_view text, size_t at, std::string message) {
  return error_at(Status::kInvalidSource, std::move(message), text, at);
}

class StringReader {
 public:
  StringReader(std::string_view text, size_t begin, size_t end)
      : text_(text), pos_(begin), end_(end) {}

  Result<std::string> run() {
    std::string out;
    while (pos_ < end_) {
      if (text_[pos_] != '\\') {
        out += text_[pos_++];
        continue;
      }
      Result<char32_t> c = escape();
      if (!c.ok()) return std::move(c.error());
      append_utf8(c.value(), &out);
    }
    return out;
  }

 private:
  Result<char32_t> escape() {
    static constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
    size_t at = pos_;
    char letter = pos_ + 1 < end_ ? text_[pos_ + 1] : '\0';
    pos_ += 2;
    if (letter == 'u') return code_unit(at);
    size_t i = letter == '\0' ? std::string_view::npos : kLetters.find(letter);
    if (i != std::string_view::npos) return static_cast<char32_t>(kMeanings[i]);
    return malformed(text_, at,
                     "unknown escape: \\ before " + show_character(text_, at + 1) +
                         "; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uHHHH, as in JSON");
  }

  // \uHHHH, or two of them that are a surrogate pair.
  Result<char32_t> code_unit(size_t at) {
    Result<char32_t> first = hexadecimal(at);
    if (!first.ok() || first.value() < 0xD800 || first.value() > 0xDFFF) return first;
    if (first.value() < 0xDC00 && text_.substr(pos_, end_ - pos_).starts_with("\\u")) {
      pos_ += 2;
      Result<char32_t> second = hexadecimal(at);
      if (!second.ok()) return second;
      if (second.value() >= 0xDC00 && second.value() <= 0xDFFF)
        return 0x10000 + ((first.value() - 0xD800) << 10) + (second.value() - 0xDC00);
    }
    return malformed(
        text_, at, std::string(text_.substr(at, 6)) + " is half of a surrogate pair, no character");
  }

  Result<char32_t> hexadecimal(size_t at) {
    char32_t value = 0;
    for (int digits = 0; digits < 4; ++digits, ++pos_) {
      int v = pos_ < end_ ? hex_value(text_[pos_]) : -1;
      if (v < 0) {
        return malformed(text_, at,
                         "\\u needs exactly 4 hexadecimal digits, found " + std::to_string(digits));
      }
      value = value * 16 + static_cast<char32_t>(v);
    }
    return value;
  }

  std::string_view text_;
  size_t pos_, end_;
};

// Where the flags behind the closing mark begin.
uint32_t flags_begin(std::string_view text, uint32_t end) {
  while (text[end - 1] != '"' && text[end - 1] != '/') --end;
  return end;
}

}  // namespace

Result<LarkString> decode_lark_string(std::string_view text, uint32_t begin, uint32_t end) {
  uint32_t flags = flags_begin(text, end);
  LarkString out;
  std::string_view flag = text.substr(flags, end - flags);
  if (!flag.empty() && flag != "i") {
    return malformed(
        text, flags,
        "unknown flag " + show_text(flag) + " of a string; the only one is i, any case");
  }
  out.any_case = flag == "i";
  Result<std::string> s = StringReader(text, begin + 1, flags - 1).run();
  if (!s.ok()) return std::move(s.error());
  out.text = std::move(s).value();
  bool ascii =
      std::all_of(out.text.begin(), out.text.end(), [](char c) { return (c & 0x80) == 0; });
  if (out.any_case && !ascii) {
    return error_at(Status::kUnsupported,
                    "the flag i is for ASCII letters; this string has other characters", text,
                    begin);
  }
  return out;
}

Result<LarkRegex> decode_lark_regex(std::string_view text, uint32_t begin, uint32_t end) {
  uint32_t flags = flags_begin(text, end);
  LarkRegex out{begin + 1, flags - 1};
  for (uint32_t i = flags; i < end; ++i) {
    switch (text[i]) {
      case 'i':
        out.any_case = true;
        break;
      case 's':
        out.dot_all = true;
        break;
      case 'u':
        break;  // characters are Unicode in any case
      default:
        return error_at(Status::kUnsupported,
                        "the flag " + std::string(1, text[i]) +
                            " of a regular expression is not supported; known are i, s and u",
                        text, i);
    }
  }
  return out;
}

Result<TokenIds> decode_lark_tokens(std::string_view text, uint32_t begin, uint32_t end,
                                    bool* all) {
  size_t pos = begin + 2, stop = end - 2;
  *all = text.substr(begin, end - begin) == "<[*]>";
  TokenIds ids;
  if (*all) return ids.complement();
  bool complement = text[pos] == '^';
  if (complement) ++pos;
  auto number = [&](uint32_t* out) {
    size_t first = pos;
    for (*out = 0; pos < stop && is_digit(text[pos]); ++pos) {
      if (*out <= kMaxTokenId) *out = *out * 10 + static_cast<uint32_t>(text[pos] - '0');
    }
    return pos > first && *out <= kMaxTokenId;
  };
  bool first = true;
  while (first || pos < stop) {
    if (!first && text[pos++] != ',') break;
    uint32_t lo = 0, hi = 0;
    size_t at = pos;
    first = false;
    if (!number(&lo)) {
      return malformed(text, at,
                       "expected a token id of at most " + std::to_string(kMaxTokenId) +
                           ", as in <[5]>, <[1,3-8]>, <[^2]> or <[*]>");
    }
    hi = lo;
    if (pos < stop && text[pos] == '-') {
      ++pos;
      if (!number(&hi)) return malformed(text, pos, "expected the last token id of a range");
    }
    if (hi < lo) return malformed(text, at, "this range of token ids runs backwards");
    if (hi - lo >= kMaxTokenRange) {
      return error_at(Status::kLimitExceeded, "a range has at most 1000000 token ids", text, at);
    }
    ids.add(lo, hi);
    if (pos < stop && text[pos] != ',') break;
  }
  if (pos < stop || text[end - 2] != ']' || text[pos - 1] == ',') {
    return malformed(
        text, pos,
        "expected ',' or ']>' in a set of token ids, found " + show_character(text, pos));
  }
  return complement ? ids.complement() : ids;
}

}  // namespace xgr::core
