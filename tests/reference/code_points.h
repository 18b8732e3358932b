// UTF-8 by the oracle's own code: spelling of characters and of character sets.
#pragma once

#include <bitset>
#include <string>
#include <vector>

#include "syntax_tree.h"

namespace reference {

using ByteSet = std::bitset<256>;

inline constexpr char32_t kLastCodePoint = 0x10FFFF;

std::string encode_utf8(char32_t code_point);
std::string encode_utf8(const std::u32string& text);

// The members of a class as sorted, disjoint ranges of scalar values (no surrogates).
std::vector<CodeRange> scalar_ranges(std::vector<CodeRange> ranges, bool negated);

// Byte strings that together spell exactly the members: each is a sequence of byte sets.
std::vector<std::vector<ByteSet>> spell_ranges(const std::vector<CodeRange>& sorted_ranges);

}  // namespace reference
