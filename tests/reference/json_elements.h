// JSON text as syntax elements: white space, characters and numbers in all their spellings.
#pragma once

#include <string>
#include <vector>

#include "syntax_builder.h"

namespace reference {

Element json_gap();         // white space, as much as you like
Element any_json_string();  // with quotes; lone surrogate escapes included
Element any_json_number();
Element json_integer();  // also 1.0
// An integer of lo..hi: plain digits, perhaps a zero fraction.
Element json_integer_between(int lo, int hi);
// One character of a string: any, or one of a few, in every spelling.
Element any_json_char();
Element json_char(const std::vector<char32_t>& one_of);
// A string that an expression over single characters matches, in every spelling, without quotes.
// Texts and classes of few characters only.
Body json_spelling(const Body& characters);

// How a schema writes the string: in quotes, escaped where it must be.
std::string quote_json(const std::u32string& text);

}  // namespace reference
