// How characters, strings, classes, tokens and attributes are written in EBNF.
#pragma once

#include <string>
#include <string_view>

#include "automata/char_set.h"
#include "grammar/grammar.h"

namespace xgr::core {

// "..." of valid UTF-8, escaped so that the EBNF parser reads the same string.
void append_ebnf_string(std::string_view utf8, std::string* out);
// [...] or [^...], whichever is shorter.
void append_ebnf_class(const CharSet& set, std::string* out);

// Token(..) or ExcludeToken(..), whichever is shorter.
void append_ebnf_tokens(const TokenIds& set, std::string* out);
// The attributes of a rule but those that need other rules: max_tokens=3, capture="x".
std::string ebnf_attributes(const RuleAttributes& attributes);

}  // namespace xgr::core
