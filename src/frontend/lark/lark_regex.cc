// Rewrites the regular expression of a terminal so that the regex front end reads it as Lark means.
//
// Entry point: LarkPattern::rewrite. The dot gets its meaning in front, ^ and $ become an empty
// group, and with the flag i every ASCII letter becomes the class of its two cases; a class gets
// the other cases of its letters as further members, before it is negated. All else is copied.
//
//   /^a[^x-z]/i  ->  (?-s)(?:)[aA][^x-zX-Z]
//
// Tests: tests/unit/frontend/lark_test.cc, tests/cases/lark/literals.case.
#include "frontend/lark/lark_regex.h"

#include <algorithm>

#include "automata/char_set.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

// Appends the other cases of the letters in lo..hi, as members of a class.
void append_other_cases(char32_t lo, char32_t hi, std::string* out) {
  for (char32_t first : {U'A', U'a'}) {
    char32_t from = std::max(lo, first), to = std::min<char32_t>(hi, first + 25);
    if (from > to) continue;
    *out += static_cast<char>(from ^ 0x20);
    *out += '-';
    *out += static_cast<char>(to ^ 0x20);
  }
}

}  // namespace

Error LarkPattern::refuse(std::string message) const {
  return error_at(Status::kUnsupported, std::move(message), in_, pos_);
}

void LarkPattern::copy(size_t bytes) {
  out_.append(in_.substr(pos_, bytes));
  pos_ = std::min(pos_ + bytes, in_.size());
}

void LarkPattern::copy_through(char last) {
  size_t end = in_.find(last, pos_);
  copy(end == std::string_view::npos ? in_.size() - pos_ : end + 1 - pos_);
}

void LarkPattern::replace(size_t bytes, std::string_view by) {
  edits_.push_back({out_.size(), pos_});
  out_ += by;
  pos_ += bytes;
  edits_.push_back({out_.size(), pos_});
}

size_t LarkPattern::source_offset(size_t offset) const {
  auto after = std::upper_bound(edits_.begin(), edits_.end(), offset,
                                [](size_t at, const Edit& e) { return at < e.out; });
  const Edit& edit = *std::prev(after);  // the first is at 0
  size_t limit = after == edits_.end() ? in_.size() : after->in;
  return std::min(edit.in + (offset - edit.out), limit);
}

MaybeError LarkPattern::rewrite() {
  replace(0, flags_.dot_all ? "(?s)" : "(?-s)");
  while (pos_ < in_.size()) {
    if (MaybeError e = next()) return e;
  }
  return std::nullopt;
}

// A character written with `bytes` bytes of the pattern.
void LarkPattern::character(size_t bytes, char32_t c) {
  if (!flags_.any_case || !is_letter(c)) return copy(bytes);
  const char both[] = {'[', static_cast<char>(c), static_cast<char>(c ^ 0x20), ']'};
  replace(bytes, std::string_view(both, 4));
}

MaybeError LarkPattern::next() {
  switch (peek()) {
    case '\\':
      return escape();
    case '(':
      return group();
    case '[':
      return bracket();
    case '^':
    case '$':
      replace(1, "(?:)");
      return std::nullopt;
    default:
      character(1, static_cast<unsigned char>(peek()));
      return std::nullopt;
  }
}

// \xHH \x{...} \uHHHH \u{...} at the cursor.
bool LarkPattern::number(size_t* bytes, char32_t* value) const {
  if (peek() != '\\' || (peek(1) != 'x' && peek(1) != 'u')) return false;
  const bool braces = peek(2) == '{';
  const size_t most = braces ? 8 : peek(1) == 'x' ? 2 : 4;
  size_t i = braces ? 3 : 2;
  size_t begin = i;
  *value = 0;
  for (; i < begin + most && hex_value(peek(i)) >= 0; ++i)
    *value = *value * 16 + static_cast<char32_t>(hex_value(peek(i)));
  *bytes = braces ? i + 1 : i;
  return i > begin && (!braces || peek(i) == '}');
}

