// What strings, classes and counts of EBNF text say.
//
// Entry points: decode_ebnf_string, decode_ebnf_class, decode_ebnf_count (ebnf_lexer.h). An escape
// means the same in a string and in a class; a class allows some punctuation marks more.
//
//   "a\x41\n"  ->  the bytes a A 0A           [^a-c\]]  ->  all characters but a b c ]
//   {2,}       ->  2, kUnbounded              {2,-1}    ->  the same
//
// Tests: tests/unit/frontend/ebnf_test.cc, tests/cases/ebnf/.
#include <string>

#include "frontend/ebnf/ebnf_lexer.h"
#include "frontend/source_text.h"
#include "grammar/expr.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

constexpr char32_t kNoCharacter = 0xFFFFFFFF;

Error invalid(std::string_view text, size_t at, std::string message) {
  return error_at(Status::kInvalidSource, std::move(message), text, at);
}

char32_t simple_escape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'a':
      return '\a';
    case 'v':
      return '\v';
    case '0':
      return 0;
    case 'e':
      return 0x1B;
    case '"':
    case '\\':
    case '/':
    case '\'':
    case '?':
      return static_cast<char32_t>(c);
    default:
      return kNoCharacter;
  }
}

bool class_punctuation(char c) {
  return std::string_view("^$\\.*+?()[]{}|/-").find(c) != std::string_view::npos;
}

// Reads the characters between the delimiters of one string or class.
class CharacterReader {
 public:
  CharacterReader(std::string_view text, const EbnfToken& token, bool in_class, bool gbnf)
      : text_(text), pos_(token.begin + 1), end_(token.end - 1), in_class_(in_class), gbnf_(gbnf) {}

  bool done() const { return pos_ >= end_; }
  size_t pos() const { return pos_; }
  bool looking_at(char c) const { return pos_ < end_ && text_[pos_] == c; }
  bool more_after_dash() const { return pos_ + 1 < end_; }
  void skip_byte() { ++pos_; }

  Result<char32_t> next() {
    if (text_[pos_] == '\\') return escape();
    char32_t c = 0;
    decode_utf8(text_, &pos_, &c);
    return c;
  }

 private:
  Result<char32_t> escape() {
    size_t at = pos_;
    char c = pos_ + 1 < end_ ? text_[pos_ + 1] : '\0';
    if (c == 'x') return gbnf_ ? hexadecimal(at, 2, 2) : hexadecimal(at, 1, SIZE_MAX);
    if (c == 'u') return hexadecimal(at, 4, 4);
    if (c == 'U') return hexadecimal(at, 8, 8);
    char32_t value = simple_escape(c);
    if (value == kNoCharacter && (in_class_ || gbnf_) && class_punctuation(c))
      value = static_cast<char32_t>(c);
    if (value == kNoCharacter) return unknown_escape(at, c);
    pos_ += 2;
    return value;
  }

  Error unknown_escape(size_t at, char c) const {
    if (in_class_ && c != '\0' && std::string_view("dDsSwW").find(c) != std::string_view::npos) {
      return error_at(Status::kUnsupported,
                      std::string("\\") + c +
                          " is not supported in a character class; write the ranges, such as 0-9",
                      text_, at);
    }
    std::string message = "unknown escape: \\ before " + show_character(text_, at + 1) +
                          "; known are \\n \\r \\t \\b \\f \\a \\v \\0 \\e \\\" \\\\ \\/ \\' \\? "
                          "\\xHH \\uHHHH \\UHHHHHHHH";
    if (in_class_) message += " and in a class \\^ \\$ \\. \\* \\+ \\( \\) \\[ \\] \\{ \\} \\| \\-";
    return invalid(text_, at, std::move(message));
  }

  Result<char32_t> hexadecimal(size_t at, size_t least, size_t most) {
    pos_ += 2;
    size_t digits = 0;
    char32_t value = 0;
    while (pos_ < end_ && digits < most && hex_value(text_[pos_]) >= 0) {
      value = value * 16 + static_cast<char32_t>(hex_value(text_[pos_]));
      if (value > 0x10FFFF) value = 0x110000;  // too large stays too large
      ++pos_;
      ++digits;
    }
    std::string shown(text_.substr(at, pos_ - at));
    if (digits < least) {
      return invalid(text_, at,
                     shown.substr(0, 2) + " needs " + (most == least ? "exactly " : "at least ") +
                         std::to_string(least) + " hexadecimal digit" + (least == 1 ? "" : "s") +
                         ", found " + std::to_string(digits));
    }
    if (value >= 0xD800 && value <= 0xDFFF) {
      return invalid(text_, at,
                     shown +
                         " is a surrogate, not a character; write the character "
                         "itself as \\U and 8 digits");
    }
    if (value > 0x10FFFF) {
      return invalid(text_, at, shown + " is above the last character, 10FFFF");
    }
    return value;
  }

