// Regex("..."): a small dialect, written anew for the regex front end.
//
// Entry point: regex_macro. The dialect is the original system's: escapes of JavaScript, case that
// only counts for ASCII, and look-aheads that assert nothing, as with (= ...) of rules. One pass
// writes every character and class in the form that PCRE2 knows, and notes where each byte came
// from, so that errors point into the pattern as it was given.
//
//   caseless  a\u{62}[x-z]  ->  [aA][bB][x-zX-Z]
//
// Tests: tests/unit/frontend/ebnf_macros_test.cc, tests/cases/ebnf/regex_macro.case.
#include "frontend/ebnf/regex_macro.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "automata/char_set.h"
#include "frontend/ebnf/regex_macro_escape.h"
#include "frontend/frontend.h"
#include "frontend/macros/narrowing.h"
#include "support/ascii.h"

namespace xgr::core {
namespace {

class PatternWriter {
 public:
  PatternWriter(std::string_view pattern, const RegexMacroOptions& options)
      : in_(pattern), options_(options) {}

  MaybeError run() {
    if (in_.starts_with("(?i)")) {
      options_.caseless = true;
      at_ = 4;
    }
    put(options_.dot_all ? "(?s)" : "(?-s)");
    while (at_ < in_.size()) {
      if (MaybeError e = step()) return e;
    }
    return std::nullopt;
  }

  const std::string& out() const { return out_; }
  size_t source_offset(size_t offset) const {
    return offset < sources_.size() ? sources_[offset] : in_.size();
  }

