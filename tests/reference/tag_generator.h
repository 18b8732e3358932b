// Random structural tags, with the plain grammar of the outputs they allow.
#pragma once

#include <string>

#include "plain_grammar.h"
#include "random_source.h"

namespace reference {

struct RandomTag {
  std::string text;      // JSON; a token is written as kTokenSign and a digit
  PlainGrammar meaning;  // tokens by the same numbers, until bind_tokens
};

// `whole_tokens`: some elements ask for tokens.
RandomTag random_tag(RandomSource& random, bool whole_tokens);

inline constexpr char kTokenSign = '\x01';

// Tokens that a tag names, of which there are so many.
inline constexpr size_t kNamedTokens = 4;

}  // namespace reference
