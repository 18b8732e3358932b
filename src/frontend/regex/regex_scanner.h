// A regular expression as tokens.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "frontend/regex/regex_text.h"
#include "grammar/expr.h"

namespace xgr::core {

enum class RegexTokenKind : uint8_t {
  kCharacter,  // a: the code point
  kSet,        // a: Expr of the class
  kAssert,     // assertion
  kLineBreak,  // \R
  kOpen,       // a group, of a kind that makes no difference
  kAhead,      // (?=
  kNotAhead,   // (?!
  kBehind,     // (?<=
  kNotBehind,  // (?<!
  kAtomic,     // (?>
  kClose,
  kBar,
  kRepeat,  // a: least, b: greatest count
};

enum class RepeatMode : uint8_t { kGreedy, kLazy, kPossessive };

struct RegexToken {
  RegexTokenKind kind;
  RepeatMode mode;
  RegexAssertion assertion;
  uint32_t a, b;
  uint32_t offset;
};

// Scans and lets PCRE2 check the pattern (valid UTF-8 of less than 4 GiB). Parentheses and the
// places of quantifiers are left to the parser.
Result<std::vector<RegexToken>> scan_regex(std::string_view pattern, const RegexOptions& options,
                                           ExprPool& pool);

}  // namespace xgr::core
