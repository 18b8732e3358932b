// Kinds of ASCII characters, whatever the locale: letters, digits, and what a hexadecimal digit is
// worth. A char with the high bit set is none of them.
//
//   hex_value('b') == 11          hex_value('g') == -1          is_letter('\xE9') == false
//
// Tests: tests/unit/support/ascii_test.cc.
#pragma once

namespace xgr::core {

constexpr bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_letter_or_digit(char32_t c) { return is_letter(c) || is_digit(c); }

inline constexpr char kHexDigits[] = "0123456789abcdef";

// 0 to 15, or -1 for what is no hexadecimal digit.
constexpr int hex_value(char32_t c) {
  if (is_digit(c)) return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A') + 10;
  return -1;
}

}  // namespace xgr::core
