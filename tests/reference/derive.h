// All short strings of a grammar, straight from the definition of derivation. Only for tests of the
// oracle: the cost is exponential.
#pragma once

#include <set>
#include <string>

#include "plain_grammar.h"

namespace reference {

// Every string of at most `length` bytes that `grammar` derives; bytes are restricted to
// `alphabet`. Gives up (returns false) when a rule has more than `max_strings`.
bool derive_strings(const PlainGrammar& grammar, size_t length, const ByteSet& alphabet,
                    size_t max_strings, std::set<std::string>* out);

// A grammar of exactly the prefixes of the strings of `grammar`. All productions of `grammar` must
// have strings (without_unproductive).
PlainGrammar prefix_grammar(const PlainGrammar& grammar);

}  // namespace reference