  std::string_view text_;
  size_t pos_;
  size_t end_;
  bool in_class_;
  bool gbnf_;
};

// Reads one number of a count; `what` names it in errors.
Result<uint32_t> count_number(std::string_view text, size_t* pos, const char* what) {
  size_t begin = *pos;
  uint64_t value = 0;
  while (*pos < text.size() && is_digit(text[*pos])) {
    if (value < kUnbounded) value = value * 10 + static_cast<uint64_t>(text[*pos] - '0');
    ++*pos;
  }
  if (*pos == begin) {
    return invalid(text, begin,
                   std::string("expected ") + what +
                       " in a repetition such as {2,5}, "
                       "found " +
                       show_character(text, begin));
  }
  if (value >= kUnbounded) {
    return error_at(Status::kLimitExceeded, "a repetition count is at most 4294967294", text,
                    begin);
  }
  return static_cast<uint32_t>(value);
}

}  // namespace

Result<std::string> decode_ebnf_string(std::string_view text, const EbnfToken& token, bool gbnf,
                                       std::vector<uint32_t>* starts) {
  std::string out;
  CharacterReader reader(text, token, false, gbnf);
  while (!reader.done()) {
    uint32_t at = static_cast<uint32_t>(reader.pos());
    Result<char32_t> c = reader.next();
    if (!c.ok()) return std::move(c.error());
    append_utf8(c.value(), &out);
    if (starts) starts->resize(out.size(), at);
  }
  if (starts) starts->push_back(token.end - 1);
  return out;
}

Result<CharSet> decode_ebnf_class(std::string_view text, const EbnfToken& token, bool gbnf) {
  CharacterReader reader(text, token, true, gbnf);
  bool negated = reader.looking_at('^');
  if (negated) reader.skip_byte();
  std::vector<CharRange> ranges;
  while (!reader.done()) {
    size_t at = reader.pos();
    Result<char32_t> lo = reader.next();
    if (!lo.ok()) return std::move(lo.error());
    char32_t hi = lo.value();
    if (reader.looking_at('-') && reader.more_after_dash()) {
      reader.skip_byte();
      Result<char32_t> end = reader.next();
      if (!end.ok()) return std::move(end.error());
      hi = end.value();
    }
    if (hi < lo.value()) {
      return invalid(text, at,
                     "the range " + std::string(text.substr(at, reader.pos() - at)) +
                         " runs backwards; write the smaller character first");
    }
    ranges.push_back({lo.value(), hi});
  }
  CharSet set = CharSet::of(ranges);
  return negated ? set.negated() : set;
}

Result<EbnfCount> decode_ebnf_count(std::string_view text, size_t* pos) {
  size_t open = *pos;
  ++*pos;
  skip_ebnf_blanks(text, pos);
  Result<uint32_t> min = count_number(text, pos, "the least count");
  if (!min.ok()) return std::move(min.error());
  EbnfCount count{min.value(), min.value()};
  skip_ebnf_blanks(text, pos);
  if (*pos < text.size() && text[*pos] == ',') {
    ++*pos;
    skip_ebnf_blanks(text, pos);
    count.max = kUnbounded;
    if (text.substr(*pos, 2) == "-1") {
      *pos += 2;
    } else if (*pos >= text.size() || text[*pos] != '}') {
      Result<uint32_t> max = count_number(text, pos, "the greatest count, -1 or '}'");
      if (!max.ok()) return std::move(max.error());
      count.max = max.value();
    }
    skip_ebnf_blanks(text, pos);
  }
  if (*pos >= text.size() || text[*pos] != '}') {
    return invalid(text, *pos,
                   "expected '}' at the end of a repetition, found " + show_character(text, *pos));
  }
  ++*pos;
  if (count.min > count.max) {
    return invalid(text, open,
                   "the repetition " + std::string(text.substr(open, *pos - open)) +
                       " has a least count above its greatest; write the smaller one first");
  }
  return count;
}

}  // namespace xgr::core
