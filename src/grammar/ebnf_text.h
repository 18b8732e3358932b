// How characters, strings and classes are written in EBNF.
#pragma once

#include <string>
#include <string_view>

#include "automata/char_set.h"

namespace xgr {

// "..." of valid UTF-8, escaped so that the EBNF parser reads the same string.
void append_ebnf_string(std::string_view utf8, std::string* out);
// [...] or [^...], whichever is shorter.
void append_ebnf_class(const CharSet& set, std::string* out);

}  // namespace xgr
