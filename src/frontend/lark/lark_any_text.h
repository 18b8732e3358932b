// Regular expressions that mean "any text".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace xgr::core {

// Whether /.../flags at begin..end is one of the spellings of any text.
bool is_any_text(std::string_view text, size_t begin, size_t end);
// What it says behind such a beginning, if that is fixed text of at least one character.
std::optional<std::string> text_after_any(std::string_view text, size_t begin, size_t end);

}  // namespace xgr::core