MaybeError LarkPattern::escape() {
  size_t bytes = 0;
  char32_t value = 0;
  if (number(&bytes, &value)) {
    character(bytes, value);
    return std::nullopt;
  }
  switch (peek(1)) {
    case 'b':
    case 'B':
      return refuse(std::string("\\") + peek(1) +
                    " looks at the text around a terminal, which is not known there");
    case 'A':
    case 'z':
      replace(2, "(?:)");
      return std::nullopt;
    case 'Q':
      quoted();
      return std::nullopt;
    case 'p':
    case 'P':
      if (flags_.any_case)
        return refuse("the flag i is for ASCII letters; \\p{...} does not go with it");
      break;
    case 'o':
    case '0':
      if (flags_.any_case) return refuse("with the flag i write the character itself, or \\xHH");
      break;
    case 'c':
      copy(3);
      return std::nullopt;
    case 'k':
    case 'g':
      copy(2);
      if (peek() == '<') copy_through('>');
      if (peek() == '\'') copy(1), copy_through('\'');
      if (peek() == '{') copy_through('}');
      return std::nullopt;
    default:
      break;
  }
  bool takes_braces = std::string_view("NxuopP").find(peek(1)) != std::string_view::npos;
  copy(2);
  if (takes_braces && peek() == '{') copy_through('}');
  return std::nullopt;
}

// \Q...\E: each character on its own, so that letters can become classes.
void LarkPattern::quoted() {
  replace(2, "");
  while (pos_ < in_.size() && !in_.substr(pos_).starts_with("\\E")) {
    char c = peek();
    bool plain = is_letter_or_digit(c) || (c & 0x80) != 0;
    if (!plain) replace(0, "\\");
    character(1, static_cast<unsigned char>(c));
  }
  if (pos_ < in_.size()) replace(2, "");
}

MaybeError LarkPattern::group() {
  if (peek(1) != '?') {
    if (peek(1) == '*')
      copy_through(')');
    else
      copy(1);
    return std::nullopt;
  }
  char kind = peek(2);
  if (kind == '<' && (peek(3) == '=' || peek(3) == '!'))
    return refuse("a look-behind looks at the text around a terminal, which is not known there");
  if (kind == '#') {
    copy_through(')');
  } else if (kind == '<' || (kind == 'P' && peek(3) == '<')) {
    copy_through('>');
  } else if (kind == '\'') {
    copy(3);
    copy_through('\'');
  } else {
    size_t end = in_.find_first_of(":)=!>|", pos_ + 2);
    if (end == std::string_view::npos) end = in_.size() - 1;
    std::string_view options = in_.substr(pos_ + 2, end - pos_ - 2);
    if (flags_.any_case && options.find_first_of("ix") != std::string_view::npos)
      return refuse("options inside do not go with the flag i");
    copy(end + 1 - pos_);
  }
  return std::nullopt;
}

MaybeError LarkPattern::bracket() {
  std::string others;
  copy(1);
  if (peek() == '^') copy(1);
  for (bool first = true; pos_ < in_.size() && (first || peek() != ']'); first = false) {
    Member lo;
    if (MaybeError e = member(&lo, &others)) return e;
    Member hi = lo;
    if (lo.single && peek() == '-' && peek(1) != ']' && pos_ + 1 < in_.size()) {
      copy(1);
      if (MaybeError e = member(&hi, &others)) return e;
      if (!hi.single) hi = lo;
    }
    if (lo.single && lo.value <= hi.value) append_other_cases(lo.value, hi.value, &others);
  }
  if (flags_.any_case && !others.empty()) replace(0, others);
  if (pos_ < in_.size()) copy(1);
  return std::nullopt;
}

// One member of a class, copied; what it stands for when that is one character.
MaybeError LarkPattern::member(Member* out, std::string* others) {
  *out = {};
  if (peek() == '[' && (peek(1) == ':' || peek(1) == '.' || peek(1) == '=')) {
    size_t end = in_.find(":]", pos_ + 2);
    if (end != std::string_view::npos) {
      std::string_view name = in_.substr(pos_ + 2, end - pos_ - 2);
      if (name.ends_with("lower") || name.ends_with("upper")) *others += "A-Za-z";
      copy(end + 2 - pos_);
      return std::nullopt;
    }
  }
  size_t bytes = 0;
  if (number(&bytes, &out->value)) {
    out->single = true;
    copy(bytes);
    return std::nullopt;
  }
  if (peek() == '\\') {
    const char c = peek(1);
    if (flags_.any_case && (c == 'p' || c == 'P' || c == 'Q' || c == 'o' || c == '0' || c == 'N'))
      return refuse(std::string("\\") + c + " in a class does not go with the flag i");
    const bool braces = (c == 'p' || c == 'P' || c == 'N' || c == 'o') && peek(2) == '{';
    if (braces)
      copy_through('}');
    else
      copy(c == 'c' ? 3 : 2);
    return std::nullopt;
  }
  size_t end = pos_;
  decode_utf8(in_, &end, &out->value);
  out->single = true;
  copy(end - pos_);
  return std::nullopt;
}

}  // namespace xgr::core
