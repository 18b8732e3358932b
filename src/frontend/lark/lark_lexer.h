// Tokens of Lark text, and what is written inside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "automata/char_set.h"
#include "grammar/token_ids.h"
#include "support/status.h"

namespace xgr::core {

enum class LarkTokenKind : uint8_t {
  kEnd,
  kNewline,  // where a line end means something: not inside brackets
  kName,
  kNumber,     // digits
  kString,     // "..." with the flag i or without
  kRegex,      // /.../ with its flags
  kDirective,  // %name
  kJson,       // the JSON value behind %json, %regex, %grammar_options, %llguidance
  kNamed,      // @name
  kSpecial,    // <name>
  kTokenIds,   // <[...]>
  kColon,
  kBar,
  kOpen,  // (
  kClose,
  kOpenSquare,  // [
  kCloseSquare,
  kOpenBrace,  // {
  kCloseBrace,
  kStar,
  kPlus,
  kQuestion,
  kBang,
  kTilde,
  kAmpersand,
  kDot,
  kRange,  // ..
  kArrow,  // ->
  kComma,
  kEquals,
  kOther,  // one character with no meaning of its own here
};

struct LarkToken {
  LarkTokenKind kind;
  uint32_t begin, end;  // byte offsets into the text
  uint32_t match = 0;   // of an opening bracket: the index of the token that closes it
};

// `text` is valid UTF-8 of less than 4 GiB. Brackets are balanced; the last token is kEnd.
Result<std::vector<LarkToken>> lex_lark(std::string_view text);

// The contents of a token, escapes resolved.
struct LarkString {
  std::string text;
  bool any_case = false;  // of ASCII letters, and there are no others
};
Result<LarkString> decode_lark_string(std::string_view text, uint32_t begin, uint32_t end);
struct LarkRegex {
  uint32_t begin, end;  // between the slashes
  bool any_case = false, dot_all = false;
};
Result<LarkRegex> decode_lark_regex(std::string_view text, uint32_t begin, uint32_t end);
// <[5]> <[1,3-8]> <[^2]>; <[*]> is every token, which `*all` reports.
Result<TokenIds> decode_lark_tokens(std::string_view text, uint32_t begin, uint32_t end, bool* all);

}  // namespace xgr::core