 private:
  Error refuse(Status code, std::string message, size_t at) const {
    return error_at(code, std::move(message), in_, at);
  }
  Error invalid(std::string message, size_t at) const {
    return refuse(Status::kInvalidSource, std::move(message), at);
  }
  char peek(size_t ahead = 0) const { return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0'; }
  bool looking_at(std::string_view s) const { return in_.substr(at_).starts_with(s); }

  void put(std::string_view s) {
    out_.append(s);
    sources_.resize(out_.size(), static_cast<uint32_t>(at_));
  }
  void copy(size_t bytes) {
    for (; bytes > 0; --bytes) {
      put(in_.substr(at_, 1));
      ++at_;
    }
  }
  void put_character(char32_t c) {
    char text[16];
    std::snprintf(text, sizeof text, "\\x{%X}", static_cast<unsigned>(c));
    put(text);
  }

  MaybeError step() {
    switch (peek()) {
      case '\\':
        return escape();
      case '[':
        return character_class();
      case '(':
        return group();
      case '^':
      case '$':
      case '.':
      case ')':
      case '|':
      case '*':
      case '+':
      case '?':
        copy(1);
        return std::nullopt;
      case '{':
        return count();
      default:
        break;
    }
    size_t end = at_;
    char32_t c = 0;
    decode_utf8(in_, &end, &c);
    put_folded(c);
    at_ = end;
    return std::nullopt;
  }

  void put_folded(char32_t c) {
    if (options_.caseless && is_letter(c)) {
      put("[");
      put_character(c);
      put_character(c ^ 0x20);
      put("]");
    } else {
      put_character(c);
    }
  }

  MaybeError count() {
    size_t end = in_.find('}', at_);
    bool good = end != std::string_view::npos && is_digit(peek(1));
    for (size_t i = at_ + 1; good && i < end; ++i) good = is_digit(in_[i]) || in_[i] == ',';
    if (!good) return invalid("expected a repetition such as {2,5} after '{'; write \\{", at_);
    copy(end + 1 - at_);
    return std::nullopt;
  }

  MaybeError group() {
    if (looking_at("(?=") || looking_at("(?!")) return skip_look_ahead();
    for (std::string_view look : {"(?<=", "(?<!"}) {
      if (looking_at(look)) {
        return refuse(Status::kUnsupported, "look-behind is not supported in Regex()", at_);
      }
    }
    bool named = looking_at("(?<") || looking_at("(?P<");
    if (peek(1) == '?' && peek(2) != ':' && !named) {
      return refuse(Status::kUnsupported,
                    "this kind of group is not supported in Regex(); known are (...) (?:...) "
                    "(?<name>...), and (?i) at the beginning",
                    at_);
    }
    if (!named) {
      copy(peek(1) == '?' ? 3 : 1);
      return std::nullopt;
    }
    size_t end = in_.find('>', at_);
    if (end == std::string_view::npos) return invalid("the group's name is not closed", at_);
    put("(?:");
    at_ = end + 1;
    return std::nullopt;
  }

  // Left out up to its parenthesis; classes and escapes inside may hold parentheses.
  MaybeError skip_look_ahead() {
    size_t begin = at_, depth = 0;
    bool in_class = false;
    for (; at_ < in_.size(); ++at_) {
      char c = in_[at_];
      if (c == '\\') {
        ++at_;
      } else if (in_class) {
        in_class = c != ']';
      } else if (c == '[') {
        in_class = true;
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth == 0) {
        ++at_;
        put("(?:)");
        return std::nullopt;
      }
    }
    return invalid("the group that begins here is not closed by ')'", begin);
  }

  MaybeError escape() {
    char c = peek(1);
    if (c != '\0' && std::string_view("dDwWsS").find(c) != std::string_view::npos) {
      copy(2);
      return std::nullopt;
    }
    if (c == 'b' || c == 'B') {
      return refuse(Status::kUnsupported,
                    std::string("the word boundary \\") + c + " is not supported in Regex()", at_);
    }
    char32_t value = 0;
    size_t begin = at_;
    if (MaybeError e = read_regex_escape(in_, &at_, &value)) return e;
    size_t end = at_;
    at_ = begin;
    put_folded(value);
    at_ = end;
    return std::nullopt;
  }

  MaybeError character_class() {
    size_t begin = at_;
    copy(1);
    if (peek() == '^') copy(1);
    if (peek() == ']') return invalid("the class is empty", begin);
    while (peek() != ']') {
      if (at_ >= in_.size()) return invalid("the class that begins here is not closed by ]", begin);
      if (MaybeError e = class_item()) return e;
    }
    copy(1);
    return std::nullopt;
  }

  MaybeError class_item() {
    size_t begin = at_;
    if (peek() == '\\' && std::string_view("dDwWsS").find(peek(1)) != std::string_view::npos) {
      copy(2);
      return std::nullopt;
    }
    char32_t lo = 0;
    if (MaybeError e = class_character(&lo)) return e;
    char32_t hi = lo;
    if (peek() == '-' && peek(1) != ']' && at_ + 1 < in_.size()) {
      ++at_;
      if (MaybeError e = class_character(&hi)) return e;
    }
    if (hi < lo) return invalid("the range runs backwards", begin);
    size_t end = at_;
    at_ = begin;
    put_range(lo, hi);
    if (options_.caseless) {
      for (auto [first, last] : {std::pair<char32_t, char32_t>{'a', 'z'}, {'A', 'Z'}}) {
        char32_t from = std::max(lo, first), to = std::min(hi, last);
        if (from <= to) put_range(from ^ 0x20, to ^ 0x20);
      }
    }
    at_ = end;
    return std::nullopt;
  }

  MaybeError class_character(char32_t* c) {
    if (peek() != '\\') {
      decode_utf8(in_, &at_, c);
      return std::nullopt;
    }
    if (peek(1) == 'b') {
      *c = '\b';
      at_ += 2;
      return std::nullopt;
    }
    return read_regex_escape(in_, &at_, c);
  }

  void put_range(char32_t lo, char32_t hi) {
    put_character(lo);
    if (hi == lo) return;
    put("-");
    put_character(hi);
  }

  std::string_view in_;
  RegexMacroOptions options_;
  size_t at_ = 0;
  std::string out_;
  std::vector<uint32_t> sources_;  // by byte of out_
};

// What may stand in a JSON string as it is.
CharSet json_characters() {
  CharSet set;
  set.add(0x20, '!');
  set.add('#', '[');
  set.add(']', 0x10FFFF);
  return set;
}

}  // namespace

Result<Expr> regex_macro(Grammar& grammar, std::string_view pattern,
                         const RegexMacroOptions& options, const Limits& limits) {
  PatternWriter writer(pattern, options);
  if (MaybeError e = writer.run()) return *std::move(e);
  Result<Expr> e = regex_expr(grammar, writer.out(), {}, limits);
  if (!e.ok()) {
    int64_t at = e.error().byte_offset;
    size_t offset = at < 0 ? 0 : writer.source_offset(static_cast<size_t>(at));
    return error_at(e.error().code, std::move(e.error().message), pattern, offset);
  }
  if (!options.json_string) return e;
  return narrow_characters(grammar.pool, e.value(), json_characters());
}

}  // namespace xgr::core
