// Tokens of EBNF text, and what is written inside them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "automata/char_set.h"
#include "support/status.h"

namespace xgr::core {

enum class EbnfTokenKind : uint8_t {
  kEnd,
  kIdentifier,    // of letters, digits, _ - .
  kDefine,        // ::=
  kString,        // "..."
  kClass,         // [...]
  kBar,           // |
  kOpen,          // (
  kClose,         // )
  kStar,          // *
  kPlus,          // +
  kQuestion,      // ?
  kCount,         // {...}
  kAttributes,    // [...] between a rule's name and ::=
  kTokenLiteral,  // <name> <[id]> !<name> !<[id]>
  kOther,         // one character with no meaning of its own here
};

struct EbnfToken {
  EbnfTokenKind kind;
  bool first_on_line;
  uint32_t begin, end;  // byte offsets into the text
};

struct EbnfCount {
  uint32_t min = 0;
  uint32_t max = 0;  // kUnbounded
};

// `text` is valid UTF-8 of less than 4 GiB. The last token is kEnd. With `gbnf`, strings and
// classes may go over line ends.
Result<std::vector<EbnfToken>> lex_ebnf(std::string_view text, bool gbnf);

// The contents of a token, escapes resolved. With `gbnf`, \x takes two digits, and strings know the
// escapes of classes too. `starts`, if any, is filled with the offset in `text` of each byte of the
// string, and of its end.
Result<std::string> decode_ebnf_string(std::string_view text, const EbnfToken& token, bool gbnf,
                                       std::vector<uint32_t>* starts = nullptr);
Result<CharSet> decode_ebnf_class(std::string_view text, const EbnfToken& token, bool gbnf);
// {n} {n,} {n,m} {n,-1} at `*pos`, which is moved behind the closing brace.
Result<EbnfCount> decode_ebnf_count(std::string_view text, size_t* pos);

// Moves `*pos` over white space and comments.
void skip_ebnf_blanks(std::string_view text, size_t* pos);

}  // namespace xgr::core
