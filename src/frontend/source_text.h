// Pieces of a source text as error messages show them: one short line whatever the text contains.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace xgr::core {

// A piece of text: no more than its beginning.
std::string show_text(std::string_view piece);
// Names that lead to each other, the middle of a long list left out: a -> b -> a.
std::string show_chain(const std::vector<std::string_view>& names);
// The character at `pos`: 'a', a blank, U+0007, end of line, end of text.
std::string show_character(std::string_view text, size_t pos);

}  // namespace xgr::core
